// What belongs to a site, and which arguments name one.

#include "web/site.h"

#include "base/text.h"
#include "profiles/chromium/storage_key.h"
#include "tests/fixtures/testing.h"

using namespace unstick;

namespace {

Site site(const std::string& argument)
{
    auto parsed = Site::parse(argument);
    INFO(argument);
    REQUIRE(parsed);
    return *parsed;
}

}  // namespace

TEST_CASE("an argument gives the scope and the target")
{
    const auto [argument, name, target] = GENERATE(table<std::string, std::string, std::string>({
        {"example.com", "example.com", "https://example.com/"},
        {"EXAMPLE.com.", "example.com", "https://example.com/"},
        {"app.example.co.uk", "example.co.uk", "https://app.example.co.uk/"},
        {"https://app.example.com/login?x=1#top", "example.com", "https://app.example.com/login?x=1"},
        {"https://example.com?next=/a", "example.com", "https://example.com/?next=/a"},
        {"http://example.com:80/", "example.com", "http://example.com/"},
        {"https://example.com:8443/x", "example.com", "https://example.com:8443/x"},
        {"http://user:secret@example.com/", "example.com", "http://example.com/"},
        {"a.github.io", "a.github.io", "https://a.github.io/"},
        {"deep.a.github.io", "a.github.io", "https://deep.a.github.io/"},
        {"localhost:8080", "localhost:8080", "https://localhost:8080/"},
        {"http://localhost:8080/x", "http://localhost:8080", "http://localhost:8080/x"},
        {"http://localhost/", "localhost", "http://localhost/"},
        {"https://localhost:443/", "https://localhost:443", "https://localhost/"},
        {"app2.localhost:8080", "app2.localhost", "https://app2.localhost:8080/"},
        {"http://wiki/", "wiki", "http://wiki/"},
        {"cloud:8080", "cloud:8080", "https://cloud:8080/"},
        {"https://support/x?y=1:2", "support", "https://support/x?y=1:2"},
        {"intranet", "intranet", "https://intranet/"},
        {"http://intranet/wiki", "intranet", "http://intranet/wiki"},
        {"127.0.0.1:8080", "127.0.0.1:8080", "https://127.0.0.1:8080/"},
        {"[::1]", "::1", "https://[::1]/"},
        {"[::1]:8443", "[::1]:8443", "https://[::1]:8443/"},
        {"https://[2001:DB8:0:0::1]/", "2001:db8::1", "https://[2001:db8::1]/"},
        {"bücher.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example/"},
        {"BÜCHER.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example/"},
        {"www.xn--bcher-kva.example", "xn--bcher-kva.example", "https://www.xn--bcher-kva.example/"},
        {"my_app.example.com", "example.com", "https://my_app.example.com/"},
        {"faß.de", "xn--fa-hia.de", "https://xn--fa-hia.de/"},
    }));
    CAPTURE(argument);
    const Site parsed = site(argument);
    CHECK(parsed.name() == name);
    CHECK(parsed.target().text() == target);
}

TEST_CASE("what is no site is refused with the reason")
{
    const auto [argument, reason] = GENERATE(table<std::string, std::string>({
        {"", "no site"},
        {"co.uk", "public suffix"},
        {"github.io", "public suffix"},
        {"com", "public suffix"},
        {"https://co.uk/", "public suffix"},
        {"https://github.io:8443/", "public suffix"},
        {"wiki", "http://wiki/"},
        {"a..com", "empty part"},
        {".example.com", "empty part"},
        {"https://", "host name is missing"},
        {"http:///path", "host name is missing"},
        {std::string(300, 'a') + ".com", "longer than"},
        {std::string(64, 'a') + ".com", "longer than 63"},
        {"exa\x1bmple.com", "control"},
        {"exam ple.com", "spaces"},
        {"example.com\n", "control"},
        {"*.example.com", "'*' cannot be"},
        {"ex%41mple.com", "'%' cannot be"},
        {"file:///etc/passwd", "not a scheme of web sites"},
        {"javascript:alert(1)", "not the address of a web site"},
        {"mailto:x@example.com", "not the address of a web site"},
        {"ftp://example.com/", "not a scheme of web sites"},
        {"https:\\\\example.com", "this is not the address"},
        {"https://example.com\\@evil.org/", "forward slashes"},
        {"example.com:99999", "port"},
        {"example.com:0", "port"},
        {"https://example.com:http/", "port"},
        {"127.1", "four numbers"},
        {"0x7f.0.0.1", "IP address"},
        {"256.1.1.1", "IP address"},
        {"[::1", "missing"},
        {"[::zz]", "not an IPv6"},
    }));
    CAPTURE(argument);
    const auto parsed = Site::parse(argument);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Code::usage);
    const std::string shown = parsed.error().what + " " + parsed.error().hint;
    CAPTURE(shown);
    CHECK(shown.find(reason) != std::string::npos);
    CHECK(parsed.error().where == printable(parsed.error().where));
}

TEST_CASE("hosts are compared by whole labels")
{
    const Site example = site("https://app.example.com/");
    for (const auto* ours : {"example.com", ".example.com", "app.example.com", "A.B.Example.COM", "example.com."}) {
        CAPTURE(ours);
        CHECK(example.owns_host(ours));
    }
    for (const auto* other : {"notexample.com", "example.com.evil.org", "example.org", "com", "", ".", "example",
                              "xample.com", "evil.org/example.com", ".com"}) {
        CAPTURE(other);
        CHECK_FALSE(example.owns_host(other));
    }
    CHECK_FALSE(site("a.github.io").owns_host("b.github.io"));
    CHECK_FALSE(site("a.github.io").owns_host("github.io"));
    CHECK(site("10.0.0.1").owns_host("10.0.0.1"));
    CHECK_FALSE(site("10.0.0.1").owns_host("110.0.0.1"));
    CHECK(site("[::1]").owns_host("[::1]"));
    CHECK(site("bücher.example").owns_host("shop.xn--bcher-kva.example"));
}

TEST_CASE("URLs and origins belong by their host, and only those of the web")
{
    const Site example = site("example.com");
    for (const auto* ours : {"https://example.com", "http://app.example.com:8080/x", "wss://example.com/",
                             "blob:https://example.com/1234", "filesystem:https://example.com/t/",
                             "HTTPS://EXAMPLE.COM/", "federation://example.com/idp.org", "https://u:p@example.com/"}) {
        CAPTURE(ours);
        CHECK(example.owns_url(ours));
    }
    for (const auto* other :
         {"https://evil.org/?u=https://example.com/", "https://example.com.evil.org/", "https://example.com@evil.org/",
          "chrome-extension://example.com/", "file://example.com/x", "data:text/html,https://example.com",
          "about:blank", "example.com", "", "://example.com", "android://hash@com.example/"}) {
        CAPTURE(other);
        CHECK_FALSE(example.owns_url(other));
    }
}

TEST_CASE("a partition belongs to the whole site, not to one host of it")
{
    const Site example = site("https://app.example.com/");
    CHECK(example.owns_partition("https://example.com"));
    CHECK(example.owns_partition("http://example.com/"));
    CHECK_FALSE(example.owns_partition("https://app.example.com"));
    CHECK_FALSE(example.owns_partition("https://notexample.com"));
    CHECK_FALSE(example.owns_partition(""));
    CHECK_FALSE(example.only_host().owns_partition("https://example.com"));
    CHECK(site("localhost").only_host().owns_partition("http://localhost"));
}

TEST_CASE("option --host narrows the scope to one host")
{
    const Site app = site("https://app.example.com/").only_host();
    CHECK(app.name() == "app.example.com");
    CHECK(app.owns_host("app.example.com"));
    CHECK(app.owns_host(".app.example.com"));
    CHECK_FALSE(app.owns_host("example.com"));
    CHECK_FALSE(app.owns_host(".example.com"));
    CHECK_FALSE(app.owns_host("x.app.example.com"));
}

TEST_CASE("option --also adds a scope and keeps the target")
{
    Site example = site("example.com");
    example.add(site("login.idp.org"));
    example.add(site("idp.org"));
    CHECK(example.names() == std::vector<std::string>{"example.com", "idp.org"});
    CHECK(example.target().host == "example.com");
    CHECK(example.owns_host("login.idp.org"));
    CHECK(example.owns_partition("https://idp.org"));
}

TEST_CASE("a name without a registrable domain is that host alone")
{
    for (const auto* name : {"test", "corp", "lan", "local", "internal", "localhost", "intranet", "http://wiki/"}) {
        CAPTURE(name);
        const Site one = site(name);
        const std::string host = one.target().host;
        CHECK(one.owns_host(host));
        CHECK(one.owns_host("." + host));
        CHECK(one.owns_url("http://" + host + ":8080/"));
        CHECK(one.owns_partition("https://" + host));
        CHECK_FALSE(one.owns_host("alpha." + host));
        CHECK_FALSE(one.owns_url("https://alpha." + host + "/"));
        CHECK_FALSE(one.owns_partition("https://alpha." + host));
        CHECK(one.known_hosts() == std::set<std::string>{host});
    }
}

TEST_CASE("option --subdomains takes what is below such a name along")
{
    const Site all = site("test").with_subdomains().value();
    for (const auto* host : {"test", "alpha.test", "a.beta.test", ".alpha.test"}) {
        CHECK(all.owns_host(host));
    }
    CHECK(all.owns_partition("https://alpha.test"));  // each is a site of its own there
    CHECK_FALSE(all.owns_host("alpha.test.evil.org"));
    CHECK_FALSE(all.owns_host("contest"));
    CHECK(all.known_hosts() == std::set<std::string>{"test", "www.test"});

    const Site example = site("https://app.example.com/").with_subdomains().value();  // has them anyway
    CHECK(example.owns_host("www.example.com"));
    CHECK_FALSE(example.owns_partition("https://app.example.com"));
    CHECK_FALSE(site("127.0.0.1").with_subdomains()->owns_host("1.127.0.0.1"));
    const auto refused = site("http://wiki/").with_subdomains();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().what.find("public suffix") != std::string::npos);
}

TEST_CASE("a label that is a suffix elsewhere is a host if something says so")
{
    const auto parsed = Site::parse("wiki", Site::BareLabel::if_stored);
    REQUIRE(parsed);
    CHECK(parsed->is_in_doubt());
    CHECK(parsed->refusal().code == Code::usage);
    CHECK(parsed->owns_host("wiki"));
    CHECK_FALSE(parsed->owns_host("some.wiki"));
    CHECK_FALSE(site("http://wiki/").is_in_doubt());
    CHECK_FALSE(site("wiki:80").is_in_doubt());
    CHECK_FALSE(site("example.com").is_in_doubt());
    for (const auto* suffix : {"co.uk", "github.io", "https://github.io/"}) {
        CHECK_FALSE(Site::parse(suffix, Site::BareLabel::if_stored));
    }
}

TEST_CASE("one port of a host is its origin, and what knows no port")
{
    const Site one = site("http://127.0.0.1:8080/");
    CHECK(one.is_of_one_port());
    for (const auto* ours : {"http://127.0.0.1:8080", "http://127.0.0.1:8080/x", "ws://127.0.0.1:8080/",
                             "blob:http://127.0.0.1:8080/1", "http://u@127.0.0.1:8080/"}) {
        CAPTURE(ours);
        CHECK(one.owns_url(ours));
        CHECK(one.own_ports_only().owns_url(ours));
    }
    for (const auto* other : {"http://127.0.0.1:9090", "http://127.0.0.1", "https://127.0.0.1:8080",
                              "http://127.0.0.1:80801", "http://127.0.0.1:", "http://10.0.0.1:8080",
                              "http://127.0.0.1:9090@evil.org:8080/", "http://127.0.0.1:8080x/"}) {
        CAPTURE(other);
        CHECK_FALSE(one.owns_url(other));
    }
    CHECK(one.owns_host("127.0.0.1"));
    CHECK_FALSE(one.own_ports_only().owns_host("127.0.0.1"));
    CHECK(one.own_ports_only().known_hosts().empty());
    Site met = one;
    met.know("127.0.0.1");
    CHECK(met.own_ports_only().known_hosts().empty());
    CHECK_FALSE(one.owns_partition("http://127.0.0.1"));  // other ports' too

    const Site either = site("localhost:8080");
    CHECK(either.owns_url("http://localhost:8080/"));
    CHECK(either.owns_url("https://localhost:8080/"));
    CHECK_FALSE(either.owns_url("http://localhost/"));
    CHECK(site("http://[::1]:8080/").owns_url("http://[::1]:8080"));
    CHECK_FALSE(site("http://[::1]:8080/").owns_url("http://[::1]:8081"));
    CHECK(site("https://localhost:443").owns_url("https://localhost/"));
    CHECK_FALSE(site("https://localhost:443").owns_url("https://localhost:8443/"));
    CHECK_FALSE(site("localhost").is_of_one_port());
    CHECK_FALSE(site("app.example.com:8443").is_of_one_port());  // a site has all its ports
}

TEST_CASE("option --all-ports makes it the host again")
{
    const Site all = site("localhost:8080").all_ports();
    CHECK(all.name() == "localhost");
    CHECK(all.target().text() == "https://localhost:8080/");
    CHECK_FALSE(all.is_of_one_port());
    CHECK(all.owns_url("http://localhost:9090/"));
    CHECK(all.owns_partition("http://localhost"));
    CHECK_FALSE(all.owns_host("app2.localhost"));
}

TEST_CASE("the names of the scopes are arguments")
{
    for (const auto* argument : {"localhost:8080", "http://[::1]:8080/", "https://localhost:443/", "test"}) {
        CAPTURE(argument);
        const Site first = site(argument);
        CHECK(site(first.name()).name() == first.name());
        CHECK(site(first.name()).is_of_one_port() == first.is_of_one_port());
    }
    Site both = site("example.com");
    both.add(site("http://localhost:8080/"));
    both.add(site("http://localhost:9090/"));
    both.add(site("[::1]"));
    CHECK(both.arguments() ==
          std::vector<std::string>{"example.com", "http://localhost:8080", "http://localhost:9090", "[::1]"});
}

TEST_CASE("what the target's host has by one scheme")
{
    const Site plain = site("app.example.com").of_target_by("http");
    CHECK(plain.owns_url("http://app.example.com/"));
    CHECK(plain.owns_url("http://app.example.com:8080/"));
    CHECK_FALSE(plain.owns_url("https://app.example.com/"));
    CHECK_FALSE(plain.owns_url("http://www.example.com/"));
    CHECK_FALSE(plain.owns_host("app.example.com"));
    CHECK_FALSE(plain.owns_partition("http://example.com"));
}

TEST_CASE("which names are not the public's")
{
    for (const auto* own : {"printer", "localhost", "192.168.1.1", "::1", "nas.local", "a.b.lan", "git.corp",
                            "x.home.arpa", "x.test", "x.internal", "app.localhost"}) {
        CAPTURE(own);
        CHECK(is_private_name(own));
    }
    for (const auto* open : {"example.com", "local.example.com", "home.arpa.org", "mylan.org"}) {
        CAPTURE(open);
        CHECK_FALSE(is_private_name(open));
    }
}

TEST_CASE("storage keys are taken apart as Chromium writes them")
{
    const Site alpha = site("alpha.test");
    for (const auto* ours :
         {"https://app.alpha.test/", "https://app.alpha.test:8443/", "https://app.alpha.test",
          "https://cdn.beta.test/^0https://alpha.test", "https://app.alpha.test/^0https://beta.test",
          "https://alpha.test/^31", "https://alpha.test/^11234^25678", "https://alpha.test/^41^52^60"}) {
        CAPTURE(ours);
        CHECK(owns_storage_key(alpha, ours));
    }
    for (const auto* other :
         {"https://beta.test/", "https://beta.test/^0https://gamma.test", "https://notalpha.test/",
          "https://alpha.test.beta.test/", "https://beta.test/^0https://app.alpha.test", "", "^0https://alpha.test",
          "https://beta.test^0https://alpha.test", "chrome-extension://alpha.test/", "https://alpha.test/^9",
          "https://alpha.test/^", "https://alpha.test/path/^0https://x.test"}) {
        CAPTURE(other);
        CHECK_FALSE(owns_storage_key(alpha, other));
    }
    CHECK(parse_storage_key("https://alpha.test/^11234^25678")->opaque);
}

TEST_CASE("origin identifiers are folder names of origins")
{
    CHECK(origin_of_identifier("https_app.alpha.test_0") == "https://app.alpha.test");
    CHECK(origin_of_identifier("https_app.alpha.test_8443") == "https://app.alpha.test:8443");
    CHECK(origin_of_identifier("https_my_app.alpha.test_0") == "https://my_app.alpha.test");
    CHECK(origin_of_identifier("http_[__1]_8090") == "http://[::1]:8090");
    for (const auto* bad :
         {"", "https", "https_alpha.test", "https__0", "_alpha_0", "https_a_x", "https_a_999999", "https_a/b_0"}) {
        CAPTURE(bad);
        CHECK_FALSE(origin_of_identifier(bad));
    }
}

TEST_CASE("what is printed cannot move the cursor or hide")
{
    CHECK(printable("plain ümläut 日本 🍪") == "plain ümläut 日本 🍪");
    CHECK(printable("a\x1b[31mb\nc\x7f") == "a\\x1B[31mb\\x0Ac\\x7F");
    CHECK(printable("\xff\xc3(\xed\xa0\x80") == "\\xFF\\xC3(\\xED\\xA0\\x80");
    CHECK(printable("a\u202Eb\u0085c") == "a\\u{202E}b\\u{85}c");
    CHECK(printable("\xc0\xaf") == "\\xC0\\xAF");
}

TEST_CASE("numbers read well")
{
    CHECK(count_of(1, "item", "items") == "1 item");
    CHECK(count_of(0, "item", "items") == "0 items");
    CHECK(size_of(1) == "1 byte");
    CHECK(size_of(1023) == "1023 bytes");
    CHECK(size_of(3482) == "3.4 KB");
    CHECK(size_of(12 * 1024 * 1024) == "12.0 MB");
    CHECK(hex(std::string_view("\0\xff", 2)) == "00ff");
}
