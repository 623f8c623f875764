// A database is rewritten as a whole.

#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <algorithm>

#include "containers/leveldb/database.h"
#include "containers/leveldb/no_log.h"
#include "containers/leveldb/rewrite.h"
#include "containers/leveldb/status.h"
#include "containers/leveldb/writing_env.h"

namespace unstick::pairs {

namespace {

constexpr std::size_t batch_bytes = 1U << 18U;
constexpr std::size_t write_buffer_bytes = 1U << 20U;
constexpr int open_files = 80;
constexpr auto key_less = [](const Pair& a, const Pair& b) { return a.first < b.first; };

/// Writes a new database: what `source` holds without `drop`, and `add`. Closed when this returns; how many pairs it
/// must hold then.
Result<std::size_t> write_new(const Reader& source, const fs::path& folder, const std::vector<std::string>& drop,
                              const std::vector<Pair>& add)
{
    TRY_ASSIGN(auto handle, files::Folder::open(folder));
    WritingEnv env(folder.string(), std::move(handle));
    NoLog log;
    leveldb::Options options;
    options.env = &env;
    options.create_if_missing = true;
    options.error_if_exists = true;
    options.info_log = &log;
    options.max_open_files = open_files;
    options.write_buffer_size = write_buffer_bytes;
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
    TRY_ASSIGN(const auto database, Reader::open(folder));
    std::size_t count = 0;
    auto read = database.each("", [&](std::string_view, std::string_view) { ++count; });
    if (read && count != expected) {
        return fail(Code::corrupt, folder.string(), "the rewritten database does not hold what it should");
    }
    return read;
}

/// Makes the content durable.
Result<void> settle(const fs::path& folder)
{
    TRY_ASSIGN(const auto names,
               files::Folder::open(folder).and_then([](const files::Folder& handle) { return handle.list(); }));
    for (const files::Entry& file : names) {
        TRY(files::sync_file(folder / file.name));
    }
    return {};
}

}  // namespace

Result<void> write_whole(const fs::path& folder, const fs::path& fresh, const std::vector<std::string>& drop,
                         const std::vector<Pair>& add)
{
    TRY_ASSIGN(const auto source, Reader::open(folder));
    return write_new(source, fresh, drop, add)
        .and_then([&](std::size_t count) { return check(fresh, count); })
        .and_then([&] { return settle(fresh); });
}

Result<files::Lock> replace_database(const fs::path& folder, const BuildDatabase& build, const Replacing& replacing)
{
    Result<files::Lock> lock = fail(Code::io, folder.string(), "not done");
    const auto build_and_lock = [&](const fs::path& fresh) -> Result<void> {
        lock = build(fresh).and_then([&] { return files::Lock::take(fresh / "LOCK"); });
        return lock ? Result<void>() : tl::unexpected<Error>(lock.error());
    };
    const auto replaced = replace_folder(folder, build_and_lock, replacing);
    return replaced ? std::move(lock) : tl::unexpected<Error>(replaced.error());
}

Result<files::Lock> rewrite(const fs::path& folder, const std::vector<std::string>& drop, const std::vector<Pair>& add,
                            const Replacing& replacing)
{
    const auto build = [&](const fs::path& fresh) { return write_whole(folder, fresh, drop, add); };
    return replace_database(folder, build, replacing);
}

}  // namespace unstick::pairs
