#include "journal/moved_files.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include "containers/sqlite/query.h"

namespace unstick::moved_files {

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
        TRY_ASSIGN(const auto there, files::exists(container.path / piece->key));
        if (!there) {
            return fail(Code::changed, (container.path / piece->key).string(), "it is not there any more",
                        "run unstick again");
        }
        insert.reset();
        SQLite::bind(insert, container.id, item, piece->key);
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
            // Not moved yet, or back. What the browser has made there since is not what was seen.
            TRY_ASSIGN(const auto same,
                       *there ? stored_pieces::is_as_stored(journal, container, file.name(), file.original)
                              : Result<bool>(true));
            (same ? presence.in_place : presence.came_back).insert(file.item);
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
    std::vector<std::string> back;
    for (const Moved& file : moved_of(journal, container)) {
        if (!items.contains(file.item) || !files::exists(file.stored).value_or(true)) {
            continue;
        }
        auto done = files::move(file.stored, file.original);
        if (!done && done.error().code == Code::not_found) {  // most folders are still there
            done = files::make_private_folder(file.original.parent_path()).and_then([&] {
                return files::move(file.stored, file.original);
            });
        }
        if (done) {
            back.push_back(file.name());
        } else if (result) {
            result = done;
        }
    }
    (void)files::sync_folder(container.path);
    stored_pieces::forget(journal, container, back);
    return result;
}

/// A file that is safe in the journal may be left under its aside name, if it came from another file system. One that
/// is in both places was in the middle of its move, there or back: the profile keeps it, and nothing of it was moved.
void tidy(Journal& journal, const Container& container)
{
    for (const Moved& file : moved_of(journal, container)) {
        const fs::path part = file.original.string() + std::string(files::part_suffix);
        if (files::exists(part).value_or(true)) {  // of a restoring that was cut off
            (void)files::remove_tree(part);
        }
        const fs::path aside = file.original.string() + std::string(files::removed_suffix);
        const bool is_aside = files::exists(aside).value_or(true);
        const bool is_there = files::exists(file.original).value_or(false);
        if ((!is_aside && !is_there) || !files::exists(file.stored).value_or(false)) {
            continue;
        }
        if (is_aside) {
            (void)files::remove_tree(aside);
        }
        if (is_there && stored_pieces::are_alike(file.stored, file.original).value_or(false)) {
            (void)files::sync_folder(file.original.parent_path()).and_then([&] {
                return files::remove_tree(file.stored);
            });
        }
    }
}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    for (const Moved& file : moved_of(journal, container)) {
        const bool was_moved = files::exists(file.stored).value_or(true);
        each({file.item, file.name(), {}, was_moved ? file.stored : file.original, !was_moved});
    }
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    std::vector<Newer> found;
    for (const Moved& file : moved_of(journal, container)) {
        const auto kept = files::exists(file.stored);
        const auto there = files::exists(file.original);
        if (!kept || !there) {
            return tl::unexpected<Error>(kept ? there.error() : kept.error());
        }
        if (items.contains(file.item) && *kept && *there) {
            const std::string key = file.original.lexically_relative(container.path).string();
            found.push_back({file.item, {Medium{container.medium->name}, container.path.string(), {}, key}});
        }
    }
    return found;
}

}  // namespace unstick::moved_files
