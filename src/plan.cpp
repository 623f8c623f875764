#include "plan.h"

#include "files.h"

namespace unstick {

namespace {

/// The folders in which a store may lie.
std::vector<fs::path> bases_of(Base base, const Profile& profile)
{
    if (base == Base::cache && profile.cache != profile.path) {
        return {profile.cache, profile.path};
    }
    return {profile.path};
}

/// The first component of `path` below `base` that is a symbolic link; empty if none is.
fs::path link_below(const fs::path& base, const fs::path& path)
{
    fs::path walked = base;
    for (const auto& component : path) {
        walked /= component;
        const auto found = files::info(walked);
        if (!found) {
            return {};
        }
        if (found->type == files::Type::link) {
            return walked;
        }
    }
    return {};
}

bool is_asked_for(const StoreSpec& spec, const std::set<Kind>& wanted, WholeCache whole_cache)
{
    const When not_now = whole_cache == WholeCache::yes ? When::unless_whole_cache : When::if_whole_cache;
    return wanted.contains(spec.kind) && spec.when != not_now;
}

bool same_pieces(const Item& a, const Item& b)
{
    return a.label == b.label && std::equal(a.pieces.begin(), a.pieces.end(), b.pieces.begin(), b.pieces.end(),
                                            [](const Piece& x, const Piece& y) {
                                                return x.container == y.container && x.table == y.table &&
                                                       x.key == y.key;
                                            });
}

}  // namespace

std::size_t ProfilePlan::items() const
{
    std::size_t count = 0;
    for (const StorePlan& store : stores) {
        count += store.found.items.size();
    }
    return count;
}

ProfilePlan plan_profile(const Adapter& adapter, const Profile& profile, const Site& site, const std::set<Kind>& wanted,
                         WholeCache whole_cache)
{
    ProfilePlan plan{&adapter, profile, {}};
    for (const StoreSpec& spec : adapter.stores) {
        if (!is_asked_for(spec, wanted, whole_cache)) {
            continue;
        }
        for (const fs::path& base : bases_of(spec.base, profile)) {
            StorePlan store{&spec, base / spec.path, {}};
            if (const fs::path link = link_below(base, spec.path); !link.empty()) {
                store.found.problems.push_back({Code::unsupported, link.string(), "it is a symbolic link; not followed",
                                                "replace the link by what it points to, or clean that place by hand"});
            } else {
                store.found = spec.find(store.path, site);
            }
            if (store.found.present || !store.found.problems.empty()) {
                plan.stores.push_back(std::move(store));
            }
        }
    }
    return plan;
}

bool same_items(const ProfilePlan& a, const ProfilePlan& b)
{
    return std::equal(
        a.stores.begin(), a.stores.end(), b.stores.begin(), b.stores.end(), [](const StorePlan& x, const StorePlan& y) {
            return x.path == y.path && std::equal(x.found.items.begin(), x.found.items.end(), y.found.items.begin(),
                                                  y.found.items.end(), same_pieces);
        });
}

}  // namespace unstick
