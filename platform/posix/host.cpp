#include "platform/posix/host.h"

#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <thread>

#include "platform/files.h"
#include "platform/posix/fd.h"
#include "platform/posix/place.h"
#include "platform/resolver.h"
#include "platform/subprocess.h"
#include "platform/this_host.h"

namespace unstick {

std::string PosixHost::host_name() const
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::int64_t PosixHost::now() const
{
    return std::time(nullptr);
}

void PosixHost::sleep(std::chrono::milliseconds time)
{
    std::this_thread::sleep_for(time);
}

bool PosixHost::process_exists(std::int64_t pid) const
{
    return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM) && !has_ended(pid);
}

Result<std::int64_t> PosixHost::socket_listener(const fs::path& socket) const
{
    // Chromium links its socket from a folder with a short name: a socket's path has at most about 100 characters.
    std::error_code gone;
    const bool is_there = files::exists(socket).value_or(true);
    const fs::path real = is_there ? fs::canonical(socket, gone) : fs::path();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (!is_there || gone || real.native().size() >= sizeof(address.sun_path)) {
        return fail(Code::not_found, socket.string(), "no socket is there");
    }
    std::memcpy(address.sun_path, real.c_str(), real.native().size());
    const Handle handle(::socket(AF_UNIX, SOCK_STREAM, 0));
    if (!handle) {
        return fail(Code::io, socket.string(), std::strerror(errno));
    }
    ::fcntl(handle.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(handle.get(), F_SETFL, O_NONBLOCK);
    // The same bytes as sockaddr: this is how the sockets interface is made.
    if (::connect(handle.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
        return peer_of(handle.get());
    }
    if (errno == EAGAIN) {  // it listens and is busy
        return 0;
    }
    return fail(errno == EACCES ? Code::denied : Code::not_found, socket.string(), std::strerror(errno));
}

Result<std::int64_t> PosixHost::writer_of(const fs::path& file) const
{
    // By fcntl's lock for processes: what is closed here drops no lock of ours, which are those of open files.
    const Handle opened = files::open_path(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct flock all {};
    all.l_type = F_WRLCK;
    all.l_whence = SEEK_SET;
    const bool is_held = opened && ::fcntl(opened.get(), F_GETLK, &all) == 0 && all.l_type != F_UNLCK;
    if (!is_held || all.l_pid < 0) {  // < 0: a lock of an open file, as ours are
        return fail(Code::not_found, file.string(), "no program has it locked");
    }
    return std::int64_t{all.l_pid};
}

Result<void> PosixHost::ask_to_quit(std::int64_t pid)
{
    if (pid > 1 && ::kill(static_cast<pid_t>(pid), SIGTERM) == 0) {
        return {};
    }
    return fail(Code::denied, "process " + std::to_string(pid), "it cannot be asked to quit",
                "close the browser by hand and run unstick again");
}

Result<Ran> PosixHost::run_program(const std::vector<std::string>& command, const std::string& input,
                                   std::chrono::milliseconds patience)
{
    return unstick::run_program(command, input, patience);
}

Result<void> PosixHost::start_program(const std::vector<std::string>& command)
{
    return unstick::start_program(command);
}

Result<std::unique_ptr<PipedProgram>> PosixHost::start_piped(const std::vector<std::string>& command,
                                                             const std::vector<std::string>& variables)
{
    return unstick::start_piped(command, variables);
}

Result<std::vector<std::string>> PosixHost::resolve(const std::string& host)
{
    return unstick::resolve(host);
}

Result<void> PosixHost::can_ask()
{
    return find_http_client();
}

std::unique_ptr<HttpClient> PosixHost::http(const HttpOptions& options)
{
    return make_http_client(options);
}

fs::path home_folder()
{
    if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') {
        return home;
    }
    const passwd* user = ::getpwuid(::getuid());
    return user != nullptr && user->pw_dir != nullptr && user->pw_dir[0] == '/' ? fs::path(user->pw_dir) : fs::path();
}

std::string user_name()
{
    const passwd* user = ::getpwuid(::geteuid());
    return user != nullptr && user->pw_name != nullptr ? user->pw_name : "";
}

}  // namespace unstick
