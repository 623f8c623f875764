#include "profiles/gecko/profiles.h"

namespace unstick {

LockState gecko_use(const Profile& profile, const Processes& processes)
{
    for (const char* const name : {".parentlock", "parent.lock"}) {
        if (const auto pid = processes.writer_of(profile.path / name)) {
            return {LockState::State::in_use, *pid,
                    *pid == 0 ? "it keeps " + std::string(name) + " locked" : "process " + std::to_string(*pid)};
        }
    }
    return {};
}

}  // namespace unstick
