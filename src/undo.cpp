#include "undo.h"

namespace unstick {

namespace {

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
    for (const Container& container : containers) {
        const auto presence = media::presence(journal, container);
        if (!presence) {
            problems.push_back(presence.error());
            failed.merge(journal.items_of(container));
            continue;
        }
        came_back.insert(presence->came_back.begin(), presence->came_back.end());
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
        if (came_back.contains(item.id)) {
            undone.refused.push_back(item.label);
        } else if (!failed.contains(item.id)) {
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
    media::tidy(journal);  // an undo is often what follows a run that was cut off
    ProfileUndone undone{profile, {}, {}};
    const auto stores = journal.stores(profile_id);
    for (auto store = stores.rbegin(); store != stores.rend(); ++store) {
        undone.stores.push_back(undo_store(journal, *store, may_go_on, locks, undone.problems));
    }
    if (auto free = may_go_on(); !free && undone.problems.empty()) {
        undone.problems.push_back(free.error());
    }
    return undone;
}

}  // namespace unstick
