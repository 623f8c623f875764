#include "app/stragglers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace unstick {

namespace {

constexpr const char* what_to_do = "wait a minute, and run unstick again";

/// How many items of a store are in the profile just as the run keeps them.
std::uint64_t in_place(Journal& journal, const JournalStore& store)
{
    std::map<ItemId, bool> whole;
    for (const Container& container : journal.containers(store.id)) {
        const auto presence = media::presence(journal, container);
        for (const ItemId item : journal.items_of(container)) {
            const bool there = presence && presence->in_place.contains(item);
            const auto known = whole.emplace(item, there).first;
            known->second = known->second && there;
        }
    }
    return static_cast<std::uint64_t>(
        std::count_if(whole.begin(), whole.end(), [](const auto& item) { return item.second; }));
}

}  // namespace

bool may_be_written(const Adapter& adapter, const std::vector<fs::path>& places, bool closed, const Host& host)
{
    constexpr std::int64_t young_s = 30;
    if (adapter.straggling.count() == 0) {
        return false;
    }
    const auto is_young = [&](const fs::path& place) {
        const auto info = files::info(place);
        return info && info->modified_ns / 1'000'000'000 > host.now() - young_s;
    };
    const auto runs = [&](std::string_view program) { return !host.processes_named(program).empty(); };
    return closed || std::any_of(places.begin(), places.end(), is_young) ||
           std::any_of(adapter.helpers.begin(), adapter.helpers.end(), runs);
}

std::vector<Error> look_for_stragglers(const std::vector<ProfilePlan>& removed, Host& host)
{
    std::chrono::milliseconds wait{0};
    for (const ProfilePlan& plan : removed) {
        wait = std::max(wait, plan.adapter->straggling);
    }
    host.sleep(wait);
    std::vector<Error> problems;
    for (const ProfilePlan& plan : removed) {
        for (const StorePlan& store : plan.stores) {
            const std::size_t back = store.found.items.empty() ? 0 : rescan(store, plan.site, &host).items.size();
            if (back > 0) {
                problems.push_back({Code::changed, store.path.string(),
                                    fmt::format("{} of {} came back: something of the browser still wrote",
                                                count_of(back, "item", "items"), store.spec->label),
                                    what_to_do});
            }
        }
    }
    return problems;
}

std::vector<Error> look_for_stragglers(Journal& journal, const ProfileUndone& undone, const Adapter& adapter,
                                       Host& host)
{
    host.sleep(adapter.straggling);
    std::vector<Error> problems;
    for (const StoreUndone& store : undone.stores) {
        const std::uint64_t left = store.restored > 0 ? in_place(journal, store.store) : 0;
        if (left < store.restored) {
            problems.push_back({Code::changed, store.path.string(),
                                fmt::format("{} of {} did not stay: something of the browser still wrote",
                                            count_of(store.restored - left, "item", "items"), store.store.label),
                                what_to_do});
        }
    }
    return problems;
}

}  // namespace unstick
