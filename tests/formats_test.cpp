// What parsers and finders make of odd, broken and hostile stores. The adapter suite shows that they find what they
// should; this shows what they leave alone.

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "../src/formats/finders.h"
#include "../src/formats/profile_lists.h"
#include "../src/formats/protobuf.h"
#include "../src/formats/simple_cache.h"
#include "../src/formats/storage_key.h"
#include "chromium_profile.h"
#include "fake_host.h"
#include "testing.h"

using namespace unstick;
using namespace std::string_literals;
using testing::put;
using testing::put_pairs;
using testing::TempFolder;

namespace {

using Strings = std::vector<std::string>;

const std::string zero(1, '\0');
const std::string one(1, '\1');

Site stuck()
{
    return Site::parse("stuck.test").value();
}

/// Looks, and checks what holds for every look: nothing in the folder changes, and a problem says where.
Found look(Found (*find)(const fs::path&, const Site&), const fs::path& folder, const Site& site = stuck())
{
    const bool exists = fs::is_directory(folder);
    const std::string before = exists ? testing::snapshot(folder) : "";
    Found found = find(folder, site);
    CHECK((exists ? testing::snapshot(folder) : "") == before);
    for (const Error& problem : found.problems) {
        CHECK(problem.where.starts_with(folder.string()));
        CHECK_FALSE(problem.what.empty());
    }
    return found;
}

/// The keys of all pieces, sorted.
Strings keys_of(const Found& found)
{
    Strings keys;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            keys.push_back(piece.key);
        }
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

Strings hosts_of(const Found& found)
{
    Strings hosts;
    for (const Item& item : found.items) {
        hosts.push_back(item.host);
    }
    std::sort(hosts.begin(), hosts.end());
    return hosts;
}

Strings sorted(Strings strings)
{
    std::sort(strings.begin(), strings.end());
    return strings;
}

/// A store that is there, of which nothing is taken, and which says why.
void check_hands_off(const Found& found, Code code)
{
    CHECK(found.present);
    CHECK(found.items.empty());
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].code == code);
}

void check_absent(const Found& found)
{
    CHECK_FALSE(found.present);
    CHECK(found.items.empty());
    CHECK(found.problems.empty());
}

/// A field of a protocol buffer message with bytes.
std::string field(unsigned number, const std::string& bytes)
{
    return std::string{static_cast<char>(number << 3U | 2U), static_cast<char>(bytes.size())} + bytes;
}

/// A field with a number below 128.
std::string field(unsigned number, unsigned value)
{
    return {static_cast<char>(number << 3U), static_cast<char>(value)};
}

/// Start of an entry file of the Simple cache.
std::string entry_start(const std::string& key, std::uint32_t version = 5, std::uint64_t magic = 0xfcfb6d1ba7725c30)
{
    std::string bytes(24, '\0');
    const auto length = static_cast<std::uint32_t>(key.size());
    std::memcpy(bytes.data(), &magic, sizeof(magic));
    std::memcpy(bytes.data() + 8, &version, sizeof(version));
    std::memcpy(bytes.data() + 12, &length, sizeof(length));
    return bytes + key;
}

void put_entry(const fs::path& folder, const std::string& key, const std::string& suffix = "_0")
{
    put(folder / (simple_cache::stem_of_key(key) + suffix), entry_start(key) + "content");
}

}  // namespace

// --- Names of owners ------------------------------------------------------------------------------

TEST_CASE("only whole origins are storage keys and origin identifiers")
{
    const auto* const text =
        GENERATE("https://user@stuck.test/", "https://stuck.test?x=/", "https://stuck.test#x/",
                 "https://stuck.test\\x/", "https://stuck.test:port/", "https://stuck.test:/", "https://stu ck.test/",
                 "https://stuck.test\n/", "https://[::1/", "https://[::1]x/", "https://:443/", "https://stuck.test//",
                 "://stuck.test/", "https:///", "stuck.test/");
    CAPTURE(text);
    CHECK_FALSE(parse_storage_key(text));
    CHECK_FALSE(parse_storage_key("https://other.test/^0"s + std::string(text).substr(0, std::strlen(text) - 1)));
    std::string identifier = text;
    identifier.pop_back();
    if (const std::size_t scheme = identifier.find("://"); scheme != std::string::npos) {
        identifier.replace(scheme, 3, "_");
    }
    CHECK_FALSE(origin_of_identifier(identifier + "_0"));
}

TEST_CASE("a storage key tells both its owner and whom it is partitioned under")
{
    const auto framed = parse_storage_key("https://widget.test:8443/^0https://stuck.test");
    REQUIRE(framed);
    CHECK(framed->origin == "https://widget.test:8443");
    CHECK(framed->top_level_site == "https://stuck.test");
    CHECK_FALSE(framed->opaque);
    const auto nested = parse_storage_key("http://[::1]:8090/^31");
    REQUIRE(nested);
    CHECK(nested->origin == "http://[::1]:8090");
    CHECK(nested->top_level_site.empty());
    // Another site's name in the nonce or behind an opaque top level is not its partition.
    CHECK_FALSE(owns_storage_key(stuck(), "https://other.test/^1https://stuck.test"));
    CHECK_FALSE(owns_storage_key(stuck(), "https://other.test/^41^52^6https://stuck.test"));
    CHECK_FALSE(owns_storage_key(stuck(), "https://other.test/^3https://stuck.test"));
    CHECK_FALSE(owns_storage_key(stuck(), "https://other.test/^0https://stuck.test^31"));
    CHECK_FALSE(parse_storage_key(std::string(1U << 16U, '^')));
}

// --- Protocol buffers -----------------------------------------------------------------------------

TEST_CASE("a message is read field by field, whatever their types")
{
    const std::string message =
        field(1, 7U) + "\x11" + "12345678" + "\x1d" + "abcd" + field(4, "name") + "\x28\xac\x02" + field(1, 9U);
    protobuf::Reader reader(message);
    std::vector<std::uint32_t> numbers;
    while (const auto next = reader.next()) {
        numbers.push_back(next->number);
    }
    CHECK(numbers == std::vector<std::uint32_t>{1, 2, 3, 4, 5, 1});
    CHECK(protobuf::number_in(message, 1) == 7);
    CHECK(protobuf::number_in(message, 3) == 0x64636261);
    CHECK(protobuf::number_in(message, 5) == 300);
    CHECK(protobuf::bytes_in(message, 4) == "name");
    CHECK_FALSE(protobuf::number_in(message, 4));
    CHECK_FALSE(protobuf::bytes_in(message, 1));
    CHECK_FALSE(protobuf::number_in(message, 6));
}

TEST_CASE("reading a message ends where it is broken")
{
    const std::string good = field(1, 7U);
    const std::string broken = GENERATE(
        "\x80"s, std::string(11, '\xff'), "\x10\xff"s, "\x11"s + "1234567", "\x15"s + "123", "\x12\x05"s + "1234",
        "\x12"s + std::string(9, '\xff') + "\x01", "\x13"s, "\x14"s, "\x16"s, "\x17"s, "\0\1"s, ""s);
    protobuf::Reader reader(broken);
    CHECK_FALSE(reader.next());
    CHECK(protobuf::number_in(good + broken, 1) == 7);
}

// --- Simple cache ---------------------------------------------------------------------------------

TEST_CASE("keys of the HTTP cache are split at their first spaces only")
{
    using simple_cache::parse_http_key;
    struct Case {
        std::string key, top, frame, url;
    };
    const Case c = GENERATE(values<Case>({
        {"1/0/_dk_https://a.test https://b.test https://c.test/x", "https://a.test", "https://b.test",
         "https://c.test/x"},
        {"1/0/_dk_s_https://a.test https://b.test https://c.test/", "https://a.test", "https://b.test",
         "https://c.test/"},
        {"1/0/_dk_cn_https://a.test https://b.test https://c.test/", "https://a.test", "https://b.test",
         "https://c.test/"},
        {"0/17/_dk_s_cn_https://a.test https://b.test https://c.test/", "https://a.test", "https://b.test",
         "https://c.test/"},
        {"1/0/_dk_https://a.test https://b.test https://c.test/a b", "https://a.test", "https://b.test",
         "https://c.test/a b"},
        {"1/0/https://c.test/", "", "", "https://c.test/"},
        {"0/https://c.test/", "", "", "https://c.test/"},
        {"https://c.test/1/0/x", "", "", "https://c.test/1/0/x"},
        {"1/2/3/https://c.test/", "", "", "3/https://c.test/"},
        {"1/0/_dk_https://a.test https://c.test/", "", "", "_dk_https://a.test https://c.test/"},
        {"_dk_", "", "", "_dk_"},
        {"1/0/", "", "", ""},
        {"10", "", "", "10"},
        {"/", "", "", "/"},
        {"", "", "", ""},
    }));
    CAPTURE(c.key);
    const auto parsed = parse_http_key(c.key);
    CHECK(parsed.top_site == c.top);
    CHECK(parsed.frame_site == c.frame);
    CHECK(parsed.url == c.url);
}

TEST_CASE("the stem of a key is its SHA-1 as the browser writes it")
{
    CHECK(simple_cache::stem_of_key("https://example.com/") == "3767fbd3edc759b5");
    CHECK(simple_cache::stem_of_key("") == "0d4b6b5eeea339da");
}

TEST_CASE("the key is read from the first bytes of an entry")
{
    const auto key_of = [](std::string_view start, std::size_t* needed) {
        return simple_cache::key_of_entry(start, "", needed);
    };
    const std::string start = entry_start("https://stuck.test/");
    std::size_t needed = 99;
    CHECK(key_of(start, &needed) == "https://stuck.test/");
    CHECK(needed == 0);
    CHECK(key_of(start + "and more", &needed) == "https://stuck.test/");
    for (std::size_t size = 0; size < start.size(); ++size) {
        CAPTURE(size);
        const std::string cut = start.substr(0, size);  // a copy: reading behind it is seen by the sanitizer
        CHECK_FALSE(key_of(cut, &needed));
        CHECK(needed == (size < 24 ? 0 : start.size()));
    }
    for (const std::uint32_t version : {5U, 6U, 9U}) {
        CHECK(key_of(entry_start("k", version), &needed) == "k");
    }
    for (const std::uint32_t version : {0U, 4U, 10U, 0xffffffffU}) {
        CHECK_FALSE(key_of(entry_start("k", version), &needed));
        CHECK(needed == 0);
    }
    CHECK_FALSE(key_of(entry_start("k", 5, 0xf4fa6f45970d41d8), &needed));
    CHECK_FALSE(key_of(entry_start(""), &needed));
    CHECK(key_of(entry_start(std::string(1U << 20U, 'k')), &needed));
    CHECK_FALSE(key_of(entry_start(std::string((1U << 20U) + 1, 'k')), &needed));
    CHECK(needed == 0);
}

TEST_CASE("the stem tells whose header has no padding")
{
    const std::string key = "https://stuck.test/";
    const std::string stem = simple_cache::stem_of_key(key);
    const std::string padded = entry_start(key) + "content";
    const std::string unpadded = entry_start(key).erase(20, 4) + "content";
    std::size_t needed = 99;
    CHECK(simple_cache::key_of_entry(padded, stem, &needed) == key);
    CHECK(simple_cache::key_of_entry(unpadded, stem, &needed) == key);
    CHECK_FALSE(simple_cache::key_of_entry(padded, simple_cache::stem_of_key("another"), &needed));
    CHECK_FALSE(simple_cache::key_of_entry(unpadded, simple_cache::stem_of_key("another"), &needed));
    CHECK(needed == 0);
}

TEST_CASE("all files of an entry are found, and what is no entry is counted once", "[not-windows]")
{
    const TempFolder folder;
    const std::string key = "https://stuck.test/";
    const std::string long_key = "https://stuck.test/" + std::string(5000, 'x');
    const std::string stem = simple_cache::stem_of_key(key);
    put_entry(folder.path(), key);
    put_entry(folder.path(), key, "_1");
    put_entry(folder.path(), key, "_s");
    put_entry(folder.path(), long_key);
    put_entry(folder.path(), "https://other.test/");
    // Not entries, and nothing to complain about:
    put(folder / "index", "x");
    put(folder / "index-dir/the-real-index", "x");
    put(folder / "0123456789abcdef_2", entry_start(key));
    put(folder / "0123456789ABCDEF_0", entry_start(key));
    put(folder / "123456789abcdef_0", entry_start(key));
    put(folder / "f_000001", "x");
    fs::create_directory(folder / "00000000000000aa_0");
    fs::create_symlink(folder / (stem + "_0"), folder / "00000000000000bb_0");
    // Entries that are not understood:
    put(folder / "00000000000000cc_0", "");
    put(folder / "00000000000000dd_0", entry_start(key));  // another key's name
    put(folder / "00000000000000ee_0", entry_start(key).substr(0, 30));
    put(folder / "00000000000000ff_s", entry_start(key, 77));

    std::vector<Error> problems;
    const auto entries = simple_cache::find_entries(
        folder.path(), [](std::string_view k) { return k.starts_with("https://stuck.test/"); }, problems);
    REQUIRE(entries);
    REQUIRE(entries->size() == 2);
    const auto& entry = (*entries)[(*entries)[0].key == key ? 0 : 1];
    CHECK(entry.files == Strings{stem + "_0", stem + "_1", stem + "_s"});
    CHECK(entry.bytes == 3 * (24 + key.size() + 7));
    const auto& other = (*entries)[(*entries)[0].key == key ? 1 : 0];
    CHECK(other.key == long_key);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].what == "4 of 7 cache entries could not be read and were left");
}

TEST_CASE("removed entries that a crash left are found whatever their number")
{
    const TempFolder folder;
    const std::string ours = "https://stuck.test/";
    const std::string stem = simple_cache::stem_of_key(ours);
    const Strings names{"todelete_" + stem + "_0_1", "todelete_" + stem + "_0_2", "todelete_" + stem + "_1_17",
                        "todelete_" + stem + "_s_3", "todelete_0123456789abcdef"};
    for (const std::string& name : names) {
        put(folder / name, entry_start(ours));
    }
    put(folder / "todelete_0123456789abcdef_0_2", entry_start("https://other.test/"));
    testing::write_cache_index(folder.path());
    const Found found = look(find_http_cache, folder.path());
    CHECK(found.problems.empty());
    CHECK(keys_of(found) == sorted(names));
}

TEST_CASE("a cache of many entries is read by several threads with one result")
{
    const TempFolder folder;
    Strings ours;
    for (int i = 0; i < 1200; ++i) {
        const std::string key = "https://" + (i % 3 == 0 ? "stuck.test/"s : "other.test/"s) + std::to_string(i);
        put_entry(folder.path(), key);
        if (i % 3 == 0) {
            ours.push_back(simple_cache::stem_of_key(key) + "_0");
        }
    }
    testing::write_cache_index(folder.path());
    const Found found = look(find_http_cache, folder.path());
    CHECK(found.problems.empty());
    CHECK(found.items.size() == 400);
    CHECK(keys_of(found) == sorted(ours));
}

// --- HTTP cache -----------------------------------------------------------------------------------

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
        CHECK((item.label + item.host + item.name + item.path + item.partition).find("SECRET") == std::string::npos);
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

// --- LevelDB stores -------------------------------------------------------------------------------

TEST_CASE("LevelDB stores of an unknown version are not touched")
{
    struct Store {
        Found (*find)(const fs::path&, const Site&);
        std::string folder, version_key, ours;
    };
    const Store store = GENERATE(values<Store>({
        {find_local_storage, "", "VERSION", "_https://stuck.test" + zero + one + "name"},
        {find_session_storage, "", "version", "namespace-01234567_aaaa_bbbb_cccc_dddddddddddd-https://stuck.test/"},
        {find_service_workers, "Database", "INITDATA_DB_VERSION", "INITDATA_UNIQUE_ORIGIN:https://stuck.test/"},
    }));
    CAPTURE(store.version_key);
    const TempFolder folder;
    const fs::path database = folder.path() / "store" / store.folder;
    SECTION("absent")
    {
        check_absent(look(store.find, folder / "store"));
    }
    SECTION("another version")
    {
        for (const std::string& version : {"3"s, "99"s, ""s, "\x1b[31m"s, "1 "s}) {
            put_pairs(database, {{store.version_key, version}, {store.ours, "1"}});
            const Found found = look(store.find, folder / "store");
            check_hands_off(found, Code::unsupported);
            CHECK(found.problems[0].what.find('\x1b') == std::string::npos);
        }
    }
    SECTION("no version, but entries")
    {
        put_pairs(database, {{store.ours, "1"}});
        check_hands_off(look(store.find, folder / "store"), Code::unsupported);
    }
    SECTION("no version and empty: just made")
    {
        put_pairs(database, {});
        const Found found = look(store.find, folder / "store");
        CHECK(found.present);
        CHECK(found.items.empty());
        CHECK(found.problems.empty());
    }
    SECTION("damaged in the middle")
    {
        put_pairs(database,
                  {{store.version_key, store.version_key.starts_with("INIT") ? "2" : "1"},
                   {store.ours, "1"},
                   {"~", std::string(100000, 'x')}},
                  true);
        for (const auto& file : fs::directory_iterator(database)) {
            if (file.path().extension() == ".ldb") {
                fs::resize_file(file.path(), fs::file_size(file.path()) / 2);
            }
        }
        const Found found = look(store.find, folder / "store");
        CHECK(found.present);
        CHECK(found.items.empty());
        CHECK_FALSE(found.problems.empty());
    }
}

TEST_CASE("local storage: entries and records of the site, framed by it and under it")
{
    const TempFolder folder;
    const fs::path database = folder / "leveldb";
    const auto entry = [](const std::string& owner, const std::string& name) { return "_" + owner + zero + name; };
    const Strings ours{
        entry("https://stuck.test", one + "plain"),
        entry("http://app.stuck.test:8080", zero + "w\0\xfc\0\x3c\xd8\x6a\xdf"s),
        entry("https://stuck.test", ""),
        entry("https://stuck.test/^0https://other.test", one + "under them"),
        entry("https://widget.test/^0https://stuck.test", one + "under us"),
        entry("https://stuck.test/^31", one + "nested"),
        "META:https://stuck.test",
        "METAACCESS:https://stuck.test",
        "META:https://widget.test/^0https://stuck.test",
    };
    testing::Pairs pairs{
        {"VERSION", "1"},
        {entry("https://notstuck.test", one + "https://stuck.test"), "x"},
        {entry("https://stuck.test.other.test", one + "x"), "x"},
        {entry("https://widget.test/^0https://app.stuck.test", one + "no site"), "x"},
        {"_https://stuck.test", "no name"},
        {"_" + zero, "no owner"},
        {"_", ""},
        {"META:https://notstuck.test", "x"},
        {"META:", "x"},
        {"METAX:https://stuck.test", "x"},
        {"https://stuck.test" + zero + one + "x", "x"},
    };
    for (const std::string& key : ours) {
        pairs[key] = "\1SECRET";
    }
    put_pairs(database, pairs);
    const Found found = look(find_local_storage, database);
    CHECK(found.problems.empty());
    CHECK(keys_of(found) == sorted(ours));
    Strings names;
    for (const Item& item : found.items) {
        CHECK((item.label + item.name).find("SECRET") == std::string::npos);
        names.push_back(item.name);
        if (item.name == "under us") {
            CHECK(item.host == "widget.test");
            CHECK(item.partition == "https://stuck.test");
        }
    }
    CHECK(std::count(names.begin(), names.end(), "wü🍪") == 1);
    CHECK(found.items.size() == 8);  // META and METAACCESS of one owner are one item
}

TEST_CASE("names in local storage are cut and may be broken")
{
    const TempFolder folder;
    const fs::path database = folder / "leveldb";
    const std::string start = "_https://stuck.test" + zero;
    put_pairs(database, {
                            {"VERSION", "1"},
                            {start + one + std::string(100000, 'x'), ""},
                            {start + zero + "odd", ""},        // half a character at the end
                            {start + zero + "\x3d\xd8"s, ""},  // half a pair
                            {start + zero +
                                 "\x6a\xdf"
                                 "a\0"s,
                             ""},  // the other half
                            {start + "\x07"
                                     "bell",
                             ""},  // no known encoding
                        });
    const Found found = look(find_local_storage, database);
    CHECK(found.items.size() == 5);
    for (const Item& item : found.items) {
        CHECK(item.name.size() <= 124);
    }
}

TEST_CASE("session storage: a map goes only with its last owner")
{
    const TempFolder folder;
    const std::string tab = "namespace-01234567_aaaa_bbbb_cccc_dddddddddddd-";
    const std::string clone = "namespace-89abcdef_aaaa_bbbb_cccc_dddddddddddd-";
    put_pairs(folder / "store", {
                                    {"version", "1"},
                                    {"next-map-id", "100"},
                                    {tab + "https://stuck.test/", "1"},
                                    {clone + "https://stuck.test/", "1"},
                                    {"map-1-key", "x"},
                                    {"map-1-other", "x"},
                                    {"map-10-key", "x"},  // of nobody
                                    {tab + "https://other.test/", "2"},
                                    {"map-2-key", "x"},
                                    {tab + "https://app.stuck.test/", "3"},  // a map that another site has, too
                                    {clone + "https://notstuck.test/", "3"},
                                    {"map-3-key", "x"},
                                    {tab + "https://widget.test/^0https://stuck.test", "4"},
                                    {"map-4-key", "x"},
                                    {tab + "https://www.stuck.test/", ""},  // no map
                                    {"map--key", "x"},
                                    {tab + "https://xn--stuck.test/", "5"},
                                    {clone + "https://a.stuck.test/", "5-key"},  // no number
                                    {"map-5-key-key", "x"},
                                    {"namespace-short-https://stuck.test/", "6"},  // not as the browser writes it
                                    {"namespace-", "6"},
                                    {"map-6-key", "x"},
                                    {clone + "https://b.stuck.test/", "6"},
                                });
    const Found found = look(find_session_storage, folder / "store");
    CHECK(found.problems.empty());
    CHECK(keys_of(found) ==
          sorted({tab + "https://stuck.test/", clone + "https://stuck.test/", "map-1-key", "map-1-other",
                  tab + "https://app.stuck.test/", tab + "https://widget.test/^0https://stuck.test", "map-4-key",
                  tab + "https://www.stuck.test/", clone + "https://a.stuck.test/", clone + "https://b.stuck.test/"}));
    CHECK(found.items.size() == 6);  // a tab and its clone are one item
}

TEST_CASE("service workers: everything by the ids of the site's registrations, and nothing by similar ones")
{
    const TempFolder folder;
    const fs::path store = folder / "Service Worker";
    const auto registration = [](unsigned id, const std::string& scope, unsigned version) {
        return field(1, id) + field(2, scope) + field(3, scope + "sw.js") + field(4, version);
    };
    testing::Pairs pairs{
        {"INITDATA_DB_VERSION", "2"},
        {"INITDATA_NEXT_RESOURCE_ID", "99"},
        {"INITDATA_UNIQUE_ORIGIN:https://notstuck.test/", ""},
        {"REG:https://notstuck.test/" + zero + "11", registration(11, "https://notstuck.test/", 22)},
        {"REGID_TO_ORIGIN:11", "https://notstuck.test/"},
        {"RES:22" + zero + "33", ""},
        {"REG_USER_DATA:11" + zero + "name", ""},
        {"REG_HAS_USER_DATA:name" + zero + "11", ""},
        {"REG_HAS_USER_DATA:1" + zero + "11", ""},
        {"URES:33", ""},
        {"PRES:44", ""},
        {"RES:1" + zero + "1", ""},  // version 1 is nobody's: 1 is a registration
    };
    const Strings ours{
        "INITDATA_UNIQUE_ORIGIN:https://app.stuck.test/",
        "REG:https://app.stuck.test/" + zero + "1",
        "REGID_TO_ORIGIN:1",
        "RES:2" + zero + "3",
        "RES:2" + zero + "../../victim",
        "REG_USER_DATA:1" + zero + "name",
        "REG_HAS_USER_DATA:name" + zero + "1",
        "URES:3",
        "PRES:3",
        // Partitioned, with a message that is cut off before its version:
        "INITDATA_UNIQUE_ORIGIN:https://widget.test/^0https://stuck.test",
        "REG:https://widget.test/^0https://stuck.test" + zero + "5",
        "REGID_TO_ORIGIN:5",
    };
    for (const std::string& key : ours) {
        pairs[key] = "";
    }
    pairs["REG:https://app.stuck.test/" + zero + "1"] = registration(1, "https://app.stuck.test/", 2);
    pairs["REG:https://widget.test/^0https://stuck.test" + zero + "5"] =
        registration(5, "https://widget.test/", 6).substr(0, 10);
    put_pairs(store / "Database", pairs);
    for (const char* resource : {"1", "3", "33", "44"}) {
        put_entry(store / "ScriptCache", resource);
    }
    put_entry(store / "ScriptCache", "3", "_1");
    put(folder / "victim_0", "");
    const Found found = look(find_service_workers, store);
    CHECK(found.problems.empty());
    Strings expected = ours;
    expected.push_back(simple_cache::stem_of_key("3") + "_0");
    expected.push_back(simple_cache::stem_of_key("3") + "_1");
    CHECK(keys_of(found) == sorted(expected));
    CHECK(hosts_of(found) == Strings{"app.stuck.test", "widget.test"});
}

TEST_CASE("file systems: only a real folder with a number goes with its origin", "[not-windows]")
{
    const TempFolder folder;
    const fs::path store = folder / "File System";
    put_pairs(store / "Origins", {
                                     {"LAST_PATH", "009"},
                                     {"ORIGIN:https_stuck.test_0", "000"},
                                     {"ORIGIN:https_app.stuck.test_8443", "001"},
                                     {"ORIGIN:http_stuck.test_0", ".."},
                                     {"ORIGIN:http_a.stuck.test_0", "../../victim"},
                                     {"ORIGIN:http_b.stuck.test_0", ""},
                                     {"ORIGIN:http_c.stuck.test_0", "003"},  // a link
                                     {"ORIGIN:http_d.stuck.test_0", "004"},  // a file
                                     {"ORIGIN:https_notstuck.test_0", "005"},
                                     {"ORIGIN:https_stuck.test.other.test_0", "006"},
                                     {"ORIGIN:https_user@stuck.test_0", "007"},
                                     {"ORIGIN:https_stuck.test", "007"},
                                     {"ORIGIN:", "007"},
                                     {"ORIGINX:https_stuck.test_0", "007"},
                                 });
    for (const char* name : {"000/t/00/00000000", "001/p/x", "005/x", "006/x", "007/x", "004"}) {
        put(store / name, "123");
    }
    put(folder / "victim/x", "");
    fs::create_directory_symlink(folder / "victim", store / "003");
    const Found found = look(find_file_systems, store);
    CHECK(found.problems.empty());
    CHECK(keys_of(found) ==
          sorted({"000", "001", "ORIGIN:https_stuck.test_0", "ORIGIN:https_app.stuck.test_8443",
                  "ORIGIN:http_stuck.test_0", "ORIGIN:http_a.stuck.test_0", "ORIGIN:http_b.stuck.test_0",
                  "ORIGIN:http_c.stuck.test_0", "ORIGIN:http_d.stuck.test_0"}));
    check_absent(look(find_file_systems, folder / "none"));
}

// --- Folders named after an origin ----------------------------------------------------------------

TEST_CASE("databases: both folders of an origin are one item; files and links are not folders", "[not-windows]")
{
    const TempFolder folder;
    const fs::path store = folder / "IndexedDB";
    for (const char* name :
         {"https_stuck.test_0.indexeddb.leveldb/CURRENT", "https_stuck.test_0.indexeddb.blob/1/00/2",
          "https_app.stuck.test_8443/ABCDEF", "https_notstuck.test_0.indexeddb.leveldb/CURRENT",
          "https_stuck.test.other.test_0.indexeddb.leveldb/CURRENT", "https_stuck.test_0.indexeddb/CURRENT",
          "https_other.test@stuck.test_0.indexeddb.leveldb/CURRENT",
          "chrome-extension_stuck.test_0.indexeddb.leveldb/x"}) {
        put(store / name, "x");
    }
    put(store / "https_b.stuck.test_0.indexeddb.leveldb", "a file");
    put(folder / "victim/x", "x");
    fs::create_directory_symlink(folder / "victim", store / "https_c.stuck.test_0.indexeddb.leveldb");
    const Found found = look(find_indexed_db, store);
    CHECK(found.problems.empty());
    CHECK(found.items.size() == 2);
    CHECK(keys_of(found) == sorted({"https_stuck.test_0.indexeddb.leveldb", "https_stuck.test_0.indexeddb.blob",
                                    "https_app.stuck.test_8443"}));
    check_absent(look(find_indexed_db, folder / "none"));

    fs::create_directory_symlink(store, folder / "link");
    CHECK(find_indexed_db(folder / "link", stuck()).problems.size() == 1);
    CHECK(find_indexed_db(folder / "link", stuck()).items.empty());
}

TEST_CASE("caches of pages belong to whom their index names", "[not-windows]")
{
    const TempFolder folder;
    put(folder / "1/index.txt",
        field(1, field(1, "v1")) + field(2, "https://stuck.test/") + field(3, "https://stuck.test/"));
    put(folder / "2/index.txt", field(2, "https://app.stuck.test/"));  // before storage keys
    put(folder / "3/index.txt",
        field(2, "https://widget.test/") + field(3, "https://widget.test/^0https://stuck.test"));
    put(folder / "4/index.txt", field(2, "https://stuck.test/") + field(3, "https://stuck.test/^0https://other.test"));
    put(folder / "5/index.txt", field(1, "https://stuck.test/") + field(2, "https://other.test/"));
    put(folder / "6/index.txt", field(2, "https://notstuck.test/") + field(3, "https://notstuck.test/"));
    put(folder / "7/uuid/x", "no index");
    put(folder / "8/index.txt", field(2, "https://stuck.test/").substr(0, 8));
    put(folder / "9/index.txt", "");
    put(folder / "victim", field(2, "https://stuck.test/"));
    fs::create_directory(folder / "10");
    fs::create_symlink(folder / "victim", folder / "10/index.txt");
    const Found found = look(find_cache_storage, folder.path());
    CHECK(keys_of(found) == Strings{"1", "2", "3", "4"});
    CHECK(found.problems.size() == 3);  // 8 and 9 do not say whose they are, 10 is a link
}

// --- Buckets --------------------------------------------------------------------------------------

TEST_CASE("buckets: rows and folders by storage key; odd ids never become a path", "[not-windows]")
{
    const TempFolder folder;
    const fs::path store = folder / "WebStorage";
    fs::create_directories(store);
    const std::string version = GENERATE("10", "11", "9", "12", "");
    CAPTURE(version);
    {
        SQLite::Database database((store / "QuotaManager").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec(
            "CREATE TABLE meta(key TEXT, value TEXT);"
            "CREATE TABLE buckets(id, storage_key, host, last_modified INTEGER)");
        if (!version.empty()) {
            database.exec("INSERT INTO meta VALUES('version', '" + version + "')");
        }
        SQLite::Statement insert(database, "INSERT INTO buckets VALUES(?, ?, 'stuck.test', 13400000000000000)");
        const auto add = [&](const std::string& id, const std::string& key) {
            insert.reset();
            insert.bind(1, id);
            insert.bind(2, key);
            insert.exec();
        };
        add("1", "https://stuck.test/");
        add("2", "https://widget.test/^0https://stuck.test");
        add("3", "https://app.stuck.test/^11^22");
        add("4", "https://notstuck.test/");
        add("5", "https://other.test/^0https://notstuck.test");
        add("..", "https://stuck.test/^31");
        add("../victim", "https://stuck.test/^0https://other.test");
        add("8", "https://a.stuck.test/");  // a link
        add("", "https://b.stuck.test/");
        add("9", "stuck.test");
        database.exec("INSERT INTO buckets VALUES(NULL, NULL, 'stuck.test', NULL), (x'ff00', x'ff00', x'ff', 'x')");
    }
    for (const char* id : {"1", "2", "4", "5", "9"}) {
        put(store / id / "IndexedDB/x", "123");
    }
    put(folder / "victim/x", "x");
    fs::create_directory_symlink(folder / "victim", store / "8");
    const Found found = look(find_buckets, store);
    if (version != "10" && version != "11") {
        check_hands_off(found, Code::unsupported);
        return;
    }
    CHECK(found.problems.empty());
    CHECK(found.items.size() == 7);
    Strings folders;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            if (piece.medium == Medium::file) {
                folders.push_back(piece.key);
            }
        }
    }
    CHECK(folders == Strings{"1", "2"});
    CHECK(found.items[1].host == "widget.test");
    CHECK(found.items[1].partition == "https://stuck.test");
}

// --- SQL ------------------------------------------------------------------------------------------

TEST_CASE("a view or a virtual table is no table of cookies", "[not-windows]")
{
    const TempFolder folder;
    static constexpr std::array owners{SqlColumn{"host_key", Names::host}};
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

// --- Profiles and who holds them ------------------------------------------------------------------

TEST_CASE("profiles are the folders that are there; a broken Local State only loses their names", "[not-windows]")
{
    const TempFolder folder;
    const fs::path data = folder / "data";
    put(data / "Default/Preferences", "{}");
    put(data / "Profile 2/Preferences", "{}");
    put(data / "System Profile/Preferences", "{}");
    put(data / "Guest Profile/Preferences", "{}");
    put(data / "Crashpad/x", "{}");
    put(data / "Odd/Preferences/x", "a folder");
    put(folder / "victim/Preferences", "{}");
    fs::create_directory_symlink(folder / "victim", data / "Profile 3");
    const auto [text, name, ids] = GENERATE(table<std::string, std::string, Strings>({
        {R"({"profile":{"info_cache":{"Default":{"name":"Ada"},"../victim":{"name":"x"},"Profile 3":{},"Gone":{},)"
         R"("System Profile":{},"Crashpad":{"name":7}}}})",
         "Ada",
         {"Default", "Crashpad", "Profile 2"}},
        {"", "", {"Default", "Profile 2"}},
        {"{", "", {"Default", "Profile 2"}},
        {"\xff\xfe", "", {"Default", "Profile 2"}},
        {"[]", "", {"Default", "Profile 2"}},
        {"7", "", {"Default", "Profile 2"}},
        {R"({"profile":[]})", "", {"Default", "Profile 2"}},
        {R"({"profile":{"info_cache":["Default"]}})", "", {"Default", "Profile 2"}},
        {R"({"profile":{"info_cache":{"Default":"Ada"}}})", "", {"Default", "Profile 2"}},
        {R"({"profile":{"info_cache":{"Default":{"name":["Ada"]}}}})", "", {"Default", "Profile 2"}},
        {std::string(200000, '['), "", {"Default", "Profile 2"}},
        {std::string(200000, '[') + std::string(200000, ']'), "", {"Default", "Profile 2"}},
    }));
    INFO(text.substr(0, 80));
    put(data / "Local State", text);
    const auto profiles = list_by_local_state(data, folder / "cache").value();
    Strings found;
    for (const Profile& profile : profiles) {
        found.push_back(profile.id);
        CHECK(profile.path == data / profile.id);
        CHECK(profile.cache == folder / "cache" / profile.id);
    }
    CHECK(found == ids);
    CHECK(profiles.at(0).name == name);
}

TEST_CASE("older Opera keeps one profile in its data folder itself")
{
    const TempFolder folder;
    put(folder / "Opera Stable/Preferences", "{}");
    const auto profiles = list_by_local_state(folder / "Opera Stable", {}).value();
    REQUIRE(profiles.size() == 1);
    CHECK(profiles[0].id == "Opera Stable");
    CHECK(profiles[0].path == folder / "Opera Stable");
    CHECK(profiles[0].cache == profiles[0].path);
    CHECK(list_by_local_state(folder / "none", {}).error().code == Code::not_found);
}

TEST_CASE("the singleton lock says which computer and process holds the profile", "[not-windows]")
{
    using State = Use::State;
    const TempFolder folder;
    const auto [target, state] = GENERATE(table<std::string, State>({
        {"this-host-77", State::in_use},
        {"this-host-78", State::free},       // crashed
        {"that-host-77", State::elsewhere},  // whatever its process is
        {"this-77", State::elsewhere},
        {"this-host--77", State::elsewhere},
        {"this-host-", State::free},
        {"this-host-x77", State::free},
        {"this-host-77x", State::free},
        {"this-host-99999999999999999999", State::free},
        {"nodash", State::free},
    }));
    CAPTURE(target);
    fs::create_symlink(target, folder / "SingletonLock");
    testing::FakeHost host;
    host.processes = {77};
    const Profile profile{"", "Default", "", folder.path(), folder / "Default", folder / "Default"};
    const Use use = singleton_use(profile, host);
    CHECK(use.state == state);
    CHECK(use.pid == 0);  // known from the lock alone: never asked to quit

    host.listeners[folder / "SingletonSocket"] = 5;  // an answer counts more than any lock
    CHECK(singleton_use(profile, host).state == State::in_use);
    CHECK(singleton_use(profile, host).pid == 5);
}

TEST_CASE("a singleton lock that is no link holds nothing")
{
    const TempFolder folder;
    put(folder / "SingletonLock", "this-host-77");
    testing::FakeHost host;
    host.processes = {77};
    CHECK(singleton_use({"", "Default", "", folder.path(), folder / "Default", {}}, host).state == Use::State::free);
}

TEST_CASE("on Windows, a browser holds a profile as long as it keeps its lockfile open")
{
    const TempFolder folder;
    put(folder / "lockfile", "");  // left by a power cut
    testing::FakeHost host;
    const Profile profile{"", "Default", "", folder.path(), folder / "Default", folder / "Default"};
    CHECK(singleton_use(profile, host).state == Use::State::free);
    host.writers[folder / "lockfile"] = 0;
    CHECK(singleton_use(profile, host).state == Use::State::in_use);
    CHECK(singleton_use(profile, host).pid == 0);  // nobody who could be asked to quit
    host.writers[folder / "lockfile"] = 7;
    CHECK(singleton_use(profile, host).pid == 7);
    host.message_windows["Chrome_MessageWindow " + folder.path().string()] = 8;
    CHECK(singleton_use(profile, host).pid == 8);
}
