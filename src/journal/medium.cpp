#include "journal/medium.h"

#include <SQLiteCpp/Exception.h>

#include <algorithm>

#include "containers/sqlite/database.h"
#include "journal/replacements.h"

namespace unstick {

extern const MediumOps binary_cookie_medium;
extern const MediumOps cache2_entry_medium;
extern const MediumOps cache_entry_medium;
extern const MediumOps file_medium;
extern const MediumOps folder_content_medium;
extern const MediumOps json_medium;
extern const MediumOps keychain_medium;
extern const MediumOps leveldb_medium;
extern const MediumOps plist_medium;
extern const MediumOps service_worker_medium;
extern const MediumOps sqlite_row_medium;

Media media_of(std::span<const Adapter> families)
{
    Media all{&file_medium,          &leveldb_medium,        &sqlite_row_medium,    &json_medium,
              &binary_cookie_medium, &cache_entry_medium,    &plist_medium,         &keychain_medium,
              &cache2_entry_medium,  &folder_content_medium, &service_worker_medium};
    for (const Adapter& family : families) {
        for (const MediumOps* medium : family.media) {
            if (std::find(all.begin(), all.end(), medium) == all.end()) {
                all.push_back(medium);
            }
        }
    }
    return all;
}

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

template <class Work>
auto caught(const Container& container, Work work) -> decltype(work())
{
    try {
        return work();
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(rows::error_of(container.path, exception));
    }
}

/// Removes what a move into the run's folder left there when its process was killed: copies that are not whole, of what
/// still is where it was.
void remove_half_done(const fs::path& files_folder)
{
    constexpr std::string_view earlier_suffix = ".part";  // 0.1.0
    const auto folder = files::Folder::open(files_folder);
    for (const files::Entry& entry :
         folder ? folder->list().value_or(std::vector<files::Entry>{}) : std::vector<files::Entry>{}) {
        if (entry.name.ends_with(files::part_suffix) || entry.name.ends_with(earlier_suffix)) {
            (void)files::remove_tree(files_folder / entry.name);
        }
    }
}

}  // namespace

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    return caught(container, [&] { return container.medium->save(journal, container, pieces); });
}

Result<void> save_former(Journal& journal, const Container& container, std::span<const FormerKeys> former)
{
    if (container.medium->save_former == nullptr || former.empty()) {
        return {};
    }
    return caught(container, [&] { return container.medium->save_former(journal, container, former); });
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks)
{
    return caught(container, [&] { return container.medium->erase(journal, container, locks); });
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    return caught(container, [&] { return container.medium->presence(journal, container); });
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks& locks)
{
    return caught(container, [&] { return container.medium->restore(journal, container, items, locks); });
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    return caught(container, [&] { return container.medium->newer(journal, container, items); });
}

void tidy(Journal& journal, std::optional<std::int64_t> held_profile)
{
    remove_half_done(journal.files_folder());
    for (const auto& [id, profile] : journal.profiles()) {
        const Hold hold = id == held_profile ? Hold::yes : Hold::no;
        for (const JournalStore& store : journal.stores(id)) {
            for (const Container& container : journal.containers(store.id)) {
                (void)caught(container, [&]() -> Result<void> {
                    container.medium->tidy(journal, container);
                    return container.medium->replaces_folder ? replacements::settle(journal, container, hold)
                                                             : Result<void>();
                });
            }
        }
    }
}

std::vector<Error> left(Journal& journal)
{
    std::vector<Error> all;
    for (const auto& [id, profile] : journal.profiles()) {
        for (const JournalStore& store : journal.stores(id)) {
            for (const Container& container : journal.containers(store.id)) {
                if (auto error =
                        container.medium->replaces_folder ? replacements::left(journal, container) : std::nullopt) {
                    all.push_back(std::move(*error));
                }
            }
        }
    }
    return all;
}

}  // namespace unstick::media
