#include "medium.h"

#include <SQLiteCpp/Exception.h>

#include "rows.h"

namespace unstick {

void PresenceCount::add(ItemId item, PieceState state)
{
    Count& count = counts_[item];
    ++count.all;
    count.same += state == PieceState::same ? 1 : 0;
    count.taken += state == PieceState::taken ? 1 : 0;
}

Presence PresenceCount::result() const
{
    Presence presence;
    for (const auto& [item, count] : counts_) {
        if (count.same == count.all) {
            presence.in_place.insert(item);
        } else if (count.same + count.taken > 0) {
            presence.came_back.insert(item);
        }
    }
    return presence;
}

}  // namespace unstick

namespace unstick::media {

namespace {

const MediumOps& ops_of(Medium medium)
{
    switch (medium) {
        case Medium::file:
            return file_medium;
        case Medium::pair:
            return pair_medium;
        case Medium::json:
            return json_medium;
        case Medium::plist:
            return plist_medium;
        case Medium::record:
            return record_medium;
        case Medium::row:
            return row_medium;
        case Medium::keychain:
            return keychain_medium;
        case Medium::entry:
            break;
    }
    return entry_medium;
}

template <class Work>
auto caught(const Container& container, Work work) -> decltype(work())
{
    try {
        return work();
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(rows::error_of(container.path, exception));
    }
}

}  // namespace

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    return caught(container, [&] { return ops_of(container.medium).save(journal, container, pieces); });
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks)
{
    return caught(container, [&] { return ops_of(container.medium).erase(journal, container, locks); });
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    return caught(container, [&] { return ops_of(container.medium).presence(journal, container); });
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks& locks)
{
    return caught(container, [&] { return ops_of(container.medium).restore(journal, container, items, locks); });
}

void tidy(Journal& journal)
{
    for (const auto& [id, profile] : journal.profiles()) {
        for (const JournalStore& store : journal.stores(id)) {
            for (const Container& container : journal.containers(store.id)) {
                (void)caught(container, [&]() -> Result<void> {
                    ops_of(container.medium).tidy(journal, container);
                    return {};
                });
            }
        }
    }
}

}  // namespace unstick::media
