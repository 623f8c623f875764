#include "app/keep_cookies.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace unstick {

bool is_meant(std::string_view pattern, std::string_view name)
{
    const std::size_t star = pattern.find('*');
    if (star == pattern.npos) {
        return pattern == name;
    }
    if (!name.starts_with(pattern.substr(0, star))) {
        return false;
    }
    name.remove_prefix(star);
    pattern.remove_prefix(star + 1);
    // What follows may begin anywhere: the first place will do for all but the last part, which has to be the end.
    while (true) {
        const std::size_t next = pattern.find('*');
        if (next == pattern.npos) {
            return name.ends_with(pattern);
        }
        const std::size_t found = name.find(pattern.substr(0, next));
        if (found == name.npos) {
            return false;
        }
        name.remove_prefix(found + next);
        pattern.remove_prefix(next + 1);
    }
}

void keep_cookies(const std::vector<std::string>& patterns, ProfilePlan& plan)
{
    if (patterns.empty()) {
        return;
    }
    const auto is_kept = [&](const Item& item) {
        return item.as<Cookie>() != nullptr && std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) {
                   return is_meant(pattern, item.name);
               });
    };
    for (StorePlan& store : plan.stores) {
        std::set<std::string> names;
        for (const Item& item : store.found.items) {
            if (is_kept(item)) {
                names.insert(item.name);
            }
        }
        const auto kept = std::erase_if(store.found.items, is_kept);
        if (kept > 0) {
            store.found.notes.push_back(fmt::format("{} {} kept, as --keep-cookie says: {}.",
                                                    count_of(kept, "cookie", "cookies"), kept == 1 ? "was" : "were",
                                                    fmt::join(names, ", ")));
        }
    }
}

}  // namespace unstick
