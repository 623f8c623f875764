#include "log_check.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../formats/byte_reader.h"
#include "log_records.h"

namespace unstick::pairs {

namespace {

constexpr std::uint64_t largest_sequence = (std::uint64_t{1} << 56U) - 1;
constexpr std::uint64_t largest_number = std::uint64_t{1} << 62U;  // of a file; LevelDB counts on from it

std::string_view text(ByteReader& reader)
{
    return reader.bytes(reader.varint());
}

/// A key as tables have it. Of two with the same `user` the newer one comes first.
struct Key {
    std::string user;
    std::uint64_t sequence_and_type = 0;

    bool operator<(const Key& other) const
    {
        return user == other.user ? sequence_and_type > other.sequence_and_type : user < other.user;
    }
};

std::optional<Key> read_key(ByteReader& reader)
{
    const std::string_view bytes = text(reader);
    Key key;
    if (bytes.size() < sizeof(key.sequence_and_type)) {
        return std::nullopt;
    }
    key.user = bytes.substr(0, bytes.size() - sizeof(key.sequence_and_type));
    key.sequence_and_type = ByteReader(bytes.substr(key.user.size())).little<std::uint64_t>();
    return key;
}

struct Table {
    Key smallest;
    Key largest;
};

/// What the records of a MANIFEST say together.
class Manifest {
public:
    enum class Record { good, bad, other_order };

    Record add(std::string_view record)
    {
        ByteReader reader(record);
        std::string_view order = bytewise;
        std::vector<Added> added;
        while (reader.ok() && !reader.rest().empty()) {
            if (!add_field(reader, order, added)) {
                return Record::bad;
            }
        }
        for (const auto& [level, number, table] : added) {  // after what the same record removes
            if (!levels_.at(level).emplace(number, table).second) {
                return Record::bad;
            }
        }
        return !reader.ok() ? Record::bad : order != bytewise ? Record::other_order : Record::good;
    }

    bool is_possible() const
    {
        return log_ < next_file_ && next_file_ <= largest_number && sequence_ <= largest_sequence &&
               std::all_of(levels_.begin(), levels_.end(), [&](const auto& level) { return are_possible(level); });
    }

private:
    static constexpr std::string_view bytewise = "leveldb.BytewiseComparator";
    using Level = std::map<std::uint64_t, std::optional<Table>>;  ///< by number; those that were removed again: nothing

    struct Added {
        std::size_t level;
        std::uint64_t number;
        Table table;
    };

    bool add_field(ByteReader& reader, std::string_view& order, std::vector<Added>& added)
    {
        switch (reader.varint()) {
            case 1:
                order = text(reader);
                return true;
            case 2:
                log_ = reader.varint();
                return true;
            case 3:
                next_file_ = reader.varint();
                return true;
            case 4:
                sequence_ = reader.varint();
                return true;
            case 5:  // how far a level was compacted
                return reader.varint() < levels_.size() && read_key(reader);
            case 6:
                return remove(reader);
            case 7:
                return read_table(reader, added);
            case 9:  // an older log, as LevelDB had before 2011
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
        reader.varint();  // its size
        auto smallest = read_key(reader);
        auto largest = read_key(reader);
        if (level >= levels_.size() || !smallest || !largest) {
            return false;
        }
        added.push_back({static_cast<std::size_t>(level), number, {std::move(*smallest), std::move(*largest)}});
        return true;
    }

    bool are_possible(const Level& level) const
    {
        std::vector<const Table*> tables;
        for (const auto& [number, table] : level) {
            if (table && (number == 0 || number >= next_file_ || table->largest < table->smallest)) {
                return false;
            }
            if (table && &level != &levels_.front()) {
                tables.push_back(&*table);
            }
        }
        std::sort(tables.begin(), tables.end(), [](const auto* a, const auto* b) { return a->smallest < b->smallest; });
        return std::adjacent_find(tables.begin(), tables.end(), [](const auto* a, const auto* b) {
                   return !(a->largest < b->smallest);
               }) == tables.end();
    }

    std::uint64_t log_ = 0;
    std::uint64_t next_file_ = 0;
    std::uint64_t sequence_ = 0;
    std::array<Level, 7> levels_;
};

/// How many keys a batch sets and removes; nothing if it is none.
std::optional<std::uint64_t> count_in(ByteReader batch)
{
    std::uint64_t count = 0;
    for (; batch.ok() && !batch.rest().empty(); ++count) {
        const auto type = batch.little<std::uint8_t>();  // 0 removes, 1 sets
        text(batch);
        if (type == 1) {
            text(batch);
        }
        if (type > 1) {
            return std::nullopt;
        }
    }
    return batch.ok() ? std::optional(count) : std::nullopt;
}

}  // namespace

bool is_readable_log(std::string_view content)
{
    std::uint64_t next = 0;
    return each_record(content, [&](std::string_view record) {
        ByteReader reader(record);
        const auto sequence = reader.little<std::uint64_t>();
        const auto count = reader.little<std::uint32_t>();
        if (!reader.ok()) {
            return true;  // too short: LevelDB passes over it
        }
        const bool grows = sequence >= next && sequence <= largest_sequence;
        next = sequence + count;
        return grows && next - 1 <= largest_sequence && count_in(reader) == count;
    });
}

bool is_readable_manifest(std::string_view content)
{
    Manifest manifest;
    auto last = Manifest::Record::good;
    each_record(content, [&](std::string_view record) {
        last = manifest.add(record);
        return last == Manifest::Record::good;
    });
    return last == Manifest::Record::other_order || (last == Manifest::Record::good && manifest.is_possible());
}

bool is_readable_name(std::string_view name)
{
    constexpr std::string_view ending = ".log";
    if (!name.ends_with(ending)) {
        return true;
    }
    name.remove_suffix(ending.size());
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool is_number = code == std::errc() && end == name.data() + name.size();
    return !is_number || (number > 0 && number < largest_number);
}

}  // namespace unstick::pairs
