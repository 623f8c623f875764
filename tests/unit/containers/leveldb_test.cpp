// LevelDB databases: read without a trace, rewritten without a byte of what was dropped.

#include "containers/leveldb/database.h"

#include <fmt/format.h>
#include <leveldb/comparator.h>
#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "tests/fixtures/forged_leveldb.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::get_pairs;
using testing::Pairs;
using testing::put_pairs;
using testing::snapshot;
using testing::TempFolder;
namespace fs = std::filesystem;

namespace {

/// What the code under test sees.
Pairs read(const fs::path& folder, const std::string& prefix = "")
{
    const auto reader = pairs::Reader::open(folder);
    REQUIRE(reader);
    Pairs seen;
    REQUIRE(reader->each(prefix, [&](std::string_view key, std::string_view value) { seen.emplace(key, value); }));
    return seen;
}

Code code_of_open(const fs::path& folder)
{
    const auto reader = pairs::Reader::open(folder);
    REQUIRE_FALSE(reader);
    return reader.error().code;
}

/// The files of a database with this ending.
std::vector<fs::path> files_of(const fs::path& folder, std::string_view ending)
{
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(folder)) {
        if (file.path().filename().string().ends_with(ending)) {
            files.push_back(file.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Is this text anywhere in the folder, in a name or in a content?
bool mentions(const fs::path& folder, const std::string& text)
{
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
        if (file.path().filename().string().find(text) != std::string::npos ||
            (file.is_regular_file() && testing::get(file.path()).find(text) != std::string::npos)) {
            return true;
        }
    }
    return false;
}

void flip_byte(const fs::path& file, std::uintmax_t at)
{
    std::string content = testing::get(file);
    content[at] = static_cast<char>(content[at] ^ 0x55);
    testing::put(file, content);
}

/// Bytes that do not compress, the same in each run.
std::string noise(std::size_t size, std::uint32_t seed)
{
    std::string bytes(size, '\0');
    for (char& byte : bytes) {
        seed = seed * 1664525U + 1013904223U;
        byte = static_cast<char>(seed >> 24U);
    }
    return bytes;
}

const Pairs some{{"a", "1"}, {"b", "2"}, {"b/c", ""}, {std::string("d\0e", 3), std::string("\xff\0", 2)}};

}  // namespace

TEST_CASE("looking into a LevelDB leaves no trace and sees the live pairs only")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    const bool in_table = GENERATE(false, true);
    put_pairs(database, {{"a", "old"}, {"gone", "x"}}, in_table);
    {
        leveldb::DB* opened = nullptr;
        REQUIRE(leveldb::DB::Open({}, database.string(), &opened).ok());
        const std::unique_ptr<leveldb::DB> closer(opened);
        REQUIRE(opened->Delete({}, "gone").ok());
    }
    put_pairs(database, some);
    const std::string before = snapshot(folder.path());

    CHECK(read(database) == some);
    CHECK(read(database, "b") == Pairs{{"b", "2"}, {"b/c", ""}});
    const auto reader = pairs::Reader::open(database);
    REQUIRE(reader);
    CHECK(reader->get("a") == "1");
    CHECK(reader->get("b/c") == "");
    CHECK(reader->get("gone").error().code == Code::not_found);
    CHECK(snapshot(folder.path()) == before);
}

TEST_CASE("a LevelDB that is due for compaction is not compacted by looking")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    Pairs all;
    for (int i = 0; i < 12; ++i) {  // each opening moves the log into a table of level 0; four of them are too many
        const Pairs more{{"first", std::to_string(i)}, {"key " + std::to_string(i), noise(1000, 7)}, {"last", "z"}};
        put_pairs(database, more);
        for (const auto& [key, value] : more) {
            all[key] = value;
        }
    }
    const std::string before = snapshot(folder.path());
    for (int i = 0; i < 3; ++i) {
        CHECK(read(database) == all);
    }
    CHECK(snapshot(folder.path()) == before);
}

TEST_CASE("a log cut off in a crash, or padded with zeros, is read up to there")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    put_pairs(database, {{"a", "1"}});
    const fs::path log = files_of(database, ".log").at(0);
    const std::string whole = testing::get(log);
    SECTION("zeros")
    {
        testing::put(log, whole + std::string(70000, '\0'));
    }
    SECTION("half a record")
    {
        testing::put(log, whole + whole.substr(0, whole.size() / 2));
    }
    CHECK(read(database) == Pairs{{"a", "1"}});
}

TEST_CASE("a damaged table is an error, and is never rewritten", "[not-windows]")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    put_pairs(database, {{"a", noise(3000, 1)}, {"b", "2"}}, true);
    const fs::path table = files_of(database, ".ldb").at(0);
    const std::string whole = testing::get(table);
    SECTION("in the data")
    {
        flip_byte(table, 100);
    }
    SECTION("at the end")
    {
        testing::put(table, whole.substr(0, whole.size() - 5));
    }
    SECTION("gone")
    {
        fs::remove(table);
    }
    SECTION("a link")
    {
        fs::rename(table, folder / "elsewhere");
        fs::create_symlink(folder / "elsewhere", table);
    }
    const std::string before = snapshot(folder.path());
    const auto rewritten = pairs::rewrite(database, {"b"}, {});
    REQUIRE_FALSE(rewritten);
    CHECK(rewritten.error().code != Code::not_found);
    CHECK(snapshot(folder.path()) == before);
    if (const auto reader = pairs::Reader::open(database)) {
        const auto value = reader->get("a");
        REQUIRE_FALSE(value);
        CHECK(value.error().code != Code::not_found);
    }
}

TEST_CASE("a log that cannot be read is an error, although LevelDB would do without it", "[not-windows]")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    put_pairs(database, some);
    const fs::path log = files_of(database, ".log").at(0);
    SECTION("a link")
    {
        fs::rename(log, folder / "elsewhere");
        fs::create_symlink(folder / "elsewhere", log);
    }
    SECTION("a folder")
    {
        fs::remove(log);
        fs::create_directory(log);
    }
    SECTION("larger than logs are")
    {
        fs::resize_file(log, 300U << 20U);  // a hole: takes no room
    }
    CHECK(code_of_open(database) == Code::unsupported);
    CHECK_FALSE(pairs::rewrite(database, {"a"}, {}));
}

TEST_CASE("a log that is whole and none of a database's is an error, and ends nothing")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    put_pairs(database, {{"a", "1"}, {"b", "2"}});
    const auto logs = files_of(database, ".log");
    const auto others = files_of(database, "MANIFEST-000002");
    REQUIRE(logs.size() == 1);
    REQUIRE(others.size() == 1);
    testing::put(database / *logs.begin(), testing::get(database / *others.begin()));  // records as in a log
    CHECK(code_of_open(database) == Code::corrupt);
}

TEST_CASE("what is no LevelDB of ours is told apart", "[not-windows]")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    SECTION("nothing there")
    {
        CHECK(code_of_open(database) == Code::not_found);
    }
    SECTION("an empty folder")
    {
        fs::create_directory(database);
        CHECK(code_of_open(database) == Code::not_found);
    }
    SECTION("CURRENT lost")
    {
        put_pairs(database, some);
        fs::remove(database / "CURRENT");
        CHECK(code_of_open(database) == Code::corrupt);
    }
    SECTION("CURRENT names nothing")
    {
        put_pairs(database, some);
        testing::put(database / "CURRENT", "MANIFEST-999999\n");
        CHECK(code_of_open(database) == Code::corrupt);
    }
    SECTION("CURRENT leads out of the folder")
    {
        put_pairs(database, some);
        testing::put(database / "CURRENT", "../db/" + files_of(database, "").at(0).filename().string() + "\n");
        CHECK_FALSE(pairs::Reader::open(database));
    }
    SECTION("a link to a database")
    {
        put_pairs(folder / "real", some);
        fs::create_directory_symlink(folder / "real", database);
        CHECK(code_of_open(database) == Code::unsupported);
    }
    SECTION("another comparator")
    {
        class Backwards : public leveldb::Comparator {
        public:
            int Compare(const leveldb::Slice& a, const leveldb::Slice& b) const override { return b.compare(a); }
            const char* Name() const override { return "idb_cmp1"; }
            void FindShortestSeparator(std::string*, const leveldb::Slice&) const override {}
            void FindShortSuccessor(std::string*) const override {}
        } backwards;
        leveldb::Options options;
        options.create_if_missing = true;
        options.comparator = &backwards;
        leveldb::DB* opened = nullptr;
        REQUIRE(leveldb::DB::Open(options, database.string(), &opened).ok());
        delete opened;
        CHECK(code_of_open(database) == Code::unsupported);
    }
}

TEST_CASE("a rewritten LevelDB holds the rest, and no byte of what was dropped")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    const bool in_table = GENERATE(false, true);
    const Pairs all{{"a", "1"}, {"key-to-drop", "Open Sesame 4711"}, {"m", "2"}, {"zz-last-to-drop", ""}};
    put_pairs(database, all, in_table);
    REQUIRE(mentions(database, "key-to-drop"));
    REQUIRE(mentions(database, "Open Sesame 4711"));

    {
        const auto lock = pairs::rewrite(database, {"key-to-drop", "not there", "zz-last-to-drop"}, {});
        REQUIRE(lock);
        CHECK_THROWS_WITH(get_pairs(database),
                          Catch::Matchers::Contains("LOCK"));  // a browser cannot open it while we hold it
    }
    CHECK_FALSE(mentions(folder.path(), "key-to-drop"));
    CHECK_FALSE(mentions(folder.path(), "Open Sesame 4711"));
    CHECK_FALSE(mentions(folder.path(), "last-to-drop"));
    CHECK_FALSE(mentions(folder.path(), folder.path().string()));  // no log file that names paths
    CHECK(files_of(folder.path(), "").size() == 1);                // nothing left beside it
    CHECK(get_pairs(database) == Pairs{{"a", "1"}, {"m", "2"}});
}

TEST_CASE("a rewritten LevelDB gets back what was dropped")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    put_pairs(database, some);
    const auto [dropped, value] = *some.rbegin();
    REQUIRE(pairs::rewrite(database, {dropped}, {}));
    REQUIRE(read(database).size() == some.size() - 1);
    REQUIRE(pairs::rewrite(database, {}, {{"a", "new"}, {dropped, value}, {dropped, value}}));
    Pairs expected = some;
    expected["a"] = "new";
    CHECK(get_pairs(database) == expected);
}

TEST_CASE("a rewritten LevelDB is as private as Chromium's, its folder as before", "[not-windows]")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    put_pairs(database, some);
    const auto mode = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec;
    fs::permissions(database, mode);
    REQUIRE(pairs::rewrite(database, {"a"}, {}));
    CHECK(fs::status(database).permissions() == mode);
    for (const auto& file : files_of(database, "")) {
        CAPTURE(file);
        CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    }
}

TEST_CASE("a large LevelDB is rewritten in pieces, in order")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    Pairs all;
    for (std::uint32_t i = 0; i < 3000; ++i) {
        all[fmt::format("key {:05}", i)] = noise(i == 1500 ? 3'000'000 : 2000, i);
    }
    put_pairs(database, all);
    std::vector<std::string> drop;
    for (std::uint32_t i = 0; i < 3000; i += 3) {
        drop.push_back(fmt::format("key {:05}", i));
        all.erase(drop.back());
    }
    REQUIRE(pairs::rewrite(database, drop, {}));
    CHECK(get_pairs(database) == all);
}

TEST_CASE("LevelDBs of other writers are read", "[realdata]")
{
    const fs::path data = testing::real_data();
    if (data.empty()) {
        return;
    }
    const fs::path stages = data / "leveldb-stages/testdata";  // what is in them: make-db.cc there
    const std::string before = snapshot(stages);
    CHECK(read(stages / "db-stage-1").empty());
    CHECK(read(stages / "db-stage-2") == Pairs{{"baz", "three"}, {"foo", "four"}});
    CHECK(read(stages / "db-stage-3") == Pairs{{"baz", "three"}, {"foo", "four"}});
    CHECK(read(stages / "db-stage-4") == Pairs{{"foo", "five"}, {"quux", "six"}});
    CHECK(snapshot(stages) == before);
    CHECK(code_of_open(data / "dfindexeddb/linux_109_64/file__0.indexeddb.leveldb") == Code::unsupported);

    const TempFolder folder;
    fs::copy(stages / "db-stage-4", folder / "db");
    REQUIRE(pairs::rewrite(folder / "db", {"quux"}, {}));
    CHECK(get_pairs(folder / "db") == Pairs{{"foo", "five"}});
}
