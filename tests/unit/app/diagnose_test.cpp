// why, and fix with what findings name, on a profile with data of several hosts: its cookie `shared` is on the site and
// on a part of it.

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tests/fixtures/cached_answer.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/findings.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using namespace testing::findings;
using Catch::Matchers::Contains;
using namespace std::string_literals;
using testing::Home;

namespace {

Home a_home()
{
    return Home("chrome");
}

Reply reply(int status)
{
    Reply reply;
    reply.status = status;
    return reply;
}

}  // namespace

TEST_CASE("traits of items come from the files")
{
    Home home = a_home();
    testing::write_cache_entry(
        home.cache / "Cache/Cache_Data", testing::cache_key("https://stuck.test/old", "https://stuck.test"),
        testing::answer_record(0x40003, std::string(16, 't'), "HTTP/1.1 308 Moved\0Location: /new?a=SECRET\0\0"s),
        "moved");
    // Registration 1, version 10: active, with a fetch handler, last looked after at 13400000000000000 (1601).
    const std::string registration = "\x08\1\x20\x0a\x28\1\x30\1\x38\x80\x80\xf6\xff\xa9\xe7\xe6\x17"s;
    testing::write_pairs(home.profile / "Service Worker/Database",
                         {{"REG:https://stuck.test/"s + '\0' + "1", registration}});
    Profile profile;
    profile.path = home.profile;
    profile.cache = home.cache;
    const ProfilePlan plan = plan_profile(home.adapter, profile, Site::parse("stuck.test").value(), default_kinds());
    std::map<std::string, Item> items;
    for (const StorePlan& store : plan.stores) {
        for (const Item& item : store.found.items) {
            items[item.label] = item;
        }
    }
    const Item& set = items.at("cookie session of stuck.test");
    const auto* const cookie = set.as<Cookie>();
    REQUIRE(cookie != nullptr);
    CHECK(cookie->path == "/");
    CHECK(cookie->secure);
    CHECK(cookie->persistent);
    CHECK(set.created == 1755526400);
    CHECK(set.used == set.created);
    CHECK(cookie->changed == set.created);
    CHECK(cookie->value_size == 0U);  // "v10SECRET-stuck.test-cookie" is shorter than what encryption adds
    const auto response_of = [&](const char* label) { return std::get<CachedResponse>(items.at(label).traits); };
    CHECK(response_of("https://stuck.test/old").status == 308);
    CHECK(response_of("https://stuck.test/old").location == "/new?");
    CHECK(items.at("https://stuck.test/page").name == "https://stuck.test/page?");
    CHECK(response_of("https://stuck.test/page").status == 0);
    const auto worker_of = [&](const char* label) { return std::get<ServiceWorker>(items.at(label).traits); };
    CHECK(worker_of("service worker of https://stuck.test").answers_pages);
    CHECK(worker_of("service worker of https://stuck.test").checked == 1755526400);
    CHECK_FALSE(worker_of("service worker of https://app.stuck.test").answers_pages);
}

TEST_CASE("traits of settings, databases and of what the browser knows of the way to the site")
{
    Home home = a_home();
    testing::put(home.profile / "Preferences",
                 R"({"profile":{"content_settings":{"exceptions":{"cookies":{"[*.]stuck.test,*":{"setting":2},)"
                 R"("https://app.stuck.test:443,*":{"setting":4}}}}}})");
    testing::put(home.profile / "IndexedDB/https_stuck.test_0.indexeddb.leveldb/CURRENT", "MANIFEST-000001\n");
    testing::put(home.profile / "IndexedDB/https_app.stuck.test_0.indexeddb.leveldb/CURRENT", "MANIFEST-000001\n");
    testing::put(home.profile / "IndexedDB/https_app.stuck.test_0.indexeddb.leveldb/MANIFEST-000001", "m");
    const Report why = home.go(Command::why);
    REQUIRE(fires(why.findings, "cookies-blocked"));
    REQUIRE(fires(why.findings, "broken-database"));
    CHECK(of_rule(why.findings, "cookies-blocked")->items.size() == 1);
    CHECK_THAT(of_rule(why.findings, "cookies-blocked")->fix, Contains("--with permissions"));
    CHECK(of_rule(why.findings, "broken-database")->what ==
          "A database of the site's scripts cannot be opened: https://stuck.test.");

    home.host.replies["http://stuck.test/"] = {reply(200)};
    Request request = home.request(Command::why);
    request.retest = Retest::http;
    const Report no_https = home.go(request);
    REQUIRE(fires(no_https.findings, "stale-hsts"));
    CHECK_THAT(of_rule(no_https.findings, "stale-hsts")->fix, Contains("--with network"));
    CHECK_FALSE(fires(no_https.findings, "alt-service-failed"));
    CHECK_THAT(no_https.next.back(), Contains(" --stale --with network,permissions"));

    // With the order gone a browser asks by http: so does the re-test, and it ends well, in one step or in steps.
    Request fix = home.request(Command::fix, all_kinds());
    fix.retest = Retest::http;
    const auto all = home.seen();
    SECTION("nothing but the order goes")
    {
        fix.stale = GENERATE(true, false);
        fix.escalate = !fix.stale;
        fix.rules = fix.stale ? std::set<std::string>{"stale-hsts"} : std::set<std::string>{};
        const Report fixed = home.go(fix);
        CHECK(fixed.exit_code == Exit::ok);
        CHECK(fixed.after.value().final_url == "http://stuck.test/");
        CHECK(fixed.findings.size() >= 1);
        CHECK_FALSE(fires(home.go(request).findings, "stale-hsts"));
        CHECK(home.go(Command::undo).exit_code == Exit::ok);
        CHECK(home.seen() == all);
    }
    SECTION("http does not answer either: in steps, nothing goes")
    {
        home.host.replies.erase("http://stuck.test/");
        fix.escalate = true;
        CHECK(home.go(fix).exit_code == Exit::unreachable);
        CHECK(home.seen() == all);
    }
    SECTION("the kind was not chosen: in steps, nothing goes")
    {
        fix.kinds = default_kinds();
        fix.escalate = true;
        CHECK(home.go(fix).exit_code == Exit::unreachable);
        CHECK(home.seen() == all);
    }
    home.host.replies["https://stuck.test/"] = {reply(200)};
    const Report https = home.go(request);
    CHECK_FALSE(fires(https.findings, "stale-hsts"));
    CHECK(fires(https.findings, "alt-service-failed"));
}

TEST_CASE("why names the cause, changes nothing, shows no secret, and the command that it gives fixes just that")
{
    Home home = a_home();
    const std::string zero(1, '\0');
    testing::write_pairs(home.profile / "Local Storage/leveldb",
                         {{"_https://stuck.test" + zero + "\1jwt",
                           "\1" + std::string("eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDB9.SECRET")}});
    const std::string before = testing::snapshot(home.folder / "home");
    const Report why = home.go(Command::why);
    CHECK(testing::snapshot(home.folder / "home") == before);
    CHECK_FALSE(testing::fs::exists(home.folder / "state"));
    CHECK(why.exit_code == Exit::wrong_found);
    CHECK(fires(why.findings, "shadowed-cookie"));
    CHECK(fires(why.findings, "dead-token"));
    for (const Finding& finding : why.findings) {
        CHECK_THAT(finding.fix,
                   Contains("unstick fix stuck.test --home " + shell_word((home.folder / "home").string())));
    }
    TextOptions verbose;
    verbose.verbose = true;
    CHECK_THAT(to_json(why) + to_text(why, verbose), !Contains("SECRET"));
    CHECK(nlohmann::json::parse(to_json(why))["findings"][0]["rule"] == "shadowed-cookie");

    const auto all = home.seen();
    Request fix = home.request(Command::fix);
    fix.stale = true;
    fix.rules = {"shadowed-cookie"};
    const Report fixed = home.go(fix);
    CHECK(fixed.exit_code == Exit::ok);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "name = 'shared' AND host_key LIKE '%stuck.test'") == 1);
    CHECK(all.size() - home.seen().size() == 2);
    CHECK_FALSE(fires(home.go(Command::why).findings, "shadowed-cookie"));
    CHECK(home.go(fix).verdict.code == "nothing-stale");
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == all);
}

TEST_CASE("why looks into a profile in use, and says so", "[not-windows]")
{
    Home home = a_home();
    testing::fs::create_symlink(home.host.name + "-4711", home.profile.parent_path() / "SingletonLock");
    home.host.processes.insert(4711);
    const Report why = home.go(Command::why);
    CHECK(why.exit_code == Exit::wrong_found);
    CHECK(why.profiles.at(0).in_use);
    CHECK_THAT(to_text(why, {}), Contains("what the browser has not written yet is not seen"));
}

TEST_CASE("why without anything wrong")
{
    Home home("chrome", {"stuck.test", "other.test"});
    const Report why = home.go(Command::why);
    CHECK(why.findings.empty());
    CHECK(why.exit_code == Exit::ok);
    home.host.replies["https://stuck.test/"] = {reply(403)};
    Request request = home.request(Command::why);
    request.retest = Retest::http;
    CHECK(home.go(request).exit_code == Exit::not_this_browser);
}

TEST_CASE("fix shows the findings before it asks, and stale items are looked for again after the question")
{
    Home home = a_home();
    Request request = home.request(Command::fix);
    request.yes = false;
    request.stale = true;
    Console console;
    bool shown = false;
    console.confirm = [&](const Report& plan) {
        shown = fires(plan.findings, "shadowed-cookie");
        return true;
    };
    CHECK(run(request, home.host, adapters(), console).exit_code == Exit::ok);
    CHECK(shown);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key = 'stuck.test'") == 2);
}

TEST_CASE("escalation stops as soon as the site answers; one run undoes all steps")
{
    Home home = a_home();
    const auto all = home.seen();
    Request request = home.request(Command::fix);
    request.retest = Retest::http;
    request.escalate = true;
    SECTION("after the first step")
    {
        home.host.replies["https://stuck.test/"] = {reply(200)};
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::ok);
        CHECK(all.size() - home.seen().size() == 2);
        CHECK_THAT(to_text(report, {}), Contains("run the same command again"));
    }
    SECTION("after the cookies")
    {
        home.host.replies["https://stuck.test/"] = {reply(200), reply(403), reply(200)};
        CHECK(home.go(request).exit_code == Exit::ok);
        CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key LIKE '%.stuck.test'") == 0);
        CHECK_FALSE(testing::holding(home.profile / "Local Storage", "SECRET-stuck.test-").empty());
    }
    SECTION("when nothing is left")
    {
        home.host.replies["https://stuck.test/"] = {reply(200), reply(403)};
        CHECK(home.go(request).exit_code == Exit::still_refused);
        CHECK(testing::holding(home.profile, "SECRET-stuck.test-") == home.expected.keeps);
    }
    CHECK(home.go(Command::runs).runs.size() == 1);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == all);
}

TEST_CASE("a client with nothing stored is refused too: only what findings name goes, and only with --yes",
          "[not-windows]")
{
    Home home = a_home();
    const auto all = home.seen();
    home.host.replies["https://stuck.test/"] = {reply(403)};
    Request request = home.request(Command::fix);
    request.retest = Retest::http;
    SECTION("--yes alone removes nothing, in steps or at once")
    {
        request.escalate = GENERATE(false, true);
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::not_this_browser);
        CHECK(report.run.empty());
        CHECK(home.seen() == all);
    }
    SECTION("--stale alone removes nothing, and says how")
    {
        request.yes = false;
        request.stale = true;
        home.console.confirm = [](const Report&) { return true; };
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::not_this_browser);
        CHECK_THAT(report.next.back(), Contains("add --yes"));
        CHECK(home.seen() == all);
    }
    SECTION("nobody there to confirm: refused before the site is asked")
    {
        request.yes = false;
        request.stale = GENERATE(false, true);
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::usage);
        CHECK_FALSE(report.before);
    }
    SECTION("a dry run shows what would go")
    {
        request.stale = request.dry_run = true;
        const Report report = home.go(request);
        CHECK(report.verdict.code == "dry-run");
        CHECK(fires(report.findings, "shadowed-cookie"));
        CHECK(home.seen() == all);
    }
    SECTION("--yes --stale removes what findings name")
    {
        request.stale = true;
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::not_this_browser);
        CHECK(report.verdict.code == "not-this-browser");
        CHECK_THAT(report.verdict.text, Contains("2 items that findings name removed"));
        CHECK(all.size() - home.seen().size() == 2);
        CHECK(home.go(Command::undo).exit_code == Exit::ok);
        CHECK(home.seen() == all);
    }
    SECTION("--yes --stale on a profile that is in use")
    {
        testing::fs::create_symlink(home.host.name + "-4711", home.profile.parent_path() / "SingletonLock");
        home.host.processes.insert(4711);
        request.stale = true;
        CHECK(home.go(request).exit_code == Exit::in_use);
    }
}

TEST_CASE("cookies at the sign-in provider's site are counted, and a name that was meant is told")
{
    Home home = a_home();
    Request request = home.request(Command::why);
    request.retest = Retest::http;
    Reply away = reply(302);
    away.redirect_url = "https://login.other.test/";
    home.host.replies["https://stuck.test/"] = {away};
    home.host.replies["https://login.other.test/"] = {reply(200)};
    const Report elsewhere = home.go(request);
    REQUIRE(fires(elsewhere.findings, "sign-in-elsewhere"));
    CHECK_THAT(of_rule(elsewhere.findings, "sign-in-elsewhere")->what, Contains("cookies are there"));

    const Command command = GENERATE(Command::why, Command::fix);
    request = home.request(command);
    request.site = Site::parse("stcuk.test").value();
    const Report missed = home.go(request);
    REQUIRE_FALSE(missed.next.empty());
    CHECK(missed.next.back() == "Did you mean stuck.test? The browser has cookies of it.");
    request.site = Site::parse("unknown.test").value();
    CHECK_THAT(to_text(home.go(request), {}), !Contains("Did you mean"));
}

TEST_CASE("why --har: what was recorded takes the place of the re-test, and is joined with the profiles")
{
    Home home = a_home();
    const auto har = home.folder / "recorded.har";
    const auto put_har = [&](const std::string& url, int status) {
        testing::put(har, R"({"log":{"entries":[{"_resourceType":"document","request":{"url":")" + url +
                              R"(","headers":[{"name":"cookie","value":"session=SECRET1; shared=SECRET2"}]},)"
                              R"("response":{"status":)" +
                              std::to_string(status) +
                              R"(,"headers":[{"name":"Set-Cookie","value":"sid=SECRET3; SameSite=None"}]}}]}})");
    };
    put_har("https://stuck.test/", 403);
    Request request = home.request(Command::why);
    request.har = har;
    const Report report = home.go(request);
    CHECK(home.host.replies.empty());  // asking a page would have made an entry
    CHECK(report.exit_code == Exit::wrong_found);
    CHECK(fires(report.findings, "refused-set-cookie"));
    CHECK(fires(report.findings, "shadowed-cookie"));
    REQUIRE(fires(report.findings, "cookies-refused"));
    CHECK(of_rule(report.findings, "cookies-refused")->items.size() >= 2);
    CHECK_THAT(report.verdict.text, !Contains("without them it lets in"));
    CHECK_THAT(report.next.front(), Contains("1 request to it in recorded.har"));
    CHECK_THAT(to_json(report) + to_text(report, {}), !Contains("SECRET"));

    put_har("https://other.test/", 200);
    const Report other = home.go(request);
    CHECK(other.exit_code == Exit::usage);
    CHECK_THAT(to_text(other, {.width = 500}), Contains("the recording holds no"));
    testing::put(har, "no HAR");
    CHECK(home.go(request).exit_code == Exit::usage);
}
