// system_log.h for Linux: systemd's journal, and whoever listens at /dev/log.

#include "platform/system_log.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "platform/posix/fd.h"
#include "platform/posix/syslog_line.h"

namespace unstick {

namespace {

constexpr const char* journal_socket = "/run/systemd/journal/socket";

/// A socket whose messages go to this one. Errors: not_found.
Result<Handle> connected_to(const char* path)
{
    Handle socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy_n(path, std::min(std::strlen(path), sizeof(address.sun_path) - 1), address.sun_path);
    if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        return fail(Code::not_found, path, std::string("nobody takes messages here: ") + std::strerror(errno));
    }
    return socket;
}

char to_upper(char letter)
{
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

/// The entry in the journal's own form: lines of NAME=VALUE, as no value has a line end.
std::string journal_entry(bool is_fault, const std::vector<SystemLog::Fact>& facts)
{
    std::string entry = "MESSAGE=" + line_of(facts) +
                        "\nSYSLOG_IDENTIFIER=unstick\nPRIORITY=" + std::to_string(is_fault ? LOG_WARNING : LOG_INFO) +
                        "\n";
    for (const SystemLog::Fact& fact : facts) {
        if (!fact.value.empty()) {
            std::string name = fact.name;
            std::transform(name.begin(), name.end(), name.begin(), to_upper);
            entry += "UNSTICK_" + name + "=" + fact.value + "\n";
        }
    }
    return entry;
}

}  // namespace

Result<SystemLog> SystemLog::open(Kind kind)
{
    if (kind == Kind::eventlog) {
        return fail(Code::unsupported, "eventlog", "only Windows has this log", "--log-to journal or --log-to syslog");
    }
    TRY(connected_to(kind == Kind::journal ? journal_socket : _PATH_LOG));
    return SystemLog(kind);
}

Result<void> SystemLog::write(bool is_fault, const std::vector<Fact>& facts) const
{
    if (kind_ == Kind::syslog) {
        write_syslog(is_fault, line_of(facts));
        return {};
    }
    TRY_ASSIGN(const Handle socket, connected_to(journal_socket));
    const std::string entry = journal_entry(is_fault, facts);
    if (::send(socket.get(), entry.data(), entry.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(entry.size())) {
        return fail(Code::io, journal_socket, std::string("the journal took no message: ") + std::strerror(errno));
    }
    return {};
}

}  // namespace unstick
