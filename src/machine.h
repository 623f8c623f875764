#pragma once
// A computer as a value: which layout its folders follow. The operating system is an argument, not a macro.

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

/// Folders have names that path templates use: "{home}", "{config}", "{cache}", "{data}" (Linux),
/// "{support}", "{caches}" (macOS), "{local}", "{roaming}" (Windows).
struct Machine {
    Os os = Os::linux_os;
    std::map<std::string, fs::path, std::less<>> folders;

    /// The layout of `os` below a home folder, without asking the environment: how another user's home,
    /// a backup, or a test's folder is read.
    static Machine at_home(const fs::path& home, Os os);

    /// "{config}/chromium" -> path; std::nullopt if a folder of that name is not known here.
    std::optional<fs::path> expand(std::string_view path_template) const;
};

/// A path with all links in it resolved, as far as it exists. Links above a browser's folder or ours are what users make
/// of their folders; what lies behind is theirs. Resolved once, at the start: below, no link is followed (files.h).
fs::path without_links(const fs::path& path);

}  // namespace unstick
