// What WebKit keeps of origins and service workers, in a folder made for it.

#include <SQLiteCpp/Database.h>

#include "profiles/webkit/finders.h"
#include "profiles/webkit/legacy_storage.h"
#include "profiles/webkit/network_cache.h"
#include "profiles/webkit/origins.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/testing.h"
#include "tests/fixtures/webkit_files.h"

using namespace unstick;
using testing::put;
using testing::site;
using testing::snapshot;
using testing::TempFolder;

namespace {

std::set<std::string> keys_of(const Found& found)
{
    std::set<std::string> keys;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            CHECK(keys.insert(piece.medium == Medium::file ? piece.key : piece.table + piece.key).second);
        }
    }
    return keys;
}

}  // namespace

TEST_CASE("storage by kind: a site's origins, and frames in both directions")
{
    const TempFolder home;
    put(home / "v1/https_example.com_0/AB/IndexedDB.sqlite3", "12345");
    put(home / "v1/https_other.org_0/AB/IndexedDB.sqlite3", "");
    put(home / "v1/https_other.org_0/http_app.example.com_8080/AB/IndexedDB.sqlite3", "");
    put(home / "v1/https_notexample.com_0/AB/IndexedDB.sqlite3", "");
    const Found databases = find_webkit_indexed_db(home / "v1", site("example.com"));
    CHECK(keys_of(databases) ==
          std::set<std::string>{"https_example.com_0", "https_other.org_0/http_app.example.com_8080"});
    REQUIRE(databases.items.size() == 2);
    CHECK(databases.items[0].bytes == 5);
    CHECK(databases.items[1].label == "databases of http://app.example.com:8080 under https://other.org");

    for (const char* name :
         {"https_example.com_0.localstorage", "https_example.com_0.localstorage-shm",
          "https_example.com.evil.org_0.localstorage", "https_example.com_0", "StorageTracker.db", ".localstorage"}) {
        put(home / "local" / name, "");
    }
    const Found local = find_webkit_local_storage(home / "local", site("example.com"));
    REQUIRE(local.items.size() == 1);
    CHECK(keys_of(local) ==
          std::set<std::string>{"https_example.com_0.localstorage", "https_example.com_0.localstorage-shm"});
    for (const auto find : {find_webkit_indexed_db, find_webkit_local_storage, find_webkit_service_workers}) {
        CHECK_FALSE(find(home / "absent", site("example.com")).present);
        CHECK(find(home / "absent", site("example.com")).problems.empty());
    }
}

TEST_CASE("what a newer browser wrote is still a problem, and so is storage that does not say whose it is")
{
    const TempFolder home;
    put(home / "cache/Version 19/Records" / std::string(40, 'A') / "Resource" / std::string(40, 'B'), "a new record");
    CHECK(find_webkit_cache(home / "cache", site("example.com")).problems.size() == 1);
    put(home / "storage/top/client/LocalStorage/localstorage.sqlite3", "x");
    CHECK(find_webkit_origins(home / "storage", site("example.com")).problems.size() == 1);
}

TEST_CASE("databases of IndexedDB in the forms before")
{
    const TempFolder home;
    put(home / "v0/https_example.com_0/name/IndexedDB.sqlite3", "1");
    put(home / "v0/https_other.org_0/https_example.com_0/name/IndexedDB.sqlite3", "2");
    put(home / "https_example.com_0/name/IndexedDB.sqlite3", "3");
    put(home / "v1/https_other.org_0/x/IndexedDB.sqlite3", "4");
    CHECK(find_webkit_indexed_db(home.path(), site("example.com")).items.size() == 3);
    CHECK(find_webkit_indexed_db(home.path(), site("other.org")).items.size() == 2);
}

TEST_CASE("the table of alternative services may be missing where CFNetwork keeps more than that")
{
    const TempFolder home;
    {
        SQLite::Database database((home / "httpstorages.sqlite").string(),
                                  SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec("CREATE TABLE something_else(host TEXT)");
    }
    const Found found = find_http_storages(home / "httpstorages.sqlite", site("example.com"));
    CHECK(found.items.empty());
    CHECK(found.problems.empty());
    CHECK(found.notes.size() == 1);
    put(home / "broken", std::string(5000, 'x'));
    CHECK(find_http_storages(home / "broken", site("example.com")).problems.size() == 1);
}

TEST_CASE("registrations of service workers of an unknown version stay")
{
    const TempFolder home;
    put(home / "ServiceWorkerRegistrations-9.sqlite3", "of tomorrow");
    const Found found = find_webkit_service_workers(home.path(), site("example.com"));
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].code == Code::unsupported);
}

TEST_CASE("registrations of service workers of every known version are read")
{
    const int version = GENERATE(4, 5, 6, 7, 8);
    CAPTURE(version);
    const TempFolder home;
    {
        SQLite::Database database(
            (home / ("ServiceWorkerRegistrations-" + std::to_string(version) + ".sqlite3")).string(),
            SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec(
            "CREATE TABLE Records(key TEXT NOT NULL UNIQUE, origin TEXT NOT NULL, scopeURL TEXT NOT NULL,"
            " topOrigin TEXT NOT NULL, scriptURL TEXT NOT NULL);"
            "INSERT INTO Records VALUES('1', 'https://example.com', '/', 'https_example.com_0', 'a');"
            "INSERT INTO Records VALUES('2', 'https://other.org', '/', 'https_app.example.com_0', 'b');"
            "INSERT INTO Records VALUES('3', 'https://example.com:8443', '/', 'https_other.org_0', 'c');"
            "INSERT INTO Records VALUES('4', 'https://other.org', '/', 'https_other.org_0', 'd');");
    }
    const Found found = find_webkit_service_workers(home.path(), site("example.com"));
    CHECK(found.problems.empty());
    CHECK(found.version == std::to_string(version));
    CHECK(found.items.size() == 3);
}

TEST_CASE("registrations of version 4 that Safari wrote", "[realdata]")
{
    const fs::path data = testing::real_data();
    if (data.empty()) {
        return;
    }
    const TempFolder home;
    fs::copy_file(data / "safari/webkit-testapi/BadServiceWorkerRegistrations-4.sqlite3",
                  home / "ServiceWorkerRegistrations-4.sqlite3");
    const Found found = find_webkit_service_workers(home.path(), site("mdn.github.io"));
    CHECK(found.problems.empty());
    REQUIRE(found.items.size() == 1);
    CHECK(found.items[0].label == "service worker of https://mdn.github.io");
    CHECK(find_webkit_service_workers(home.path(), site("other.github.io")).items.empty());
}

TEST_CASE("service workers of real browsers, with their scripts", "[realdata]")
{
    const TempFolder unpacked;
    if (!testing::webkit::unpack_webkitgtk(unpacked.path())) {
        return;
    }
    const std::string before = snapshot(unpacked.path());
    for (const std::string data : {"webkitgtk-6.0/data", "minibrowser-4.1/data"}) {
        const Found found = find_webkit_service_workers(unpacked.path() / data / "serviceworkers", site("alpha.test"));
        CHECK(found.problems.empty());
        CHECK(found.version == "8");
        REQUIRE(found.items.size() == 2);
        for (const Item& item : found.items) {
            REQUIRE(item.pieces.size() == 2);
            CHECK(item.pieces[1].medium == Medium::file);
            CHECK(item.label == "service worker of https://" + item.host);
            CHECK(item.bytes > 0);
        }
    }
    CHECK(snapshot(unpacked.path()) == before);
}
