#include <charconv>

#include "../files.h"
#include "profile_lists.h"

namespace unstick {

namespace {

struct Owner {
    std::string host;
    std::int64_t pid = 0;
};

/// From what SingletonLock says: a symbolic link to "<host name>-<process id>", which names no file.
std::optional<Owner> owner_in(const std::string& target)
{
    const std::size_t dash = target.rfind('-');
    if (dash == std::string::npos) {
        return std::nullopt;
    }
    Owner owner{target.substr(0, dash), 0};
    const auto [end, code] = std::from_chars(target.data() + dash + 1, target.data() + target.size(), owner.pid);
    return code == std::errc() && end == target.data() + target.size() ? std::optional(owner) : std::nullopt;
}

}  // namespace

Use singleton_use(const Profile& profile, const Host& host)
{
    // Who listens on the socket is the browser, whatever the process ids say: they are local to a container.
    if (const auto listener = host.socket_listener(profile.root / "SingletonSocket")) {
        return {Use::State::in_use, *listener,
                *listener == 0 ? "it answers on its socket" : "process " + std::to_string(*listener)};
    }
    // On Windows it keeps a file open instead, which nobody else may write to until it has ended, however it ends; and
    // takes messages in a window named after the folder.
    if (const auto writer = host.writer_of(profile.root / "lockfile")) {
        const std::int64_t pid = host.message_window("Chrome_MessageWindow", profile.root.string()).value_or(*writer);
        return {Use::State::in_use, pid, pid == 0 ? "it keeps lockfile open" : "process " + std::to_string(pid)};
    }
    const auto target = files::read_link(profile.root / "SingletonLock");
    if (!target && target.error().code != Code::not_found && target.error().code != Code::unsupported) {
        return {Use::State::in_use, 0, "its lock cannot be read: " + target.error().what};
    }
    const auto owner = owner_in(target.value_or(""));
    if (!owner) {
        return {};
    }
    if (owner->host != host.host_name()) {
        return {Use::State::elsewhere, 0, "the profile is locked by another computer: " + owner->host};
    }
    // A lock of this computer without an answering socket: the browser starts or ends right now, or it crashed and
    // its process id belongs to somebody else by now. Not ours to ask to quit (pid stays 0), but hands off.
    if (host.process_exists(owner->pid)) {
        return {Use::State::in_use, 0, "locked by process " + std::to_string(owner->pid)};
    }
    return {};
}

}  // namespace unstick
