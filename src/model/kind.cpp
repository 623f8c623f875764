#include "model/kind.h"

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

std::set<Kind> all_kinds()
{
    std::set<Kind> all;
    for (const KindInfo& kind : kinds) {
        all.insert(kind.kind);
    }
    return all;
}

std::set<Kind> default_kinds()
{
    std::set<Kind> chosen;
    for (const KindInfo& kind : kinds) {
        if (kind.by_default) {
            chosen.insert(kind.kind);
        }
    }
    return chosen;
}

}  // namespace unstick
