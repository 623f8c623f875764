// Firefox's HTTP cache: which entries are the site's, and what of an answer rules are told.

#include <algorithm>

#include "containers/cache2_entry.h"
#include "profiles/gecko/finders.h"
#include "tests/fixtures/cache2_entries.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace testing::looking;
using testing::cache2_key;
using testing::Cache2Entry;
using testing::put;
using testing::TempFolder;

namespace {

struct Cache {
    TempFolder folder;
    fs::path path = folder / "cache2";

    /// The key of the piece that it is.
    std::string add(const Cache2Entry& entry, const std::string& place = "entries") const
    {
        const std::string key = place + "/" + cache2::name_of_key(entry.key);
        put(path / key, entry.bytes());
        return key;
    }

    Found look() const { return testing::looking::look(find_cache2, path); }
};

Item only(const Found& found)
{
    REQUIRE(found.items.size() == 1);
    CHECK(found.problems.empty());
    return found.items.front();
}

}  // namespace

TEST_CASE("entries of the site's addresses, and of all addresses under the site, are found; nobody else's")
{
    const Cache cache;
    Strings ours{
        cache.add({.key = cache2_key("stuck.test", "https://stuck.test/")}),
        cache.add({.key = cache2_key("other.test", "https://app.stuck.test/frame")}),
        cache.add({.key = cache2_key("stuck.test", "https://cdn.test/script.js")}),
        cache.add({.key = "O^userContextId=2&partitionKey=%28http%2Cstuck.test%29,~FETCH,:https://cdn.test/data"}),
        cache.add({.key = "a,:https://stuck.test/"}),
        cache.add({.key = ":https://stuck.test:8443/", .version = 3}),
        cache.add({.key = cache2_key("other.test", "https://stuck.test/gone")}, "doomed"),
        cache.add({.key = cache2_key("other.test", "https://stuck.test/emptied")}, "trash17"),
    };
    cache.add({.key = cache2_key("other.test", "https://other.test/?u=https://stuck.test/")});
    cache.add({.key = cache2_key("notstuck.test", "https://notstuck.test/")});
    cache.add({.key = cache2_key("stuck.test.other.test", "https://stuck.test.other.test/")});
    put(cache.path / "index", "stuck.test");
    put(cache.path / "ce_c3R1Y2sudGVzdA==", "");
    const Found found = cache.look();
    CHECK(found.present);
    CHECK(found.problems.empty());
    CHECK(keys_of(found) == sorted(ours));
    for (const Item& item : found.items) {
        CHECK(item.pieces.front().medium == Medium::cache2);
        CHECK(item.pieces.front().container == cache.path.string());
    }
}

TEST_CASE("an address is found where keys write it in another way")
{
    const Cache cache;
    const Strings ours{
        cache.add({.key = ":https://[::1]/"}),
        cache.add({.key = "O^partitionKey=%28https%2C%5B%3A%3A1%5D%29,:https://cdn.test/script.js"}),
    };
    cache.add({.key = "O^partitionKey=%28https%2C%5B%3A%3A2%5D%29,:https://cdn.test/script.js"});
    CHECK(keys_of(testing::looking::look(find_cache2, cache.path, testing::site("https://[::1]/"))) == sorted(ours));
}

TEST_CASE("what an answer says is told to the rules, without secrets")
{
    const Cache cache;
    cache.add({.key = cache2_key("stuck.test", "https://user:pw@stuck.test/login?token=SECRET"),
               .elements = {{"request-method", "GET"},
                            {"response-head",
                             "HTTP/2 302 Found\r\nlocation: https://stuck.test/a?code=SECRET\r\nCache-Control: "
                             "max-age=60\r\nContent-Type: Text/HTML; charset=x\r\n"}}});
    const Item item = only(cache.look());
    CHECK(item.label == "https://stuck.test/login");
    CHECK(item.name == "https://stuck.test/login?");
    CHECK(item.host == "stuck.test");
    CHECK(item.partition == "https://stuck.test");
    CHECK(item.created == 1'790'000'000);
    CHECK(item.used == 1'790'000'005);
    const auto* const response = item.as<CachedResponse>();
    REQUIRE(response != nullptr);
    CHECK(response->status == 302);
    CHECK(response->location == "https://stuck.test/a?");
    CHECK(response->type == "text/html");
    CHECK(response->fresh_until == 1'790'000'060);
}

TEST_CASE("an entry without an answer, as a search of the cache alone leaves it, is one of no status")
{
    const Cache cache;
    cache.add({.key = cache2_key("stuck.test", "https://stuck.test/")});
    const Item item = only(cache.look());
    REQUIRE(item.as<CachedResponse>() != nullptr);
    CHECK(item.as<CachedResponse>()->status == 0);
}

TEST_CASE("an entry whose metadata is larger than what is read first is found")
{
    const Cache cache;
    cache.add({.key = cache2_key("stuck.test", "https://stuck.test/"),
               .body = std::string(100'000, 'b'),
               .elements = {{"security-info", std::string(40'000, 's')}, {"response-head", "HTTP/1.1 403 No\r\n"}}});
    CHECK(only(cache.look()).as<CachedResponse>()->status == 403);
}

TEST_CASE("what is predicted of a site and its dictionaries are found")
{
    const Cache cache;
    cache.add({.key = "O^partitionKey=%28https%2Cother.test%29,~predictor-origin,:https://stuck.test/"});
    cache.add({.key = ":dict:https://stuck.test"});
    const Found found = cache.look();
    REQUIRE(found.items.size() == 2);
    CHECK(found.items[0].host == "stuck.test");
    CHECK(found.items[1].host == "stuck.test");
    CHECK(std::any_of(found.items.begin(), found.items.end(), [](const Item& item) {
        return item.label == "what is predicted of https://stuck.test/" && item.as<CachedResponse>() == nullptr;
    }));
}

TEST_CASE("what is no entry, or another than its name says, is left and reported in one line")
{
    const Cache cache;
    const std::string good = cache.add({.key = cache2_key("stuck.test", "https://stuck.test/")});
    put(cache.path / "entries" / std::string(40, 'A'), "not an entry");
    put(cache.path / "entries" / std::string(40, 'B'), Cache2Entry{.key = ":https://stuck.test/other"}.bytes());
    put(cache.path / "entries" / std::string(40, 'C'), "");  // a browser that was cut off
    put(cache.path / "entries/notes.txt", "of somebody else");
    const Found found = cache.look();
    CHECK(keys_of(found) == Strings{good});
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].code == Code::corrupt);
    CHECK(found.problems[0].what == "2 of 3 cache entries could not be read and were left");
}

TEST_CASE("many entries are found by many threads, in the order of their names")
{
    const Cache cache;
    Strings ours;
    for (int i = 0; i < 300; ++i) {
        const std::string number = std::to_string(i);
        ours.push_back(cache.add({.key = cache2_key("stuck.test", "https://stuck.test/" + number)}));
        cache.add({.key = cache2_key("other.test", "https://other.test/" + number)});
    }
    const Found found = cache.look();
    Strings keys;
    for (const Item& item : found.items) {
        keys.push_back(item.pieces.front().key);
    }
    CHECK(keys == sorted(ours));
}

TEST_CASE("no cache is none, and the whole of one is one item")
{
    const Cache cache;
    check_absent(cache.look());
    check_absent(look(find_whole_cache2, cache.path));
    cache.add({.key = cache2_key("other.test", "https://other.test/")});
    const Item whole = only(look(find_whole_cache2, cache.path));
    CHECK(whole.pieces.front().medium == Medium::file);
    CHECK(whole.pieces.front().key == "cache2");
}
