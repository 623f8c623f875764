#pragma once
// Which browser profiles are on a machine.

#include <span>
#include <string>
#include <vector>

#include "model/adapter.h"

namespace unstick {

/// How a browser is started, or was.
struct CommandLine {
    std::vector<std::string> words;  ///< its program, switches and the like
    std::string source;              ///< who says so; for people
};

/// What the user narrowed the search to; empty = everything.
struct Where {
    std::vector<std::string> browsers = {};  ///< Adapter::id
    std::string profile = {};                ///< directory name or shown name
    fs::path user_data_dir = {};             ///< one data folder, wherever it lies; or a profile's own folder
    std::string family = {};                 ///< Adapter::family
    fs::path cache_dir = {};  ///< a folder of caches, as the browser's own switch names one, or one profile's
    std::vector<CommandLine> commands = {};  ///< what launchers and running browsers say about their folders
};

struct Discovered {
    const Adapter* adapter = nullptr;
    Profile profile;
};

struct Discovery {
    std::vector<Discovered> profiles;     ///< in the order of the adapters, then of their profiles
    std::vector<Error> problems;          ///< a place that exists and cannot be read
    std::vector<std::string> notes = {};  ///< for people: what may be missing, and what to type then
};

/// Data folders of browsers that are in no table, or lie where none of theirs does.
std::vector<fs::path> unknown_data_folders(const Machine& machine, std::span<const Adapter> adapters,
                                           const Discovery& known);

/// Where the caches of what a row names lie, as far as the machine says: without looking at files. Empty: in the data
/// folder.
fs::path usual_cache(const Adapter& adapter, const Root& root, const Machine& machine);

/// Errors (Code::usage): unknown browser, no such profile, a data folder that holds none, a profile's own folder whose
/// data folder cannot be told. Nothing found at all is no error: the list is empty.
Result<Discovery> discover(const Machine& machine, std::span<const Adapter> adapters, const Where& where);

}  // namespace unstick
