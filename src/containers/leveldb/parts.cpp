#include "containers/leveldb/parts.h"

#include <fmt/format.h>
#include <leveldb/options.h>

#include <algorithm>
#include <charconv>

#include "containers/leveldb/status.h"

namespace unstick::pairs {

namespace {

leveldb::Options options_of_tables()
{
    leveldb::Options options;
    options.comparator = &internal_order();
    options.paranoid_checks = true;  // the index's sum, too
    return options;
}

/// The number in "000005.log"; nothing if it is no log's name.
std::optional<std::uint64_t> number_of_log(std::string_view name)
{
    constexpr std::string_view ending = ".log";
    std::uint64_t number = 0;
    if (!name.ends_with(ending)) {
        return std::nullopt;
    }
    name.remove_suffix(ending.size());
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
    return code == std::errc() && end == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string file_name(std::uint64_t number, std::string_view ending)
{
    return fmt::format("{:06}{}", number, ending);
}

std::unique_ptr<leveldb::Iterator> Table::iterate() const
{
    leveldb::ReadOptions options;
    options.verify_checksums = true;
    options.fill_cache = false;
    return std::unique_ptr<leveldb::Iterator>(table_->NewIterator(options));
}

Error Parts::error(const leveldb::Status& status) const
{
    return env_->failure().value_or(error_of(folder_, status));
}

Result<std::string> Parts::read(const std::string& name) const
{
    std::string content;
    const leveldb::Status status = within_memory([&] { return env_->read_whole(name, content); });
    return status.ok() ? Result<std::string>(std::move(content)) : tl::unexpected<Error>(error(status));
}

Result<Parts> Parts::open(const fs::path& folder, OverlayEnv& env)
{
    Parts parts(folder, env);
    TRY_ASSIGN(std::string current, parts.read("CURRENT"));
    if (!current.ends_with('\n')) {
        return fail(Code::corrupt, folder.string(), "its CURRENT file is damaged", start_browser);
    }
    current.pop_back();
    TRY_ASSIGN(const std::string content, parts.read(current));
    auto manifest = read_manifest(content);
    if (!manifest) {
        return fail(Code::corrupt, folder.string(), "its list of files is damaged", start_browser);
    }
    if (!manifest->is_bytewise) {
        return fail(Code::unsupported, folder.string(), "the database is of another kind: its keys have another order");
    }
    parts.manifest_ = std::move(*manifest);
    TRY_ASSIGN(const auto names, env.list());
    for (const files::Entry& entry : names) {
        if (const auto number = number_of_log(entry.name); number && *number >= parts.manifest_.log) {
            parts.logs_.push_back(*number);
        }
    }
    std::sort(parts.logs_.begin(), parts.logs_.end());
    parts.logs_.erase(std::unique(parts.logs_.begin(), parts.logs_.end()), parts.logs_.end());
    return parts;
}

Result<std::string> Parts::read_log(std::uint64_t number) const
{
    return read(file_name(number, ".log"));
}

Result<std::string> Parts::table_name(std::uint64_t number) const
{
    std::string name = file_name(number, ".ldb");
    const auto found = env_->look_at(name);
    if (!found && found.error().code != Code::not_found) {
        return tl::unexpected<Error>(found.error());
    }
    return found ? std::move(name) : file_name(number, ".sst");
}

Result<Table> Parts::open_table(std::uint64_t number, const TableEntry& entry) const
{
    static const leveldb::Options options = options_of_tables();
    TRY_ASSIGN(const std::string name, table_name(number));
    leveldb::RandomAccessFile* opened_file = nullptr;
    leveldb::Status status = env_->NewRandomAccessFile((folder_ / name).string(), &opened_file);
    std::unique_ptr<leveldb::RandomAccessFile> file(opened_file);
    leveldb::Table* opened = nullptr;
    if (status.ok()) {
        status = within_memory([&] { return leveldb::Table::Open(options, file.get(), entry.size, &opened); });
    }
    std::unique_ptr<leveldb::Table> table(opened);
    return status.ok() ? Result<Table>(Table(std::move(file), std::move(table))) : tl::unexpected<Error>(error(status));
}

}  // namespace unstick::pairs
