#pragma once
// Changing a folder as a whole: a new version of it is built beside it and takes its name.
//
// Where the file system can exchange two names this is one step. Elsewhere (NFS, FAT, FUSE, Windows) it is two renames,
// between which the name stands for nothing: if we are killed there, a browser may start and make a folder of its own.
// So each of these replacements is noted before it begins and before the old version is removed. What a kill left is
// settled by these notes (settle_replaced).
//
//     NAME.unstick-new    the new version while it is built; after an exchange in one step, the old one
//     NAME.unstick-old    the old version, in an exchange of two steps: until the new one is proven to be in place
//     NAME.unstick-left   an old version that is done with, but cannot be removed yet
//     NAME.unstick-kept   what somebody else put in its place in between, if the old version had to go back

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "platform/files.h"

namespace unstick {

/// What tells one version of a folder from another one, whatever its name.
struct FolderIdentity {
    std::uint64_t number = 0;  ///< as files::Info::number
    std::string content;       ///< a digest of the names in it and their sizes
};

/// How far a replacement in two steps has come.
struct Replacement {
    enum class Step {
        prepared,  ///< the new version is whole; from here on, the names may have changed
        in_place,  ///< the new version has the name, durably; from here on, the old one may go
        finished,  ///< nothing of it is left beside the folder, but what `kept` names
    };
    Step step = Step::prepared;
    FolderIdentity fresh = {};
    std::filesystem::path kept = {};  ///< what was set aside for the old version to come back; empty: nothing
};

/// Notes how far it has come. Durable when it returns.
using NoteReplacement = std::function<Result<void>(const Replacement& replacement)>;

/// What a replacement needs of whoever asks for it.
struct Replacing {
    NoteReplacement note = [](const Replacement&) { return Result<void>(); };
    /// Those of files in the folder are let go of when the new version is in place: a network's file system cannot
    /// remove a folder in which a file is open.
    HeldLocks* locks = nullptr;
};

/// `build` fills the new version, an empty private folder; all files in it must be durable when it returns. The new
/// version gets the folder's mode and its name; then the old one is removed.
/// Errors: as files::Folder::open, of `build`, changed (an earlier replacement is not settled), or io: then the folder
/// is as it was, or the notes say how to make it so. An old version that cannot be removed is no error: it makes room
/// for the next replacement, its note is left at `in_place`, and settle_replaced removes it later.
Result<void> replace_folder(const std::filesystem::path& folder,
                            const std::function<Result<void>(const std::filesystem::path& fresh)>& build,
                            const Replacing& replacing = {});

/// Does something change the folder meanwhile?
enum class Hold {
    yes,  ///< nobody else: its browser's locks are ours
    no,   ///< a browser may: then nothing is done that could harm it
};

/// Ends a replacement that was cut off: removes what is not needed, and puts the old version back if it is not proven
/// that the new one is in place. What somebody else made in its place is set aside for that (Hold::yes) under a name
/// that is noted. `known`: what was noted last. Errors: changed, io: something is left to be done.
Result<void> settle_replaced(const std::filesystem::path& folder, std::optional<Replacement> known, Hold hold,
                             const NoteReplacement& note);

/// What a replacement of this folder left beside it: an old version, if one is there. For messages.
std::optional<std::filesystem::path> left_of(const std::filesystem::path& folder);

}  // namespace unstick
