#include "cli/request.h"

namespace unstick {

std::string_view name_of(Command command)
{
    switch (command) {
        case Command::fix:
            return "fix";
        case Command::why:
            return "why";
        case Command::test:
            return "test";
        case Command::undo:
            return "undo";
        case Command::runs:
            return "runs";
        case Command::profiles:
            return "profiles";
        case Command::scan:
            return "scan";
        case Command::doctor:
            break;
    }
    return "doctor";
}

}  // namespace unstick
