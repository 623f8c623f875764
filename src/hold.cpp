#include "hold.h"

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
        } else if (lock.error().code != Code::not_found) {
            return tl::unexpected<Error>(lock.error());
        }
    }
    return locks;
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

Result<HeldLocks> hold(const Adapter& adapter, const Profile& profile, Host& host, bool close)
{
    Use use = use_of(adapter, profile, host);
    std::set<std::int64_t> asked;  // when one process has ended, another one may be in the way
    for (auto waited = step; close && use.state == Use::State::in_use && use.pid != 0; waited += step) {
        if (waited > patience) {
            return fail(Code::locked, profile.path.string(),
                        std::string(adapter.label) + " was asked to quit and is still running after 20 s",
                        "a page may be asking whether to leave it; close it by hand and run unstick again");
        }
        if (asked.insert(use.pid).second) {
            if (auto sent = host.ask_to_quit(use.pid); !sent) {
                return tl::unexpected<Error>(sent.error());
            }
        }
        host.sleep(step);
        use = use_of(adapter, profile, host);
    }
    if (use.state != Use::State::free) {
        return in_use(adapter, profile, use);
    }
    return take_locks(adapter, profile);
}

}  // namespace unstick
