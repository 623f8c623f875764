// Entries of Firefox's HTTP cache: what their end says, and what it must not be taken for.

#include "containers/cache2_entry.h"

#include "tests/fixtures/cache2_entries.h"
#include "tests/fixtures/catch.h"

using namespace unstick;
using testing::Cache2Entry;

namespace {

const std::string key = "O^partitionKey=%28https%2Calpha.test%29,:https://alpha.test/page";

std::optional<cache2::Entry> read_whole(const std::string& file)
{
    std::size_t needed = 1;
    const auto entry = cache2::read_end(file, file.size(), &needed);
    CHECK(needed == 0);
    return entry;
}

}  // namespace

TEST_CASE("the end of an entry says its key, its times and its elements")
{
    const auto version = GENERATE(1U, 2U, 3U, 4U);
    const std::size_t body = GENERATE(std::size_t{0}, std::size_t{5}, std::size_t{600'000});
    CAPTURE(version, body);
    const std::string file =
        Cache2Entry{.key = key,
                    .body = std::string(body, 'b'),
                    .elements = {{"request-method", "GET"}, {"response-head", "HTTP/1.1 200 OK\r\n"}},
                    .version = version}
            .bytes();
    const auto entry = read_whole(file);
    REQUIRE(entry);
    CHECK(entry->version == version);
    CHECK(entry->key == key);
    CHECK(entry->data_size == body);
    CHECK(entry->stored == 1'790'000'000);
    CHECK(entry->fetched == 1'790'000'005);
    CHECK(cache2::element(entry->elements, "response-head") == "HTTP/1.1 200 OK\r\n");
    CHECK(cache2::element(entry->elements, "request-method") == "GET");
    CHECK_FALSE(cache2::element(entry->elements, "GET"));
    CHECK_FALSE(cache2::element(entry->elements, "alt-data"));
}

TEST_CASE("no more of an entry has to be read than its metadata, and it says how much that is")
{
    const std::string file = Cache2Entry{.key = key, .body = std::string(1000, 'b')}.bytes();
    const std::size_t metadata = file.size() - 1000;
    std::size_t needed = 1;
    CHECK_FALSE(cache2::read_end(file.substr(file.size() - 20), file.size(), &needed));
    CHECK(needed == metadata);
    const std::string end = file.substr(1000);
    const auto entry = cache2::read_end(end, file.size(), &needed);
    CHECK(needed == 0);
    REQUIRE(entry);
    CHECK(entry->key == key);
}

TEST_CASE("what is no entry of a known version is none")
{
    const std::string good = Cache2Entry{.key = key}.bytes();
    REQUIRE(read_whole(good));
    CHECK_FALSE(read_whole(""));
    CHECK_FALSE(read_whole("abc"));
    CHECK_FALSE(read_whole(std::string(64, '\0')));
    CHECK_FALSE(read_whole(good.substr(0, good.size() - 1)));
    CHECK_FALSE(read_whole(good + "x"));
    CHECK_FALSE(read_whole(Cache2Entry{.key = key, .version = 5}.bytes()));
    CHECK_FALSE(read_whole(Cache2Entry{.key = ""}.bytes()));
    std::string other_version = good;
    other_version[other_version.size() - 5] = 3;  // the header says 4
    CHECK_FALSE(read_whole(other_version));
    std::string longer_than_the_file = good;
    longer_than_the_file[longer_than_the_file.size() - 1] = '\x7f';
    CHECK_FALSE(read_whole(longer_than_the_file));
}

TEST_CASE("metadata that is longer than any is not asked for")
{
    std::size_t needed = 1;
    CHECK_FALSE(cache2::read_end(testing::big32(0), std::uint64_t{2} << 20U, &needed));
    CHECK(needed == 0);
}

TEST_CASE("the name of an entry's file is the SHA-1 of its key")
{
    CHECK(cache2::name_of_key("abc") == "A9993E364706816ABA3E25717850C26C9CD0D89D");
    CHECK(cache2::is_entry_name("A9993E364706816ABA3E25717850C26C9CD0D89D"));
    CHECK_FALSE(cache2::is_entry_name("a9993e364706816aba3e25717850c26c9cd0d89d"));
    CHECK_FALSE(cache2::is_entry_name("index"));
}

TEST_CASE("a key is tags and a URL")
{
    const auto parsed =
        cache2::parse_key("O^userContextId=2&partitionKey=%28https%2Calpha.test%29,a,~FETCH,:https://b.test/a,b:c");
    CHECK(parsed.attributes == "^userContextId=2&partitionKey=%28https%2Calpha.test%29");
    CHECK(parsed.id == "FETCH");
    CHECK(parsed.url == "https://b.test/a,b:c");
    CHECK(cache2::parse_key(":https://b.test/").url == "https://b.test/");
    CHECK(cache2::parse_key("a,:https://b.test/").url == "https://b.test/");
    CHECK(cache2::parse_key("O^a=b,,c,,,:https://b.test/").attributes == "^a=b,c,");
    CHECK(cache2::parse_key("O,,,,,,~,,:,:https://b.test/").attributes == ",,,~,:");
    CHECK(cache2::parse_key("O,,,,,,~,,:,:https://b.test/").url == "https://b.test/");
    CHECK(cache2::url_of_key("O,,,,,,~,,:,:https://b.test/") == "https://b.test/");
    CHECK(cache2::url_of_key("O,,:https://b.test/").empty());
    CHECK(cache2::parse_key("https://b.test/").url.empty());  // a tag without an end
    CHECK(cache2::parse_key("").url.empty());
    CHECK(cache2::parse_key("a,").url.empty());
}
