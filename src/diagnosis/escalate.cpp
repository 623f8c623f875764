#include "diagnosis/escalate.h"

#include <algorithm>

namespace unstick {

namespace {

/// All items of the stores whose kind is wanted.
template <class Wanted>
std::set<ItemRef> items_where(std::span<const ProfilePlan> inventory, const Wanted& wanted)
{
    std::set<ItemRef> items;
    for (std::size_t p = 0; p < inventory.size(); ++p) {
        const auto& stores = inventory[p].stores;
        for (std::size_t s = 0; s < stores.size(); ++s) {
            for (std::size_t i = 0; wanted(stores[s].spec->kind) && i < stores[s].found.items.size(); ++i) {
                items.insert({p, s, i});
            }
        }
    }
    return items;
}

}  // namespace

std::vector<Step> escalation(std::span<const ProfilePlan> inventory, std::span<const Finding> findings)
{
    std::vector<Finding> likely;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(likely),
                 [](const Finding& finding) { return finding.confidence <= Confidence::high; });
    std::vector<std::set<ItemRef>> layers{named_by(likely), named_by(findings)};
    for (const Kind kind : {Kind::cookies, Kind::cache, Kind::storage}) {
        layers.push_back(items_where(inventory, [&](Kind k) { return k == kind; }));
    }
    layers.push_back(items_where(inventory, [](Kind) { return true; }));

    std::vector<Step> steps;
    std::set<ItemRef> taken;
    for (std::set<ItemRef>& layer : layers) {
        std::erase_if(layer, [&](const ItemRef& ref) { return taken.contains(ref); });
        if (!layer.empty()) {
            steps.push_back(only(inventory, layer));
            taken.merge(layer);
        }
    }
    return steps;
}

}  // namespace unstick
