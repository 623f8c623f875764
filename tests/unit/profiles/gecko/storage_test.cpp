// What Firefox stores of origins: which folders, rows and service workers are the site's.

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

#include "finders/sql_table.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/local_storage.h"
#include "profiles/gecko/origin_metadata.h"
#include "profiles/gecko/storage_sql.h"
#include "tests/fixtures/cache2_entries.h"
#include "tests/fixtures/gecko_storage.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace testing::looking;
using testing::put;
using testing::TempFolder;
using testing::write_gecko_origin;

namespace {

Strings labels_of(const Found& found)
{
    Strings labels;
    for (const Item& item : found.items) {
        labels.push_back(item.label);
    }
    return sorted(labels);
}

Strings names_in(const Found& found, std::string_view noun)
{
    Strings names;
    for (const Item& item : found.items) {
        if (item.label.starts_with(noun)) {
            names.push_back(item.label.substr(noun.size() + std::string_view(" of ").size()));
        }
    }
    return sorted(names);
}

constexpr const char* in_container = "^userContextId=2";
constexpr const char* under_stuck = "^partitionKey=%28https%2Cstuck.test%29";
constexpr const char* under_other = "^partitionKey=%28https%2Cother.test%29";

}  // namespace

TEST_CASE("folders of the site's origins, and of those under the site, are found; nobody else's")
{
    const TempFolder folder;
    const fs::path repository = folder / "storage/default";
    const auto add = [&](const std::string& origin) { write_gecko_origin(repository, origin, "SECRET-"); };
    add("https://stuck.test");
    add("http://app.stuck.test:8081");
    add(std::string("https://stuck.test") + in_container);
    add(std::string("https://stuck.test") + under_other);
    add(std::string("https://other.test") + under_stuck);
    add("https://other.test^userContextId=2&partitionKey=%28https%2Cstuck.test%2Cf%29");
    add("https://notstuck.test");
    add("https://stuck.test.other.test");
    add(std::string("https://notstuck.test") + under_other);
    add("moz-extension://0a1b2c3d");
    put(folder / "storage/permanent/chrome/idb/1.sqlite", "stuck.test");
    put(folder / "storage/private/uuid+++1/ls/data.sqlite", "stuck.test");
    put(folder / "storage/ls-archive.sqlite", "stuck.test");
    const Found found = look(find_origin_storage, folder / "storage");
    CHECK(found.present);
    CHECK(found.problems.empty());
    const Strings origins{"http://app.stuck.test:8081",
                          "https://other.test under https://stuck.test",
                          "https://other.test under https://stuck.test in container 2",
                          "https://stuck.test",
                          "https://stuck.test under container 2",
                          "https://stuck.test under https://other.test"};
    for (const char* noun : {"local storage", "databases", "caches", "files", "record of use"}) {
        CAPTURE(noun);
        CHECK(names_in(found, noun) == origins);
    }
    CHECK(found.items.size() == 5 * origins.size());
}

TEST_CASE("each kind of data of an origin is an item, with what rules have to know of it")
{
    const TempFolder folder;
    write_gecko_origin(folder / "storage/default", "https://stuck.test", "SECRET-");
    put(folder / "storage/default/https+++stuck.test/sdb/x.sdb", "old");
    const Found found = look(find_origin_storage, folder / "storage");
    const std::string below = "https+++stuck.test/";
    CHECK(keys_of(found) ==
          sorted({below + "ls", below + "idb", below + "cache", below + "fs", below + "sdb", below + ".metadata-v2"}));
    CHECK(labels_of(found).front() == "caches of https://stuck.test");
    for (const Item& item : found.items) {
        CHECK(item.host == "stuck.test");
        CHECK(item.name == "https://stuck.test");
        CHECK(item.partition.empty());
        CHECK(item.used.has_value());
        CHECK(item.bytes > 0);
        CHECK(item.pieces.front().medium == Medium::content);
        CHECK(item.pieces.front().container == (folder / "storage" / "default").string());
    }
    const auto storage = std::find_if(found.items.begin(), found.items.end(),
                                      [](const Item& item) { return item.as<OriginStorage>() != nullptr; });
    REQUIRE(storage != found.items.end());
    REQUIRE(storage->as<OriginStorage>()->entries.size() == 1);
    CHECK(storage->as<OriginStorage>()->entries[0].name == "token");
    const auto database = std::find_if(found.items.begin(), found.items.end(),
                                       [](const Item& item) { return item.as<Database>() != nullptr; });
    REQUIRE(database != found.items.end());
    CHECK_FALSE(database->as<Database>()->broken);
}

TEST_CASE("a database that is none is told as broken")
{
    const TempFolder folder;
    put(folder / "storage/default/https+++stuck.test/idb/1.sqlite", "nonsense, but not empty");
    const Found found = look(find_origin_storage, folder / "storage");
    REQUIRE(found.items.size() == 1);
    REQUIRE(found.items[0].as<Database>() != nullptr);
    CHECK(found.items[0].as<Database>()->broken);
}

TEST_CASE("a folder with nothing in it goes as a whole, and one without a record is known by its name")
{
    const TempFolder folder;
    const fs::path repository = folder / "storage/temporary";
    fs::create_directories(repository / "https+++stuck.test");
    put(repository / "https+++app.stuck.test+8443/ls/usage", "x");
    const Found found = look(find_origin_storage, folder / "storage");
    CHECK(keys_of(found) == Strings{"https+++app.stuck.test+8443/ls", "https+++stuck.test"});
    CHECK(found.items[1].pieces.front().medium == Medium::file);
}

TEST_CASE("a folder that does not say whose it is, or says it twice and not the same, is left and reported")
{
    const TempFolder folder;
    const fs::path repository = folder / "storage/default";
    put(repository / "https+++other.test/.metadata-v2", testing::gecko_metadata("https://stuck.test"));
    put(repository / "https+++stuck.test/.metadata-v2", testing::gecko_metadata("https://other.test"));
    put(repository / "http+nobody+knows/ls/data.sqlite", "x");
    const Found found = look(find_origin_storage, folder / "storage");
    CHECK(found.items.empty());
    CHECK(found.problems.size() == 3);
    CHECK(std::all_of(found.problems.begin(), found.problems.end(),
                      [](const Error& problem) { return problem.code == Code::corrupt; }));
}

TEST_CASE("the record of an origin says whose it is; of older versions, too")
{
    const std::string origin = std::string("https://other.test:8443") + under_stuck;
    const auto metadata = gecko::parse_origin_metadata(testing::gecko_metadata(origin));
    REQUIRE(metadata);
    CHECK(metadata->origin.text() == "https://other.test:8443");
    CHECK(metadata->origin.attributes.partition_site == "https://stuck.test");
    REQUIRE(metadata->used);
    const std::string without = testing::big32(0) + testing::big32(0) + std::string(9, '\0') + testing::big32(16) +
                                in_container + testing::big32(1) + "g" + testing::big32(18) + "https://stuck.test";
    const auto old = gecko::parse_origin_metadata(without);
    REQUIRE(old);
    CHECK(old->origin.attributes.container == 2);
    CHECK_FALSE(old->used);
    CHECK_FALSE(gecko::parse_origin_metadata(""));
    CHECK_FALSE(gecko::parse_origin_metadata(without.substr(0, without.size() - 1)));
}

TEST_CASE("tokens in local storage are seen whatever form their values have")
{
    const TempFolder folder;
    const fs::path file = folder / "data.sqlite";
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(
        "PRAGMA user_version = 80; CREATE TABLE data(key TEXT, utf16_length INTEGER, conversion_type INTEGER,"
        " compression_type INTEGER, last_access_time INTEGER, value BLOB)");
    const std::string text = R"({"access_token":"x","expires_at":1900000000})";
    const auto add = [&](int conversion, int compression, const std::string& value) {
        SQLite::Statement row(database, "INSERT INTO data VALUES('k', 0, ?, ?, 0, ?)");
        row.bind(1, conversion);
        row.bind(2, compression);
        row.bind(3, value.data(), static_cast<int>(value.size()));
        row.exec();
    };
    std::string value = text;
    int conversion = 1;
    int compression = 0;
    SECTION("UTF-8, as it is") {}
    SECTION("UTF-16")
    {
        conversion = 0;
        value.clear();
        for (const char c : text) {
            value += {c, '\0'};
        }
    }
    SECTION("compressed")
    {
        compression = 1;
        value = std::string(1, static_cast<char>(text.size())) + static_cast<char>((text.size() - 1) << 2U) + text;
    }
    add(conversion, compression, value);
    Item item;
    gecko::add_local_storage_traits(file, item);
    REQUIRE(item.as<OriginStorage>() != nullptr);
    REQUIRE(item.as<OriginStorage>()->entries.size() == 1);
    CHECK(item.as<OriginStorage>()->entries[0].name == "k");
    CHECK(item.as<OriginStorage>()->entries[0].tokens.expires == 1'900'000'000);
}

TEST_CASE("service workers of the site's addresses, and under the site, are found")
{
    const TempFolder folder;
    const fs::path file = folder / "serviceworker.txt";
    put(file, "12\n" + testing::gecko_worker("stuck.test") + testing::gecko_worker("app.stuck.test", in_container) +
                  testing::gecko_worker("other.test", under_stuck) + testing::gecko_worker("notstuck.test") +
                  testing::gecko_worker("stuck.test.other.test", under_other));
    const Found found = look(find_gecko_service_workers, file);
    CHECK(found.version == "12");
    CHECK(found.problems.empty());
    CHECK(labels_of(found) == Strings{"service worker of https://app.stuck.test/ under container 2",
                                      "service worker of https://other.test/ under https://stuck.test",
                                      "service worker of https://stuck.test/"});
    const auto* const worker = found.items.front().as<ServiceWorker>();
    REQUIRE(worker != nullptr);
    CHECK(worker->script == "https://stuck.test/sw.js?SECRET-stuck.test-worker");
    CHECK(worker->answers_pages);
    CHECK(worker->checked == 1795919563);
}

TEST_CASE("a list of service workers that is not known is left; an empty one holds nothing")
{
    const TempFolder folder;
    const fs::path file = folder / "serviceworker.txt";
    check_absent(look(find_gecko_service_workers, file));
    put(file, "");
    CHECK(look(find_gecko_service_workers, file).present);
    put(file, "13\n" + testing::gecko_worker("stuck.test"));
    check_hands_off(look(find_gecko_service_workers, file), Code::unsupported);
    put(file, "12\n" + testing::gecko_worker("stuck.test") + "#\n");
    check_hands_off(look(find_gecko_service_workers, file), Code::corrupt);
}

TEST_CASE("rows of sizes and of local storage of older versions are found by their owners")
{
    const TempFolder folder;
    testing::write_gecko_storage(folder.path(), {"stuck.test", "app.stuck.test:8443", "notstuck.test"});
    const Found sizes = look(find_rows_of<gecko::quota>, folder / "storage.sqlite");
    CHECK(sizes.problems.empty());
    CHECK(sizes.items.size() == 6);
    CHECK(labels_of(sizes).front() == "record of size of https://app.stuck.test:8443");
    const Found old = look(find_rows_of<gecko::legacy_local_storage>, folder / "webappsstore.sqlite");
    CHECK(old.problems.empty());
    CHECK(old.items.size() == 6);
    const Site one_port = *Site::parse("https://localhost:8443");
    CHECK(gecko::owns_reversed_origin(one_port, "tsohlacol.:https:8443"));
    CHECK_FALSE(gecko::owns_reversed_origin(one_port, "tsohlacol.:https:443"));
    CHECK_FALSE(gecko::owns_reversed_origin(stuck(), "tset.kcutston.:https:443"));
    CHECK_FALSE(gecko::owns_reversed_origin(stuck(), "tset.kcuts."));
    CHECK_FALSE(gecko::owns_reversed_origin(stuck(), ""));
}
