// LevelDB databases made by hand: whole, with the right sums, and impossible.

#include "containers/leveldb/database.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/fixtures/forged_leveldb.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::snapshot;
using testing::TempFolder;
namespace fs = std::filesystem;

namespace {

namespace forged = testing::forged;

/// A database of one table of level 1 with "b" and "d", and a log with "a". Each part can be forged.
struct Forged {
    std::uint64_t log_number = 4;
    std::uint64_t next_file = 10;
    std::uint64_t sequence = 2;
    std::vector<std::string> more_records;  ///< of the MANIFEST
    std::vector<std::string> batches{forged::batch(3, {"a"}, 1)};
    std::vector<forged::Entry> entries{{forged::key("b", 1), "old"}, {forged::key("d", 2), "old"}};
    std::size_t start_shift = 0;
    std::string last_in_index = forged::key("d", 2);
    std::string place_in_index;  ///< if not empty, in place of the right one
    char compression = 0;
    std::string block;  ///< if not empty, in place of one with the entries

    void write(const fs::path& folder) const
    {
        const std::string content = block.empty() ? forged::block(entries, start_shift) : block;
        const std::string table = forged::table_of(content, compression, [&](const std::string& place) {
            return forged::block({{last_in_index, place_in_index.empty() ? place : place_in_index}});
        });
        std::vector<std::string> records{forged::beginning(log_number, next_file, sequence),
                                         forged::table(1, 5, table.size(), forged::key("b", 1), forged::key("d", 2))};
        records.insert(records.end(), more_records.begin(), more_records.end());
        testing::put(folder / "CURRENT", "MANIFEST-000003\n");
        testing::put(folder / "MANIFEST-000003", forged::log_of(records));
        testing::put(folder / "000004.log", forged::log_of(batches));
        testing::put(folder / "000005.ldb", table);
    }
};

/// All of it is read and it is rewritten, or it is damaged, in words, and nothing is changed.
void check_refused(const fs::path& database)
{
    const std::string before = snapshot(database);
    const auto reader = pairs::Reader::open(database);
    const Result<void> read =
        reader ? reader->each("", [](std::string_view, std::string_view) {}) : tl::unexpected<Error>(reader.error());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::corrupt);
    CHECK_FALSE(read.error().what.empty());
    CHECK_FALSE(pairs::rewrite(database, {"b"}, {}));
    CHECK(snapshot(database) == before);
}

/// So many records that LevelDB begins a new MANIFEST.
std::vector<std::string> two_megabytes()
{
    return std::vector<std::string>(70, '\5' + forged::varint(1) + forged::text(std::string(30'000, 'k')));
}

}  // namespace

TEST_CASE("a database that was made by hand is read as any other")
{
    const TempFolder folder;
    Forged database;
    SECTION("as it is") {}
    SECTION("with a long MANIFEST")
    {
        database.more_records = two_megabytes();
    }
    SECTION("with a record in many pieces")
    {
        database.batches.push_back(forged::batch(4, {"c" + std::string(100'000, 'c')}, 1));
    }
    SECTION("with a table that was moved to another level")
    {
        database.more_records = {'\6' + forged::varint(1) + forged::varint(5) +
                                     forged::table(2, 5, 0, forged::key("x", 1), forged::key("y", 1)),
                                 '\6' + forged::varint(2) + forged::varint(5)};
    }
    database.write(folder / "db");
    const auto reader = pairs::Reader::open(folder / "db");
    REQUIRE(reader);
    CHECK(reader->get("a") == "new");
    CHECK(pairs::rewrite(folder / "db", {"b"}, {}));
}

TEST_CASE("a MANIFEST with numbers, levels or keys that LevelDB never wrote is an error, and ends nothing")
{
    const TempFolder folder;
    Forged database;
    const std::string b = forged::key("b", 1);
    const std::string d = forged::key("d", 2);
    SECTION("a sequence number that is too large")
    {
        database.sequence = std::uint64_t{1} << 56U;
    }
    SECTION("the largest number of a file")
    {
        database.next_file = ~std::uint64_t{0};
    }
    SECTION("no number of a file is left")
    {
        database.log_number = database.next_file = 0;
    }
    SECTION("a log that is newer than all files")
    {
        database.log_number = 1000;
        database.more_records = two_megabytes();
    }
    SECTION("an older log")
    {
        database.log_number = 9;
        database.more_records = two_megabytes();
        database.more_records.push_back('\11' + forged::varint(4));
    }
    SECTION("a table without a number")
    {
        database.more_records = {forged::table(0, 0, 1000, b, d)};
    }
    SECTION("a table with a number that was not given out")
    {
        database.write(folder / "db");
        database.more_records = {forged::table(0, 10, fs::file_size(folder / "db/000005.ldb"), b, d)};
    }
    SECTION("a key without a sequence number")
    {
        database.more_records = {forged::table(2, 6, 1000, "short", "short")};
    }
    SECTION("a place of compaction without a sequence number")
    {
        database.more_records = {
            '\5' + forged::varint(1) + forged::text("short"),
            forged::table(1, 6, std::uint64_t{1} << 40U, forged::key("x", 1), forged::key("y", 1))};
    }
    SECTION("a level that there is not")
    {
        database.more_records = {forged::table(7, 6, 1000, b, d)};
    }
    SECTION("tables that overlap")
    {
        database.more_records = {forged::table(1, 6, 1000, forged::key("c", 1), forged::key("e", 1))};
    }
    SECTION("tables that overlap, of which one was removed and came again")
    {
        database.more_records = {'\6' + forged::varint(1) + forged::varint(5),
                                 forged::table(1, 5, 1000, forged::key("c", 1), forged::key("e", 1))};
    }
    SECTION("tables whose ends are exchanged")
    {
        for (std::uint64_t number = 6; number < 10; ++number) {
            database.more_records.push_back(forged::table(0, number, 1000, d, b));
        }
    }
    database.write(folder / "db");
    for (int number = 6; number <= 10; ++number) {
        fs::copy(folder / "db/000005.ldb", folder / fmt::format("db/{:06}.ldb", number));
    }
    check_refused(folder / "db");
}

TEST_CASE("a log with numbers that LevelDB never wrote is an error, and ends nothing")
{
    const TempFolder folder;
    Forged database;
    constexpr std::uint64_t largest = (std::uint64_t{1} << 56U) - 1;
    SECTION("a sequence number that is too large")
    {
        database.batches = {forged::batch(largest + 1, {"a"}, 1)};
    }
    SECTION("one that becomes too large")
    {
        database.batches = {forged::batch(largest, {"a", "b"}, 2)};
    }
    SECTION("none before the first")
    {
        database.batches = {forged::batch(0, {}, 0)};
    }
    SECTION("one that goes round")
    {
        database.batches = {forged::batch(~std::uint64_t{0}, {"a", "b"}, 2)};
    }
    SECTION("the same change twice")
    {
        database.batches = {forged::batch(3, {"a"}, 1), forged::batch(3, {"a"}, 1)};
    }
    SECTION("more changes than it says, and one of them again")
    {
        database.batches = {forged::batch(3, {"x", "a"}, 1), forged::batch(4, {"a"}, 1)};
    }
    SECTION("a change of no kind")
    {
        database.batches = {forged::little(3, 8) + forged::little(1, 4) + '\7' + forged::text("a")};
    }
    database.write(folder / "db");
    check_refused(folder / "db");
}

TEST_CASE("a log whose name is no number of LevelDB is an error, and ends nothing")
{
    const TempFolder folder;
    const char* const name = GENERATE("0.log", "000000.log", "18446744073709551615.log");
    Forged{}.write(folder / "db");
    fs::copy(folder / "db/000004.log", folder / "db" / name);
    check_refused(folder / "db");
}

TEST_CASE("a CURRENT that names something else than a MANIFEST is an error, and ends nothing")
{
    const TempFolder folder;
    Forged database;
    database.sequence = std::uint64_t{1} << 56U;
    database.write(folder / "db");
    fs::rename(folder / "db/MANIFEST-000003", folder / "db/000002.sst");
    testing::put(folder / "db/CURRENT", "000002.sst\n");
    check_refused(folder / "db");
}

TEST_CASE("a table with keys, sizes or places that LevelDB never wrote is an error, and ends nothing")
{
    const TempFolder folder;
    Forged database;
    SECTION("a key without a sequence number")
    {
        database.entries.push_back({"short", "x"});
    }
    SECTION("the same in the index")
    {
        database.last_in_index = "short";
    }
    SECTION("a place to start at in the middle of an entry")
    {
        // There stands: nothing shared, a key of one byte.
        database.entries.push_back({forged::key("e", 2), std::string("\0\1\0k", 4) + std::string(20, '\0')});
        database.start_shift = 3 + 9;
    }
    SECTION("a block that leads out of the table")
    {
        database.place_in_index = forged::place(1000, 1000);
    }
    SECTION("a block of which its size and what is behind it make less than nothing")
    {
        database.entries[0].value = forged::little(pairs::sum_of(""), 4);  // behind the block's header and key
        database.place_in_index = forged::place(3 + 9, ~std::uint64_t{0});
    }
    SECTION("a block that is said to be of gigabytes when it is not compressed any more")
    {
        database.compression = 1;
        database.block = forged::varint(0xf0000000) + std::string(100, '\0');
    }
    database.write(folder / "db");
    check_refused(folder / "db");
}
