// Safari's cookie jar: read, rewritten without some records, and these put back.

#include "containers/binary_cookies.h"

#include <cstring>
#include <set>

#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace unstick::binary_cookies;
namespace fs = std::filesystem;

namespace {

std::string little(std::uint32_t number)
{
    std::string bytes(4, '\0');
    std::memcpy(bytes.data(), &number, 4);
    return bytes;
}

std::string big(std::uint32_t number)
{
    const std::string bytes = little(number);
    return {bytes.rbegin(), bytes.rend()};
}

std::string real(double number)
{
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &number, 8);
    return bytes;
}

std::string text(std::string_view characters)
{
    return std::string(characters) + '\0';
}

struct Made {
    std::string domain = ".example.com";
    std::string name = "sid";
    std::string path = "/";
    std::string value = "secret";
    std::string order = "DNPV";
    std::string extra = {};
    std::string comment = {};
    std::uint32_t flags = secure | http_only;
    std::uint32_t version = 0;
    std::uint16_t port = 0;
    double expires = 1000;
    double created = 500;
};

/// A record as Safari writes it.
std::string record(const Made& made)
{
    std::string body;
    const auto offset = [&] { return little(static_cast<std::uint32_t>(56 + body.size())); };
    if (made.port != 0) {
        body += little(made.port).substr(0, 2);
    }
    std::string comment_at = little(0);
    if (!made.comment.empty()) {
        comment_at = offset();
        body += text(made.comment);
    }
    std::string domain_at;
    std::string name_at;
    std::string path_at;
    std::string value_at;
    for (const char field : made.order) {
        (field == 'D' ? domain_at : field == 'N' ? name_at : field == 'P' ? path_at : value_at) = offset();
        body += text(field == 'D' ? made.domain : field == 'N' ? made.name : field == 'P' ? made.path : made.value);
    }
    body += made.extra;
    return little(static_cast<std::uint32_t>(56 + body.size())) + little(made.version) + little(made.flags) +
           little(made.port != 0 ? 1 : 0) + domain_at + name_at + path_at + value_at + comment_at + little(0) +
           real(made.expires) + real(made.created) + body;
}

std::string page(const std::vector<std::string>& records)
{
    std::string offsets;
    std::string body;
    for (const std::string& bytes : records) {
        offsets += little(static_cast<std::uint32_t>(12 + 4 * records.size() + body.size()));
        body += bytes;
    }
    return std::string("\0\0\1\0", 4) + little(static_cast<std::uint32_t>(records.size())) + offsets + little(0) + body;
}

const std::string old_trailer = "\x07\x17\x20\x05";
const std::string trailer = old_trailer + big(8) + "bplist00";

std::string jar(const std::vector<std::string>& pages, const std::string& end = trailer)
{
    std::string sizes;
    std::string body;
    std::uint32_t checksum = 0;
    for (const std::string& bytes : pages) {
        sizes += big(static_cast<std::uint32_t>(bytes.size()));
        body += bytes;
        for (std::size_t i = 0; i < bytes.size(); i += 4) {
            checksum += static_cast<unsigned char>(bytes[i]);
        }
    }
    return "cook" + big(static_cast<std::uint32_t>(pages.size())) + sizes + body + big(checksum) + end;
}

Jar parsed(const std::string& file)
{
    auto result = parse(file);
    REQUIRE(result);
    return std::move(*result);
}

Code code_of(const std::string& file)
{
    const auto result = parse(file);
    REQUIRE_FALSE(result);
    CHECK_FALSE(result.error().what.empty());
    return result.error().code;
}

std::function<bool(const Record&)> of_domain(const std::string& domain)
{
    return [domain](const Record& one) { return one.cookie.domain == domain; };
}

bool nothing(const Record&)
{
    return false;
}

std::multiset<std::string> records_of(const Jar& jar)
{
    std::multiset<std::string> records;
    for (const Page& page : jar.pages) {
        for (const Record& record : page) {
            records.insert(record.bytes);
        }
    }
    return records;
}

std::vector<fs::path> real_jars()
{
    std::vector<fs::path> jars;
    if (const fs::path data = testing::real_data(); !data.empty()) {
        for (const auto& file : fs::recursive_directory_iterator(data)) {
            if (file.path().extension() == ".binarycookies") {
                jars.push_back(file.path());
            }
        }
        CHECK(jars.size() >= 13);
    }
    return jars;
}

}  // namespace

TEST_CASE("a record says all of its cookie but the value")
{
    const Made made{.domain = "app.example.com", .name = "token", .path = "/a", .value = "0123456789"};
    const auto result = parse_record(record(made));
    REQUIRE(result);
    const Cookie& cookie = result->cookie;
    CHECK(cookie.domain == "app.example.com");
    CHECK(cookie.name == "token");
    CHECK(cookie.path == "/a");
    CHECK(cookie.flags == (secure | http_only));
    CHECK(cookie.value_length == 10);
    CHECK(cookie.extra_length == 0);
    CHECK(cookie.port == 0);
    CHECK(cookie.created == 978307700);
    CHECK(cookie.expires == 978308200);
    CHECK(result->bytes == record(made));
}

TEST_CASE("strings are found by their offsets, in any order, after a port and a comment")
{
    const auto order = GENERATE("DNPV", "NVDP", "VPND", "PDVN");
    const auto result = parse_record(record({.order = order, .comment = "made by hand", .version = 1, .port = 8443}));
    REQUIRE(result);
    CHECK(result->cookie.domain == ".example.com");
    CHECK(result->cookie.name == "sid");
    CHECK(result->cookie.path == "/");
    CHECK(result->cookie.value_length == 6);
    CHECK(result->cookie.extra_length == 0);
    CHECK(result->cookie.port == 8443);
}

TEST_CASE("what follows the strings is kept and can be looked at")
{
    const std::string extra = "bplist00 partition";
    const auto file = jar({page({record({.extra = extra}), record({.name = "b"})})});
    Jar read = parsed(file);
    CHECK(read.pages[0][0].cookie.extra_length == extra.size());
    CHECK(extra_of(read.pages[0][0]) == extra);
    CHECK(extra_of(read.pages[0][1]).empty());
    CHECK(take(read, [](const Record& one) { return one.cookie.name == "b"; }).size() == 1);
    CHECK(write(read) == jar({page({record({.extra = extra})})}));
}

TEST_CASE("times that are none are left out")
{
    const double odd =
        GENERATE(1e300, -1e300, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity());
    const auto result = parse_record(record({.expires = odd, .created = -0.5}));
    REQUIRE(result);
    CHECK_FALSE(result->cookie.expires);
    CHECK(result->cookie.created == 978307199);
}

TEST_CASE("records that cannot be right are refused")
{
    const std::string good = record({});
    const auto code_of_record = [](const std::string& bytes) {
        const auto result = parse_record(bytes);
        REQUIRE_FALSE(result);
        return result.error().code;
    };
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK(code_of_record(good.substr(0, size)) == Code::corrupt);
        if (size >= 4) {
            // The size agrees, but a string has no end.
            CHECK(code_of_record(little(static_cast<std::uint32_t>(size)) + good.substr(4, size - 4)) == Code::corrupt);
        }
    }
    CHECK(code_of_record(good + "x") == Code::corrupt);
    CHECK(code_of_record(record({.version = 2})) == Code::unsupported);
    for (const std::size_t field : {16U, 20U, 24U, 28U}) {
        for (const std::uint32_t offset : {0U, 55U, 10000U, 0xffffffffU}) {
            std::string bad = good;
            bad.replace(field, 4, little(offset));
            CHECK(code_of_record(bad) == Code::corrupt);
        }
    }
}

TEST_CASE("a jar is written back as it was read")
{
    const auto file =
        GENERATE(jar({}), jar({}, old_trailer), jar({page({}), page({}), page({record({})})}),
                 jar({page({record({}), record({.order = "NVDP"})}), page({record({.domain = "b.org"})})}),
                 jar({page({record({})})}, old_trailer));
    CHECK(write(parsed(file)) == file);
}

TEST_CASE("only unwanted records go, and the pages they leave empty")
{
    const std::string a = record({.domain = ".a.org"});
    const std::string b = record({.domain = "b.org", .order = "NVDP", .extra = "more"});
    const std::string b2 = record({.domain = "b.org", .name = "z"});
    Jar read = parsed(jar({page({}), page({a, a}), page({b, b2})}));

    SECTION("a whole page")
    {
        const auto taken = take(read, of_domain(".a.org"));
        CHECK(taken.size() == 2);
        CHECK(write(read) == jar({page({}), page({b, b2})}));
    }
    SECTION("a part of a page")
    {
        const auto taken = take(read, [](const Record& one) { return one.cookie.name == "z"; });
        REQUIRE(taken.size() == 1);
        CHECK(taken[0].bytes == b2);
        CHECK(write(read) == jar({page({}), page({a, a}), page({b})}));
    }
    SECTION("nothing")
    {
        CHECK(take(read, nothing).empty());
        CHECK(write(read) == jar({page({}), page({a, a}), page({b, b2})}));
    }
}

TEST_CASE("a jar without its last cookie is what Safari writes for no cookies")
{
    Jar read = parsed(jar({page({record({})})}));
    take(read, [](const Record&) { return true; });
    CHECK(write(read) == jar({}));
}

TEST_CASE("taken records are put back into the page of their domain")
{
    const std::string a = record({.domain = "a.org"});
    const std::string b = record({.domain = ".a.org"});
    const std::string c = record({.domain = "a.org", .name = "second"});
    Jar read = parsed(jar({page({b}), page({a, c})}));
    auto taken = take(read, of_domain("a.org"));
    REQUIRE(taken.size() == 2);
    CHECK_FALSE(holds(read, taken[0]));
    for (Record& one : taken) {
        const auto again = parse_record(one.bytes);  // the journal keeps bytes
        REQUIRE(again);
        put(read, *again);
        CHECK(holds(read, one));
    }
    CHECK(write(read) == jar({page({b}), page({a, c})}));
    CHECK(write(parsed(write(read))) == write(read));
}

TEST_CASE("a cookie is known by domain, path, name and partition")
{
    const Jar read = parsed(jar({page({record({.value = "new"})})}));
    const auto held = [&](const Made& made) { return holds(read, *parse_record(record(made))); };
    CHECK(held({}));
    CHECK_FALSE(held({.domain = "example.com"}));
    CHECK_FALSE(held({.name = "SID"}));
    CHECK_FALSE(held({.path = "/a"}));
    CHECK_FALSE(held({.extra = "bplist00 of a partition"}));  // its twin below another site
}

TEST_CASE("what is not a known jar is refused")
{
    const std::string good = jar({page({record({})})});
    CHECK(code_of("") == Code::unsupported);
    CHECK(code_of("kooc" + good.substr(4)) == Code::unsupported);
    CHECK(code_of(good + "x") == Code::unsupported);
    CHECK(code_of(jar({page({record({})})}, "")) == Code::unsupported);
    CHECK(code_of(jar({page({record({})})}, old_trailer + big(9) + "bplist00")) == Code::unsupported);
    CHECK(code_of(jar({page({record({})}) + "gap"})) == Code::unsupported);
    CHECK(code_of(jar({"\1" + page({record({})}).substr(1)})) == Code::unsupported);
    CHECK(code_of(jar({page({record({.version = 7})})})) == Code::unsupported);
    CHECK(code_of("cook" + big(0xffffffff)) == Code::corrupt);
    CHECK(code_of("cook" + big(1) + big(0xffffffff)) == Code::corrupt);
    CHECK(code_of(jar({std::string("\0\0\1\0", 4) + little(0xffffffff) + little(0)})) == Code::corrupt);

    std::string wrong_sum = good;
    ++wrong_sum[good.size() - trailer.size() - 1];
    CHECK(code_of(wrong_sum) == Code::corrupt);
    std::string flipped = good;
    flipped[12 + 16 + 8] ^= 1;  // a byte of the flags, which the checksum covers
    CHECK(code_of(flipped) == Code::corrupt);

    // Records in another order than their offsets: we would write them differently.
    const std::string one = record({.name = "1"});
    std::string swapped = page({one, record({.name = "2"})});
    const auto first = swapped.substr(8, 4);
    swapped.replace(8, 4, swapped.substr(12, 4));
    swapped.replace(12, 4, first);
    CHECK(code_of(jar({swapped})) == Code::unsupported);
}

TEST_CASE("a jar cut off anywhere is refused")
{
    const std::string good = jar({page({}), page({record({}), record({.name = "b"})})});
    for (std::size_t size = 0; size < good.size(); ++size) {
        CAPTURE(size);
        if (size == good.size() - trailer.size() + old_trailer.size()) {
            CHECK(parse(good.substr(0, size)));  // the same jar as of 2013
        } else {
            CHECK_FALSE(parse(good.substr(0, size)));
        }
    }
}

TEST_CASE("whatever bytes are changed, a jar is refused or written back as it is")
{
    const std::vector<std::string> pages{page({record({.extra = "more"}), record({.order = "NVDP", .comment = "c"})}),
                                         page({record({.version = 1, .port = 80})})};
    const std::string good = jar(pages);
    std::size_t accepted = 0;
    const auto check = [&](const std::string& file) {
        auto read = parse(file);
        if (read) {
            ++accepted;
            REQUIRE(write(*read) == file);
            const auto taken = take(*read, of_domain(".example.com"));
            REQUIRE(parse(write(*read)));
        }
    };
    for (const int flip : {0x01, 0x80, 0xff}) {
        for (std::size_t i = 0; i < good.size(); ++i) {
            std::string file = good;
            file[i] = static_cast<char>(file[i] ^ flip);
            check(file);
        }
        // The same with a checksum that fits.
        for (std::size_t number = 0; number < pages.size(); ++number) {
            for (std::size_t i = 0; i < pages[number].size(); ++i) {
                auto changed = pages;
                changed[number][i] = static_cast<char>(changed[number][i] ^ flip);
                check(jar(changed));
            }
        }
    }
    CHECK(accepted > 100);  // most bytes are names and values
}

TEST_CASE("real jars are written back byte for byte", "[realdata]")
{
    for (const fs::path& file : real_jars()) {
        CAPTURE(file);
        const std::string bytes = testing::get(file);
        const auto read = parse(bytes);
        REQUIRE(read);
        CHECK((write(*read) == bytes));  // not expanded on failure: it holds values
        for (const Page& page : read->pages) {
            for (const Record& one : page) {
                CHECK_FALSE(one.cookie.domain.empty());
                CHECK_FALSE(one.cookie.name.empty());
                CHECK(one.cookie.path.starts_with("/"));
                CHECK(one.cookie.domain == page.front().cookie.domain);
                CHECK(one.cookie.extra_length == 0);
                REQUIRE(one.cookie.created);
                CHECK(*one.cookie.created > 1300000000);
                CHECK(*one.cookie.created < 1800000000);
            }
        }
    }
}

TEST_CASE("any domain can be taken out of a real jar and put back", "[realdata]")
{
    for (const fs::path& file : real_jars()) {
        CAPTURE(file);
        const Jar original = parsed(testing::get(file));
        for (const Page& page : original.pages) {
            if (page.empty()) {
                continue;
            }
            Jar jar = original;
            auto taken = take(jar, of_domain(page.front().cookie.domain));
            CHECK(taken.size() == page.size());
            const Jar smaller = parsed(write(jar));
            CHECK(records_of(smaller).size() + taken.size() == records_of(original).size());
            for (Record& one : taken) {
                CHECK_FALSE(holds(smaller, one));
                put(jar, std::move(one));
            }
            CHECK((records_of(parsed(write(jar))) == records_of(original)));
        }
    }
}
