// The entries of a Simple cache: which files are one, whose they are, and what is none.

#include "profiles/chromium/simple_cache.h"
#include "profiles/chromium/finders.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/simple_entries.h"

using namespace unstick;
using namespace std::string_literals;
using namespace testing::looking;
using testing::entry_start;
using testing::put;
using testing::put_entry;
using testing::TempFolder;

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
    put(folder / "00000000000000cc_0", "");
    // Entries that are not understood:
    put(folder / "00000000000000dd_0", entry_start(key));  // another key's name: of a wanted one
    put(folder / "00000000000000ee_0", entry_start(key).substr(0, 30));
    put(folder / "00000000000000ff_s", entry_start(key, 77));

    std::vector<Error> problems;
    const auto entries = simple_cache::find_entries(
        folder.path(), {.wanted = [](std::string_view k) { return k.find("stuck.test/") != k.npos; }}, problems);
    REQUIRE(entries);
    REQUIRE(entries->size() == 2);
    const auto& entry = (*entries)[(*entries)[0].key == key ? 0 : 1];
    CHECK(entry.files == Strings{stem + "_0", stem + "_1", stem + "_s"});
    CHECK(entry.bytes == 3 * (24 + key.size() + 7));
    const auto& other = (*entries)[(*entries)[0].key == key ? 1 : 0];
    CHECK(other.key == long_key);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].what == "3 of 7 cache entries could not be read and were left");
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
