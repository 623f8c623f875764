// HOST:PORT:ADDRESS of --resolve.

#include "web/resolve_entry.h"

#include "tests/fixtures/testing.h"

using namespace unstick;

TEST_CASE("an entry is read, and written as the HTTP client and as Chromium take it")
{
    const auto [typed, text, rule] = GENERATE(table<std::string, std::string, std::string>({
        {"example.com:443:192.0.2.1", "example.com:443:192.0.2.1", "MAP example.com:443 192.0.2.1"},
        {"+EXAMPLE.com.:443:192.0.2.1", "example.com:443:192.0.2.1", "MAP example.com:443 192.0.2.1"},
        {"bücher.example:80:192.0.2.1", "xn--bcher-kva.example:80:192.0.2.1", "MAP xn--bcher-kva.example:80 192.0.2.1"},
        {"*:65535:192.0.2.1", "*:65535:192.0.2.1", "MAP *:65535 192.0.2.1"},
        {"[::1]:8443:127.0.0.1", "[::1]:8443:127.0.0.1", "MAP [::1]:8443 127.0.0.1"},
        {"a.com:1:::1", "a.com:1:[::1]", "MAP a.com:1 [::1]"},
        {"a.com:1:[2001:DB8::0:1]", "a.com:1:[2001:db8::1]", "MAP a.com:1 [2001:db8::1]"},
        {"a.com:1:192.0.2.1,::1,[::2]", "a.com:1:192.0.2.1,[::1],[::2]", "MAP a.com:1 192.0.2.1"},
    }));
    CAPTURE(typed);
    const auto entry = parse_resolve_entry(typed);
    REQUIRE(entry);
    CHECK(entry->text() == text);
    CHECK(entry->rule() == rule);
    CHECK(parse_resolve_entry(entry->text())->text() == text);
}

TEST_CASE("what is no entry is refused with the reason")
{
    using Catch::Matchers::Contains;
    const auto [typed, reason] = GENERATE(table<std::string, std::string>({
        {"", "empty"},
        {":443:192.0.2.1", "empty"},
        {"a b:443:192.0.2.1", "spaces"},
        {"[::1:443:192.0.2.1", "]"},
        {"a.com", "port"},
        {"a.com:", "port"},
        {"a.com:https:192.0.2.1", "port"},
        {"a.com:0:192.0.2.1", "port"},
        {"a.com:65536:192.0.2.1", "port"},
        {"a.com:99999:192.0.2.1", "port"},
        {"a.com:+1:192.0.2.1", "port"},
        {"a.com:443", "address"},
        {"a.com:443:", "address"},
        {"a.com:443:b.com", "address"},
        {"a.com:443:192.0.2.1,", "address"},
        {"a.com:443:[192.0.2.1]", "address"},
        {"a.com:443:[::1", "address"},
    }));
    CAPTURE(typed);
    const auto entry = parse_resolve_entry(typed);
    REQUIRE_FALSE(entry);
    CHECK(entry.error().code == Code::usage);
    CHECK_THAT(entry.error().what, Contains("'" + typed + "' is not HOST:PORT:ADDRESS") && Contains(reason));
}

TEST_CASE("an entry applies to its host and port")
{
    const auto [typed, url, applies] = GENERATE(table<std::string, std::string, bool>({
        {"a.com:443:192.0.2.1", "https://a.com/", true},
        {"a.com:443:192.0.2.1", "http://a.com/", false},
        {"a.com:443:192.0.2.1", "https://b.a.com/", false},
        {"a.com:80:192.0.2.1", "http://a.com/", true},
        {"a.com:8443:192.0.2.1", "https://a.com:8443/", true},
        {"[::1]:8443:192.0.2.1", "https://[::1]:8443/", true},
        {"*:443:192.0.2.1", "https://b.com/", true},
    }));
    CAPTURE(typed, url);
    CHECK(parse_resolve_entry(typed)->applies_to(*parse_url(url)) == applies);
}
