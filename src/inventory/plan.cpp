#include "inventory/plan.h"

#include <algorithm>
#include <tuple>

#include "platform/files.h"
#include "web/masking.h"

namespace unstick {

namespace {

/// The folders in which a store may lie.
std::vector<fs::path> bases_of(Base base, const Profile& profile)
{
    if (base == Base::keychains) {
        return profile.keychains.empty() ? std::vector<fs::path>{} : std::vector{profile.keychains};
    }
    if (base == Base::cache) {
        std::vector<fs::path> bases{profile.cache};
        for (const Spot& more : profile.more_caches) {
            bases.push_back(more.path);
        }
        bases.push_back(profile.path);
        for (auto one = bases.begin(); one != bases.end(); ++one) {  // each once
            bases.erase(std::remove(std::next(one), bases.end(), *one), bases.end());
        }
        return bases;
    }
    if (base == Base::policies) {
        return profile.policies.empty() ? std::vector<fs::path>() : std::vector{profile.policies};
    }
    return {profile.path};
}

/// The same in the profile's partitions.
std::vector<fs::path> with_partitions(std::vector<fs::path> bases, Base base, const Profile& profile)
{
    const std::vector<fs::path> own = bases;
    for (const fs::path& partition : profile.partitions) {
        for (const fs::path& one : own) {
            if (base == Base::profile || base == Base::cache) {
                bases.push_back(one / partition);
            }
        }
    }
    return bases;
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

/// A store that takes everybody's data, and the one that it stands for, are never looked into together.
bool is_possible(const StoreSpec& spec, WholeCache whole_cache)
{
    return spec.when != (whole_cache == WholeCache::yes ? When::unless_whole_cache : When::if_whole_cache);
}

StorePlan look(const StoreSpec& spec, const fs::path& base, const Site& site, Programs* programs)
{
    StorePlan store{&spec, base / spec.path, {}};
    if (const fs::path link = link_below(base, spec.path); !link.empty()) {
        store.found.problems.push_back({Code::unsupported, link.string(), "it is a symbolic link; not followed",
                                        "replace the link by what it points to, or clean that place by hand"});
    } else {
        store.found = spec.find(store.path, site, programs);
    }
    return store;
}

bool same_pieces(const Item& a, const Item& b)
{
    return a.label == b.label && std::equal(a.pieces.begin(), a.pieces.end(), b.pieces.begin(), b.pieces.end(),
                                            [](const Piece& x, const Piece& y) {
                                                return x.container == y.container && x.table == y.table &&
                                                       x.key == y.key;
                                            });
}

using PieceKeys = std::set<std::tuple<Medium, std::string_view, std::string_view, std::string_view>>;

void add_pieces(const StorePlan& store, PieceKeys& keys)
{
    for (const Item& item : store.found.items) {
        for (const Piece& piece : item.pieces) {
            keys.emplace(piece.medium, piece.container, piece.table, piece.key);
        }
    }
}

bool has_piece(const Item& item, const PieceKeys& keys)
{
    return std::any_of(item.pieces.begin(), item.pieces.end(), [&](const Piece& piece) {
        return keys.contains({piece.medium, piece.container, piece.table, piece.key});
    });
}

/// Leaves only items that have one of the pieces.
void keep_items_with(const PieceKeys& keys, Found& found)
{
    std::erase_if(found.items, [&](const Item& item) { return !has_piece(item, keys); });
}

/// Marks what is not found for the site's own ports alone.
void mark_shared(const StoreSpec& spec, const Site& site, Programs* programs, StorePlan& store)
{
    if (store.found.items.empty() || !site.is_of_one_port()) {
        return;
    }
    const StorePlan own{&spec, store.path, spec.find(store.path, site.own_ports_only(), programs)};
    PieceKeys keys;
    add_pieces(own, keys);
    for (Item& item : store.found.items) {
        item.is_shared_by_ports = !has_piece(item, keys);
    }
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
                         WholeCache whole_cache, Programs* programs)
{
    ProfilePlan plan{&adapter, profile, site, {}};
    const auto is_wanted = [&](const StoreSpec& spec) { return wanted.contains(spec.kind); };
    const bool needs_names = std::any_of(adapter.stores.begin(), adapter.stores.end(),
                                         [&](const StoreSpec& spec) { return spec.hashed && is_wanted(spec); });
    // Of everything, what is wanted names enough: nothing else is looked into for names.
    const bool for_names = needs_names && !site.owns_everything();
    for (const StoreSpec& spec : adapter.stores) {
        if (!is_possible(spec, whole_cache) || (!is_wanted(spec) && (!for_names || spec.hashed))) {
            continue;
        }
        for (const fs::path& base : with_partitions(bases_of(spec.base, profile), spec.base, profile)) {
            StorePlan store = look(spec, base, plan.site, programs);
            mark_shared(spec, plan.site, programs, store);
            for (Item& item : store.found.items) {
                if (needs_names || !site.owns_everything()) {
                    plan.site.know(item.host);
                }
                item.label = shown_text(item.label);
            }
            for (Error& problem : store.found.problems) {
                problem = with_hint_of(adapter, problem);
            }
            if (is_wanted(spec) && (store.found.present || !store.found.problems.empty())) {
                plan.stores.push_back(std::move(store));
            }
        }
    }
    return plan;
}

std::vector<Item> items_in(const Adapter& adapter, const Profile& profile, const Site& site, Kind kind)
{
    std::vector<Item> items;
    for (const StoreSpec& spec : adapter.stores) {
        if (spec.kind != kind || !is_possible(spec, WholeCache::no)) {
            continue;
        }
        for (const fs::path& base : bases_of(spec.base, profile)) {
            Found found = look(spec, base, site, nullptr).found;
            std::move(found.items.begin(), found.items.end(), std::back_inserter(items));
        }
    }
    return items;
}

bool same_items(const ProfilePlan& a, const ProfilePlan& b)
{
    return std::equal(
        a.stores.begin(), a.stores.end(), b.stores.begin(), b.stores.end(), [](const StorePlan& x, const StorePlan& y) {
            return x.path == y.path && std::equal(x.found.items.begin(), x.found.items.end(), y.found.items.begin(),
                                                  y.found.items.end(), same_pieces);
        });
}

ProfilePlan in_common(ProfilePlan plan, const ProfilePlan& chosen)
{
    PieceKeys keys;
    for (const StorePlan& store : chosen.stores) {
        add_pieces(store, keys);
    }
    for (StorePlan& store : plan.stores) {
        keep_items_with(keys, store.found);
    }
    return plan;
}

Found rescan(const StorePlan& store, const Site& site, Programs* programs)
{
    const auto is_file = [](const Piece& piece) { return piece.medium == Medium::file; };
    const auto is_files = [&](const Item& item) {
        return std::all_of(item.pieces.begin(), item.pieces.end(), is_file);
    };
    Found found;
    if (std::all_of(store.found.items.begin(), store.found.items.end(), is_files)) {
        // A file that somebody else makes under such a name is the same thing again: names are made from keys.
        for (const Item& item : store.found.items) {
            if (std::any_of(item.pieces.begin(), item.pieces.end(), [](const Piece& piece) {
                    return files::exists(fs::path(piece.container) / piece.key).value_or(true);
                })) {
                found.items.push_back(item);
            }
        }
        return found;
    }
    PieceKeys keys;
    add_pieces(store, keys);
    found = store.spec->find(store.path, site, programs);
    keep_items_with(keys, found);
    std::erase_if(found.problems, [&](const Error& problem) {
        return std::any_of(store.found.problems.begin(), store.found.problems.end(), [&](const Error& before) {
            return before.where == problem.where && before.what == problem.what;
        });
    });
    return found;
}

}  // namespace unstick
