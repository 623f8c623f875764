#pragma once
// What this process does for itself, as it holds secrets. Implemented in common/before_end.cpp, posix/own_process.cpp
// and windows/own_process.cpp.

#include <cstddef>
#include <functional>

namespace unstick {

/// From here on no other process of the same user can look into this one's memory (ptrace), and a crash writes none of
/// it to disk, as far as the system has a way to say so. Programs that we start are not meant.
void keep_memory_private();

/// From here on memory that this process frees stays with it and is taken again, where the C library lets us say so
/// (glibc): a page that the system gives anew costs more than what is read into it. For work that takes much memory in
/// any case.
void keep_freed_memory();

/// What has to be done if this process is asked to end (SIGINT, SIGTERM, SIGHUP; on Windows Ctrl-C, the closing of the
/// console, the end of the session) while this value lives. Then all are called, the last one first, in a thread of
/// their own, and the process ends as it would have. A signal that we were started to ignore is ignored still. An
/// action must not make or destroy a value of this type.
class BeforeEnd {
public:
    explicit BeforeEnd(std::function<void()> action);
    BeforeEnd(BeforeEnd&& other) noexcept;
    BeforeEnd& operator=(BeforeEnd&& other) noexcept;
    ~BeforeEnd();

private:
    std::size_t number_ = 0;  ///< 0: moved away
};

/// For common/before_end.cpp: calls `act` in a thread of ours when this process is asked to end, and then ends it.
/// Said again, it changes nothing.
void when_asked_to_end(void (*act)());

}  // namespace unstick
