// Medium::entry: entries of blockfile caches. They are packed into the journal's database; their largest bodies become
// files of the journal's folder.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <SQLiteCpp/VariadicBind.h>

#include <algorithm>
#include <map>
#include <string>

#include "containers/blockfile/cache.h"
#include "containers/sqlite/database.h"
#include "journal/medium.h"
#include "journal/replacements.h"

namespace unstick {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE entries(container INTEGER, item INTEGER, key BLOB);
    CREATE TABLE saved_entries(container INTEGER, key BLOB, saved BLOB);
)sql";

using blockfile_cache::Saved;
using Keys = std::set<std::string, std::less<>>;

fs::path kept_files_of(const Journal& journal, const Container& container)
{
    return journal.files_folder() / ("entries-" + std::to_string(container.id));
}

blockfile_cache::Wanted any_of(const Keys& keys)
{
    return [&keys](std::string_view key) { return keys.contains(key); };
}

std::vector<std::string> list_of(const Keys& keys)
{
    return {keys.begin(), keys.end()};
}

// --- The journal's side ---

std::map<ItemId, Keys> keys_by_item(Journal& journal, const Container& container)
{
    std::map<ItemId, Keys> keys;
    SQLite::Statement query(journal.database(), "SELECT item, key FROM entries WHERE container = ?");
    query.bind(1, container.id);
    while (query.executeStep()) {
        keys[query.getColumn(0).getInt64()].insert(rows::blob_of(query.getColumn(1)));
    }
    return keys;
}

Keys all_keys(Journal& journal, const Container& container)
{
    Keys all;
    for (auto& [item, keys] : keys_by_item(journal, container)) {
        all.merge(keys);
    }
    return all;
}

/// What was saved under these keys.
Result<std::vector<Saved>> saved_under(Journal& journal, const Container& container, const Keys& keys)
{
    std::vector<Saved> all;
    SQLite::Statement query(journal.database(), "SELECT key, saved FROM saved_entries WHERE container = ?");
    query.bind(1, container.id);
    while (query.executeStep()) {
        if (!keys.contains(rows::blob_of(query.getColumn(0)))) {
            continue;
        }
        TRY_ASSIGN(auto saved, blockfile_cache::unpack(rows::blob_of(query.getColumn(1))));
        all.push_back(std::move(saved));
    }
    return all;
}

Result<void> keep_file(const fs::path& file, const fs::path& kept)
{
    return files::make_private_folder(kept.parent_path())
        .and_then([&] { return files::link_file(file, kept); })
        .and_then([&] { return files::sync_file(kept); });
}

Result<void> keep_files(Journal& journal, const Container& container, const std::vector<Saved>& entries)
{
    const fs::path kept = kept_files_of(journal, container);
    bool any = false;
    for (const Saved& saved : entries) {
        for (const Saved::Stream& stream : saved.streams) {
            if (stream.file.empty()) {
                continue;
            }
            any = true;
            TRY(keep_file(container.path / stream.file, kept / stream.file));
        }
    }
    return !any ? Result<void>()
                : files::sync_folder(kept).and_then([&] { return files::sync_folder(journal.files_folder()); });
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    Keys keys;
    for (const PieceOf& piece : pieces) {
        keys.insert(piece.piece->key);
    }
    TRY_ASSIGN(const auto there, blockfile_cache::list(container.path, any_of(keys)));
    if (there.size() < keys.size()) {
        return fail(Code::changed, container.path.string(), "a cached file is not there any more", "run unstick again");
    }
    TRY_ASSIGN(const auto all, blockfile_cache::save(container.path, list_of(keys)));
    SQLite::Transaction transaction(journal.database());
    SQLite::Statement insert(journal.database(), "INSERT INTO entries VALUES(?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        insert.reset();
        SQLite::bind(insert, container.id, item);
        rows::bind_blob(insert, 3, piece->key);
        insert.exec();
    }
    SQLite::Statement insert_saved(journal.database(), "INSERT INTO saved_entries VALUES(?, ?, ?)");
    for (const Saved& saved : all) {
        insert_saved.reset();
        insert_saved.bind(1, container.id);
        rows::bind_blob(insert_saved, 2, std::string(owner_of(saved)));
        rows::bind_blob(insert_saved, 3, pack(saved));
        insert_saved.exec();
    }
    transaction.commit();
    return keep_files(journal, container, all);
}

// --- The profile's side ---

/// What a change of a cache writes to. All other files of its folder are only created or deleted by it.
bool is_written_to(std::string_view name)
{
    return name == "index" || name.starts_with("data_");
}

Result<std::vector<files::Entry>> names_in(const fs::path& folder)
{
    return files::list(folder);
}

/// Copies what will be written to; the other files get a second name.
Result<void> take_over(const fs::path& folder, const fs::path& fresh)
{
    TRY_ASSIGN(const auto names, names_in(folder));
    for (const files::Entry& file : names) {
        const fs::path from = folder / file.name;
        const auto taken = is_written_to(file.name) ? files::copy_file(from, fresh / file.name)
                                                    : files::link_file(from, fresh / file.name);
        if (!taken) {
            return taken;
        }
    }
    return {};
}

/// What was copied gets the rights that it had, and what is new is made durable.
Result<void> settle(const fs::path& fresh, const fs::path& folder)
{
    TRY_ASSIGN(const auto names, names_in(fresh));
    for (const files::Entry& file : names) {
        const bool was_there = files::exists(folder / file.name).value_or(true);
        if (was_there && !is_written_to(file.name)) {
            continue;
        }
        const auto kept = was_there ? files::take_over_rights(folder / file.name, fresh / file.name) : Result<void>();
        if (auto settled = kept.and_then([&] { return files::sync_file(fresh / file.name); }); !settled) {
            return settled;
        }
    }
    return {};
}

/// Reads all of the changed cache.
Result<void> check(const fs::path& fresh)
{
    TRY(blockfile_cache::list(fresh, [](std::string_view) { return false; }));
    return {};
}

/// Lets `work` change a copy of the cache, which then replaces the cache.
template <class Work>
Result<void> change(Journal& journal, const Container& container, HeldLocks& locks, Work work)
{
    const fs::path& folder = container.path;
    const auto build = [&](const fs::path& fresh) -> Result<void> {
        TRY(take_over(folder, fresh));
        TRY(work(fresh));
        return check(fresh).and_then([&] { return settle(fresh, folder); });
    };
    return replace_folder(folder, build, replacements::noted(journal, container, locks));
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks)
{
    const auto keys = list_of(all_keys(journal, container));
    return change(journal, container, locks,
                  [&](const fs::path& fresh) { return blockfile_cache::remove(fresh, keys); });
}

// --- Comparing ---

using ByOwner = std::map<std::string, std::vector<Saved>, std::less<>>;

ByOwner by_owner(std::vector<Saved> entries)
{
    std::sort(entries.begin(), entries.end(), [](const Saved& a, const Saved& b) { return a.key < b.key; });
    ByOwner sorted;
    for (Saved& saved : entries) {
        std::string owner(owner_of(saved));
        sorted[std::move(owner)].push_back(std::move(saved));
    }
    return sorted;
}

bool same_start(const fs::path& a, const fs::path& b, std::uint32_t size)
{
    const auto folder_a = files::Folder::open(a.parent_path());
    const auto folder_b = files::Folder::open(b.parent_path());
    std::string part_a(1U << 16U, '\0');
    std::string part_b(part_a.size(), '\0');
    for (std::uint32_t at = 0; folder_a && folder_b && at < size; at += static_cast<std::uint32_t>(part_a.size())) {
        part_a.resize(std::min<std::size_t>(part_a.size(), size - at));
        part_b.resize(part_a.size());
        const auto read_a = folder_a->read(a.filename().string().c_str(), at, part_a);
        const auto read_b = folder_b->read(b.filename().string().c_str(), at, part_b);
        if (!read_a || !read_b || *read_a != part_a.size() || *read_b != part_b.size() || part_a != part_b) {
            return false;
        }
    }
    return folder_a && folder_b;
}

/// Times and counters of use may differ.
bool same_content(const Saved& kept, const fs::path& kept_files, const Saved& now, const fs::path& folder)
{
    return kept.key == now.key && kept.flags == now.flags &&
           std::equal(kept.streams.begin(), kept.streams.end(), now.streams.begin(),
                      [&](const Saved::Stream& a, const Saved::Stream& b) {
                          return a.size == b.size && a.bytes == b.bytes && a.file.empty() == b.file.empty() &&
                                 (a.file.empty() || same_start(kept_files / a.file, folder / b.file, a.size));
                      });
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    const Keys keys = all_keys(journal, container);
    TRY_ASSIGN(const auto listed, blockfile_cache::list(container.path, any_of(keys)));
    Keys there;
    for (const blockfile_cache::Entry& entry : listed) {
        there.insert(entry.key);
    }
    auto saved = saved_under(journal, container, there);
    auto current = blockfile_cache::save(container.path, list_of(there));
    if (!saved || !current) {
        return tl::unexpected<Error>(saved ? current.error() : saved.error());
    }
    ByOwner kept = by_owner(std::move(*saved));
    ByOwner now = by_owner(std::move(*current));
    const auto is_as_it_was = [&](const std::string& key) {
        return there.contains(key) &&
               std::equal(kept[key].begin(), kept[key].end(), now[key].begin(), now[key].end(),
                          [&](const Saved& a, const Saved& b) {
                              return same_content(a, kept_files_of(journal, container), b, container.path);
                          });
    };
    Presence presence;
    for (const auto& [item, its_keys] : keys_by_item(journal, container)) {
        if (std::all_of(its_keys.begin(), its_keys.end(), is_as_it_was)) {
            presence.in_place.insert(item);
        } else if (std::any_of(its_keys.begin(), its_keys.end(), any_of(there))) {
            presence.came_back.insert(item);
        }
    }
    return presence;
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks& locks)
{
    Keys keys;
    for (auto& [item, its_keys] : keys_by_item(journal, container)) {
        if (items.contains(item)) {
            keys.merge(its_keys);
        }
    }
    TRY_ASSIGN(const auto saved, saved_under(journal, container, keys));
    if (saved.empty()) {
        return {};
    }
    return change(journal, container, locks, [&](const fs::path& fresh) {
        return blockfile_cache::insert(fresh, saved, kept_files_of(journal, container));
    });
}

void tidy(Journal&, const Container&) {}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    const auto by_item = keys_by_item(journal, container);
    SQLite::Statement query(journal.database(), "SELECT rowid, key, saved FROM saved_entries WHERE container = ?");
    query.bind(1, container.id);
    while (query.executeStep()) {
        const std::string name = query.getColumn(0).getString();
        const std::string key = rows::blob_of(query.getColumn(1));
        const std::string bytes = rows::blob_of(query.getColumn(2));
        const auto saved = blockfile_cache::unpack(bytes);
        for (const auto& [item, keys] : by_item) {
            if (!keys.contains(key)) {
                continue;
            }
            const std::string of_item = std::to_string(item) + "/" + name;
            each({item, of_item, key + bytes});
            for (const Saved::Stream& stream : saved ? saved->streams : decltype(saved->streams){}) {
                if (!stream.file.empty()) {
                    each({item, of_item + "/" + stream.file, {}, kept_files_of(journal, container) / stream.file});
                }
            }
        }
    }
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    const Keys all = all_keys(journal, container);
    TRY_ASSIGN(const auto listed, blockfile_cache::list(container.path, any_of(all)));
    Keys there;
    for (const blockfile_cache::Entry& entry : listed) {
        there.insert(entry.key);
    }
    std::vector<Newer> found;
    for (const auto& [item, keys] : keys_by_item(journal, container)) {
        for (const std::string& key : keys) {
            if (items.contains(item) && there.contains(key)) {
                found.push_back({item, {Medium::entry, container.path.string(), {}, key}});
            }
        }
    }
    return found;
}

}  // namespace

extern const MediumOps cache_entry_medium{
    .name = Medium::entry.name,
    .order = 60,
    .schema = schema,
    .save = save,
    .erase = erase,
    .presence = presence,
    .restore = restore,
    .tidy = tidy,
    .stored = stored,
    .newer = newer,
    .places = {"entries"},
    .replaces_folder = true,
};

}  // namespace unstick
