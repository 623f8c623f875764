#include "app/counterparts.h"

#include <string>

namespace unstick {

namespace {

/// What tells items of a profile from each other in any copy of it.
std::string identity_of(const StorePlan& store, const Item& item)
{
    std::string identity(store.spec->label);
    for (const std::string* part : {&item.host, &item.name, &item.partition, &item.label}) {
        identity += '\n' + *part;
    }
    return identity;
}

}  // namespace

std::map<ItemRef, ItemRef> counterparts(const ProfilePlan& copy, const ProfilePlan& known, std::size_t profile)
{
    std::multimap<std::string, ItemRef> by_identity;
    for (std::size_t s = 0; s < known.stores.size(); ++s) {
        for (std::size_t i = 0; i < known.stores[s].found.items.size(); ++i) {
            by_identity.emplace(identity_of(known.stores[s], known.stores[s].found.items[i]), ItemRef{profile, s, i});
        }
    }
    std::map<ItemRef, ItemRef> found;
    for (std::size_t s = 0; s < copy.stores.size(); ++s) {
        for (std::size_t i = 0; i < copy.stores[s].found.items.size(); ++i) {
            const auto one = by_identity.find(identity_of(copy.stores[s], copy.stores[s].found.items[i]));
            if (one != by_identity.end()) {
                found.emplace(ItemRef{profile, s, i}, one->second);
                by_identity.erase(one);
            }
        }
    }
    return found;
}

}  // namespace unstick
