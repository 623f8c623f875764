// WebKit's network cache: which records are the site's.

#include "profiles/webkit/network_cache.h"

#include <algorithm>
#include <map>
#include <set>

#include "profiles/webkit/string_coder.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/webkit_files.h"

using namespace unstick;
using namespace unstick::testing::webkit;
using testing::put;
using testing::site;
using testing::snapshot;
using testing::TempFolder;
using unstick::webkit::parse_cache_record;
namespace fs = std::filesystem;

namespace {

const std::string key_hash(40, 'A');
const std::string partition_hash(40, 'B');

struct Made {
    std::string url = text8("https://example.com/");
    std::string partition = text8("");
    std::string type = "Resource";
    std::string range = null_text;
    std::uint32_t version = 17;
    std::uint8_t in_line = 1;
    char key = '\xaa';
    char partition_key = '\xbb';
    double written = 1700000000.25;
    char body = 'h';
};

/// A record as WebKit writes it, up to its header.
std::string record(const Made& made)
{
    const std::string hash(20, 'h');
    return little(made.version) + made.partition + text8(made.type) + made.url + made.range +
           std::string(20, made.key) + std::string(20, made.partition_key) + little(made.written) + hash +
           little(std::uint64_t{300}) + std::string(20, made.body) + little(std::uint64_t{70000}) +
           little(made.in_line) + hash;
}

fs::path put_record(const fs::path& cache, const Made& made, const std::string& version = "Version 17")
{
    const auto name = [](char byte) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto number = static_cast<unsigned char>(byte);
        std::string text;
        for (int i = 0; i < 20; ++i) {
            text += {digits[number >> 4U], digits[number & 15U]};
        }
        return text;
    };
    const fs::path file = cache / version / "Records" / name(made.partition_key) / made.type / name(made.key);
    put(file, record(made) + std::string(2000, 'x'));
    return file;
}

std::set<std::string> keys_of(const Found& found)
{
    std::set<std::string> keys;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            CHECK(piece.medium == Medium::file);
            CHECK(fs::exists(fs::path(piece.container) / piece.key));
            CHECK(keys.insert(piece.key).second);
        }
    }
    return keys;
}

std::string read_text(const std::string& bytes)
{
    ByteReader reader(bytes);
    const auto text = webkit::read_string(reader);
    REQUIRE(text);
    CHECK(reader.ok());
    CHECK(reader.rest().empty());
    return *text;
}

}  // namespace

TEST_CASE("WebKit's texts become UTF-8")
{
    CHECK(read_text(text8("")).empty());
    CHECK(read_text(text16(u"")).empty());
    CHECK(read_text(text8("alpha.test")) == "alpha.test");
    CHECK(read_text(text16(u"alpha.test")) == "alpha.test");
    CHECK(read_text(text8("\xfc")) == "\u00fc");
    CHECK(read_text(text16(u"\u00fc\u20ac\U0001f36a!")) == "\u00fc\u20ac\U0001f36a!");
    CHECK(read_text(text16({u"\xd83c", 1})) == "\ufffd");
    CHECK(read_text(text16({u"\xd83cx", 2})) == "\ufffdx");
    CHECK(read_text(text16({u"\xdf6a\xd83c\xd83c\xdf6a", 4})) == "\ufffd\ufffd\U0001f36a");
}

TEST_CASE("null and cut off texts are none")
{
    ByteReader null(null_text);
    CHECK_FALSE(webkit::read_string(null));
    CHECK(null.ok());
    CHECK(null.rest().empty());
    for (const std::string& text : {text8("abc"), text16(u"abc"), little(std::uint32_t{0xfffffffe}) + '\0'}) {
        for (std::size_t size = 0; size < text.size(); ++size) {
            ByteReader reader(std::string_view(text).substr(0, size));
            CHECK_FALSE(webkit::read_string(reader));
            CHECK_FALSE(reader.ok());
        }
    }
}

TEST_CASE("a cache record says what it is at its beginning")
{
    const auto version = GENERATE(16U, 17U, 18U);
    const Made made{.url = text16(u"https://example.com/b\u00fccher?q=1"),
                    .partition = text8("shop.test"),
                    .range = text8("bytes=0-9"),
                    .version = version,
                    .in_line = 0};
    const auto read = parse_cache_record(record(made));
    REQUIRE(read);
    CHECK(read->version == version);
    CHECK(read->partition == "shop.test");
    CHECK(read->type == "Resource");
    CHECK(read->identifier == "https://example.com/b\u00fccher?q=1");
    CHECK(read->range == "bytes=0-9");
    CHECK(read->key_hash == key_hash);
    CHECK(read->partition_hash == partition_hash);
    CHECK(read->written == 1700000000);
    CHECK(read->header_size == 300);
    CHECK(read->body_hash == "6868686868686868686868686868686868686868");
    CHECK(read->body_size == 70000);
    CHECK(read->body_in_blob);
    CHECK_FALSE(parse_cache_record(record({}))->body_in_blob);
    CHECK_FALSE(parse_cache_record(record({}))->range);
}

TEST_CASE("too few bytes and unknown versions are no record")
{
    const std::string good = record({});
    const std::size_t enough = good.size() - 20;  // the checksum is not needed
    for (std::size_t size = 0; size < good.size(); ++size) {
        CAPTURE(size);
        CHECK(parse_cache_record(good.substr(0, size)).has_value() == (size >= enough));
    }
    CHECK_FALSE(parse_cache_record(record({.version = 15})));
    CHECK_FALSE(parse_cache_record(record({.version = 19})));
    CHECK(parse_cache_record(record({.written = 1e300}))->written == 0);
}

TEST_CASE("whatever bytes of a record are changed, nothing bad happens")
{
    const std::string good = record({.url = text16(u"https://example.com/")});
    for (const int flip : {0x01, 0x80, 0xff}) {
        for (std::size_t i = 0; i < good.size(); ++i) {
            std::string bytes = good;
            bytes[i] = static_cast<char>(bytes[i] ^ flip);
            const auto read = parse_cache_record(bytes);
            CHECK((!read || read->key_hash.size() == 40));
        }
    }
}

TEST_CASE("the site's URLs in any partition, and all URLs in its own, are found")
{
    const TempFolder cache;
    put(cache / "Version 17/salt", "saltsalt");
    const fs::path own = put_record(cache.path(), {.key = '\x01'});
    const fs::path wide = put_record(cache.path(), {.url = text16(u"https://cdn.example.com/x"), .key = '\x02'});
    const fs::path framed = put_record(cache.path(), {.partition = text8("other.org"), .key = '\x03'});
    const fs::path under =
        put_record(cache.path(), {.url = text8("https://cdn.net/"), .partition = text8("example.com"), .key = '\x04'});
    const fs::path list = put_record(cache.path(), {.type = "SubResources", .key = '\x05'});
    put_record(cache.path(), {.url = text8("https://notexample.com/"), .key = '\x06'});
    put_record(cache.path(), {.url = text8("https://other.org/?https://example.com/"), .key = '\x07'});
    put_record(cache.path(), {.url = text8("https://cdn.net/"), .partition = text8("notexample.com"), .key = '\x08'});
    put(wide.string() + "-blob", std::string(70000, 'y'));
    put(cache / "Version 17/Blobs" / std::string(40, 'C'), std::string(70000, 'y'));
    const std::string before = snapshot(cache.path());

    const Found found = find_webkit_cache(cache.path(), site("example.com"));
    CHECK(found.present);
    CHECK(found.version == "17");
    CHECK(found.problems.empty());
    std::set<std::string> expected;
    for (const std::string& file :
         {own.string(), wide.string(), wide.string() + "-blob", framed.string(), under.string(), list.string()}) {
        expected.insert(fs::relative(file, cache.path()).string());
    }
    CHECK(keys_of(found) == expected);
    CHECK(snapshot(cache.path()) == before);

    const auto with_blob =
        std::find_if(found.items.begin(), found.items.end(), [](const Item& item) { return item.pieces.size() == 2; });
    REQUIRE(with_blob != found.items.end());
    CHECK(with_blob->host == "cdn.example.com");
    CHECK(with_blob->bytes == fs::file_size(wide) + 70000);
    CHECK(with_blob->created == 1700000000);
}

TEST_CASE("a large body goes with the last record that has it")
{
    const TempFolder cache;
    const auto blob = [&](char digit) { return cache / "Version 17/Blobs" / std::string(40, digit); };
    const Made theirs{.url = text8("https://other.org/"), .in_line = 0};
    const auto add = [&](Made made, char key, char body) {
        made.key = key;
        made.body = body;
        put(put_record(cache.path(), made).string() + "-blob", "body");
        put(blob("0123456789ABCDEF"[static_cast<unsigned char>(body) & 15U]), "body");
    };
    add({.in_line = 0}, '\x01', '\x11');
    add({.in_line = 0}, '\x02', '\x22');
    add({.in_line = 0}, '\x03', '\x22');
    add({.in_line = 0}, '\x04', '\x33');
    add(theirs, '\x05', '\x33');
    add(theirs, '\x06', '\x44');
    put_record(cache.path(), {.key = '\x07', .body = '\x55'});  // in the record itself
    put(blob('5'), "body");

    const std::set<std::string> keys = keys_of(find_webkit_cache(cache.path(), site("example.com")));
    for (const auto& [digit, goes] :
         std::map<char, bool>{{'1', true}, {'2', true}, {'3', false}, {'4', false}, {'5', false}}) {
        CAPTURE(digit);
        CHECK(keys.contains(fs::relative(blob(digit), cache.path()).string()) == goes);
    }
    CHECK(keys.size() == 5 + 4 + 2);
}

TEST_CASE("a label has no query and no password")
{
    const auto [url, label] = GENERATE(table<std::string, std::string>({
        {"https://example.com/a/b?token=secret", "https://example.com/a/b"},
        {"https://user:secret@example.com:8443/", "https://example.com:8443/"},
        {"http://user:secret@example.com", "http://example.com"},
    }));
    const TempFolder cache;
    put_record(cache.path(), {.url = text8(url)});
    const Found found = find_webkit_cache(cache.path(), site("example.com"));
    REQUIRE(found.items.size() == 1);
    CHECK(found.items[0].label == label);
}

TEST_CASE("a URL that is longer than the first bytes is read")
{
    const TempFolder cache;
    put_record(cache.path(), {.url = text8("https://example.com/" + std::string(100'000, 'u'))});
    CHECK(find_webkit_cache(cache.path(), site("example.com")).items.size() == 1);
}

TEST_CASE("records that are not understood are left and reported in one line")
{
    const TempFolder cache;
    const fs::path file = put_record(cache.path(), {});
    put_record(cache.path(), {.key = '\x01'});
    SECTION("cut off")
    {
        put(file, record({}).substr(0, 60));
    }
    SECTION("of a version that is not its folder's")
    {
        put(file, record({.version = 99}));
    }
    SECTION("of another name")
    {
        put(file, record({.key = '\x01'}));
    }
    SECTION("of another partition")
    {
        put(file, record({.partition_key = '\x01'}));
    }
    SECTION("of another type")
    {
        put(file, record({.type = "SubResources"}));
    }
    const Found found = find_webkit_cache(cache.path(), site("example.com"));
    CHECK(found.items.size() == 1);
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].code == Code::corrupt);
    CHECK(found.problems[0].what == "1 of 2 cache records could not be read and were left");
}

TEST_CASE("a version that is not known is left and reported; the others are looked into")
{
    const TempFolder cache;
    put_record(cache.path(), {.version = 19}, "Version 19");
    put_record(cache.path(), {.version = 18}, "Version 18");
    put_record(cache.path(), {.version = 16}, "Version 16");
    put_record(cache.path(), {}, "Version ../x");
    const Found found = find_webkit_cache(cache.path(), site("example.com"));
    CHECK(found.items.size() == 2);
    CHECK(found.version == "16, 18");
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].code == Code::unsupported);
}

TEST_CASE("without a cache there is nothing and no problem; links are not followed")
{
    const TempFolder home;
    const Found none = find_webkit_cache(home / "WebKitCache", site("example.com"));
    CHECK_FALSE(none.present);
    CHECK(none.problems.empty());

    put_record(home / "elsewhere", {});
    fs::create_directories(home / "WebKitCache");
    fs::create_directory_symlink(home / "elsewhere/Version 17", home / "WebKitCache/Version 17");
    const Found linked = find_webkit_cache(home / "WebKitCache", site("example.com"));
    CHECK(linked.present);
    CHECK(linked.items.empty());
}

TEST_CASE("caches of real browsers", "[realdata]")
{
    const TempFolder unpacked;
    if (!unpack_webkitgtk(unpacked.path())) {
        return;
    }
    // One body is shared by records of alpha.test and beta.test: it is neither's.
    const auto [folder, name, records, links, bodies] =
        GENERATE(table<std::string, std::string, std::size_t, std::size_t, std::size_t>({
            {"minibrowser-4.1/cache", "alpha.test", 28, 4, 2},
            {"minibrowser-4.1/cache", "beta.test", 15, 2, 1},
            {"webkitgtk-6.0/cache", "alpha.test", 28, 4, 2},
            {"epiphany/profile/cache", "alpha.test", 20, 4, 2},
            {"epiphany/profile/cache", "beta.test", 10, 2, 1},
            // All records moved into the partition alpha.test, as macOS has them.
            {"synthetic-partitioned", "alpha.test", 43, 6, 4},
            {"synthetic-partitioned", "beta.test", 15, 2, 1},
            {"synthetic-partitioned", "gamma.test", 0, 0, 0},
        }));
    CAPTURE(folder, name);
    const std::string before = snapshot(unpacked.path());
    const Found found = find_webkit_cache(unpacked.path() / folder / "WebKitCache", site(name));
    CHECK(found.problems.empty());
    CHECK(found.version == "17");
    CHECK(found.items.size() == records);
    CHECK(keys_of(found).size() == records + links + bodies);
    CHECK(snapshot(unpacked.path()) == before);
}
