#include "pairs.h"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/iterator.h>
#include <leveldb/write_batch.h>

#include <algorithm>
#include <new>

#include "replace_folder.h"
#include "writing_env.h"

namespace unstick::pairs {

namespace {

constexpr std::size_t batch_bytes = 1U << 18U;
constexpr std::size_t cache_bytes = 1U << 20U;
constexpr int open_files = 80;
constexpr const char* start_browser = "start the browser once: it repairs or replaces it";

/// LevelDB's log file names our folders; nobody reads it.
class NoLog : public leveldb::Logger {
public:
    void Logv(const char*, std::va_list) override {}
};

Error error_of(const fs::path& folder, const leveldb::Status& status)
{
    const std::string text = status.ToString();
    if (status.IsCorruption()) {
        return {Code::corrupt, folder.string(), "the database is damaged: " + text, start_browser};
    }
    if (status.IsNotFound()) {
        return {Code::not_found, folder.string(), "no such entry", {}};
    }
    if (status.IsInvalidArgument()) {
        return {Code::unsupported, folder.string(), "the database is of another kind: " + text, {}};
    }
    return {Code::io, folder.string(), text, {}};
}

/// LevelDB believes the sizes in a table and asks for that much memory.
template <typename Work>
leveldb::Status within_memory(Work work)
{
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return leveldb::Status::Corruption("a size in it is larger than all memory");
    }
}

/// There is no database, or one that has lost its root.
Error without_current(const fs::path& folder, const files::Folder& handle, const Error& error)
{
    if (error.code != Code::not_found) {
        return error;
    }
    const auto names = handle.list();
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
};

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(const fs::path& folder)
{
    auto handle = files::Folder::open(folder);
    if (!handle) {
        return tl::unexpected<Error>(handle.error());
    }
    if (const auto current = handle->info("CURRENT"); !current) {
        return tl::unexpected<Error>(without_current(folder, *handle, current.error()));
    }
    auto impl = std::make_unique<Impl>(folder, std::move(*handle));
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

Result<void> Reader::each(std::string_view prefix,
                          const std::function<void(std::string_view key, std::string_view value)>& visit) const
{
    leveldb::ReadOptions options;
    options.verify_checksums = true;
    options.fill_cache = false;
    const std::unique_ptr<leveldb::Iterator> iterator(impl_->database->NewIterator(options));
    const leveldb::Slice start(prefix.data(), prefix.size());
    const leveldb::Status status = within_memory([&] {
        for (iterator->Seek(start); iterator->Valid() && iterator->key().starts_with(start); iterator->Next()) {
            visit({iterator->key().data(), iterator->key().size()},
                  {iterator->value().data(), iterator->value().size()});
        }
        return iterator->status();
    });
    if (auto failure = impl_->env.failure()) {
        return tl::unexpected<Error>(std::move(*failure));
    }
    if (!status.ok()) {
        return tl::unexpected<Error>(error_of(impl_->folder, status));
    }
    return {};
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

constexpr auto key_less = [](const Pair& a, const Pair& b) { return a.first < b.first; };

/// Writes a new database: what `source` holds without `drop`, and `add`. Closed when this returns; how many pairs it
/// must hold then.
Result<std::size_t> write_new(const Reader& source, const fs::path& folder, const std::vector<std::string>& drop,
                              const std::vector<Pair>& add)
{
    auto handle = files::Folder::open(folder);
    if (!handle) {
        return tl::unexpected<Error>(handle.error());
    }
    WritingEnv env(folder.string(), std::move(*handle));
    NoLog log;
    leveldb::Options options;
    options.env = &env;
    options.create_if_missing = true;
    options.error_if_exists = true;
    options.info_log = &log;
    options.max_open_files = open_files;
    options.write_buffer_size = cache_bytes;
    leveldb::DB* opened = nullptr;
    leveldb::Status status = leveldb::DB::Open(options, folder.string(), &opened);
    const std::unique_ptr<leveldb::DB> database(opened);
    leveldb::WriteBatch batch;
    const auto flush = [&](std::size_t limit) {
        if (status.ok() && batch.ApproximateSize() > limit) {
            status = database->Write({}, &batch);
            batch.Clear();
        }
    };
    std::size_t count = 0;
    const auto put = [&](std::string_view key, std::string_view value) {
        if (status.ok()) {
            batch.Put({key.data(), key.size()}, {value.data(), value.size()});
            ++count;
            flush(batch_bytes);
        }
    };
    const auto copied = source.each("", [&](std::string_view key, std::string_view value) {
        const bool replaced = std::binary_search(add.begin(), add.end(), Pair(key, ""), key_less);
        if (!replaced && !std::binary_search(drop.begin(), drop.end(), key)) {
            put(key, value);
        }
    });
    if (!copied) {
        return tl::unexpected<Error>(copied.error());
    }
    for (auto pair = add.begin(); pair != add.end(); ++pair) {
        if (pair == add.begin() || std::prev(pair)->first != pair->first) {
            put(pair->first, pair->second);
        }
    }
    flush(0);
    if (!status.ok()) {
        return tl::unexpected<Error>(error_of(folder, status));
    }
    return count;
}

/// Reads all of the new database, every checksum too.
Result<void> check(const fs::path& folder, std::size_t expected)
{
    const auto database = Reader::open(folder);
    if (!database) {
        return tl::unexpected<Error>(database.error());
    }
    std::size_t count = 0;
    auto read = database->each("", [&](std::string_view, std::string_view) { ++count; });
    if (read && count != expected) {
        return fail(Code::corrupt, folder.string(), "the rewritten database does not hold what it should");
    }
    return read;
}

/// Makes the content durable.
Result<void> settle(const fs::path& folder)
{
    const auto names = files::Folder::open(folder).and_then([](const files::Folder& handle) { return handle.list(); });
    if (!names) {
        return tl::unexpected<Error>(names.error());
    }
    for (const files::Entry& file : *names) {
        if (auto synced = files::sync_file(folder / file.name); !synced) {
            return synced;
        }
    }
    return {};
}

}  // namespace

Result<files::Lock> rewrite(const fs::path& folder, const std::vector<std::string>& drop, const std::vector<Pair>& add)
{
    Result<files::Lock> lock = fail(Code::io, folder.string(), "not done");
    const auto build = [&](const fs::path& fresh) -> Result<void> {
        const auto source = Reader::open(folder);
        if (!source) {
            return tl::unexpected<Error>(source.error());
        }
        lock = write_new(*source, fresh, drop, add)
                   .and_then([&](std::size_t count) { return check(fresh, count); })
                   .and_then([&] { return settle(fresh); })
                   .and_then([&] { return files::Lock::take(fresh / "LOCK"); });
        return lock ? Result<void>() : tl::unexpected<Error>(lock.error());
    };
    const auto replaced = replace_folder(folder, build);
    return replaced ? std::move(lock) : tl::unexpected<Error>(replaced.error());
}

}  // namespace unstick::pairs
