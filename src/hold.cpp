#include "hold.h"

#include <algorithm>
#include <set>

namespace unstick {

namespace {

constexpr std::chrono::milliseconds patience{20000};
constexpr std::chrono::milliseconds step{200};

tl::unexpected<Error> in_use(const Adapter& adapter, const Profile& profile, const Use& use)
{
    const std::string label(adapter.label);
    if (use.state == Use::State::elsewhere) {
        return fail(Code::locked, profile.path.string(), use.what,
                    "close " + label + " on that computer, or start it once on this one to take the lock over");
    }
    return fail(Code::locked, profile.path.string(), label + " has this profile open (" + use.what + ")",
                use.pid != 0 ? "close it and run unstick again, or add --close" : "close it and run unstick again");
}

Result<HeldLocks> take_locks(const Adapter& adapter, const Profile& profile)
{
    HeldLocks locks;
    for (const std::string_view file : adapter.lock_files) {
        auto lock = files::Lock::take(profile.path / file);
        if (lock) {
            locks.push_back(std::move(*lock));
        } else if (lock.error().code != Code::not_found && lock.error().code != Code::unsupported) {
            return tl::unexpected<Error>(lock.error());  // unsupported: behind a link, where nothing is touched anyway
        }
    }
    return locks;
}

/// The command with which a browser comes back with its tabs.
Result<std::vector<std::string>> restoring(const Adapter& adapter, Result<std::vector<std::string>> command)
{
    const std::string restore(adapter.restore_switch);
    if (command && !restore.empty() && std::find(command->begin(), command->end(), restore) == command->end()) {
        command->push_back(restore);
    }
    return command;
}

}  // namespace

Use use_of(const Adapter& adapter, const Profile& profile, const Host& host)
{
    Use use = adapter.in_use(profile, host);
    if (use.state == Use::State::free) {
        if (const auto locks = take_locks(adapter, profile); !locks && locks.error().code == Code::locked) {
            use = {Use::State::in_use, 0, locks.error().where + ": " + locks.error().what};
        }
    }
    return use;
}

Result<void> still_free(const Adapter& adapter, const Profile& profile, const Host& host)
{
    const Use use = adapter.in_use(profile, host);
    return use.state == Use::State::free ? Result<void>() : in_use(adapter, profile, use);
}

Result<void> could_hold(const Adapter& adapter, const Profile& profile, const Host& host)
{
    const Use use = use_of(adapter, profile, host);
    return use.state == Use::State::free ? Result<void>() : in_use(adapter, profile, use);
}

Result<HeldLocks> hold(const Adapter& adapter, const Profile& profile, Host& host, Closing& closing)
{
    Use use = use_of(adapter, profile, host);
    Result<std::vector<std::string>> command;
    std::set<std::int64_t> asked;  // when one process has ended, another one may be in the way
    for (auto waited = step; closing.allowed && use.state == Use::State::in_use && use.pid != 0; waited += step) {
        if (waited > patience) {
            return fail(Code::locked, profile.path.string(),
                        std::string(adapter.label) + " was asked to quit and is still running after 20 s",
                        "a page may be asking whether to leave it; close it by hand and run unstick again");
        }
        if (asked.insert(use.pid).second) {
            if (asked.size() == 1) {
                command = restoring(adapter, host.command_of(use.pid));  // while it runs, it can be asked
            }
            if (auto sent = host.ask_to_quit(use.pid); !sent) {
                return tl::unexpected<Error>(sent.error());
            }
        }
        host.sleep(step);
        use = use_of(adapter, profile, host);
    }
    if (!asked.empty()) {
        closing.closed.push_back({std::string(adapter.label), std::move(command)});
    }
    if (use.state != Use::State::free) {
        return in_use(adapter, profile, use);
    }
    return take_locks(adapter, profile);
}

std::size_t start_again(const Closing& closing, Host& host, std::vector<Error>& problems)
{
    std::size_t started = 0;
    for (const auto& [label, command] : closing.closed) {
        const auto done = command.and_then([&](const auto& words) { return host.start_program(words); });
        if (done) {
            ++started;
        } else {
            problems.push_back(
                {done.error().code, label, "it could not be started again: " + done.error().what, "start it by hand"});
        }
    }
    return started;
}

}  // namespace unstick
