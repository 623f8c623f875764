#pragma once
// The locks that this process holds. Windows renames no folder, and removes none, while a file below it is open: what
// does so lets go of the locks in the way, and takes them again.

#include <map>
#include <mutex>

#include "platform/files.h"
#include "platform/windows/handle.h"

namespace unstick::files {

class Locks {
public:
    /// All of this process.
    static Locks& held();

    /// Takes one: its number, or GetLastError and 0.
    int take(const fs::path& file);
    void drop(int number);

    /// Lets go of those below `from`; they will be below `to` if it is said that they moved.
    void pause(const fs::path& from, const fs::path& to);
    void moved();
    /// Takes them again, as far as they are there.
    void resume();

private:
    struct Held {
        fs::path file;
        windows::Handle handle;
        fs::path moves_to = {};  ///< of one that was let go of
    };
    std::mutex mutex_;
    std::map<int, Held> held_;
    int last_ = 0;
};

/// Lets go of the locks below a path for as long as it lives, and leaves GetLastError as it was.
class PausedLocks {
public:
    PausedLocks(const fs::path& from, const fs::path& to) { Locks::held().pause(from, to); }
    PausedLocks(const PausedLocks&) = delete;
    PausedLocks& operator=(const PausedLocks&) = delete;
    ~PausedLocks();

    /// What is locked is below `to` now.
    void moved() { Locks::held().moved(); }
};

}  // namespace unstick::files
