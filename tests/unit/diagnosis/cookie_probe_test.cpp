// The re-test with a browser's own cookies: what the comparison proves, and that no value stays.

#include "diagnosis/cookie_probe.h"

#include <SQLiteCpp/Database.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "profiles/webkit/finders.h"
#include "tests/fixtures/home.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/safari_profile.h"
#include "tests/fixtures/webkit_files.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::FakeHost;
using testing::site;
using testing::TempFolder;
using testing::webkit::soup_jar;
namespace fs = std::filesystem;

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
        host.clock = 1'800'000'000;
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
    CHECK(finding->confidence == Confidence::proved);
    CHECK(finding->items.size() == 1);
    CHECK_THAT(finding->fix, Contains("--least --retest http"));
    CHECK(report.exit_code == Exit::wrong_found);
    CHECK_THAT(finding->what, Contains("With 1 cookie (sid of example.com) of this browser the site refuses"));
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

namespace {

/// Ten cookies, c0 to c9, as rows.
std::string ten_cookies()
{
    std::string rows;
    for (int i = 0; i < 10; ++i) {
        rows += fmt::format("{}('example.com', '/', 'c{}', 'SECRET{}', 0, 1900000000, 0)", i == 0 ? "" : ",", i, i);
    }
    return rows;
}

bool has(const Carried& carried, const std::string& name)
{
    return carried.cookies.text().find(name + "=") != std::string::npos;
}

}  // namespace

TEST_CASE("which of many cookies the site refuses is proved with requests, and nothing else is removed")
{
    Browser browser(ten_cookies());
    const bool both = GENERATE(false, true);
    browser.host.answer_to = [=](const std::string&, const Carried& carried) {
        Reply reply;
        reply.status = has(carried, "c3") || (both && has(carried, "c7")) ? 400 : 200;
        return reply;
    };
    const std::vector<std::string> needed = both ? std::vector<std::string>{"c3 of example.com", "c7 of example.com"}
                                                 : std::vector<std::string>{"c3 of example.com"};
    SECTION("why says so")
    {
        browser.request.visits = 20;
        const Report report = browser.go();
        const Finding* const finding = of_rule(report, "cookies-refused");
        REQUIRE(finding != nullptr);
        CHECK(finding->confidence == Confidence::proved);
        std::vector<std::string> named;
        for (const auto& [what, text] : finding->evidence) {
            if (what == "needed") {
                named.push_back(text);
            }
        }
        CHECK(named == needed);
        CHECK(browser.cookies_sent() <= 20);
        CHECK(to_json(report).find("SECRET") == std::string::npos);
    }
    SECTION("fix removes them")
    {
        browser.request.least = true;
        browser.request.visits = 20;
        const Report report = browser.go(Command::fix);
        CHECK(report.exit_code == Exit::ok);
        CHECK(report.verdict.code == "site-answers");
        std::uint64_t removed = 0;
        for (const ProfileReport& profile : report.profiles) {
            for (const StoreReport& store : profile.stores) {
                removed += store.removed;
            }
        }
        CHECK(removed == needed.size());
    }
    SECTION("there may be no more requests than the user allows")
    {
        browser.request.visits = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{4});
        const Report report = browser.go();
        CHECK(browser.cookies_sent() <= std::max<std::size_t>(1, browser.request.visits));
        REQUIRE(of_rule(report, "cookies-refused") != nullptr);
        CHECK(of_rule(report, "cookies-refused")->confidence == Confidence::high);
    }
}

TEST_CASE("a site that asks to wait, or answers now so and now so, proves nothing")
{
    Browser browser(ten_cookies());
    const bool waits = GENERATE(true, false);
    auto asked = std::make_shared<int>(0);
    browser.host.answer_to = [=](const std::string&, const Carried& carried) {
        Reply reply;
        if (carried.cookies.empty()) {
            reply.status = 200;
        } else if (waits) {
            reply.status = ++*asked < 2 ? 400 : 429;
        } else {
            reply.status = ++*asked % 3 != 0 ? 400 : 200;
        }
        return reply;
    };
    const Report report = browser.go();
    CHECK(std::none_of(report.findings.begin(), report.findings.end(),
                       [](const Finding& finding) { return finding.confidence == Confidence::proved; }));
    if (waits) {
        CHECK(*asked == 2);
    }
    const std::string shown = to_text(report, {.width = 500});
    CHECK_THAT(shown, Contains(waits ? "ended early" : "changes from request to request") || Contains("less may do"));
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

TEST_CASE("nothing is sent if the user says so, or if the browser runs")
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
    SECTION("the site refuses a client without any, too")
    {
        browser.answers("sid=", 403, 403);
    }
    const Report report = browser.go();
    CHECK(report.with_cookies.empty());
    CHECK(browser.cookies_sent() == 0);
}

TEST_CASE("with an order to use https only, cookies go by https; by http none goes to hosts below it either")
{
    const bool below = GENERATE(false, true);
    Browser browser("('.example.com', '/', 'sid', 'SECRETVALUE', 0, 1900000000, 0)");
    browser.answers("sid=", 200);
    browser.request.site = Site::parse("http://app.example.com/").value();
    const std::string by = GENERATE("example.com", "app.example.com", "www.example.com");
    browser.order_https(by, below);
    const Report report = browser.go();
    const bool by_https = by == "app.example.com";  // whether names below are meant is not read from this file
    CHECK(report.target == (by_https ? "https://app.example.com/" : "http://app.example.com/"));
    CHECK(browser.cookies_sent() == (by_https || by == "www.example.com" ? 1 : 0));
}

TEST_CASE("Safari's orders to use https only are known as such")
{
    const TempFolder folder;
    testing::write_hsts(folder / "HSTS.plist", {"example.com"});
    const Found found = find_hsts_plist(folder / "HSTS.plist", site("example.com"));
    REQUIRE(found.items.size() == 1);
    CHECK(found.items[0].as<Hsts>() != nullptr);
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

TEST_CASE("of the cookies that a site refuses, fix takes those that make it refuse")
{
    Browser browser(
        "('example.com', '/', 'sid', 'SECRETVALUE', 0, 1900000000, 0),"
        "('example.com', '/', 'flag.interaction.status', 'SECRETFLAG', 0, 1900000000, 0),"
        "('example.com', '/', 'language', 'en', 0, 1900000000, 0)");
    // A rule names it, or none does: then it is known by requests alone.
    const auto [refused, rule] = GENERATE(
        table<std::string, std::string>({{"interaction.status=", "login-in-progress"}, {"sid=", "cookies-refused"}}));
    CAPTURE(refused);
    browser.answers(refused, 400);
    browser.request.stale = GENERATE(true, false);
    browser.request.escalate = !browser.request.stale;
    if (rule == "cookies-refused") {
        browser.request.rules = {rule};  // else --stale takes hints along
    }
    const Report report = browser.go(Command::fix);
    CHECK(report.exit_code == Exit::ok);
    REQUIRE(report.profiles.size() == 1);
    REQUIRE(report.findings.front().rule == rule);
    CHECK(report.findings.front().confidence == Confidence::proved);
    CHECK(report.findings.front().items.size() == 1);
    std::size_t removed = 0;
    for (const auto& store : report.profiles.front().stores) {
        removed += store.removed;
    }
    CHECK(removed == 1);
}

TEST_CASE("a question for a password is no refusal of cookies")
{
    Browser browser;
    browser.host.answer_to = [](const std::string&, const Carried&) {
        Reply reply;
        reply.status = 401;
        reply.headers = {{"www-authenticate", "Basic realm=\"zoo\""}};
        return reply;
    };
    const Report report = browser.go();
    REQUIRE(report.with_cookies.size() == 1);
    CHECK_FALSE(is_kept_out(report.with_cookies.front().probe));
    CHECK(of_rule(report, "cookies-refused") == nullptr);
}

TEST_CASE("a malformed cookie is a hint, and more where the site answers 400 to the jar")
{
    Browser browser("('example.com', '/', 'odd', 'caf\u00e9', 0, 1900000000, 0)");
    const int status = GENERATE(200, 400, 403);
    browser.answers("odd=", status);
    const Report report = browser.go();
    const Finding* finding = of_rule(report, "malformed-cookie");
    REQUIRE(finding != nullptr);
    CHECK(finding->confidence == (status == 200 ? Confidence::low : Confidence::proved));
    CHECK(finding->items.size() == 1);
    CHECK(of_rule(Browser().go(), "malformed-cookie") == nullptr);
}
