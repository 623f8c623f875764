// Connections to programs that listen on a socket in the file system.

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "platform/posix/fd.h"
#include "platform/posix/host.h"

namespace unstick {

namespace {

constexpr std::chrono::milliseconds patience_to_send{5000};

#ifdef MSG_NOSIGNAL
constexpr int no_signal = MSG_NOSIGNAL;
#else
constexpr int no_signal = 0;  // macOS: SO_NOSIGPIPE says it once for the socket
#endif

class PosixLocalSocket final : public LocalSocket {
public:
    PosixLocalSocket(std::string name, Handle handle) : name_(std::move(name)), handle_(std::move(handle)) {}

    Result<void> send(const std::string& bytes) override
    {
        for (std::size_t sent = 0; sent < bytes.size();) {
            pollfd wait{handle_.get(), POLLOUT, 0};
            if (::poll(&wait, 1, static_cast<int>(patience_to_send.count())) <= 0) {
                return fail(Code::io, name_, "it does not listen");
            }
            const ssize_t count = ::send(handle_.get(), bytes.data() + sent, bytes.size() - sent, no_signal);
            if (count < 0 && errno != EINTR && errno != EAGAIN) {
                return fail(Code::io, name_, std::strerror(errno));
            }
            sent += count > 0 ? static_cast<std::size_t>(count) : 0;
        }
        return {};
    }

    Result<std::string> receive(std::chrono::milliseconds patience) override
    {
        pollfd wait{handle_.get(), POLLIN, 0};
        if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) {
            return std::string();
        }
        std::array<char, 65536> buffer{};
        const ssize_t count = ::recv(handle_.get(), buffer.data(), buffer.size(), 0);
        if (count > 0) {
            return std::string(buffer.data(), static_cast<std::size_t>(count));
        }
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
            return std::string();
        }
        return fail(Code::io, name_, "it has closed the connection");
    }

private:
    std::string name_;
    Handle handle_;
};

}  // namespace

Result<std::unique_ptr<LocalSocket>> PosixHost::connect_local(const std::filesystem::path& socket)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = socket.string();
    if (path.size() >= sizeof(address.sun_path)) {
        return fail(Code::unsupported, path, "this path is too long for a socket",
                    "name a folder with a shorter one: --state-dir DIR");
    }
    std::memcpy(address.sun_path, path.c_str(), path.size());
    Handle handle(::socket(AF_UNIX, SOCK_STREAM, 0));
    if (!handle) {
        return fail(Code::io, path, std::strerror(errno));
    }
    ::fcntl(handle.get(), F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
    const int yes = 1;
    ::setsockopt(handle.get(), SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof(yes));
#endif
    // The same bytes as sockaddr: this is how the sockets interface is made.
    if (::connect(handle.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        const bool nobody = errno == ENOENT || errno == ECONNREFUSED || errno == EAGAIN;
        return fail(nobody ? Code::not_found : errno == EACCES ? Code::denied : Code::io, path, std::strerror(errno));
    }
    ::fcntl(handle.get(), F_SETFL, O_NONBLOCK);
    return std::make_unique<PosixLocalSocket>(path, std::move(handle));
}

}  // namespace unstick
