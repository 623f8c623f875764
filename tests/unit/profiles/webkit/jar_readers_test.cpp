// The jars of Safari and GNOME Web, read with values for the re-test.

#include "containers/binary_cookies.h"
#include "profiles/webkit/family.h"
#include "profiles/webkit/finders.h"
#include "tests/fixtures/home.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/safari_profile.h"
#include "tests/fixtures/webkit_files.h"
#include "web/cookie_jar.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::site;
using testing::TempFolder;
using testing::webkit::soup_jar;

TEST_CASE("libsoup's jar is read, the site's cookies only")
{
    const TempFolder folder;
    const fs::path file = soup_jar(folder / "cookies.sqlite",
                                   "('.example.com', '/', 'a', 'one', 1, 1900000000, 2),"
                                   "('app.example.com', '/x', 'b', 'two', 0, 1900000000, 1),"
                                   "('notexample.com', '/', 'c', 'three', 0, 1900000000, 0)");
    const auto cookies = read_soup_jar(file, site("example.com"));
    REQUIRE(cookies.size() == 2);
    CHECK((cookies[0].name == CookieName{".example.com", "/", "a"}));
    CHECK(cookies[0].value.text() == "one");
    CHECK(cookies[0].secure);
    CHECK(cookies[0].strict);
    CHECK(cookies[0].expires == 1900000000);
    CHECK((cookies[1].name == CookieName{"app.example.com", "/x", "b"}));
    CHECK_FALSE(cookies[1].secure);
    CHECK_FALSE(cookies[1].strict);
    CHECK(read_soup_jar(folder / "none", site("example.com")).empty());
}

TEST_CASE("Safari's jar is read, the site's cookies only")
{
    const TempFolder folder;
    testing::write_jar(folder / "jar", {"example.com", "other.test"});
    const auto cookies = read_binary_jar(folder / "jar", site("example.com"));
    REQUIRE(cookies.size() == 3);
    for (const JarCookie& one : cookies) {
        CHECK_THAT(one.name.host, Contains("example.com"));
        CHECK_THAT(one.value.text(), Contains("SECRET-"));
    }
    CHECK(read_binary_jar(folder / "none", site("example.com")).empty());
}

namespace {

/// A record of Safari's jar; see binary_cookies.h for its fields.
struct SafariCookie {
    std::string name;
    std::uint32_t flags = 0;
    std::uint16_t port = 0;
    std::string extra = {};  ///< after the strings
};

void put_number(std::string& bytes, std::size_t at, std::uint32_t number)
{
    for (std::size_t i = 0; i < 4; ++i) {
        bytes[at + i] = static_cast<char>(number >> (8 * i));
    }
}

std::string record_of(const SafariCookie& cookie)
{
    constexpr std::size_t header = 56;
    std::string bytes = testing::cookie_record("example.com", cookie.name, "SECRET");
    put_number(bytes, 8, cookie.flags);
    if (cookie.port != 0) {
        put_number(bytes, 12, 1);
        for (std::size_t offset = 16; offset < 32; offset += 4) {
            put_number(bytes, offset, static_cast<unsigned char>(bytes[offset]) + 2U);
        }
        bytes.insert(header, {static_cast<char>(cookie.port), static_cast<char>(cookie.port >> 8U)});
    }
    bytes += cookie.extra;
    put_number(bytes, 0, static_cast<std::uint32_t>(bytes.size()));
    return bytes;
}

}  // namespace

TEST_CASE(
    "what Safari's jar says of a cookie is read: secure, strict, when it ends; one for a port or a partition is left")
{
    const TempFolder folder;
    binary_cookies::Jar jar;
    jar.trailer = std::string("\x07\x17\x20\x05\0\0\0\x08", 8) + "bplist00";
    for (const SafariCookie& cookie :
         {SafariCookie{"plain"}, SafariCookie{"secure", binary_cookies::secure},
          SafariCookie{"strict", binary_cookies::same_site_strict}, SafariCookie{"lax", binary_cookies::same_site_lax},
          SafariCookie{"port", 0, 8443}, SafariCookie{"partition", 0, 0, "more"}}) {
        put(jar, binary_cookies::parse_record(record_of(cookie)).value());
    }
    testing::put(folder / "jar", binary_cookies::write(jar));
    std::map<std::string, JarCookie> cookies;
    for (JarCookie& cookie : read_binary_jar(folder / "jar", site("example.com"))) {
        cookies.emplace(cookie.name.name, std::move(cookie));
    }
    REQUIRE(cookies.size() == 4);
    for (const auto& [name, cookie] : cookies) {
        CHECK(cookie.secure == (name == "secure"));
        CHECK(cookie.strict == (name == "strict"));
        CHECK(cookie.expires == 978307200 + 800000000);
    }
    CHECK(cookies.contains("lax"));
}

TEST_CASE("a cookie with bytes that none should have is told, its value not")
{
    const TempFolder folder;
    soup_jar(folder / "data/cookies.sqlite",
             "('example.com', '/', 'plain', 'abc {\"x\": 1}', 0, 1900000000, 0),"
             "('example.com', '/', 'odd', 'caf\u00e9', 0, 1900000000, 0)");
    const Profile profile{"epiphany", "Default", "", folder / "data", folder / "data", folder / "cache"};
    const auto plan = plan_profile(epiphany_family().front(), profile, site("example.com"), {Kind::cookies});
    REQUIRE(plan.items() == 2);
    for (const StorePlan& store : plan.stores) {
        for (const Item& item : store.found.items) {
            CHECK(std::get<Cookie>(item.traits).invalid_octets == (item.name == "odd"));
        }
    }
}
