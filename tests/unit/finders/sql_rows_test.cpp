// Which tables of SQLite are read at all.

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>

#include "containers/sqlite/database.h"
#include "finders/sql_table.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace std::string_literals;
using namespace testing::looking;
using testing::get;
using testing::TempFolder;

TEST_CASE("a view or a virtual table is no table of cookies", "[not-windows]")
{
    const TempFolder folder;
    static constexpr std::array owners{SqlColumn{"host_key", owns_host}};
    static constexpr std::array tables{SqlTable{.table = "cookies", .owners = owners, .noun = "cookie"}};
    const SqlDatabase layout{tables, 1, 1};
    const std::string sql =
        GENERATE("CREATE VIEW cookies AS SELECT 'stuck.test' AS host_key"s, "CREATE TABLE other(host_key)"s,
                 "CREATE TABLE cookies(host)"s, "CREATE VIRTUAL TABLE cookies USING fts5(host_key)"s);
    CAPTURE(sql);
    {
        SQLite::Database database((folder / "Cookies").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec("CREATE TABLE meta(key TEXT, value TEXT); INSERT INTO meta VALUES('version', 1);" + sql);
    }
    check_hands_off(find_sql_rows(folder / "Cookies", stuck(), layout), Code::unsupported);
}

namespace {

std::string big_endian(std::size_t value, int bytes)
{
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        text += static_cast<char>(value >> shift & 0xffU);
    }
    return text;
}

/// Makes the only leaf of a table the one that the tree above it meets 200 ^ levels times (sqlite.org/fileformat.html,
/// "B-tree Pages").
void grow_tree(const fs::path& file, std::size_t root, int levels)
{
    constexpr std::size_t size = 4096;
    constexpr std::size_t cells = 200;
    std::string all = get(file);
    all += all.substr((root - 1) * size, size);
    std::string page;
    for (int level = 0; level < levels; ++level) {
        const std::string child = big_endian(all.size() / size, 4);
        std::string places;
        std::string content;
        for (std::size_t i = 0; i < cells; ++i) {
            content += child + static_cast<char>(i % 100);
            places += big_endian(size - 5 * (cells - i), 2);
        }
        page = '\x05' + std::string(2, '\0') + big_endian(cells, 2) + big_endian(size - 5 * cells, 2) + '\0' + child +
               places;
        page.resize(size - content.size());
        page += content;
        all += page;
    }
    all.replace((root - 1) * size, size, page);
    all.replace(28, 4, big_endian(all.size() / size, 4));
    testing::put(file, all);
}

}  // namespace

TEST_CASE("a database that has no end ends: the same page is met again and again")
{
    const TempFolder folder;
    static constexpr std::array owners{SqlColumn{"host_key", owns_host}};
    static constexpr std::array tables{SqlTable{.table = "cookies", .owners = owners, .noun = "cookie"}};
    const SqlDatabase layout{tables, 1, 1};
    const fs::path file = folder / "Cookies";
    std::size_t root = 0;
    {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec(
            "PRAGMA page_size = 4096; CREATE TABLE meta(key TEXT, value TEXT);"
            "INSERT INTO meta VALUES('version', 1); CREATE TABLE cookies(host_key);"
            "INSERT INTO cookies VALUES('stuck.test'), ('other.test')");
        root = static_cast<std::size_t>(
            database.execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = 'cookies'").getInt());
    }
    CHECK(find_sql_rows(file, stuck(), layout).problems.empty());
    grow_tree(file, root, 4);
    const auto found = find_sql_rows(file, stuck(), layout);
    check_hands_off(found, Code::corrupt);
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].what.find("took too long to read") != std::string::npos);

    const auto erased = rows::erase(file, {{{"cookies", {"123456789"}}}, {}});
    CHECK_FALSE(erased);
}

TEST_CASE("a large sound table is read, by a small part of what may be done for it", "[not-windows]")
{
    const TempFolder folder;
    const fs::path file = folder / "Data";
    {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec(
            "CREATE TABLE small(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000)"
            " INSERT INTO small SELECT 1 FROM n");
    }
    auto reader = rows::Reader::open(file);
    REQUIRE(reader);
    for (int i = 0; i < 5; ++i) {
        SQLite::Statement query(reader->database(), "SELECT rowid, x, length(x), x || 'a', quote(x) FROM small");
        int count = 0;
        while (query.executeStep()) {
            ++count;
        }
        CHECK(count == 300000);
    }
}

TEST_CASE("a name gets into SQL as a name, whatever it is called")
{
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (const std::string name : {"a", "a\"b", "\"", "a\"; DROP TABLE kept; --", "a b", "a'b", "select"}) {
        CAPTURE(name);
        database.exec("CREATE TABLE " + rows::sql_name(name) + "(x)");
        SQLite::Statement query(database, "SELECT count(*) FROM sqlite_schema WHERE name = ?");
        query.bind(1, name);
        REQUIRE(query.executeStep());
        CHECK(query.getColumn(0).getInt() == 1);
    }
}
