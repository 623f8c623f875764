// Medium::file: files and folders, moved into the journal's folder and back.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "journal_rows.h"
#include "medium.h"

namespace unstick {

namespace {

struct Moved {
    ItemId item = 0;
    fs::path original;
    fs::path stored;
};

std::vector<Moved> moved_of(Journal& journal, const Container& container)
{
    const auto moved = [&](SQLite::Statement& row) {
        return Moved{row.getColumn(0).getInt64(), container.path / row.getColumn(1).getString(),
                     journal.files_folder() / row.getColumn(2).getString()};
    };
    return rows::list(journal.database(), "SELECT item, key, stored FROM files WHERE container = ? ORDER BY stored",
                      moved, container.id);
}

/// `erase` moves a file only if what is there now is what was seen when it was recorded: a name.
Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    SQLite::Statement insert(journal.database(), "INSERT INTO files(container, item, key) VALUES(?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const auto there = files::exists(container.path / piece->key);
        if (!there) {
            return tl::unexpected<Error>(there.error());
        }
        if (!*there) {
            return fail(Code::changed, (container.path / piece->key).string(), "it is not there any more",
                        "run unstick again");
        }
        insert.reset();
        insert.bind(1, container.id);
        insert.bind(2, item);
        insert.bind(3, piece->key);
        insert.exec();
    }
    return {};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    Result<void> result;
    for (const Moved& file : moved_of(journal, container)) {
        if (auto done = files::move(file.original, file.stored); !done && result) {
            result = done;  // go on: each file stands for itself
        }
    }
    // A folder that cannot be synced here is one whose names reach the disk a little later: no loss, since
    // the journal lists the files whether or not they have moved.
    (void)files::sync_folder(journal.files_folder());
    (void)files::sync_folder(container.path);
    return result;
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    Presence presence;
    std::set<ItemId> moved;
    for (const Moved& file : moved_of(journal, container)) {
        const auto taken = files::exists(file.stored);
        const auto there = files::exists(file.original);
        if (!taken || !there) {
            return tl::unexpected<Error>(taken ? there.error() : taken.error());
        }
        if (!*taken) {
            presence.in_place.insert(file.item);
            continue;
        }
        moved.insert(file.item);
        if (*there) {
            presence.came_back.insert(file.item);
        }
    }
    for (const ItemId item : moved) {
        presence.in_place.erase(item);
    }
    return presence;
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    Result<void> result;
    for (const Moved& file : moved_of(journal, container)) {
        if (!items.contains(file.item) || !files::exists(file.stored).value_or(true)) {
            continue;
        }
        auto done = files::make_private_folder(file.original.parent_path()).and_then([&] {
            return files::move(file.stored, file.original);
        });
        if (!done && result) {
            result = done;
        }
    }
    (void)files::sync_folder(container.path);
    return result;
}

/// A file that is safe in the journal may be left under its aside name, if it came from another file system.
void tidy(Journal& journal, const Container& container)
{
    for (const Moved& file : moved_of(journal, container)) {
        const fs::path aside = file.original.string() + std::string(files::removed_suffix);
        if (files::info(aside) && files::info(file.stored)) {
            (void)files::remove_tree(aside);
        }
    }
}

}  // namespace

const MediumOps file_medium{save, erase, presence, restore, tidy};

}  // namespace unstick
