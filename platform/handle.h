#pragma once
// File descriptors that close themselves, on POSIX systems.

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "../src/result.h"

namespace unstick {

class Handle {
public:
    explicit Handle(int fd = -1) : fd_(fd) {}
    Handle(Handle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Handle& operator=(Handle&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Handle() { close(); }

    explicit operator bool() const { return fd_ >= 0; }
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }
    void close()
    {
        if (fd_ >= 0) {
            ::close(std::exchange(fd_, -1));
        }
    }

private:
    int fd_;
};

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
