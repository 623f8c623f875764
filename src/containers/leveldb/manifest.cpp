#include "containers/leveldb/manifest.h"

#include <algorithm>
#include <vector>

#include "base/byte_reader.h"
#include "containers/leveldb/encoding.h"
#include "containers/leveldb/log_records.h"

namespace unstick::pairs {

namespace {

constexpr std::string_view bytewise = "leveldb.BytewiseComparator";

enum Field : std::uint64_t {
    order = 1,
    log = 2,
    next_file = 3,
    last_sequence = 4,
    compacted_until = 5,
    removed_table = 6,
    new_table = 7,
    older_log = 9,  // as LevelDB had before 2011
};

std::optional<InternalKey> read_key(ByteReader& reader)
{
    return parse_internal_key(reader.sized());
}

/// Adds up the records of a MANIFEST.
class Sum {
public:
    enum class Record { good, bad, other_order };

    Record add(std::string_view record)
    {
        ByteReader reader(record);
        std::string_view keys = bytewise;
        std::vector<Added> added;
        while (reader.ok() && !reader.rest().empty()) {
            if (!add_field(reader, keys, added)) {
                return Record::bad;
            }
        }
        for (const auto& [level, number, table] : added) {  // after what the same record removes
            if (!levels_.at(level).emplace(number, table).second) {
                return Record::bad;
            }
        }
        return !reader.ok() ? Record::bad : keys != bytewise ? Record::other_order : Record::good;
    }

    Manifest result() const
    {
        Manifest manifest = numbers_;
        for (std::size_t level = 0; level < levels_.size(); ++level) {
            for (const auto& [number, table] : levels_.at(level)) {
                if (table) {
                    manifest.levels.at(level).emplace(number, *table);
                }
            }
        }
        return manifest;
    }

private:
    using Level = std::map<std::uint64_t, std::optional<TableEntry>>;  ///< those that were removed again: nothing

    struct Added {
        std::size_t level;
        std::uint64_t number;
        TableEntry table;
    };

    bool add_field(ByteReader& reader, std::string_view& keys, std::vector<Added>& added)
    {
        switch (reader.varint()) {
            case Field::order:
                keys = reader.sized();
                return true;
            case Field::log:
                numbers_.log = reader.varint();
                return true;
            case Field::next_file:
                numbers_.next_file = reader.varint();
                return true;
            case Field::last_sequence:
                numbers_.sequence = reader.varint();
                return true;
            case Field::compacted_until:
                return reader.varint() < levels_.size() && read_key(reader);
            case Field::removed_table:
                return remove(reader);
            case Field::new_table:
                return read_table(reader, added);
            case Field::older_log:
                return reader.varint() == 0;
            default:
                return false;
        }
    }

    bool remove(ByteReader& reader)
    {
        const auto level = reader.varint();
        const auto number = reader.varint();
        if (level >= levels_.size()) {
            return false;
        }
        if (const auto found = levels_.at(level).find(number); found != levels_.at(level).end()) {
            found->second.reset();
        }
        return true;
    }

    bool read_table(ByteReader& reader, std::vector<Added>& added) const
    {
        const auto level = reader.varint();
        const auto number = reader.varint();
        const auto size = reader.varint();
        auto smallest = read_key(reader);
        auto largest = read_key(reader);
        if (level >= levels_.size() || !smallest || !largest) {
            return false;
        }
        added.push_back({static_cast<std::size_t>(level), number, {size, std::move(*smallest), std::move(*largest)}});
        return true;
    }

    Manifest numbers_;
    std::array<Level, 7> levels_;
};

bool overlap(const Manifest::Level& level)
{
    std::vector<const TableEntry*> tables;
    for (const auto& [number, table] : level) {
        tables.push_back(&table);
    }
    std::sort(tables.begin(), tables.end(), [](const auto* a, const auto* b) { return a->smallest < b->smallest; });
    return std::adjacent_find(tables.begin(), tables.end(),
                              [](const auto* a, const auto* b) { return !(a->largest < b->smallest); }) != tables.end();
}

bool are_possible(const Manifest& manifest)
{
    const bool known = manifest.log < manifest.next_file && manifest.next_file <= largest_file_number &&
                       manifest.sequence <= largest_sequence;
    return known && std::all_of(manifest.levels.begin(), manifest.levels.end(), [&](const Manifest::Level& level) {
               return std::all_of(level.begin(), level.end(),
                                  [&](const auto& table) {
                                      return table.first > 0 && table.first < manifest.next_file &&
                                             !(table.second.largest < table.second.smallest);
                                  }) &&
                      (&level == &manifest.levels.front() || !overlap(level));
           });
}

void append_field(std::string& record, Field field, std::uint64_t number)
{
    append_varint(record, field);
    append_varint(record, number);
}

}  // namespace

std::optional<Manifest> read_manifest(std::string_view content)
{
    Sum sum;
    auto last = Sum::Record::good;
    each_record(content, [&](std::string_view record) {
        last = sum.add(record);
        return last == Sum::Record::good;
    });
    if (last == Sum::Record::other_order) {
        Manifest other;
        other.is_bytewise = false;
        return other;
    }
    Manifest manifest = sum.result();
    return last == Sum::Record::good && are_possible(manifest) ? std::optional(std::move(manifest)) : std::nullopt;
}

std::string manifest_of(const Manifest& manifest)
{
    std::string record;
    append_varint(record, Field::order);
    append_text(record, bytewise);
    append_field(record, Field::log, manifest.log);
    append_field(record, Field::next_file, manifest.next_file);
    append_field(record, Field::last_sequence, manifest.sequence);
    for (std::size_t level = 0; level < manifest.levels.size(); ++level) {
        for (const auto& [number, table] : manifest.levels.at(level)) {
            append_field(record, Field::new_table, level);
            append_varint(record, number);
            append_varint(record, table.size);
            append_text(record, bytes_of(table.smallest));
            append_text(record, bytes_of(table.largest));
        }
    }
    std::string content;
    append_record(content, record);
    return content;
}

}  // namespace unstick::pairs
