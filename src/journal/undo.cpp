#include "journal/undo.h"

#include <map>
#include <tuple>

#include "journal/apply.h"
#include "journal/replacements.h"

namespace unstick {

namespace {

Error damaged_item(const Journal& journal, const JournalItem& item, const std::string& fault)
{
    return {Code::corrupt, "run " + journal.id(), item.label + " cannot be put back: " + fault + " in the run",
            "restore the run's folder from a backup, and undo it again; all that is whole is put back"};
}

/// The newer of one store's items, each under its older one's name.
Result<std::vector<Item>> newer_of(Journal& journal, const JournalStore& store)
{
    std::set<ItemId> came_back;
    std::set<ItemId> not_whole;
    const auto containers = journal.containers(store.id);
    for (const Container& container : containers) {
        const auto presence = media::presence(journal, container);
        const auto damaged = stored_pieces::check(journal, container);
        if (!presence || !damaged) {
            return tl::unexpected<Error>(presence ? damaged.error() : presence.error());
        }
        came_back.insert(presence->came_back.begin(), presence->came_back.end());
        for (const auto& [item, fault] : *damaged) {
            not_whole.insert(item);
        }
    }
    for (const ItemId item : not_whole) {
        came_back.erase(item);
    }
    std::map<ItemId, Item> items;
    std::set<std::tuple<std::string, std::string, std::string>> known;  // one newer thing may bar the way of several
    for (const Container& container : containers) {
        TRY_ASSIGN(const auto found, media::newer(journal, container, came_back));
        for (const auto& [item, piece] : found) {
            if (known.insert({piece.container, piece.table, piece.key}).second) {
                items[item].pieces.push_back(piece);
            }
        }
    }
    std::vector<Item> named;
    for (const JournalItem& item : journal.items(store.id)) {
        if (const auto found = items.find(item.id); found != items.end()) {
            found->second.label = item.label;
            named.push_back(std::move(found->second));
        }
    }
    return named;
}

StoreUndone undo_store(Journal& journal, const JournalStore& store, const std::function<Result<void>()>& may_go_on,
                       HeldLocks& locks, std::vector<Error>& problems)
{
    StoreUndone undone{store, {}, 0, 0, 0, {}};
    auto containers = journal.containers(store.id);
    if (!containers.empty()) {
        undone.path = containers.front().path;
    }
    const auto items = journal.items(store.id);
    undone.items = items.size();

    std::set<ItemId> came_back;
    std::set<ItemId> failed;
    Damaged not_whole;
    for (const Container& container : containers) {
        const auto presence = media::presence(journal, container);
        if (!presence) {
            problems.push_back(presence.error());
            failed.merge(journal.items_of(container));
            continue;
        }
        came_back.insert(presence->came_back.begin(), presence->came_back.end());
        const auto damaged = stored_pieces::check(journal, container);
        if (!damaged) {
            problems.push_back(damaged.error());
            failed.merge(journal.items_of(container));
            continue;
        }
        for (const auto& [item, fault] : *damaged) {
            not_whole.emplace(item, fault);
        }
    }
    for (const JournalItem& item : items) {
        if (const auto fault = not_whole.find(item.id); fault != not_whole.end()) {
            problems.push_back(damaged_item(journal, item, fault->second));
            failed.insert(item.id);
        }
    }
    std::set<ItemId> to_restore;
    for (const JournalItem& item : items) {
        if (!came_back.contains(item.id) && !failed.contains(item.id)) {
            to_restore.insert(item.id);
        }
    }
    // In the reverse order of removal: what refers to other things comes after them.
    for (auto container = containers.rbegin(); container != containers.rend(); ++container) {
        auto restored = may_go_on().and_then([&] { return media::restore(journal, *container, to_restore, locks); });
        if (!restored) {
            problems.push_back(restored.error());
            for (const ItemId item : journal.items_of(*container)) {
                failed.insert(item);
            }
        }
    }
    for (const JournalItem& item : items) {
        if (failed.contains(item.id)) {
            continue;
        }
        if (came_back.contains(item.id)) {
            undone.refused.push_back(item.label);
        } else {
            ++undone.restored;
            undone.bytes += item.bytes;
        }
    }
    return undone;
}

}  // namespace

ProfileUndone undo_profile(Journal& journal, std::int64_t profile_id, const Profile& profile,
                           const std::function<Result<void>()>& may_go_on, HeldLocks& locks)
{
    media::tidy(journal, profile_id);  // an undo is often what follows a run that was cut off
    ProfileUndone undone{profile, {}, {}, {}, {}};
    const auto stores = journal.stores(profile_id);
    for (auto store = stores.rbegin(); store != stores.rend(); ++store) {
        undone.stores.push_back(undo_store(journal, *store, may_go_on, locks, undone.problems));
    }
    if (auto free = may_go_on(); !free && undone.problems.empty()) {
        undone.problems.push_back(free.error());
    }
    for (const JournalStore& store : stores) {
        for (const Container& container : journal.containers(store.id)) {
            if (auto left = replacements::left(journal, container)) {
                undone.left.push_back(std::move(*left));
            }
            if (auto kept = replacements::set_aside(journal, container)) {
                undone.set_aside.push_back(std::move(*kept));
            }
        }
    }
    return undone;
}

Result<std::uint64_t> make_room(Journal& journal, Journal& aside, std::int64_t profile_id, const Profile& profile,
                                const std::function<Result<void>()>& may_go_on, HeldLocks& locks)
{
    media::tidy(journal, profile_id);
    std::uint64_t count = 0;
    const std::int64_t before = last_store(aside);
    for (const JournalStore& store : journal.stores(profile_id)) {
        TRY_ASSIGN(const auto newer, newer_of(journal, store));
        if (newer.empty()) {
            continue;
        }
        TRY(aside.record(profile, store.kind, store.label, newer));
        count += newer.size();
    }
    if (count == 0) {
        return count;
    }
    TRY(aside.seal());
    const auto problems = carry_out(aside, profile, may_go_on, locks, before);
    return problems.empty() ? Result<std::uint64_t>(count) : tl::unexpected<Error>(problems.front());
}

std::vector<Error> check_run(Journal& journal)
{
    std::vector<Error> problems;
    if (auto sealed = journal.check_seal(); !sealed) {
        problems.push_back(sealed.error());
    }
    for (const auto& [id, profile] : journal.profiles()) {
        for (const JournalStore& store : journal.stores(id)) {
            Damaged not_whole;
            for (const Container& container : journal.containers(store.id)) {
                if (auto damaged = stored_pieces::check(journal, container)) {
                    not_whole.merge(*damaged);
                } else {
                    problems.push_back(damaged.error());
                }
            }
            for (const JournalItem& item : journal.items(store.id)) {
                if (const auto fault = not_whole.find(item.id); fault != not_whole.end()) {
                    problems.push_back(damaged_item(journal, item, fault->second));
                }
            }
        }
    }
    return problems;
}

}  // namespace unstick
