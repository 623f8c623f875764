// A database is changed in those of its files in which something of the changed keys lies.
//
// No version of these keys stays in any file, so none can come to light that another one had hidden; what is added
// comes into a table of its own. Other keys keep all their versions, with their sequence numbers and in their levels:
// what hides what among them stays as it is.

#include <algorithm>

#include "containers/leveldb/database.h"
#include "containers/leveldb/log_batches.h"
#include "containers/leveldb/log_records.h"
#include "containers/leveldb/parts.h"
#include "containers/leveldb/rewrite.h"
#include "containers/leveldb/status.h"
#include "containers/leveldb/tables.h"
#include "containers/leveldb/writing_env.h"

namespace unstick::pairs {

namespace {

Error not_as_written(const fs::path& folder)
{
    return {Code::corrupt, folder.string(), "its files are not as LevelDB writes them", start_browser};
}

/// What is being changed.
struct Change {
    const fs::path& folder;
    const fs::path& fresh;
    const KeySet& gone;            ///< no version of these is taken over
    const std::vector<Pair>& add;  ///< sorted; of pairs with the same key the first one counts
};

/// The new version of the database, while it is built.
struct Fresh {
    WritingEnv env;
    Manifest manifest;
    std::map<std::uint64_t, Digest> written;  ///< tables, by number
    std::vector<std::string> names;           ///< of the files that have to be made durable
};

/// Does any version of these keys lie in a table? It is asked for each range: there are few, and tables are in order.
bool holds_any(leveldb::Iterator& iterator, const TableEntry& entry, const KeySet& keys)
{
    for (auto range = keys.first_behind(entry.smallest.user);
         range != keys.ranges().end() && range->first <= entry.largest.user;) {
        iterator.Seek(bytes_of(before_all_of(range->first)));
        for (; iterator.Valid() && user_of(view_of(iterator.key())) < range->end; iterator.Next()) {
            if (keys.has(user_of(view_of(iterator.key())))) {
                return true;
            }
        }
        if (!iterator.Valid()) {
            return false;
        }
        range = std::max(std::next(range), keys.first_behind(user_of(view_of(iterator.key()))));
    }
    return false;
}

/// Does it begin and end as the list of tables says?
bool is_as_listed(leveldb::Iterator& iterator, const TableEntry& entry)
{
    iterator.SeekToFirst();
    const bool begins = iterator.Valid() && view_of(iterator.key()) == bytes_of(entry.smallest);
    iterator.SeekToLast();
    return begins && iterator.Valid() && view_of(iterator.key()) == bytes_of(entry.largest);
}

Result<std::unique_ptr<TableWriter>> begin_table(const Change& change, Fresh& fresh, std::uint64_t number)
{
    const std::string name = file_name(number, ".ldb");
    leveldb::WritableFile* file = nullptr;
    const leveldb::Status status = fresh.env.NewWritableFile((change.fresh / name).string(), &file);
    if (!status.ok()) {
        return tl::unexpected<Error>(error_of(change.fresh, status));
    }
    return std::make_unique<TableWriter>(std::unique_ptr<leveldb::WritableFile>(file));
}

/// A table without entries is none.
Result<void> end_table(const Change& change, Fresh& fresh, std::size_t level, std::uint64_t number, TableWriter& table)
{
    if (const leveldb::Status status = table.finish(); !status.ok()) {
        return tl::unexpected<Error>(error_of(change.fresh, status));
    }
    const std::string name = file_name(number, ".ldb");
    if (table.is_empty()) {
        return files::remove_tree(change.fresh / name);
    }
    fresh.manifest.levels.at(level).emplace(number, table.written().entry);
    fresh.written.emplace(number, table.written().digest);
    fresh.names.push_back(name);
    return {};
}

Result<void> copy_entries(const Parts& parts, leveldb::Iterator& from, const KeySet& gone, TableWriter& to)
{
    leveldb::Status status;
    for (from.SeekToFirst(); from.Valid() && status.ok(); from.Next()) {
        if (!gone.has(user_of(view_of(from.key())))) {
            status = to.add(view_of(from.key()), view_of(from.value()));
        }
    }
    status = status.ok() ? from.status() : status;
    return status.ok() ? Result<void>() : tl::unexpected<Error>(parts.error(status));
}

/// Takes a table over: as it is, or written anew.
Result<void> take_over(const Change& change, const Parts& parts, Fresh& fresh, std::size_t level, std::uint64_t number,
                       const TableEntry& entry)
{
    TRY_ASSIGN(const Table table, parts.open_table(number, entry));
    const auto iterator = table.iterate();
    if (!is_as_listed(*iterator, entry)) {
        return tl::unexpected<Error>(iterator->status().ok() ? not_as_written(change.folder)
                                                             : parts.error(iterator->status()));
    }
    const bool stays = !holds_any(*iterator, entry, change.gone);
    if (!iterator->status().ok()) {
        return tl::unexpected<Error>(parts.error(iterator->status()));
    }
    if (stays) {
        TRY_ASSIGN(const std::string name, parts.table_name(number));
        fresh.manifest.levels.at(level).emplace(number, entry);
        return files::link_file(change.folder / name, change.fresh / name);
    }
    TRY_ASSIGN(const auto writer, begin_table(change, fresh, number));
    TRY(copy_entries(parts, *iterator, change.gone, *writer));
    return end_table(change, fresh, level, number, *writer);
}

Result<void> write_file(const Change& change, Fresh& fresh, const std::string& name, std::string_view content)
{
    TRY_ASSIGN(auto output, files::Output::create(change.fresh / name));
    fresh.names.push_back(name);
    return output.write(0, content);
}

Result<void> take_over_log(const Change& change, const Parts& parts, Fresh& fresh, std::uint64_t number)
{
    TRY_ASSIGN(const std::string log, parts.read_log(number));
    each_record(log, [&](std::string_view record) {
        if (const auto batch = read_batch(record); batch && batch->count > 0) {
            fresh.manifest.sequence = std::max(fresh.manifest.sequence, batch->end() - 1);
        }
        return true;
    });
    fresh.manifest.next_file = std::max(fresh.manifest.next_file, number + 1);
    return write_file(change, fresh, file_name(number, ".log"),
                      log_without(log, [&](std::string_view key) { return change.gone.has(key); }));
}

/// What is added is newer than all else.
Result<void> write_added(const Change& change, Fresh& fresh)
{
    const std::uint64_t number = fresh.manifest.next_file++;
    TRY_ASSIGN(const auto writer, begin_table(change, fresh, number));
    for (auto pair = change.add.begin(); pair != change.add.end(); ++pair) {
        if (pair != change.add.begin() && std::prev(pair)->first == pair->first) {
            continue;
        }
        const InternalKey key = setting(pair->first, ++fresh.manifest.sequence);
        if (const auto status = writer->add(bytes_of(key), pair->second); !status.ok()) {
            return tl::unexpected<Error>(error_of(change.fresh, status));
        }
    }
    return end_table(change, fresh, 0, number, *writer);
}

Result<void> write_root(const Change& change, Fresh& fresh)
{
    const std::string name = "MANIFEST-" + file_name(fresh.manifest.next_file++, "");
    TRY(write_file(change, fresh, name, manifest_of(fresh.manifest)));
    TRY(write_file(change, fresh, "CURRENT", name + '\n'));
    return write_file(change, fresh, "LOCK", "");
}

/// Reads what was written: every byte of it, and of the other tables that they open.
Result<void> check_files(const Change& change, const Fresh& fresh)
{
    TRY_ASSIGN(auto handle, files::Folder::open(change.fresh));
    OverlayEnv env(change.fresh.string(), std::move(handle));
    TRY_ASSIGN(const Parts parts, Parts::open(change.fresh, env));
    if (parts.manifest() != fresh.manifest) {
        return tl::unexpected<Error>(not_as_written(change.fresh));
    }
    for (const Manifest::Level& level : fresh.manifest.levels) {
        for (const auto& [number, entry] : level) {
            TRY_ASSIGN(const Table table, parts.open_table(number, entry));
            const auto written = fresh.written.find(number);
            if (written == fresh.written.end()) {
                continue;
            }
            Digest digest;
            const auto iterator = table.iterate();
            for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
                digest.add(view_of(iterator->key()), view_of(iterator->value()));
            }
            if (!iterator->status().ok() || digest != written->second) {
                return tl::unexpected<Error>(not_as_written(change.fresh));
            }
        }
    }
    return {};
}

/// Opens the new database as any reader does: of the keys that were to go there are those that were added, and no
/// others.
Result<void> check_content(const Change& change)
{
    TRY_ASSIGN(const Reader reader, Reader::open(change.fresh));
    auto expected = change.add.begin();
    bool is_right = true;
    TRY(reader.each_in(change.gone.ranges(), [&](std::string_view key, std::string_view value) {
        if (change.gone.has(key)) {
            is_right = is_right && expected != change.add.end() && expected->first == key && expected->second == value;
            expected = std::find_if(expected, change.add.end(), [&](const Pair& pair) { return pair.first > key; });
        }
    }));
    return is_right && expected == change.add.end() ? Result<void>()
                                                    : tl::unexpected<Error>(not_as_written(change.fresh));
}

Result<void> build_changed(const Change& change)
{
    TRY_ASSIGN(auto from, files::Folder::open(change.folder));
    TRY_ASSIGN(auto to, files::Folder::open(change.fresh));
    OverlayEnv env(change.folder.string(), std::move(from));
    TRY_ASSIGN(const Parts parts, Parts::open(change.folder, env));
    Fresh fresh{{change.fresh.string(), std::move(to)}, parts.manifest(), {}, {}};
    for (std::size_t level = 0; level < fresh.manifest.levels.size(); ++level) {
        fresh.manifest.levels.at(level).clear();
        for (const auto& [number, entry] : parts.manifest().levels.at(level)) {
            TRY(take_over(change, parts, fresh, level, number, entry));
        }
    }
    for (const std::uint64_t number : parts.logs()) {
        TRY(take_over_log(change, parts, fresh, number));
    }
    if (!change.add.empty()) {
        TRY(write_added(change, fresh));
    }
    TRY(write_root(change, fresh));
    TRY(check_files(change, fresh));
    TRY(check_content(change));
    for (const std::string& name : fresh.names) {
        TRY(files::sync_file(change.fresh / name));
    }
    return {};
}

Result<void> empty(const fs::path& folder)
{
    TRY_ASSIGN(const auto names,
               files::Folder::open(folder).and_then([](const files::Folder& handle) { return handle.list(); }));
    for (const files::Entry& entry : names) {
        TRY(files::remove_tree(folder / entry.name));
    }
    return {};
}

/// Of what lies in these ranges: all that is live and is to stay so.
Result<std::vector<std::string>> live_in(const fs::path& folder, const std::vector<KeyRange>& ranges,
                                         const KeySet& changed)
{
    std::vector<std::string> keys;
    if (ranges.empty()) {
        return keys;
    }
    TRY_ASSIGN(const Reader reader, Reader::open(folder));
    TRY(reader.each_in(KeySet(ranges).ranges(), [&](std::string_view key, std::string_view) {
        if (!changed.has(key)) {
            keys.emplace_back(key);
        }
    }));
    return keys;
}

/// All versions of what is dropped, of what is added, and of what in `former` is not live.
Result<KeySet> keys_that_go(const fs::path& folder, const std::vector<std::string>& drop, const std::vector<Pair>& add,
                            const std::vector<KeyRange>& former)
{
    std::vector<KeyRange> ranges;
    std::transform(drop.begin(), drop.end(), std::back_inserter(ranges), range_of);
    std::transform(add.begin(), add.end(), std::back_inserter(ranges),
                   [](const Pair& pair) { return range_of(pair.first); });
    TRY_ASSIGN(auto live, live_in(folder, former, KeySet(ranges)));
    ranges.insert(ranges.end(), former.begin(), former.end());
    return KeySet(std::move(ranges), std::move(live));
}

}  // namespace

Result<files::Lock> change(const fs::path& folder, const std::vector<std::string>& drop, const std::vector<Pair>& add,
                           const std::vector<KeyRange>& former, const Replacing& replacing)
{
    const auto build = [&](const fs::path& fresh) -> Result<void> {
        const auto gone = keys_that_go(folder, drop, add, former);
        const auto changed = gone ? build_changed({folder, fresh, *gone, add}) : tl::unexpected<Error>(gone.error());
        const bool is_doubtful =
            !changed && (changed.error().code == Code::corrupt || changed.error().code == Code::not_found);
        // LevelDB itself may make more of it, and says best what is wrong.
        return !is_doubtful ? changed : empty(fresh).and_then([&] { return write_whole(folder, fresh, drop, add); });
    };
    return replace_database(folder, build, replacing);
}

}  // namespace unstick::pairs
