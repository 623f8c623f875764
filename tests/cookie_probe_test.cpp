// The re-test with a browser's own cookies: which go where, what the comparison proves, and that no value stays.

#include "../src/cookie_probe.h"

#include <SQLiteCpp/Database.h>

#include <nlohmann/json.hpp>

#include "../src/cookie_jar.h"
#include "../src/formats/binary_cookies.h"
#include "../src/formats/finders.h"
#include "home.h"
#include "looking.h"
#include "safari_profile.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::FakeHost;
using testing::site;
using testing::TempFolder;
namespace fs = std::filesystem;

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

// --- Reading jars ---

namespace {

/// A jar of libsoup; each row: host, path, name, value, secure, expiry, SameSite.
fs::path soup_jar(const fs::path& file, const std::string& rows)
{
    fs::create_directories(file.parent_path());
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(
        "CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, name TEXT, value TEXT, host TEXT, path TEXT, expiry INTEGER,"
        " lastAccessed INTEGER, isSecure INTEGER, isHttpOnly INTEGER, sameSite INTEGER)");
    database.exec("INSERT INTO moz_cookies(host, path, name, value, isSecure, expiry, sameSite) VALUES " + rows);
    return file;
}

}  // namespace

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
            CHECK(item.odd == (item.name == "odd"));
        }
    }
}

// --- What a run makes of it ---

namespace {

/// GNOME Web with cookies of example.com, and a server that answers as a test says.
struct Browser {
    TempFolder folder;
    FakeHost host;
    Request request;

    explicit Browser(const std::string& rows =
                         "('example.com', '/', 'sid', 'SECRETVALUE', 0, 1900000000, 0),"
                         "('example.com', '/elsewhere', 'far', 'SECRETFAR', 0, 1900000000, 0),"
                         "('idp.test', '/', 'idp', 'SECRETIDP', 0, 1900000000, 0)")
    {
        host.clock = now;
        soup_jar(folder / "home/.local/share/epiphany/cookies.sqlite", rows);
        request.command = Command::why;
        request.site = Site::parse("https://example.com/").value();
        request.home = folder / "home";
        request.os = Os::linux_os;
        request.state_dir = folder / "state";
        request.kinds = default_kinds();
        request.yes = true;
        request.probe.retries = 0;
    }

    /// The browser was told by this host to use https only.
    void order_https(const std::string& by, bool below) const
    {
        const fs::path file = folder / "home/.cache/epiphany/hsts-storage.sqlite";
        fs::create_directories(file.parent_path());
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec(
            "CREATE TABLE soup_hsts_policies (id INTEGER PRIMARY KEY, host TEXT UNIQUE, max_age INTEGER, expiry"
            " INTEGER, include_subdomains INTEGER);"
            "INSERT INTO soup_hsts_policies(host, max_age, expiry, include_subdomains)"
            " VALUES ('" +
            by + "', 1, 1900000000, " + (below ? "1" : "0") + ")");
    }

    std::size_t cookies_sent() const
    {
        return static_cast<std::size_t>(std::count_if(host.cookies_sent.begin(), host.cookies_sent.end(),
                                                      [](const std::string& field) { return !field.empty(); }));
    }

    /// What the server says to a client with a cookie of this text in its field, and to others.
    void answers(const std::string& text, int to_them, int to_others = 200)
    {
        host.answer_to = [=](const std::string&, const Carried& carried) {
            Reply reply;
            reply.status = carried.cookies.text().find(text) != std::string::npos ? to_them : to_others;
            return reply;
        };
    }

    Report go() { return run(request, host, adapters(), {}); }
    Report go(Command command)
    {
        request.command = command;
        return go();
    }
};

const Finding* of_rule(const Report& report, std::string_view rule)
{
    const auto found = std::find_if(report.findings.begin(), report.findings.end(),
                                    [&](const Finding& finding) { return finding.rule == rule; });
    return found == report.findings.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("cookies that the site refuses are named, with the words that say so")
{
    const int status = GENERATE(400, 401, 403, 404, 431, 500);
    Browser browser;
    browser.answers("sid=", status);
    const Report report = browser.go();
    const Finding* finding = of_rule(report, "cookies-refused");
    REQUIRE(finding != nullptr);
    CHECK(finding->confidence == Confidence::high);
    CHECK(finding->items.size() == 1);
    CHECK_THAT(finding->fix, Contains("--rule cookies-refused"));
    CHECK(report.exit_code == Exit::wrong_found);
    CHECK_THAT(report.verdict.text, Contains("With your browser's cookies the site refuses, without them it lets in."));
    const auto json = nlohmann::json::parse(to_json(report)).at("retest").at("with_cookies");
    REQUIRE(json.size() == 1);
    CHECK(json[0].at("where") == "epiphany/Default");
    CHECK(json[0].at("sent") == 1);
    CHECK(json[0].at("before").at("status") == status);
}

TEST_CASE("a circle that only the cookies lead into is told")
{
    Browser browser;
    browser.host.answer_to = [](const std::string& url, const Carried& carried) {
        Reply reply;
        reply.status = carried.cookies.empty() ? 200 : 302;
        reply.redirect_url = carried.cookies.empty() ? "" : url;
        return reply;
    };
    const Report report = browser.go();
    REQUIRE(of_rule(report, "cookies-refused") != nullptr);
    CHECK_THAT(of_rule(report, "cookies-refused")->what, Contains("circle"));
}

TEST_CASE("cookies that are let in, or a site that refuses everybody or is busy, are no finding")
{
    struct Case {
        int with;
        int without;
    };
    const Case one = GENERATE(Case{200, 200}, Case{302, 200}, Case{403, 403}, Case{429, 200}, Case{503, 200},
                              Case{200, 401}, Case{0, 200});
    Browser browser;
    browser.answers("sid=", one.with, one.without);
    CHECK(of_rule(browser.go(), "cookies-refused") == nullptr);
}

TEST_CASE("values are in no request but their own, and in no report or file of the run")
{
    Browser browser;
    browser.answers("sid=", 400);
    browser.request.verbose = true;
    const Report report = browser.go(GENERATE(Command::why, Command::fix));
    std::size_t with = 0;
    for (const std::string& field : browser.host.cookies_sent) {
        with += field == "sid=SECRETVALUE" ? 1U : 0U;
        CHECK((field.empty() || field == "sid=SECRETVALUE"));
    }
    CHECK(with > 0);
    for (const std::string& shown : {to_text(report, {false, true, false, 80}), to_json(report)}) {
        CHECK(shown.find("SECRET") == std::string::npos);
    }
}

TEST_CASE("redirects take no cookie to another site, and none to http")
{
    Browser browser;
    browser.host.answer_to = [](const std::string& url, const Carried&) {
        Reply reply;
        reply.status = url == "http://example.com/end" ? 200 : 302;
        reply.redirect_url = url == "https://example.com/" ? "https://idp.test/"
                             : url == "https://idp.test/"  ? "http://example.com/end"
                                                           : "";
        return reply;
    };
    (void)browser.go();
    REQUIRE(browser.host.requests.size() == browser.host.cookies_sent.size());
    std::size_t with = 0;
    for (std::size_t i = 0; i < browser.host.requests.size(); ++i) {
        CAPTURE(browser.host.requests[i]);
        with += browser.host.cookies_sent[i].empty() ? 0U : 1U;
        CHECK((browser.host.cookies_sent[i].empty() || browser.host.requests[i] == "https://example.com/"));
    }
    CHECK(with == 1);
}

TEST_CASE("nothing is sent if the user says so, if the browser runs, or if it would use https")
{
    Browser browser;
    browser.answers("sid=", 400);
    SECTION("--retest clean")
    {
        browser.request.send_cookies = false;
    }
    SECTION("--retest none")
    {
        browser.request.retest = Retest::none;
    }
    SECTION("the browser runs")
    {
        browser.host.programs.emplace("epiphany", 7);
    }
    SECTION("http, with an order to use https only")
    {
        browser.request.site = Site::parse("http://example.com/").value();
        browser.order_https("example.com", false);
    }
    SECTION("the site refuses a client without any, too")
    {
        browser.answers("sid=", 403, 403);
    }
    const Report report = browser.go();
    CHECK(report.with_cookies.empty());
    CHECK(browser.cookies_sent() == 0);
}

TEST_CASE("an order to use https only is taken to be for all hosts below, and for no others")
{
    const bool below = GENERATE(false, true);
    Browser browser("('.example.com', '/', 'sid', 'SECRETVALUE', 0, 1900000000, 0)");
    browser.answers("sid=", 200);
    browser.request.site = Site::parse("http://app.example.com/").value();
    const std::string by = GENERATE("example.com", "app.example.com", "www.example.com");
    browser.order_https(by, below);
    browser.go();
    CHECK(browser.cookies_sent() == (by == "www.example.com" ? 1 : 0));
}

TEST_CASE("Safari's orders to use https only are known as such")
{
    const TempFolder folder;
    testing::write_hsts(folder / "HSTS.plist", {"example.com"});
    const Found found = find_hsts_plist(folder / "HSTS.plist", site("example.com"));
    REQUIRE(found.items.size() == 1);
    CHECK(found.items[0].type == ItemType::https_only);
}

TEST_CASE("with cookies the site is asked once, however busy it is")
{
    Browser browser;
    browser.answers("sid=", 503);
    browser.request.probe.retries = 2;
    browser.go();
    CHECK(browser.cookies_sent() == 1);
}

TEST_CASE("who is let in, and who is kept out")
{
    const auto answered = [](int status, const std::string& error = "", bool robot_check = false) {
        Probe probe;
        probe.status = status;
        probe.error_code = error;
        probe.robot_check = robot_check;
        return probe;
    };
    for (const int status : {200, 204, 302, 399}) {
        CAPTURE(status);
        CHECK(is_let_in(answered(status)));
        CHECK_FALSE(is_let_in(answered(status, "timeout")));
        CHECK_FALSE(is_let_in(answered(status, "", true)));
        CHECK_FALSE(is_kept_out(answered(status)));
    }
    for (const int status : {400, 401, 403, 404, 431, 500}) {
        CAPTURE(status);
        CHECK_FALSE(is_let_in(answered(status)));
        CHECK(is_kept_out(answered(status)));
        CHECK_FALSE(is_kept_out(answered(status, "", true)));
    }
    for (const int passing : {407, 429, 502, 503, 504}) {
        CAPTURE(passing);
        CHECK_FALSE(is_kept_out(answered(passing)));
    }
    for (const char* error : {"loop", "too_many_redirects"}) {
        CHECK(is_kept_out(answered(302, error)));
    }
    CHECK_FALSE(is_kept_out(answered(0, "dns")));
}

TEST_CASE("fix asks again with the cookies that are left")
{
    Browser browser(
        "('example.com', '/', 'sid', 'SECRETVALUE', 0, 1900000000, 0),"
        "('example.com', '/', 'flag.interaction.status', 'SECRETFLAG', 0, 1900000000, 0)");
    SECTION("let in: done")
    {
        browser.answers("interaction.status", 400);
        browser.request.stale = true;
        browser.request.rules = {"login-in-progress"};
        const Report report = browser.go(Command::fix);
        CHECK(report.exit_code == Exit::ok);
        REQUIRE(report.with_cookies.size() == 1);
        REQUIRE(report.with_cookies[0].after);
        CHECK(report.with_cookies[0].after->status == 200);
    }
    SECTION("still refused: said so")
    {
        browser.answers("sid=", 400);
        browser.request.stale = true;
        browser.request.rules = {"login-in-progress"};
        const Report report = browser.go(Command::fix);
        CHECK(report.exit_code == Exit::still_refused);
        CHECK(report.verdict.code == "still-refused");
        CHECK_THAT(report.verdict.text, Contains("with the cookies that are left"));
    }
    SECTION("--escalate goes on until the cookies are let in")
    {
        browser.answers("sid=", 400);
        browser.request.escalate = true;
        const Report report = browser.go(Command::fix);
        CHECK(report.exit_code == Exit::ok);
        REQUIRE(report.with_cookies[0].after);
        CHECK(report.with_cookies[0].after->status == 200);
    }
}

TEST_CASE("a malformed cookie is a hint, and more where the site answers 400 to the jar")
{
    Browser browser("('example.com', '/', 'odd', 'caf\u00e9', 0, 1900000000, 0)");
    const int status = GENERATE(200, 400, 403);
    browser.answers("odd=", status);
    const Report report = browser.go();
    const Finding* finding = of_rule(report, "malformed-cookie");
    REQUIRE(finding != nullptr);
    CHECK((finding->confidence == Confidence::medium) == (status == 400));
    CHECK(finding->items.size() == 1);
    CHECK(of_rule(Browser().go(), "malformed-cookie") == nullptr);
}
