// Databases made to harm: their schemas, journals and sizes. What is promised: hostile_test.cpp.

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "tests/contract/hostile_profile.h"
#include "tests/fixtures/chromium_databases.h"
#include "tests/fixtures/forged_leveldb.h"

using namespace unstick;
namespace forged = testing::forged;
using testing::CacheKind;
using testing::get;
using testing::Home;
using testing::put;
using testing::snapshot;

using namespace testing::hostile;

namespace {

std::string big_endian(std::size_t number)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(number >> shift);
    }
    return bytes;
}

/// A rollback journal of a database, without pages, that names a super-journal.
std::string journal_naming(const fs::path& file, const fs::path& database)
{
    const std::string magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
    const std::string header = get(database).substr(16, 2);
    const std::size_t page =
        (std::size_t{static_cast<unsigned char>(header[0])} << 8U) + static_cast<unsigned char>(header[1]);
    std::string bytes = magic + big_endian(0) + big_endian(0) + big_endian(fs::file_size(database) / page) +
                        big_endian(512) + big_endian(page);
    bytes.resize(512);
    std::size_t sum = 0;
    for (const char c : file.string()) {
        sum += static_cast<unsigned char>(c);
    }
    return bytes + big_endian((1U << 30U) / page + 1) + file.string() + big_endian(file.string().size()) +
           big_endian(sum) + magic;
}

}  // namespace

TEST_CASE("a rollback journal that names a file elsewhere makes nobody delete it")
{
    Home home = hostile_home();
    const fs::path victim = home.folder / "victim";
    put(victim, "theirs");
    // SQLite by itself deletes it, or this test shows nothing.
    fs::copy(home.profile / "Cookies", home.folder / "copy");
    put(home.folder / "copy-journal", journal_naming(victim, home.profile / "Cookies"));
    testing::run_sql(home.folder / "copy", "SELECT count(*) FROM cookies");
    CHECK_FALSE(fs::exists(victim));

    put(victim, "theirs");
    const bool before_undo = GENERATE(false, true);
    if (before_undo) {
        CHECK(go(home, Command::fix).exit_code == Exit::ok);
    }
    put(home.profile / "Cookies-journal", journal_naming(victim, home.profile / "Cookies"));
    const Report report = go(home, before_undo ? Command::undo : Command::fix);
    CHECK(report.exit_code == Exit::partial);
    CHECK(names(report, "Cookies-journal"));
    CHECK(fs::exists(victim));
    fs::remove(home.profile / "Cookies-journal");
    go(home, Command::undo);
    CHECK(home.seen().size() > 0);
}

namespace {

/// Changes the schema of a database as `change` says for each of its tables.
void change_schema(const fs::path& file, const std::function<std::string(const std::string& table)>& change)
{
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    std::vector<std::string> tables;
    SQLite::Statement query(database,
                            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    while (query.executeStep()) {
        tables.push_back(query.getColumn(0).getString());
    }
    query.reset();
    for (const std::string& table : tables) {
        database.exec(change(table));
    }
}

}  // namespace

TEST_CASE("triggers of a profile's databases do not run")
{
    Home home = hostile_home();
    const auto databases = databases_in(home);
    REQUIRE(databases.size() >= 10);
    for (const fs::path& file : databases) {
        change_schema(file, [](const std::string& table) {
            std::string sql;
            for (const char* event :
                 {"BEFORE DELETE", "AFTER DELETE", "BEFORE INSERT", "AFTER INSERT", "AFTER UPDATE"}) {
                sql += fmt::format("CREATE TRIGGER \"{0} {1}\" {1} ON {0} BEGIN DELETE FROM {0}; END;", table, event);
            }
            return sql;
        });
    }
    const auto others = of_others(home);
    const auto before = home.seen();
    REQUIRE_FALSE(others.empty());
    CHECK(go(home, Command::fix).exit_code == Exit::ok);
    CHECK(of_others(home) == others);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key = 'stuck.test'") == 0);
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
    CHECK((home.seen() == before));
}

TEST_CASE("what is no table of a known form is left, and named")
{
    Home home = hostile_home();
    const auto form = GENERATE(as<std::string>{}, "view", "endless view", "virtual table");
    CAPTURE(form);
    const auto databases = databases_in(home);
    for (const fs::path& file : databases) {
        change_schema(file, [&](const std::string& table) {
            const std::string start = fmt::format("ALTER TABLE {0} RENAME TO old_{0};", table);
            if (form == "view") {
                return start + fmt::format("CREATE VIEW {0} AS SELECT * FROM old_{0}", table);
            }
            if (form == "endless view") {
                return start + fmt::format(
                                   "CREATE VIEW {} AS WITH RECURSIVE n(key, value, host_key) AS (SELECT 'version', "
                                   "24, 'stuck.test' UNION ALL SELECT * FROM n) SELECT * FROM n",
                                   table);
            }
            return start + fmt::format("CREATE VIRTUAL TABLE {} USING fts5(key, value, host_key)", table);
        });
    }
    std::map<fs::path, std::string> before;
    for (const fs::path& file : databases) {
        before[file] = get(file);
    }
    const Report report = go(home, Command::fix);
    CHECK(report.exit_code == Exit::partial);
    for (const fs::path& file : databases) {
        CAPTURE(file);
        CHECK((get(file) == before[file]));
        if (file.parent_path().filename() != "pc") {
            CHECK(names(report, file.string()));
        }
    }
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
}

TEST_CASE("columns of another type, computed columns and tables without rowids lose nothing of others")
{
    Home home = hostile_home();
    const auto form = GENERATE(as<std::string>{}, "GENERATED ALWAYS AS (length(host_key)) STORED",
                               "GENERATED ALWAYS AS (printf('%.*c', 1000000, 'x')) VIRTUAL", "BLOB DEFAULT x'00'");
    const fs::path file = home.profile / "Cookies";
    {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
        SQLite::Statement query(database, "SELECT sql FROM sqlite_schema WHERE name = 'cookies'");
        REQUIRE(query.executeStep());
        std::string sql = query.getColumn(0).getString();
        query.reset();
        sql.replace(sql.rfind(')'), 1, ", extra " + form + ")");
        sql.replace(sql.find("TABLE cookies"), 13, "TABLE changed");
        database.exec(sql);
        const std::string columns =
            "creation_utc, host_key, top_frame_site_key, name, value, encrypted_value, path, expires_utc, is_secure, "
            "is_httponly, last_access_utc, has_expires, is_persistent, priority, samesite, source_scheme, source_port, "
            "last_update_utc, source_type, has_cross_site_ancestor";
        database.exec(
            fmt::format("INSERT INTO changed({0}) SELECT {0} FROM cookies; DROP TABLE cookies;"
                        "ALTER TABLE changed RENAME TO cookies",
                        columns));
        database.exec("INSERT INTO cookies(" + columns +
                      ") VALUES(x'00', x'737475636b2e74657374', 7, 1.5, x'ff', 'text', -1, 'never', 'yes', x'01', "
                      "9223372036854775807, 0, 0, 0, 0, 0, 0, 0, 0, 0)");
    }
    const auto before = home.seen();
    const auto others = of_others(home);
    const Report report = go(home, Command::fix);
    CHECK(of_others(home) == others);
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
    CHECK((home.seen() == before));
}

TEST_CASE("LevelDB files with lying sizes or impossible numbers are problems, and are left")
{
    Home home = hostile_home();
    const fs::path folder = home.profile / "Local Storage/leveldb";
    const auto damage = GENERATE(as<std::string>{}, "log", "manifest", "current", "many", "numbers");
    CAPTURE(damage);
    const std::string lie("\0\0\0\0\xff\xff\1lie", 10);
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if ((damage == "log" && name.ends_with(".log")) || (damage == "manifest" && name.starts_with("MANIFEST"))) {
            put(entry.path(), lie + get(entry.path()));
        }
    }
    if (damage == "current") {
        put(folder / "CURRENT", "MANIFEST-../../../outside\n");
    } else if (damage == "numbers") {  // whole, with the right sums
        put(folder / "CURRENT", "MANIFEST-000999\n");
        put(folder / "MANIFEST-000999", forged::log_of({forged::beginning(1, 1000, std::uint64_t{1} << 56U)}));
    } else if (damage == "many") {
        for (int i = 100; i < 2000; ++i) {
            put(folder / fmt::format("{:06}.log", i), lie);
        }
    }
    const std::string before = snapshot(folder);
    const Report report = go(home, Command::fix);
    CHECK(report.exit_code != Exit::nothing_found);
    CHECK((report.exit_code == Exit::partial || damage != "numbers"));
    if (report.exit_code == Exit::partial) {
        CHECK(names(report, "Local Storage"));
        CHECK(snapshot(folder) == before);
    }
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
}
