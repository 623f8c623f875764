#include "apply.h"

#include <algorithm>

namespace unstick {

Result<void> record_plans(Journal& journal, const std::vector<ProfilePlan>& plans)
{
    for (const ProfilePlan& plan : plans) {
        for (const StorePlan& store : plan.stores) {
            if (store.found.items.empty()) {
                continue;
            }
            auto recorded = journal.record(plan.profile, store.spec->kind, store.spec->label, store.found.items);
            if (!recorded) {
                return recorded;
            }
        }
    }
    return journal.seal();
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

}  // namespace unstick
