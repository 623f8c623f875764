#pragma once
// A computer as a value: which layout its folders follow. The operating system is an argument, not a macro.

#include <compare>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace unstick {

namespace fs = std::filesystem;

enum class Os { linux_os, macos, windows };  // not `linux`: a macro in GNU modes

std::string_view name_of(Os os);  ///< "linux", "macos", "windows"
std::optional<Os> os_named(std::string_view name);

/// Where a text stands in the registry of Windows.
struct RegistryText {
    std::string key;   ///< "Software\\Policies\\Google\\Chrome"
    std::string name;  ///< "DiskCacheDir"
    friend auto operator<=>(const RegistryText&, const RegistryText&) = default;
};

/// Folders have names that path templates use: "{home}" everywhere; "{config}", "{cache}" and "{data}" on Linux, and
/// where it is this computer "{etc}", "{usr}", "{var}" and, if the variables are set, "{chrome_config}"
/// (CHROME_CONFIG_HOME) and "{chrome_data}" (CHROME_USER_DATA_DIR); "{support}" and "{caches}" on macOS, and
/// "{managed}" where it is this computer; "{local}" and "{roaming}" on Windows, and "{documents}",
/// "{program_data}", "{programs}", "{programs_x86}" and "{windows}" where it is this computer.
struct Machine {
    Os os = Os::linux_os;
    std::map<std::string, fs::path, std::less<>> folders;
    std::string user = {};                              ///< who we are, where it is this computer; empty: not known
    std::string name = {};                              ///< its own name, where it is this computer; empty: not known
    std::map<RegistryText, std::string> registry = {};  ///< what was asked of it, where it is this computer

    /// The layout of `os` below a home folder, none if that is empty: not known. Without asking the environment: how
    /// another user's home, a backup, or a test's folder is read.
    static Machine at_home(const fs::path& home, Os os);

    /// "{config}/chromium" -> path; std::nullopt if a folder of that name is not known here.
    std::optional<fs::path> expand(std::string_view path_template) const;
};

/// A path below a folder, which may be empty: not known. Then the path is empty, too, and never one below the current
/// folder.
fs::path below_known(const fs::path& folder, const fs::path& rest);

/// An absolute path with all links in it resolved, as far as it exists; empty if the path is. Links above a browser's
/// folder or ours are what users make of their folders; what lies behind is theirs. Resolved once, at the start: below,
/// no link is followed (files.h).
fs::path without_links(const fs::path& path);

/// Is a path this folder or below it, by the names alone? Both have to be absolute.
bool is_at_or_below(const fs::path& path, const fs::path& folder);

}  // namespace unstick
