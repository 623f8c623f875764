#include "inventory/profile_lock.h"

#include <algorithm>
#include <set>

namespace unstick {

namespace {

constexpr std::chrono::milliseconds patience{20000};
constexpr std::chrono::milliseconds step{200};

tl::unexpected<Error> in_use(const Adapter& adapter, const Profile& profile, const LockState& use)
{
    const std::string label(adapter.label);
    if (use.state == LockState::State::elsewhere) {
        return fail(Code::locked, profile.path.string(), use.what,
                    "close " + label + " on that computer, or start it once on this one to take the lock over");
    }
    return fail(Code::locked, profile.path.string(), label + " has this profile open (" + use.what + ")",
                use.pid != 0
                    ? "close it and run unstick again, or add --reopen: it is closed and comes back with its tabs"
                    : "close it and run unstick again");
}

Result<HeldLocks> take_locks(const Adapter& adapter, const Profile& profile, Os os)
{
    HeldLocks locks;
    std::vector<fs::path> folders{profile.path};
    for (const fs::path& partition : profile.partitions) {
        folders.push_back(profile.path / partition);
    }
    for (const LockFile& file : adapter.lock_files) {
        if (file.os.value_or(os) != os) {
            continue;
        }
        for (const fs::path& folder : folders) {
            auto lock = files::Lock::take(folder / file.path);
            if (lock) {
                locks.insert_or_assign(folder / file.path, std::move(*lock));
            } else if (lock.error().code != Code::not_found && lock.error().code != Code::unsupported) {
                return tl::unexpected<Error>(lock.error());  // unsupported: behind a link, where nothing is touched
            }
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

LockState lock_state_of(const Adapter& adapter, const Profile& profile, const Host& host)
{
    LockState use = adapter.in_use(profile, host);
    if (use.state == LockState::State::free) {
        if (const auto locks = take_locks(adapter, profile, host.machine().os);
            !locks && locks.error().code == Code::locked) {
            use = {LockState::State::in_use, 0, locks.error().where + ": " + locks.error().what};
        }
    }
    return use;
}

Result<void> still_free(const Adapter& adapter, const Profile& profile, const Processes& processes)
{
    const LockState use = adapter.in_use(profile, processes);
    return use.state == LockState::State::free ? Result<void>() : in_use(adapter, profile, use);
}

Result<void> could_lock_profile(const Adapter& adapter, const Profile& profile, const Host& host)
{
    const LockState use = lock_state_of(adapter, profile, host);
    return use.state == LockState::State::free ? Result<void>() : in_use(adapter, profile, use);
}

namespace {

/// Why a browser could not be asked to quit, with what its family knows of that.
Error with_background_hint(const Adapter& adapter, Error error)
{
    if (error.code == Code::locked && !adapter.background_hint.empty()) {
        error.where = std::string(adapter.label) + ", " + error.where;
        error.hint = adapter.background_hint;
    }
    return error;
}

}  // namespace

Result<HeldLocks> lock_profile(const Adapter& adapter, const Profile& profile, Host& host, Closing& closing)
{
    LockState use = lock_state_of(adapter, profile, host);
    Result<std::vector<std::string>> command;
    std::set<std::int64_t> asked;  // when one process has ended, another one may be in the way
    for (auto waited = step; closing.allowed && use.can_be_asked(); waited += step) {
        if (waited > patience) {
            return fail(Code::locked, profile.path.string(),
                        std::string(adapter.label) + " was asked to quit and is still running after 20 s",
                        "a page may be asking whether to leave it; close it by hand and run unstick again");
        }
        if (asked.insert(use.pid).second) {
            if (asked.size() == 1) {
                command = restoring(adapter, host.command_of(use.pid));  // while it runs, it can be asked
            }
            if (const auto answer = host.ask_to_quit(use.pid); !answer) {
                return tl::unexpected(with_background_hint(adapter, answer.error()));
            }
        }
        host.sleep(step);
        use = lock_state_of(adapter, profile, host);
    }
    if (!asked.empty()) {
        closing.closed.push_back({std::string(adapter.label), std::move(command)});
    }
    if (use.state != LockState::State::free) {
        return in_use(adapter, profile, use);
    }
    return take_locks(adapter, profile, host.machine().os);
}

Restarted start_again(const Closing& closing, Programs& programs)
{
    Restarted started;
    for (const auto& [label, command] : closing.closed) {
        const auto done = command.and_then([&](const auto& words) { return programs.start_program(words); });
        if (done) {
            ++started.browsers;
        } else {
            started.problems.push_back(
                {done.error().code, label, "it could not be started again: " + done.error().what, "start it by hand"});
        }
    }
    return started;
}

}  // namespace unstick
