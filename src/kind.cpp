#include "kind.h"

namespace unstick {

std::optional<Kind> kind_named(std::string_view name)
{
    for (const KindInfo& kind : kinds) {
        if (kind.name == name) {
            return kind.kind;
        }
    }
    return std::nullopt;
}

}  // namespace unstick
