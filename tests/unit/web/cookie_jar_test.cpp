// A browser's cookies on their way to a server: which go where, and that no value stays.

#include "web/cookie_jar.h"

#include "tests/fixtures/testing.h"

using namespace unstick;

namespace {

constexpr std::int64_t now = 1'800'000'000;

struct Trait {
    bool secure = false;
    bool strict = false;
    std::optional<std::int64_t> expires = {};
};

JarCookie cookie(const std::string& host, const std::string& path, const std::string& name, Trait trait = {})
{
    JarCookie made;
    made.name = {host, path, name};
    made.value = Secret(std::string_view("v-" + name));
    made.secure = trait.secure;
    made.strict = trait.strict;
    made.expires = trait.expires;
    return made;
}

template <class... Cookies>
CookieJar jar(Cookies... cookies)
{
    std::vector<JarCookie> all;
    (all.push_back(std::move(cookies)), ...);
    return CookieJar(std::move(all), now);
}

std::string sent(CookieJar& jar, const std::string& url)
{
    return jar.header_for(parse_url(url).value()).text();
}

template <class... Cookies>
std::string sent_to(const std::string& url, Cookies... cookies)
{
    CookieJar made = jar(std::move(cookies)...);
    return sent(made, url);
}

}  // namespace

// --- Secrets ---

TEST_CASE("a secret leaves nothing where it was")
{
    std::string text = "short";
    const char* const place = text.data();  // a short text lies in the string itself
    const Secret first{std::move(text)};
    CHECK(first.text() == "short");
    CHECK(std::string_view(place, 5) == std::string_view("\0\0\0\0\0", 5));

    Secret second;
    for (int i = 0; i < 100; ++i) {
        second.append("0123456789");
    }
    CHECK(second.text().size() == 1000);
    const Secret third(std::move(second));
    CHECK(third.text().substr(990) == "0123456789");
    CHECK(second.empty());  // NOLINT(bugprone-use-after-move): that is what is asked
}

// --- Which cookies go with a request ---

TEST_CASE("cookies go to their host, and those of a domain to all below it")
{
    const auto asked = [](const std::string& url) {
        return sent_to(url, cookie("example.com", "/", "host"), cookie(".example.com", "/", "domain"));
    };
    CHECK(asked("https://example.com/") == "host=v-host; domain=v-domain");
    CHECK(asked("https://app.example.com/") == "domain=v-domain");
    CHECK(asked("https://notexample.com/").empty());
    CHECK(asked("https://example.com.evil.org/").empty());
}

TEST_CASE("cookies go below their path, the longest first")
{
    const auto asked = [](const std::string& path) {
        return sent_to("https://example.com" + path, cookie("example.com", "/", "root"),
                       cookie("example.com", "/app", "app"), cookie("example.com", "/app/", "folder"));
    };
    CHECK(asked("/app/x") == "folder=v-folder; app=v-app; root=v-root");
    CHECK(asked("/app?x=1") == "app=v-app; root=v-root");
    CHECK(asked("/apple") == "root=v-root");
}

TEST_CASE("a secure cookie goes over https only, an expired one nowhere")
{
    CHECK(sent_to("https://example.com/", cookie("example.com", "/", "s", {true})) == "s=v-s");
    CHECK(sent_to("http://example.com/", cookie("example.com", "/", "s", {true})).empty());
    CHECK(sent_to("https://example.com/", cookie("example.com", "/", "old", {false, false, now})).empty());
    CHECK(sent_to("https://example.com/", cookie("example.com", "/", "new", {false, false, now + 1})) == "new=v-new");
}

TEST_CASE("a chain that began with https sends nothing by http")
{
    CookieJar cookies = jar(cookie("example.com", "/", "c"));
    CHECK(sent(cookies, "https://example.com/") == "c=v-c");
    CHECK(sent(cookies, "http://example.com/").empty());
    CHECK(sent(cookies, "https://example.com/") == "c=v-c");
}

TEST_CASE("a SameSite=Strict cookie does not go where another site has led to")
{
    CookieJar cookies = jar(cookie("example.com", "/", "strict", {false, true}), cookie("example.com", "/", "lax"));
    CHECK(sent(cookies, "https://example.com/") == "strict=v-strict; lax=v-lax");
    CHECK(sent(cookies, "https://login.example.org/").empty());
    CHECK(sent(cookies, "https://example.com/back") == "lax=v-lax");
}

TEST_CASE("what the site sets anew is not sent from the jar any more; another cookie of that name is")
{
    CookieJar cookies = jar(cookie("app.example.com", "/", "sid"), cookie(".example.com", "/", "sid"));
    const Url url = parse_url("https://app.example.com/a/b").value();
    cookies.is_set("sid=1; Path=/; Domain=example.com", url);
    CHECK(sent(cookies, "https://app.example.com/") == "sid=v-sid");
    cookies.is_set("sid=1", url);  // for /a only
    CHECK(sent(cookies, "https://app.example.com/") == "sid=v-sid");
    cookies.is_set("sid=; Path=/; Max-Age=0", url);
    CHECK(sent(cookies, "https://app.example.com/").empty());
}

TEST_CASE("a browser refuses what sets a cookie for another site: that takes none from the jar")
{
    CookieJar cookies = jar(cookie(".example.com", "/", "sid"));
    cookies.is_set("sid=1; Path=/; Domain=example.com", parse_url("https://example.org/").value());
    CHECK(sent(cookies, "https://example.com/") == "sid=v-sid");
}

TEST_CASE("a line end in a jar begins no field")
{
    JarCookie bad = cookie("example.com", "/", "bad");
    bad.value = Secret(std::string_view("x\r\nHost: evil.test"));
    CHECK(sent_to("https://example.com/", std::move(bad), cookie("example.com", "/", "na\nme"),
                  cookie("example.com", "/", "good")) == "good=v-good");
}
