// LevelDB databases that are changed in some of their files only: what LevelDB reads of them afterwards, and which
// bytes are left. All versions of a key count, also those that no reader sees.

#include <fmt/format.h>
#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <algorithm>
#include <memory>
#include <random>
#include <set>

#include "containers/leveldb/database.h"
#include "containers/leveldb/log_batches.h"
#include "containers/leveldb/manifest.h"
#include "containers/leveldb/parts.h"
#include "tests/fixtures/forged_leveldb.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::get_pairs;
using testing::Pairs;
using testing::snapshot;
using testing::TempFolder;
namespace forged = testing::forged;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<leveldb::DB> open(const fs::path& folder)
{
    leveldb::Options options;
    options.create_if_missing = true;
    options.write_buffer_size = 64U << 10U;
    options.max_file_size = 1U << 20U;
    leveldb::DB* opened = nullptr;
    REQUIRE(leveldb::DB::Open(options, folder.string(), &opened).ok());
    return std::unique_ptr<leveldb::DB>(opened);
}

/// Does something with a database that LevelDB has open.
template <class Work>
void with(const fs::path& folder, const Work& work)
{
    const auto database = open(folder);
    work(*database);
}

void compact(leveldb::DB& database)
{
    database.CompactRange(nullptr, nullptr);
}

/// All keys that start so and lie anywhere in the files, once each.
std::set<std::string> versions(const fs::path& folder, const std::string& prefix = "")
{
    const auto reader = pairs::Reader::open(folder);
    REQUIRE(reader);
    std::set<std::string> keys;
    REQUIRE(reader->each_version_from(prefix, [&](std::string_view key) {
        keys.emplace(key);
        return pairs::Reader::Next();
    }));
    return keys;
}

/// The names of all tables, and what the file system knows them by.
std::map<std::string, std::uint64_t> tables(const fs::path& folder)
{
    std::map<std::string, std::uint64_t> found;
    for (const auto& file : fs::directory_iterator(folder)) {
        if (file.path().extension() == ".ldb" || file.path().extension() == ".sst") {
            found.emplace(file.path().filename().string(), files::info(file.path())->number);
        }
    }
    return found;
}

/// How many tables of one are the other's.
std::size_t shared(const std::map<std::string, std::uint64_t>& before,
                   const std::map<std::string, std::uint64_t>& after)
{
    return static_cast<std::size_t>(std::count_if(after.begin(), after.end(), [&](const auto& table) {
        return before.contains(table.first) && before.at(table.first) == table.second;
    }));
}

pairs::KeyRange below(const std::string& prefix)
{
    std::string end = prefix;
    ++end.back();
    return {prefix, end};
}

std::vector<std::string> keys_below(const Pairs& pairs, const std::string& prefix)
{
    std::vector<std::string> keys;
    for (const auto& [key, value] : pairs) {
        if (key.starts_with(prefix)) {
            keys.push_back(key);
        }
    }
    return keys;
}

Pairs without(Pairs pairs, const std::string& prefix)
{
    std::erase_if(pairs, [&](const auto& pair) { return pair.first.starts_with(prefix); });
    return pairs;
}

std::string noise(std::size_t size, std::mt19937& random)
{
    std::string bytes(size, '\0');
    for (char& byte : bytes) {
        byte = static_cast<char>(random());
    }
    return bytes;
}

/// Several megabytes of changes of keys of 12 owners, "a|" to "l|", over several openings: set, overwritten, removed.
Pairs fill(const fs::path& folder, std::mt19937& random)
{
    Pairs live;
    const auto openings = 1 + random() % 4;
    for (unsigned opening = 0; opening < openings; ++opening) {
        with(folder, [&](leveldb::DB& database) {
            for (int i = 0; i < 700; ++i) {
                const std::string key = fmt::format("{}|{}", static_cast<char>('a' + random() % 12), random() % 60);
                if (random() % 4 == 0) {
                    REQUIRE(database.Delete({}, key).ok());
                    live.erase(key);
                } else {
                    live[key] = noise(random() % 3000, random);
                    REQUIRE(database.Put({}, key, live[key]).ok());
                }
                if (random() % 1500 == 0) {
                    compact(database);
                }
            }
        });
    }
    return live;
}

}  // namespace

TEST_CASE("what is changed in some files of a LevelDB is what LevelDB reads of it")
{
    const auto seed = GENERATE(range(0U, 8U));
    CAPTURE(seed);
    std::mt19937 random(seed);
    const TempFolder folder;
    const fs::path database = folder / "db";
    Pairs live = fill(database, random);
    const std::string site = fmt::format("{}|", static_cast<char>('a' + random() % 12));
    REQUIRE(versions(database).size() >= live.size());
    REQUIRE(pairs::change(database, keys_below(live, site), {}, {below(site)}));
    Pairs taken = live;
    live = without(live, site);
    CHECK(versions(database, site).empty());
    CHECK(get_pairs(database) == live);
    CHECK(fs::directory_iterator(folder.path())->path() == database);

    // Some come back, as they were; and a browser goes on with it.
    std::vector<pairs::Pair> back;
    for (const auto& [key, value] : taken) {
        if (key.starts_with(site) || random() % 20 == 0) {
            back.emplace_back(key, value);
        }
    }
    REQUIRE(pairs::change(database, {}, back, {}));
    CHECK(get_pairs(database) == taken);
    with(database, [&](leveldb::DB& opened) {
        for (const auto& [key, value] : taken) {
            std::string read;
            REQUIRE(opened.Get({}, key, &read).ok());
            REQUIRE(read == value);
        }
        for (int i = 0; i < 100; ++i) {
            const std::string key = fmt::format("{}|new", static_cast<char>('a' + random() % 12));
            taken[key] = noise(2000, random);
            REQUIRE(opened.Put({}, key, taken[key]).ok());
        }
        compact(opened);
    });
    CHECK(get_pairs(database) == taken);
}

TEST_CASE("tables without a key of the site are shared, not written anew", "[not-windows]")
{
    std::mt19937 random(7);
    const TempFolder folder;
    const fs::path database = folder / "db";
    Pairs live;
    with(database, [&](leveldb::DB& opened) {
        for (int i = 0; i < 6000; ++i) {
            live[fmt::format("{:05}", i)] = noise(1000, random);
        }
        for (const auto& [key, value] : live) {
            REQUIRE(opened.Put({}, key, value).ok());
        }
        compact(opened);
    });
    const auto before = tables(database);
    REQUIRE(before.size() > 4);
    REQUIRE(pairs::change(database, {"03000", "03001"}, {}, {below("0300")}));
    const auto after = tables(database);
    CHECK(after.size() == before.size());
    CHECK(shared(before, after) == before.size() - 1);
    live.erase("03000");
    live.erase("03001");
    CHECK(get_pairs(database) == live);
    CHECK(versions(database, "0300").size() == 8);  // what is live stays, though it is in a range
}

TEST_CASE("no version of the site's keys is left, wherever it lies")
{
    std::mt19937 random(3);
    const TempFolder folder;
    const fs::path database = folder / "db";
    const std::string secret = noise(500, random);
    const std::string other = noise(500, random);
    const bool compacted = GENERATE(false, true);
    with(database, [&](leveldb::DB& opened) {
        REQUIRE(opened.Put({}, "site|now", secret).ok());
        REQUIRE(opened.Put({}, "site|gone", secret).ok());
        REQUIRE(opened.Put({}, "other", other).ok());
        if (compacted) {
            compact(opened);
        }
    });
    with(database, [&](leveldb::DB& opened) {  // opening makes a table of the log
        REQUIRE(opened.Put({}, "site|now", "newer").ok());
        REQUIRE(opened.Delete({}, "site|gone").ok());
        REQUIRE(opened.Put({}, "zz", "1").ok());
    });
    with(database, [&](leveldb::DB& opened) {
        REQUIRE(opened.Put({}, "site|now", "newest").ok());
        REQUIRE(opened.Put({}, "site|not in the list", "x").ok());
        REQUIRE(opened.Delete({}, "site|not in the list").ok());
    });
    REQUIRE(versions(database, "site|") == std::set<std::string>{"site|gone", "site|not in the list", "site|now"});
    REQUIRE(pairs::change(database, {"site|now"}, {}, {below("site|")}));
    CHECK(versions(database) == std::set<std::string>{"other", "zz"});
    CHECK(get_pairs(database) == Pairs{{"other", other}, {"zz", "1"}});
    for (const auto& file : fs::directory_iterator(database)) {
        const std::string content = testing::get(file.path());
        CAPTURE(file.path());
        CHECK(content.find(secret) == std::string::npos);
        CHECK(content.find("site|") == std::string::npos);
        CHECK(content.find("newe") == std::string::npos);
    }
}

TEST_CASE("what removes a key of another site still hides its older value")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    with(database, [&](leveldb::DB& opened) {
        REQUIRE(opened.Put({}, "other|gone", "old").ok());
        REQUIRE(opened.Put({}, "other|new", "old").ok());
        compact(opened);
    });
    const bool in_log = GENERATE(false, true);
    const auto overwrite = [&](leveldb::DB& opened) {
        REQUIRE(opened.Delete({}, "other|gone").ok());
        REQUIRE(opened.Put({}, "other|new", "new").ok());
        REQUIRE(opened.Put({}, "site|a", "1").ok());
    };
    with(database, overwrite);
    if (!in_log) {
        with(database, [](leveldb::DB&) {});  // makes a table of the log
    }
    REQUIRE(pairs::change(database, {"site|a"}, {}, {below("site|")}));
    CHECK(get_pairs(database) == Pairs{{"other|new", "new"}});
    CHECK(versions(database) == std::set<std::string>{"other|gone", "other|new"});
}

TEST_CASE("a batch that loses changes in its middle keeps the order of the others")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    with(database, [&](leveldb::DB& opened) {
        leveldb::WriteBatch batch;
        batch.Put("b", "1");
        batch.Put("site|a", "x");
        batch.Put("b", "2");
        batch.Put("site|b", std::string(40'000, 'x'));
        batch.Delete("c");
        batch.Put("c", std::string(70'000, 'c'));
        REQUIRE(opened.Write({}, &batch).ok());
        REQUIRE(opened.Put({}, "b", "3").ok());
    });
    REQUIRE(pairs::change(database, {"site|a", "site|b"}, {}, {below("site|")}));
    CHECK(get_pairs(database) == Pairs{{"b", "3"}, {"c", std::string(70'000, 'c')}});
    CHECK(versions(database) == std::set<std::string>{"b", "c"});
}

TEST_CASE("a LevelDB of nothing but a log, or of several, is changed")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    Pairs expected;
    SECTION("an empty one")
    {
        with(database, [](leveldb::DB&) {});
        REQUIRE(pairs::change(database, {"site"}, {}, {below("site")}));
    }
    SECTION("that is gone")
    {
        with(database, [](leveldb::DB&) {});
        fs::remove(database / "000003.log");
        REQUIRE(pairs::change(database, {"site"}, {{"site", "1"}}, {}));
        expected = {{"site", "1"}};
    }
    SECTION("several, with numbers that the list does not know of")
    {
        testing::put(database / "CURRENT", "MANIFEST-000003\n");
        testing::put(database / "MANIFEST-000003", forged::log_of({forged::beginning(4, 5, 2)}));
        testing::put(database / "000002.log", forged::log_of({forged::batch(9, {"too old"}, 1)}));
        testing::put(database / "000004.log", forged::log_of({forged::batch(3, {"a", "site"}, 2)}));
        testing::put(database / "000017.log", forged::log_of({forged::batch(7, {"site", "b"}, 2)}));
        SECTION("changed")
        {
            REQUIRE(pairs::change(database, {"site"}, {}, {below("site")}));
            expected = {{"a", "new"}, {"b", "new"}};
        }
        SECTION("and something comes back")
        {
            REQUIRE(pairs::change(database, {}, {{"b", "back"}, {"c", "back"}}, {}));
            expected = {{"a", "new"}, {"b", "back"}, {"c", "back"}, {"site", "new"}};
        }
    }
    CHECK(get_pairs(database) == expected);
    CHECK(get_pairs(database) == expected);
}

TEST_CASE("what comes back is newer than all that is there of it")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    with(database, [&](leveldb::DB& opened) {
        REQUIRE(opened.Put({}, "site|a", "old").ok());
        REQUIRE(opened.Put({}, "site|b", "old").ok());
        compact(opened);
        REQUIRE(opened.Delete({}, "site|a").ok());
        REQUIRE(opened.Put({}, "other", "1").ok());
    });
    REQUIRE(pairs::change(database, {}, {{"site|a", "back"}, {"site|a", "not this"}, {"site|b", "back"}}, {}));
    const Pairs expected{{"other", "1"}, {"site|a", "back"}, {"site|b", "back"}};
    CHECK(get_pairs(database) == expected);
    with(database, [&](leveldb::DB& opened) {  // not only in the order of a list: asked for one by one
        for (const auto& [key, value] : expected) {
            std::string read;
            REQUIRE(opened.Get({}, key, &read).ok());
            CHECK(read == value);
        }
        compact(opened);
    });
    CHECK(get_pairs(database) == expected);
}

TEST_CASE("tables with the ending of older LevelDBs are taken over", "[not-windows]")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    testing::put_pairs(database, {{"a", "1"}, {"b", "2"}}, true);
    testing::put_pairs(database, {{"site", "x"}}, true);
    for (const auto& [name, number] : tables(database)) {
        fs::rename(database / name, (database / name).replace_extension(".sst"));
    }
    REQUIRE(pairs::change(database, {"site"}, {}, {below("site")}));
    CHECK(get_pairs(database) == Pairs{{"a", "1"}, {"b", "2"}});
}

namespace {

/// A database of one table of level 1, with "a", "m" and "site", as its list says between these two keys.
void forge(const fs::path& folder, const std::string& smallest, const std::string& largest,
           const std::vector<forged::Entry>& entries)
{
    const std::string table = forged::table_of(forged::block(entries), 0, [&](const std::string& place) {
        return forged::block({{entries.back().key, place}});
    });
    testing::put(folder / "CURRENT", "MANIFEST-000003\n");
    testing::put(folder / "MANIFEST-000003",
                 forged::log_of({forged::beginning(4, 10, 5), forged::table(1, 5, table.size(), smallest, largest)}));
    testing::put(folder / "000004.log", "");
    testing::put(folder / "000005.ldb", table);
}

}  // namespace

TEST_CASE("a LevelDB of which not all is as LevelDB writes it is rewritten as a whole")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    const std::vector<forged::Entry> sound{
        {forged::key("a", 1), "1"}, {forged::key("m", 2), "2"}, {forged::key("site", 3), "3"}};
    SECTION("a list that does not name a table's last key")
    {
        forge(database, forged::key("a", 1), forged::key("m", 2), sound);
    }
    SECTION("keys that are not in order")
    {
        forge(database, forged::key("a", 1), forged::key("site", 2),
              {{forged::key("a", 1), "1"},
               {forged::key("site", 4), "3"},
               {forged::key("n", 2), "2"},
               {forged::key("m", 3), "2"},
               {forged::key("site", 2), "3"}});
    }
    SECTION("keys of the site where none is looked for")
    {
        forge(database, forged::key("a", 1), forged::key("n", 2),
              {{forged::key("a", 1), "1"},
               {forged::key("site", 4), "3"},
               {forged::key("m", 3), "2"},
               {forged::key("n", 2), "2"}});
    }
    Pairs expected;  // as far as LevelDB reads it
    REQUIRE(pairs::Reader::open(database)->each(
        "", [&](std::string_view key, std::string_view value) { expected.emplace(key, value); }));
    expected.erase("site");
    REQUIRE(expected.contains("a"));
    REQUIRE(pairs::change(database, {"site"}, {}, {below("site")}));
    CHECK(testing::get(database / "CURRENT") != "MANIFEST-000010\n");  // it would be the next number
    CHECK(get_pairs(database) == expected);
}

TEST_CASE("a table that cannot be opened is an error, whether or not it is the site's", "[not-windows]")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    testing::put_pairs(database, {{"a", "1"}, {"b", "2"}}, true);
    testing::put_pairs(database, {{"site", "x"}});
    const std::string name = tables(database).begin()->first;
    SECTION("cut off")
    {
        fs::resize_file(database / name, fs::file_size(database / name) - 3);
    }
    SECTION("gone")
    {
        fs::remove(database / name);
    }
    SECTION("a link")
    {
        fs::rename(database / name, folder / "elsewhere");
        fs::create_symlink(folder / "elsewhere", database / name);
    }
    const std::string before = snapshot(folder.path());
    const auto changed = pairs::change(database, {"site"}, {}, {below("site")});
    REQUIRE_FALSE(changed);
    CHECK(snapshot(folder.path()) == before);
}

TEST_CASE("a changed LevelDB stays locked for who changed it", "[not-windows]")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    testing::put_pairs(database, {{"a", "1"}, {"site", "x"}}, true);
    const auto lock = pairs::change(database, {"site"}, {}, {below("site")});
    REQUIRE(lock);
    CHECK_THROWS_WITH(get_pairs(database), Catch::Matchers::Contains("LOCK"));
}

TEST_CASE("the list of tables that is written says what was read")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    std::mt19937 random(1);
    fill(database, random);
    for (const auto& file : fs::directory_iterator(database)) {
        if (file.path().filename().string().starts_with("MANIFEST-")) {
            const auto manifest = pairs::read_manifest(testing::get(file.path()));
            REQUIRE(manifest);
            CHECK(pairs::read_manifest(pairs::manifest_of(*manifest)) == manifest);
        }
    }
}

TEST_CASE("sums are those of LevelDB's files")
{
    CHECK(pairs::sum_of("123456789") == ((0xe3069283U >> 15U | 0xe3069283U << 17U) + 0xa282ead8U));
    std::string bytes;
    for (int i = 0; i < 40; ++i) {  // any size, by another way
        std::uint32_t sum = ~0U;
        for (const char byte : bytes) {
            sum ^= static_cast<unsigned char>(byte);
            for (int bit = 0; bit < 8; ++bit) {
                sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? 0x82f63b78U : 0);
            }
        }
        sum = ~sum;
        CHECK(pairs::sum_of(bytes) == ((sum >> 15U | sum << 17U) + 0xa282ead8U));
        bytes += static_cast<char>(i * 37);
    }
}

TEST_CASE("all versions of a key are seen, and ranges of them passed over")
{
    const TempFolder folder;
    const fs::path database = folder / "db";
    with(database, [&](leveldb::DB& opened) {
        for (int i = 0; i < 3000; ++i) {
            REQUIRE(opened.Put({}, fmt::format("a|{:04}", i), "x").ok());
        }
        REQUIRE(opened.Put({}, "b|", "x").ok());
        REQUIRE(opened.Put({}, "c|", "x").ok());
        compact(opened);
        REQUIRE(opened.Delete({}, "c|").ok());
        REQUIRE(opened.Delete({}, "d|").ok());
    });
    const auto reader = pairs::Reader::open(database);
    REQUIRE(reader);
    std::vector<std::string> seen;
    REQUIRE(reader->each_version_from("", [&](std::string_view key) {
        seen.emplace_back(key.substr(0, 2));
        return pairs::Reader::Next(std::string(key.substr(0, 1)) + "}");
    }));
    CHECK(seen.size() < 20);
    CHECK(std::set(seen.begin(), seen.end()) == std::set<std::string>{"a|", "b|", "c|", "d|"});
    CHECK(versions(database, "c") == std::set<std::string>{"c|"});
}
