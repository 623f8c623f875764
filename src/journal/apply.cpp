#include "journal/apply.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "journal/replacements.h"

namespace unstick {

Result<std::vector<Error>> record_plans(Journal& journal, std::vector<ProfilePlan>& plans)
{
    std::vector<Error> left_out;
    for (ProfilePlan& plan : plans) {
        for (StorePlan& store : plan.stores) {
            if (store.found.items.empty()) {
                continue;
            }
            auto recorded = journal.record(plan.profile, store.spec->kind, store.spec->label, store.found.items,
                                           store.found.former);
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
    TRY(journal.seal());
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
                if (auto left = replacements::left(journal, container)) {
                    problems.push_back(std::move(*left));
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
