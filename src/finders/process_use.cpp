#include "finders/process_use.h"

namespace unstick {

LockState used_by_process(const Processes& processes, std::span<const std::string_view> names)
{
    for (const std::string_view name : names) {
        if (const auto found = processes.processes_named(name); !found.empty()) {
            return {LockState::State::in_use, found.front(), "process " + std::to_string(found.front())};
        }
    }
    return {};
}

}  // namespace unstick
