#pragma once
// The locks that this process holds. Windows renames no folder, and removes none, while a file below it is open: what
// does so lets go of the locks in the way, and takes them again.

#include <map>
#include <mutex>

#include "../src/files.h"
#include "windows_handle.h"

namespace unstick::files {

class Locks {
public:
    /// All of this process.
    static Locks& held();

    /// Takes one: its number, or GetLastError and 0.
    int take(const fs::path& file);
    void drop(int number);

    /// Lets go of those below `from`; they will be below `to`.
    void pause(const fs::path& from, const fs::path& to);
    /// Takes them again, as far as they are where they were to be.
    void resume();

private:
    struct Held {
        fs::path file;
        windows::Handle handle;
    };
    std::mutex mutex_;
    std::map<int, Held> held_;
    int last_ = 0;
};

/// Resumes locks at its end, and leaves GetLastError as it was.
struct ResumeLocks {
    ResumeLocks() = default;
    ResumeLocks(const ResumeLocks&) = delete;
    ResumeLocks& operator=(const ResumeLocks&) = delete;
    ~ResumeLocks();
};

}  // namespace unstick::files
