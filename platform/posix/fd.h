#pragma once
// File descriptors that close themselves, on POSIX systems.

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/owned.h"

namespace unstick {

inline void close_descriptor(int descriptor)
{
    ::close(descriptor);
}

using Handle = Owned<close_descriptor>;

struct Pipe {
    Handle read, write;
};

/// Neither end is inherited by programs that we start.
inline Result<Pipe> make_pipe()
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        return fail(Code::io, "pipe", std::strerror(errno));
    }
    for (const int end : ends) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    return Pipe{Handle(ends[0]), Handle(ends[1])};
}

/// Words as exec wants them; valid as long as `words` is not changed.
inline std::vector<char*> pointers_to(std::vector<std::string>& words)
{
    std::vector<char*> pointers;
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace unstick
