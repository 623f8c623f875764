#include "app/shared_ports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <optional>
#include <set>

#include "app/diagnose.h"
#include "base/text.h"

namespace unstick {

namespace {

/// The places of items before and after some were taken out; none for those.
using Moves = std::map<ItemRef, std::optional<ItemRef>>;

Moves take_out(std::vector<LockedProfile>& held, std::set<std::string_view>& kinds)
{
    Moves moves;
    for (std::size_t p = 0; p < held.size(); ++p) {
        auto& stores = held[p].plan.stores;
        for (std::size_t s = 0; s < stores.size(); ++s) {
            std::vector<Item>& items = stores[s].found.items;
            std::size_t kept = 0;
            for (std::size_t i = 0; i < items.size(); ++i) {
                const bool goes = items[i].is_shared_by_ports;
                moves[{p, s, i}] = goes ? std::nullopt : std::optional(ItemRef{p, s, kept++});
                if (goes) {
                    kinds.insert(info(stores[s].spec->kind).name);
                }
            }
            std::erase_if(items, [](const Item& item) { return item.is_shared_by_ports; });
        }
    }
    return moves;
}

void follow(const Moves& moves, Finding& finding)
{
    std::vector<ItemRef> items;
    for (const ItemRef& ref : finding.items) {
        if (const auto moved = moves.find(ref); moved != moves.end() && moved->second) {
            items.push_back(*moved->second);
        }
    }
    finding.items = std::move(items);
}

}  // namespace

SparedByPorts spare_shared(const Context& context, std::vector<LockedProfile>& held, std::vector<Finding>& findings)
{
    const Request& request = context.request;
    const bool is_asked = !request.yes && !request.dry_run && context.console.confirm;
    if (is_asked || !request.site->is_of_one_port()) {
        return {};
    }
    std::set<std::string_view> names;
    const Moves moves = take_out(held, names);
    for (Finding& finding : findings) {
        follow(moves, finding);
    }
    SparedByPorts spared;
    for (const auto& [from, to] : moves) {
        spared.items += to ? 0U : 1U;
    }
    if (spared.items > 0) {
        // With other kinds, --all-ports would take along what the other ports do not share.
        const bool has_cookies = names.contains(info(Kind::cookies).name);
        spared.note = fmt::format(
            "{} no port ({}) and {} left, as the host's other ports share {}. To remove {}: {}{} --all-ports",
            count_of(spared.items, "item knows", "items know"), fmt::join(names, ", "),
            spared.items == 1 ? "was" : "were", spared.items == 1 ? "it" : "them",
            has_cookies ? "the cookies" : "all that its ports have", narrow_fix_command(request),
            has_cookies ? " --only cookies" : "");
    }
    return spared;
}

}  // namespace unstick
