#pragma once
// Whose files do we believe? Who may change a file, or exchange what its name stands for, decides what is in it. So
// what we work from (the configuration, the state folder and what is in it) has to be ours or the system's, and so has
// everything on the way to it, links included. Implemented in posix/trust.cpp and windows/trust.cpp.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/files.h"

namespace unstick::trust {

namespace fs = std::filesystem;

/// One name that a path leads over: a folder, a link, or what it ends at.
struct Step {
    fs::path path;  ///< without links in the folders above it
    files::Type type = files::Type::other;
    std::uint64_t owner = 0;        ///< the user's number
    bool is_ours = false;           ///< its owner is who we work for, or the system's administrator
    bool others_may_write = false;  ///< its group or everybody may; never true for a link
    /// If others may write: they may put names into it, but neither rename nor remove ours: a sticky folder as /tmp, or
    /// one whose group is its owner alone.
    bool keeps_names = false;
};

/// The way from the first folder on, one component after the other. Nothing is opened but folders, to go on from there.
struct Way {
    std::vector<Step> steps;
    fs::path target;               ///< the path without links, as far as it exists
    bool is_complete = false;      ///< the last step is what the path names
    std::optional<Error> stopped;  ///< why not: not_found, denied, io; unsupported, links in a circle
};
Way way_to(const fs::path& path);

/// Is everything on the way ours or the system's, and can nobody else change what it leads to? What is not there yet is
/// judged by the folder that it will be made in. Value: `Way::target`. Errors: denied, with what helps; as
/// `Way::stopped`, but not_found is none.
Result<fs::path> believed(const fs::path& path);

/// The first owner on the way who is not root; nobody if there is none.
std::optional<std::uint64_t> first_owner(const Way& way);

/// The command that gives us the right to work on what was denied to us: for what root owns below a folder of ours (a
/// browser was started with sudo), and for what is ours and not writable. Empty: something else helps.
std::string command_for_rights(const fs::path& path);

/// Do we have root's rights, so that somebody else's files would be worked on with more than their owner's rights?
bool is_root();

}  // namespace unstick::trust
