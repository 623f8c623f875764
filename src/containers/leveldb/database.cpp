#include "containers/leveldb/database.h"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/iterator.h>

#include <algorithm>

#include "containers/leveldb/log_batches.h"
#include "containers/leveldb/log_records.h"
#include "containers/leveldb/no_log.h"
#include "containers/leveldb/parts.h"
#include "containers/leveldb/status.h"

namespace unstick::pairs {

namespace {

constexpr std::size_t cache_bytes = 1U << 20U;
constexpr int open_files = 80;

/// There is no database, or one that has lost its root.
Error without_current(const fs::path& folder, OverlayEnv& env, const Error& error)
{
    if (error.code != Code::not_found) {
        return error;
    }
    const auto names = env.list();
    if (!names) {
        return names.error();
    }
    const bool remains = std::any_of(names->begin(), names->end(), [](const files::Entry& entry) {
        return entry.name.starts_with("MANIFEST-") || entry.name.ends_with(".ldb") || entry.name.ends_with(".log");
    });
    return remains ? Error{Code::corrupt, folder.string(), "the database has lost its CURRENT file", start_browser}
                   : Error{Code::not_found, folder.string(), "no database is there", {}};
}

}  // namespace

struct Reader::Impl {
    fs::path folder;
    OverlayEnv env;
    NoLog log;
    std::unique_ptr<leveldb::Cache> cache;
    std::unique_ptr<leveldb::DB> database;  // the last one: it uses the others

    Impl(const fs::path& path, files::Folder handle) : folder(path), env(path.string(), std::move(handle)) {}

    template <class Visit>
    Result<void> walk(const Visit& visit)
    {
        leveldb::ReadOptions reading;
        reading.verify_checksums = true;
        reading.fill_cache = false;
        const std::unique_ptr<leveldb::Iterator> iterator(database->NewIterator(reading));
        const leveldb::Status status = within_memory([&] {
            visit(*iterator);
            return iterator->status();
        });
        if (auto failure = env.failure()) {
            return tl::unexpected<Error>(std::move(*failure));
        }
        return status.ok() ? Result<void>() : tl::unexpected<Error>(error_of(folder, status));
    }
};

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(const fs::path& folder)
{
    TRY_ASSIGN(auto handle, files::Folder::open(folder));
    auto impl = std::make_unique<Impl>(folder, std::move(handle));
    if (const auto current = impl->env.look_at("CURRENT"); !current) {
        return tl::unexpected<Error>(without_current(folder, impl->env, current.error()));
    }
    impl->cache.reset(leveldb::NewLRUCache(cache_bytes));
    leveldb::Options options;
    options.env = &impl->env;
    options.info_log = &impl->log;
    options.block_cache = impl->cache.get();
    options.max_open_files = open_files;
    options.reuse_logs = true;  // else every opening would write the log's content into a table, in memory
    leveldb::DB* database = nullptr;
    const leveldb::Status status =
        within_memory([&] { return leveldb::DB::Open(options, folder.string(), &database); });
    impl->database.reset(database);
    impl->env.freeze();
    if (auto failure = impl->env.failure()) {
        return tl::unexpected<Error>(std::move(*failure));
    }
    if (!status.ok()) {
        return tl::unexpected<Error>(error_of(folder, status));
    }
    return Reader(std::move(impl));
}

namespace {

/// To the first key that is not less. The next ones are in memory mostly: to look for one costs as much as some of
/// them.
void go_to(leveldb::Iterator& iterator, const leveldb::Slice& key)
{
    constexpr int some = 8;
    for (int i = 0; i < some && iterator.Valid() && iterator.key().compare(key) < 0; ++i) {
        iterator.Next();
    }
    if (iterator.Valid() && iterator.key().compare(key) < 0) {
        iterator.Seek(key);
    }
}

}  // namespace

Result<void> Reader::each(std::string_view prefix,
                          const std::function<void(std::string_view key, std::string_view value)>& visit) const
{
    return each_from(prefix, [&](std::string_view key, std::string_view value) {
        visit(key, value);
        return Next();
    });
}

Result<void> Reader::each_from(std::string_view prefix,
                               const std::function<Next(std::string_view key, std::string_view value)>& visit) const
{
    const leveldb::Slice start(prefix.data(), prefix.size());
    return impl_->walk([&](leveldb::Iterator& iterator) {
        iterator.Seek(start);
        while (iterator.Valid() && iterator.key().starts_with(start)) {
            const Next next = visit(view_of(iterator.key()), view_of(iterator.value()));
            iterator.Next();
            if (next) {
                go_to(iterator, *next);
            }
        }
    });
}

Result<void> Reader::each_in(const std::vector<KeyRange>& ranges,
                             const std::function<void(std::string_view key, std::string_view value)>& visit) const
{
    return impl_->walk([&](leveldb::Iterator& iterator) {
        iterator.SeekToFirst();
        for (const KeyRange& range : ranges) {
            go_to(iterator, range.first);
            for (; iterator.Valid() && view_of(iterator.key()) < range.end; iterator.Next()) {
                visit(view_of(iterator.key()), view_of(iterator.value()));
            }
        }
    });
}

Result<std::string> Reader::get(std::string_view key) const
{
    leveldb::ReadOptions options;
    options.verify_checksums = true;
    std::string value;
    const leveldb::Status status =
        within_memory([&] { return impl_->database->Get(options, leveldb::Slice(key.data(), key.size()), &value); });
    if (!status.ok()) {
        return tl::unexpected<Error>(error_of(impl_->folder, status));
    }
    return value;
}

namespace {

bool is_below(std::string_view key, std::string_view prefix)
{
    return key.substr(0, prefix.size()) == prefix;
}

/// May a table hold keys that start so?
bool may_have(const TableEntry& table, std::string_view prefix)
{
    return table.largest.user >= prefix && std::string_view(table.smallest.user).substr(0, prefix.size()) <= prefix;
}

void visit_table(leveldb::Iterator& iterator, std::string_view prefix,
                 const std::function<Reader::Next(std::string_view key)>& visit)
{
    const auto user = [&] { return user_of({iterator.key().data(), iterator.key().size()}); };
    const auto go_on_from = [&](std::string_view key) { iterator.Seek(bytes_of(before_all_of(key))); };
    for (go_on_from(prefix); iterator.Valid() && is_below(user(), prefix);) {
        const Reader::Next next = visit(user());
        iterator.Next();
        constexpr int some = 8;
        for (int i = 0; next && i < some && iterator.Valid() && user() < *next; ++i) {
            iterator.Next();
        }
        if (next && iterator.Valid() && user() < *next) {
            go_on_from(*next);
        }
    }
}

void visit_log(std::string_view log, std::string_view prefix,
               const std::function<Reader::Next(std::string_view key)>& visit)
{
    each_record(log, [&](std::string_view record) {
        const auto batch = read_batch(record);
        each_change(batch ? batch->changes : std::string_view(), [&](std::string_view key, std::string_view) {
            if (is_below(key, prefix)) {
                visit(key);
            }
        });
        return true;
    });
}

}  // namespace

Result<void> Reader::each_version_from(std::string_view prefix,
                                       const std::function<Next(std::string_view key)>& visit) const
{
    TRY_ASSIGN(auto handle, files::Folder::open(impl_->folder));
    OverlayEnv env(impl_->folder.string(), std::move(handle));
    TRY_ASSIGN(const Parts parts, Parts::open(impl_->folder, env));
    for (const Manifest::Level& level : parts.manifest().levels) {
        for (const auto& [number, entry] : level) {
            if (may_have(entry, prefix)) {
                TRY_ASSIGN(const Table table, parts.open_table(number, entry));
                const auto iterator = table.iterate();
                const leveldb::Status status = within_memory([&] {
                    visit_table(*iterator, prefix, visit);
                    return iterator->status();
                });
                if (!status.ok()) {
                    return tl::unexpected<Error>(parts.error(status));
                }
            }
        }
    }
    for (const std::uint64_t number : parts.logs()) {
        TRY_ASSIGN(const std::string log, parts.read_log(number));
        visit_log(log, prefix, visit);
    }
    return {};
}

}  // namespace unstick::pairs
