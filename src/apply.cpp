#include "apply.h"

#include <fmt/format.h>

#include <algorithm>

#include "text.h"

namespace unstick {

Result<std::vector<Error>> record_plans(Journal& journal, std::vector<ProfilePlan>& plans)
{
    std::vector<Error> left_out;
    for (ProfilePlan& plan : plans) {
        for (StorePlan& store : plan.stores) {
            if (store.found.items.empty()) {
                continue;
            }
            auto recorded = journal.record(plan.profile, store.spec->kind, store.spec->label, store.found.items);
            const Code code = recorded ? Code::io : recorded.error().code;
            if (!recorded && code != Code::denied && code != Code::unsupported) {
                return tl::unexpected<Error>(recorded.error());
            }
            if (!recorded) {
                left_out.push_back(recorded.error());
                store.found.items.clear();
            }
        }
    }
    if (auto sealed = journal.seal(); !sealed) {
        return tl::unexpected<Error>(sealed.error());
    }
    return left_out;
}

std::int64_t last_store(const Journal& journal)
{
    std::int64_t last = 0;
    for (const auto& [id, profile] : journal.profiles()) {
        for (const JournalStore& store : journal.stores(id)) {
            last = std::max(last, store.id);
        }
    }
    return last;
}

std::vector<Error> carry_out(Journal& journal, const Profile& profile, const std::function<Result<void>()>& may_go_on,
                             HeldLocks& locks, std::int64_t after)
{
    std::vector<Error> problems;
    for (const auto& [id, recorded] : journal.profiles()) {
        if (recorded.path != profile.path) {
            continue;
        }
        for (const JournalStore& store : journal.stores(id)) {
            if (store.id <= after) {
                continue;
            }
            for (const Container& container : journal.containers(store.id)) {
                if (auto free = may_go_on(); !free) {
                    problems.push_back(free.error());
                    return problems;
                }
                if (auto erased = media::erase(journal, container, locks); !erased) {
                    problems.push_back(erased.error());
                    break;  // the rest of this store refers to what could not be removed
                }
            }
        }
    }
    if (auto free = may_go_on(); !free) {  // what it had read before we changed it, it may write back
        problems.push_back(free.error());
    }
    return problems;
}

std::vector<Error> look_for_stragglers(const std::vector<ProfilePlan>& removed, Host& host)
{
    std::chrono::milliseconds wait{0};
    for (const ProfilePlan& plan : removed) {
        wait = std::max(wait, plan.items() > 0 ? plan.adapter->straggling : wait);
    }
    std::vector<Error> problems;
    if (wait.count() == 0) {
        return problems;
    }
    host.sleep(wait);
    for (const ProfilePlan& plan : removed) {
        for (const StorePlan& store : plan.stores) {
            const std::size_t back = look_again(store, plan.site, &host).items.size();
            if (back > 0) {
                problems.push_back({Code::changed, store.path.string(),
                                    fmt::format("{} of {} came back: something of the browser that was closed still "
                                                "wrote",
                                                count_of(back, "item", "items"), store.spec->label),
                                    "wait a minute, and run unstick again"});
            }
        }
    }
    return problems;
}

}  // namespace unstick
