// Whose the answers in the HTTP cache are, in each form of the cache, and which cache is left alone.

#include "profiles/chromium/finders.h"
#include "profiles/chromium/simple_cache.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/simple_entries.h"

using namespace unstick;
using namespace std::string_literals;
using namespace testing::looking;
using testing::put;
using testing::put_entry;
using testing::TempFolder;

TEST_CASE("cached responses belong by their own host, their page and their frame")
{
    const TempFolder folder;
    testing::write_cache_index(folder.path());
    const Strings ours{
        "https://stuck.test/bare",
        "0/http://app.stuck.test:8080/old",
        "1/0/_dk_https://stuck.test https://stuck.test https://cdn.test/under-us",
        "1/0/_dk_https://other.test https://other.test https://www.stuck.test/under-them",
        "1/0/_dk_https://other.test https://stuck.test https://cdn.test/in-our-frame",
        "1/0/_dk_s_https://other.test https://other.test https://stuck.test/frame",
        "1/0/_dk_cn_https://stuck.test https://stuck.test https://cdn.test/navigated",
    };
    const Strings theirs{
        "https://other.test/?u=https://stuck.test/",
        "https://other.test/#https://stuck.test/",
        "https://stuck.test@other.test/",
        "https://notstuck.test/",
        "https://stuck.test.other.test/",
        "1/0/_dk_https://notstuck.test https://notstuck.test https://cdn.test/",
        "1/0/_dk_https://stuck.test.other.test https://other.test https://cdn.test/",
        "1/0/_dk_https://other.test https://other.test https://cdn.test/ https://stuck.test/",
        "1/0/_dk_https://stuck.test https://cdn.test/no-frame-site",
        "1/0/_dk_chrome-extension://stuck.test chrome-extension://stuck.test https://cdn.test/",
        "stuck.test",
    };
    Strings names;
    for (const std::string& key : ours) {
        put_entry(folder.path(), key);
        names.push_back(simple_cache::stem_of_key(key) + "_0");
    }
    for (const std::string& key : theirs) {
        put_entry(folder.path(), key);
    }
    const Found found = look(find_http_cache, folder.path());
    CHECK(found.problems.empty());
    CHECK(found.version == "simple");
    CHECK(keys_of(found) == sorted(names));
}

TEST_CASE("labels of cached responses hold no query, fragment or password")
{
    const TempFolder folder;
    testing::write_cache_index(folder.path());
    put_entry(folder.path(), "https://me:SECRET@stuck.test/a@b?token=SECRET");
    put_entry(folder.path(),
              "1/0/_dk_https://stuck.test https://stuck.test https://me@SECRET:SECRET@stuck.test?SECRET");
    put_entry(folder.path(), "https://SECRET@stuck.test#SECRET");
    const Found found = look(find_http_cache, folder.path());
    REQUIRE(found.items.size() == 3);
    for (const Item& item : found.items) {
        CAPTURE(item.label);
        CHECK(item.label.starts_with("https://stuck.test"));
        CHECK((item.label + item.host + item.name + item.partition).find("SECRET") == std::string::npos);
    }
}

TEST_CASE("a cache of another kind is left and says so", "[not-windows]")
{
    const TempFolder folder;
    put_entry(folder.path(), "https://stuck.test/");
    SECTION("blockfile, damaged")
    {
        put(folder / "index", "\xc3\xca\x03\xc1 and more");
        const Found found = look(find_http_cache, folder.path());
        check_hands_off(found, Code::corrupt);
        CHECK(found.problems.at(0).hint == "remove the whole cache with --only cache --whole-cache");
    }
    SECTION("SQLite, damaged")
    {
        put(folder / "index", "SQLCacheTruncate3");
        put(folder / "sqldb0", "not a database");
        check_hands_off(look(find_http_cache, folder.path()), Code::corrupt);
    }
    SECTION("empty index, as of an encrypted cache")
    {
        put(folder / "index", "");
        check_hands_off(look(find_http_cache, folder.path()), Code::unsupported);
    }
    SECTION("empty index of a cache into which nothing has been written yet")
    {
        put(folder / "new/index", "");
        fs::create_directory(folder / "new/index-dir");
        const Found found = look(find_http_cache, folder / "new");
        CHECK(found.present);
        CHECK(found.problems.empty());
    }
    SECTION("index too large")
    {
        testing::write_cache_index(folder.path());
        fs::resize_file(folder / "index", (16U << 20U) + 1);
        check_hands_off(look(find_http_cache, folder.path()), Code::unsupported);
    }
    SECTION("index behind a link")
    {
        testing::write_cache_index(folder / "elsewhere");
        fs::create_symlink(folder / "elsewhere/index", folder / "index");
        check_hands_off(look(find_http_cache, folder.path()), Code::unsupported);
    }
    SECTION("no index: no cache")
    {
        check_absent(look(find_http_cache, folder.path()));
        check_absent(look(find_http_cache, folder / "none"));
    }
}

TEST_CASE("a blockfile cache: the site's entries, each once, with labels like those of a Simple cache")
{
    const TempFolder folder;
    const fs::path cache = folder / "Cache_Data";
    testing::write_blockfile(cache, {"stuck.test", "notstuck.test"});
    put(folder / "No_Vary_Search/snapshot.baf", "...https://stuck.test/...");
    const Found found = look(find_http_cache, cache);
    CHECK(found.problems.empty());
    CHECK(found.version == "blockfile");
    Strings labels;
    for (const Item& item : found.items) {
        labels.push_back(item.label.substr(0, 26));
        CHECK(item.label.find("SECRET") == std::string::npos);
        CHECK(item.pieces.size() == 1);
    }
    CHECK(sorted(labels) == sorted({"https://stuck.test/page", "https://stuck.test/framed", "https://stuck.test/middle",
                                    "https://stuck.test/large", "https://stuck.test/ranges",
                                    "https://stuck.test/evicted", "look-up hints of the cache"}));
    CHECK(found.items[0].pieces[0].medium == Medium::entry);
    CHECK(found.items[0].pieces[0].container == cache.string());
    CHECK(found.items[0].host == "stuck.test");
}

TEST_CASE("look-up hints go only with entries, and only if they name the site")
{
    const TempFolder folder;
    const fs::path cache = folder / "Cache_Data";
    const fs::path hints = folder / "No_Vary_Search";
    testing::write_cache_index(cache);
    put(hints / "snapshot.baf", "...https://stuck.test/...");
    put(hints / "journal.baj", "...");
    put_entry(cache, "https://other.test/");
    CHECK(look(find_http_cache, cache).items.empty());
    put_entry(cache, "https://stuck.test/");
    const Found found = look(find_http_cache, cache);
    REQUIRE(found.items.size() == 2);
    REQUIRE(found.items[1].pieces.size() == 2);
    CHECK(found.items[1].pieces[0].container == hints.string());
    put(hints / "snapshot.baf", "...https://other.test/...");
    CHECK(look(find_http_cache, cache).items.size() == 1);
}
