#include "profile_lists.h"

namespace unstick {

Use used_by_process(const Host& host, std::span<const std::string_view> programs)
{
    for (const std::string_view program : programs) {
        if (const auto processes = host.processes_named(program); !processes.empty()) {
            return {Use::State::in_use, processes.front(), "process " + std::to_string(processes.front())};
        }
    }
    return {};
}

}  // namespace unstick
