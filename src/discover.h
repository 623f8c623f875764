#pragma once
// Which browser profiles are on a machine.

#include <span>
#include <string>
#include <vector>

#include "adapter.h"

namespace unstick {

/// What the user narrowed the search to; empty = everything.
struct Where {
    std::vector<std::string> browsers;  ///< Adapter::id
    std::string profile;                ///< directory name or shown name
    fs::path user_data_dir;             ///< one data folder, wherever it lies
};

struct Discovered {
    const Adapter* adapter = nullptr;
    Profile profile;
};

struct Discovery {
    std::vector<Discovered> profiles;  ///< in the order of the adapters, then of their profiles
    std::vector<Error> problems;       ///< a place that exists and cannot be read
};

/// Errors (Code::usage): unknown browser, no such profile, a data folder that holds none. Nothing found at all is no
/// error: the list is empty.
Result<Discovery> discover(const Machine& machine, std::span<const Adapter> adapters, const Where& where);

}  // namespace unstick
