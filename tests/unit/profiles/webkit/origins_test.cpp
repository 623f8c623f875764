// WebKit's storage of origins: which folders are the site's.

#include "profiles/webkit/origins.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <set>

#include "profiles/webkit/legacy_storage.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/webkit_files.h"

using namespace unstick;
using namespace unstick::testing::webkit;
using testing::put;
using testing::site;
using testing::snapshot;
using testing::TempFolder;
using unstick::webkit::parse_origin_file;
namespace fs = std::filesystem;

namespace {

const std::string no_port(1, '\0');

std::string port(std::uint16_t number)
{
    return '\1' + little(number);
}

std::string origin(const std::string& host, const std::string& port_bytes = no_port)
{
    return text8("https") + text8(host) + port_bytes;
}

std::set<std::string> keys_of(const Found& found)
{
    std::set<std::string> keys;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            CHECK(piece.medium == Medium::file);
            CHECK(fs::is_directory(fs::path(piece.container) / piece.key));
            CHECK(keys.insert(piece.key).second);
        }
    }
    return keys;
}

std::multiset<std::string> labels_of(const Found& found)
{
    std::multiset<std::string> labels;
    for (const Item& item : found.items) {
        labels.insert(item.label);
    }
    return labels;
}

using Labels = std::multiset<std::string>;

}  // namespace

TEST_CASE("a file `origin` names a top-level origin and a client")
{
    const auto owners =
        parse_origin_file(origin("example.com") + text16(u"http") + text16(u"b\u00fccher.test") + port(8080));
    REQUIRE(owners);
    CHECK(owners->top.text() == "https://example.com");
    CHECK_FALSE(owners->top.port);
    CHECK(owners->client.text() == "http://b\u00fccher.test:8080");
}

TEST_CASE("anything else is no file `origin`")
{
    const std::string good = origin("example.com", port(8443)) + origin("b.org", port(1));
    REQUIRE(parse_origin_file(good));
    for (std::size_t size = 0; size < good.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse_origin_file(good.substr(0, size)));
    }
    CHECK_FALSE(parse_origin_file(good + "x"));
    CHECK_FALSE(parse_origin_file(null_text + null_text + no_port + null_text + null_text + no_port));
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bytes = good;
        bytes[i] = static_cast<char>(bytes[i] ^ 0xff);
        const auto owners = parse_origin_file(bytes);
        CHECK((!owners || !owners->top.scheme.empty()));
    }
}

TEST_CASE("folders go by their top-level or their client origin")
{
    const TempFolder root;
    put(root / "salt", "saltsalt");
    put(root / "own/own/origin", origin("app.example.com", port(8443)) + origin("app.example.com", port(8443)));
    put(root / "own/own/LocalStorage/localstorage.sqlite3", std::string(1000, 'x'));
    put(root / "own/framed/origin", origin("example.com") + origin("cdn.net"));
    put(root / "other/own/origin", origin("other.org") + origin("example.com"));
    put(root / "other/other/origin", origin("other.org") + origin("notexample.com"));
    const std::string before = snapshot(root.path());

    const Found found = find_webkit_origins(root.path(), site("example.com"));
    CHECK(found.present);
    CHECK(found.problems.empty());
    CHECK(keys_of(found) == std::set<std::string>{"own/own", "own/framed", "other/own"});
    CHECK(labels_of(found) == Labels{"storage of https://app.example.com:8443",
                                     "storage of https://cdn.net under https://example.com",
                                     "storage of https://example.com under https://other.org"});
    CHECK(snapshot(root.path()) == before);
    for (const Item& item : found.items) {
        const bool first_party = item.host == "app.example.com";
        CHECK(item.partition.empty() == first_party);
        CHECK((item.bytes > 1000) == first_party);
    }
}

namespace {

/// A local storage with one entry, as WebKit writes it: values are UTF-16LE.
void put_local_storage(const fs::path& file, const std::string& key, const std::string& value)
{
    std::string wide;
    for (const char c : value) {
        wide += std::string{c, '\0'};
    }
    fs::create_directories(file.parent_path());
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB NOT NULL ON CONFLICT FAIL)");
    SQLite::Statement insert(database, "INSERT INTO ItemTable VALUES (?, ?)");
    insert.bind(1, key);
    insert.bind(2, wide.data(), static_cast<int>(wide.size()));
    insert.exec();
}

}  // namespace

TEST_CASE("names and times of tokens in local storage are told, in both forms, and no value")
{
    const TempFolder root;
    // {"alg":"none"} . {"exp":1700000000,"sub":"SECRET"} . signature
    const std::string web_token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDAsInN1YiI6IlNFQ1JFVCJ9.SECRET";
    const std::string json = R"({"access_token":"SECRET","expires_at":1700000000})";
    const std::string value = GENERATE_COPY(web_token, json);
    put(root / "general/a/a/origin", origin("example.com") + origin("example.com"));
    put_local_storage(root / "general/a/a/LocalStorage/localstorage.sqlite3", "auth", value);
    put_local_storage(root / "named/https_example.com_0.localstorage", "auth", value);
    const std::string before = snapshot(root.path());
    for (const Found& found : {find_webkit_origins(root / "general", site("example.com")),
                               find_webkit_local_storage(root / "named", site("example.com"))}) {
        REQUIRE(found.items.size() == 1);
        const Item& item = found.items[0];
        const auto* const storage = item.as<OriginStorage>();
        REQUIRE(storage != nullptr);
        REQUIRE(storage->entries.size() == 1);
        CHECK(storage->entries[0].name == "auth");
        CHECK(storage->entries[0].tokens.expires == 1700000000);
        CHECK_FALSE(storage->entries[0].tokens.renewable);
        CHECK(item.name == "https://example.com");
        CHECK((item.label + item.name).find("SECRET") == std::string::npos);
    }
    CHECK(snapshot(root.path()) == before);
}

TEST_CASE("a folder that does not say whose it is stays and is reported")
{
    const TempFolder root;
    fs::create_directories(root / "top/client");
    SECTION("no file")
    {
        put(root / "top/client/IndexedDB/IndexedDB.sqlite3", "something");
    }
    SECTION("another content")
    {
        put(root / "top/client/origin", "example.com");
    }
    SECTION("a link")
    {
        put(root / "elsewhere", origin("example.com") + origin("example.com"));
        fs::create_symlink(root / "elsewhere", root / "top/client/origin");
    }
    const Found found = find_webkit_origins(root.path(), site("example.com"));
    CHECK(found.present);
    CHECK(found.items.empty());
    CHECK(found.problems.size() == 1);
}

TEST_CASE("without a folder there is nothing and no problem")
{
    const TempFolder home;
    for (const auto find : {find_webkit_origins, find_webkit_cache_storage}) {
        const Found found = find(home / "Default", site("example.com"));
        CHECK_FALSE(found.present);
        CHECK(found.problems.empty());
    }
}

TEST_CASE("a folder that WebKit wrote on macOS", "[realdata]")
{
    const fs::path data = testing::real_data();
    if (data.empty()) {
        return;
    }
    const std::string content = testing::get(data / "safari/webkit-testapi/general-storage-directory.origin");
    const auto owners = parse_origin_file(content);
    REQUIRE(owners);
    CHECK(owners->top.text() == "https://webkit.org");
    CHECK(owners->client.text() == "https://webkit.org");
    const TempFolder root;
    put(root / "a/b/origin", content);
    CHECK(find_webkit_origins(root.path(), site("webkit.org")).items.size() == 1);
    CHECK(find_webkit_origins(root.path(), site("kit.org")).items.empty());
}

TEST_CASE("storage of real browsers", "[realdata]")
{
    const TempFolder unpacked;
    if (!unpack_webkitgtk(unpacked.path())) {
        return;
    }
    const std::string before = snapshot(unpacked.path());
    const auto labels = [&](const auto& find, const std::string& folder, const std::string& name) {
        const Found found = find(unpacked.path() / folder, site(name));
        CHECK(found.present);
        CHECK(found.problems.empty());
        CHECK(keys_of(found).size() == found.items.size());
        return labels_of(found);
    };
    for (const std::string folder : {"webkitgtk-6.0/data/storage", "minibrowser-4.1/data/storage"}) {
        CHECK(labels(find_webkit_origins, folder, "alpha.test") ==
              Labels{"storage of https://alpha.test", "storage of https://app.alpha.test",
                     "storage of https://alpha.test under https://beta.test",
                     "storage of https://beta.test under https://alpha.test"});
        CHECK(labels(find_webkit_origins, folder, "beta.test").size() == 3);
        CHECK(labels(find_webkit_origins, folder, "gamma.test").empty());
    }
    CHECK(labels(find_webkit_origins, "epiphany/profile/storage", "alpha.test") ==
          Labels{"storage of http://alpha.test", "storage of http://app.alpha.test"});
    for (const std::string folder : {"webkitgtk-6.0/cache/CacheStorage", "minibrowser-4.1/cache/CacheStorage"}) {
        CHECK(labels(find_webkit_cache_storage, folder, "alpha.test") ==
              Labels{"caches of https://alpha.test", "caches of https://app.alpha.test",
                     "caches of https://alpha.test under https://beta.test",
                     "caches of https://beta.test under https://alpha.test"});
    }
    CHECK(snapshot(unpacked.path()) == before);
}
