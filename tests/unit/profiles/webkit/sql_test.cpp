// The SQLite databases of WebKit: which rows, and files named by rows, are the site's.

#include "profiles/webkit/sql.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <set>

#include "containers/sqlite/database.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/webkit_files.h"

using namespace unstick;
using namespace unstick::testing::webkit;
using testing::put;
using testing::site;
using testing::snapshot;
using testing::TempFolder;
namespace fs = std::filesystem;

namespace {

fs::path make_database(const fs::path& file, const std::string& sql)
{
    fs::create_directories(file.parent_path());
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(sql);
    return file;
}

rows::Removal removal_of(const Found& found)
{
    rows::Removal removal;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            if (piece.medium == Medium::row) {
                removal.rows[piece.table].push_back(piece.key);
            }
        }
    }
    return removal;
}

std::set<std::string> files_of(const Found& found)
{
    std::set<std::string> files;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            if (piece.medium == Medium::file) {
                files.insert(piece.key);
            }
        }
    }
    return files;
}

int count(const fs::path& file, const std::string& query)
{
    SQLite::Database database(file.string());
    return database.execAndGet(query).getInt();
}

const std::string cfnetwork_schema =
    "PRAGMA user_version = 203;"
    "CREATE TABLE cfurl_cache_response(entry_ID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE, version INTEGER,"
    " hash_value INTEGER, storage_policy INTEGER, request_key TEXT UNIQUE,"
    " time_stamp NOT NULL DEFAULT CURRENT_TIMESTAMP, partition TEXT);"
    "CREATE TABLE cfurl_cache_blob_data(entry_ID INTEGER PRIMARY KEY, response_object BLOB, request_object BLOB,"
    " proto_props BLOB, user_info BLOB);"
    "CREATE TABLE cfurl_cache_receiver_data(entry_ID INTEGER PRIMARY KEY, isDataOnFS INTEGER, receiver_data BLOB);";

}  // namespace

TEST_CASE("a cached response goes with its rows, and with the file of its body")
{
    const TempFolder home;
    const fs::path file =
        make_database(home / "caches/Cache.db",
                      cfnetwork_schema +
                          "INSERT INTO cfurl_cache_response(entry_ID, request_key, time_stamp) VALUES"
                          " (1, 'https://example.com/a', '2022-11-21 20:22:02'), (2, 'https://other.org/', '0'),"
                          " (3, 'https://app.example.com/', '0'), (4, 'https://example.com/up', '0'), (5, "
                          "'https://example.com/link', '0');"
                          "INSERT INTO cfurl_cache_blob_data(entry_ID) VALUES (1), (2), (3);"
                          "INSERT INTO cfurl_cache_receiver_data VALUES (1, 1, x'41'), (2, 1, 'B'),"
                          " (3, 0, 'B'), (4, 1, '../../outside'), (5, 1, 'link/outside');");
    put(home / "caches/fsCachedData/A", std::string(5000, 'a'));
    put(home / "caches/fsCachedData/B", std::string(5000, 'b'));
    put(home / "outside", "not in the cache");
    fs::create_directory_symlink(home.path(), home / "caches/fsCachedData/link");

    const Found found = find_sql_rows(file, site("example.com"), webkit::cfnetwork_cache);
    CHECK(found.problems.empty());
    REQUIRE(found.items.size() == 4);
    CHECK(found.items[0].created == 1669062122);
    CHECK(found.items[0].bytes == 5000);
    CHECK(files_of(found) == std::set<std::string>{"fsCachedData/A"});
    REQUIRE(rows::erase(file, removal_of(found)));
    for (const std::string table : {"response", "blob_data", "receiver_data"}) {
        CHECK(count(file, "SELECT group_concat(entry_ID) FROM cfurl_cache_" + table) == 2);
    }
}

TEST_CASE("a database of another version is not touched")
{
    const TempFolder home;
    const fs::path file = make_database(home / "Cache.db", cfnetwork_schema + "PRAGMA user_version = 204;");
    const Found found = find_sql_rows(file, site("example.com"), webkit::cfnetwork_cache);
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].code == Code::unsupported);
}

TEST_CASE("a relation between two domains of the scope goes once")
{
    const TempFolder home;
    const fs::path file = make_database(
        home / "observations.db",
        "CREATE TABLE ObservedDomains(domainID INTEGER PRIMARY KEY, registrableDomain TEXT NOT NULL UNIQUE);"
        "CREATE TABLE TopLevelDomains(topLevelDomainID INTEGER PRIMARY KEY);"
        "CREATE TABLE TopFrameUniqueRedirectsTo(sourceDomainID INTEGER NOT NULL, toDomainID INTEGER NOT NULL);"
        "INSERT INTO ObservedDomains VALUES (1, 'example.com'), (2, 'login.net'), (3, 'notexample.com');"
        "INSERT INTO TopLevelDomains VALUES (1), (3);"
        "INSERT INTO TopFrameUniqueRedirectsTo VALUES (1, 2), (2, 1), (1, 1), (3, 1), (3, 3);");
    Site scope = site("example.com");
    scope.add(site("login.net"));
    const Found found = find_sql_rows(file, scope, webkit::observations);
    CHECK(found.problems.empty());
    CHECK(found.items.size() == 2);
    REQUIRE(rows::erase(file, removal_of(found)));
    CHECK(count(file, "SELECT group_concat(domainID) FROM ObservedDomains") == 3);
    CHECK(count(file, "SELECT group_concat(topLevelDomainID) FROM TopLevelDomains") == 3);
    CHECK(count(file, "SELECT group_concat(sourceDomainID || toDomainID) FROM TopFrameUniqueRedirectsTo") == 33);
}

TEST_CASE("columns whose names have capitals are read, too: GNOME Web's cookies for https only")
{
    const TempFolder home;
    const fs::path file = make_database(
        home / "cookies.sqlite",
        "CREATE TABLE moz_cookies(id INTEGER PRIMARY KEY, name TEXT, value TEXT, host TEXT, path TEXT, expiry INTEGER,"
        " lastAccessed INTEGER, isSecure INTEGER, isHttpOnly INTEGER);"
        "INSERT INTO moz_cookies VALUES (1, 'a', '', 'example.com', '/', 0, 0, 1, 0), (2, 'b', '', 'example.com', '/', "
        "0, 0, 0, 0);");
    const Found found = find_sql_rows(file, site("example.com"), webkit::soup_cookies);
    REQUIRE(found.items.size() == 2);
    CHECK(found.items[0].as<Cookie>()->secure);
    CHECK_FALSE(found.items[1].as<Cookie>()->secure);
}

TEST_CASE("what tracking prevention takes a domain for")
{
    const TempFolder home;
    const fs::path file = make_database(
        home / "observations.db",
        "CREATE TABLE ObservedDomains(domainID INTEGER PRIMARY KEY, registrableDomain TEXT NOT NULL UNIQUE,"
        " hadUserInteraction INTEGER NOT NULL, isPrevalent INTEGER NOT NULL);"
        "INSERT INTO ObservedDomains VALUES (1, 'example.com', 0, 1), (2, 'other.net', 1, 0);");
    Site scope = site("example.com");
    scope.add(site("other.net"));
    const Found found = find_sql_rows(file, scope, webkit::observations);
    REQUIRE(found.items.size() == 2);
    REQUIRE(found.items[0].as<TrackingRecord>() != nullptr);
    CHECK(found.items[0].as<TrackingRecord>()->prevalent);
    CHECK_FALSE(found.items[0].as<TrackingRecord>()->interacted);
    CHECK_FALSE(found.items[1].as<TrackingRecord>()->prevalent);
    CHECK(found.items[1].as<TrackingRecord>()->interacted);
}

TEST_CASE("databases of real WebKitGTK browsers", "[realdata]")
{
    const TempFolder unpacked;
    if (!unpack_webkitgtk(unpacked.path())) {
        return;
    }
    const std::string before = snapshot(unpacked.path());
    const auto items = [&](const std::string& file, const SqlDatabase& database, const std::string& name) {
        const Found found = find_sql_rows(unpacked.path() / file, site(name), database);
        CHECK(found.present);
        CHECK(found.problems.empty());
        return found.items.size();
    };
    CHECK(items("minibrowser-4.1/cookies.sqlite", webkit::soup_cookies, "alpha.test") == 7);
    CHECK(items("webkitgtk-6.0/data/cookies.sqlite", webkit::soup_cookies, "alpha.test") == 5);
    CHECK(items("webkitgtk-6.0/data/cookies.sqlite", webkit::soup_cookies, "pha.test") == 0);
    CHECK(items("webkitgtk-6.0/cache/HSTS/hsts-storage.sqlite", webkit::soup_hsts, "alpha.test") == 2);
    CHECK(items("webkitgtk-6.0/data/itp/observations.db", webkit::observations, "alpha.test") == 1);
    CHECK(items("webkitgtk-6.0/data/itp/observations.db", webkit::observations, "gamma.test") == 0);
    CHECK(snapshot(unpacked.path()) == before);

    // Every relation that WebKit would delete by its foreign keys is one that we name.
    const fs::path itp = unpacked.path() / "webkitgtk-6.0/data/itp/observations.db";
    SQLite::Database database(itp.string());
    SQLite::Statement keys(database,
                           "SELECT t.name, k.\"from\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k"
                           " WHERE t.type = 'table'");
    std::size_t number = 0;
    while (keys.executeStep()) {
        ++number;
        const std::string table = keys.getColumn(0).getString();
        const std::string column = keys.getColumn(1).getString();
        CAPTURE(table, column);
        CHECK(std::any_of(webkit::observed_domain_children.begin(), webkit::observed_domain_children.end(),
                          [&](const SqlChild& child) { return child.table == table && child.column == column; }));
    }
    CHECK(number == webkit::observed_domain_children.size());
}

TEST_CASE("a CFNetwork cache of a real Safari", "[realdata]")
{
    const fs::path data = testing::real_data();
    if (data.empty()) {
        return;
    }
    const TempFolder home;
    const fs::path caches = home / "caches";
    fs::create_directories(caches);
    fs::copy(data / "safari/cfcache-mvs_ios_2023", caches / "fsCachedData", fs::copy_options::recursive);
    for (const std::string name : {"Cache.db", "Cache.db-wal"}) {
        fs::rename(caches / "fsCachedData" / name, caches / name);
    }
    const std::string before = snapshot(home.path());
    std::string url;
    {
        auto reader = rows::Reader::open(caches / "Cache.db");
        REQUIRE(reader);
        url = reader->database().execAndGet("SELECT request_key FROM cfurl_cache_response").getString();
    }
    const Found found =
        find_sql_rows(caches / "Cache.db", site(registrable_domain(host_of(url))), webkit::cfnetwork_cache);
    CHECK(found.problems.empty());
    REQUIRE(found.items.size() == 1);
    CHECK(found.items[0].pieces.size() == 4);
    CHECK(files_of(found).size() == 1);
    CHECK(snapshot(home.path()) == before);
}
