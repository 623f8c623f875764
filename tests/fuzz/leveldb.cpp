// LevelDB databases whose files are whole, with the right sums, and say anything. The first byte says which file is
// made of the rest: a MANIFEST or a log of records (size in two bytes, content), or a table (its blocks' sums are set
// right). LevelDB's assertions would end the program.

#include <algorithm>

#include "base/byte_reader.h"
#include "containers/leveldb/database.h"
#include "tests/fixtures/forged_leveldb.h"
#include "tests/fixtures/testing.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

using namespace unstick;
using fuzz::check;
namespace fs = std::filesystem;
namespace forged = testing::forged;

namespace {

std::vector<std::string> records_in(std::string_view bytes)
{
    std::vector<std::string> records;
    for (ByteReader reader(bytes); !reader.rest().empty();) {
        const auto size = reader.little<std::uint16_t>();
        records.emplace_back(reader.bytes(std::min<std::size_t>(size, reader.rest().size())));
        if (!reader.ok()) {
            break;
        }
    }
    return records;
}

/// Sets the sum behind a block right, if the block is in the table; gives the block.
std::string_view set_sum(std::string& table, ByteReader& place)
{
    const auto offset = place.varint();
    const auto size = place.varint();
    if (!place.ok() || offset > table.size() || size > table.size() || offset + size + 5 > table.size()) {
        return {};
    }
    const std::string sum = forged::little(pairs::sum_of(std::string_view(table).substr(offset, size + 1)), 4);
    std::copy(sum.begin(), sum.end(), table.begin() + static_cast<std::ptrdiff_t>(offset + size + 1));
    return std::string_view(table).substr(offset, size);
}

std::string with_sums(std::string table)
{
    constexpr std::size_t footer_size = 48;
    if (table.size() < footer_size) {
        return table;
    }
    const std::string magic = forged::little(0xdb4775248b80fb57, 8);
    std::copy(magic.begin(), magic.end(), table.end() - static_cast<std::ptrdiff_t>(magic.size()));
    const std::string footer = table.substr(table.size() - footer_size);
    ByteReader places(footer);
    set_sum(table, places);
    const std::string index(set_sum(table, places));
    for (ByteReader reader(index); reader.ok() && reader.rest().size() > 8;) {
        reader.varint();
        const auto key_size = reader.varint();
        const auto value_size = reader.varint();
        reader.bytes(key_size);
        ByteReader place(reader.bytes(value_size));
        set_sum(table, place);
    }
    ByteReader again(footer);
    set_sum(table, again);
    set_sum(table, again);
    return table;
}

/// Whatever is in its files, a change of some of them ends: as an error that leaves it as it was, or without the key.
void change_some(const fs::path& database)
{
    const std::string before = testing::snapshot(database);
    const auto changed = pairs::change(database, {"b"}, {{"c", "back"}}, {{"b", "bz"}});
    if (!changed) {
        check(!changed.error().where.empty() && !changed.error().what.empty(), "an error has words");
        check(testing::snapshot(database) == before, "what cannot be changed is as it was");
        return;
    }
    const auto reader = pairs::Reader::open(database);
    check(reader.has_value(), "what was changed can be opened");
    check(!reader->get("b").has_value(), "what was to go is gone");
    check(reader->get("c") == "back", "what was to come back is there");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Place place("leveldb");
    if (size == 0) {
        return 0;
    }
    const fs::path database = place.path() / "db";
    const std::string_view rest = fuzz::text_of(data + 1, size - 1);
    const std::string key = forged::key("b", 1);
    std::string manifest;
    std::string log = forged::log_of({forged::batch(3, {"a"}, 1)});
    std::string table =
        forged::table_of(forged::block({{key, "old"}, {forged::key("d", 2), "old"}}), 0, [](const std::string& where) {
            return forged::block({{forged::key("d", 2), where}});
        });
    switch (*data % 3) {
        case 0:
            manifest = forged::log_of(records_in(rest));
            break;
        case 1:
            log = forged::log_of(records_in(rest));
            break;
        default:
            table = with_sums(std::string(rest));
    }
    if (manifest.empty()) {
        // Twice, as tables of level 0: all their keys are compared.
        manifest = forged::log_of({forged::beginning(4, 10, 2), forged::table(0, 5, table.size(), key, key),
                                   forged::table(0, 6, table.size(), key, key)});
    }
    fs::remove_all(database);
    testing::put(database / "CURRENT", "MANIFEST-000003\n");
    testing::put(database / "MANIFEST-000003", manifest);
    testing::put(database / "000004.log", log);
    testing::put(database / "000005.ldb", table);
    testing::put(database / "000006.ldb", table);
    fs::remove_all(place.path() / "other");
    fs::copy(database, place.path() / "other");
    change_some(place.path() / "other");
    testing::Pairs seen;
    {
        const auto reader = pairs::Reader::open(database);
        const Result<void> read =
            reader ? reader->each("", [&](std::string_view k, std::string_view v) { seen.emplace(k, v); })
                   : tl::unexpected<Error>(reader.error());
        if (reader) {
            (void)reader->get("a");
        }
        if (!read) {
            check(!read.error().where.empty() && !read.error().what.empty(), "an error has words");
            check(!pairs::rewrite(database, {"b"}, {}), "what cannot be read is not rewritten");
            return 0;
        }
    }
    check(pairs::rewrite(database, {"b"}, {}).has_value(), "a database that was read can be written");
    seen.erase("b");
    check(testing::get_pairs(database) == seen, "all others are the same");
    return 0;
}
