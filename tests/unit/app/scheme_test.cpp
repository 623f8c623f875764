// By which scheme the site is asked: as a browser would.

#include "app/scheme.h"

#include <algorithm>

#include "app/chosen_profiles.h"
#include "base/text.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/home.h"
#include "tests/fixtures/replies.h"

using namespace unstick;
using namespace testing::replies;
using Catch::Matchers::Contains;
using testing::Home;

namespace {

SiteAnswer ask(Home& home, const std::string& site, std::map<std::string, std::vector<Reply>> replies)
{
    Request request = home.request(Command::fix);
    request.site = Site::parse(site).value();
    request.probe.retries = 2;
    home.host.replies = std::move(replies);
    home.host.requests.clear();
    const Console console;
    Stages stages(console);
    const Context context{.request = request,
                          .host = home.host,
                          .adapters = testing::all_adapters(),
                          .console = console,
                          .stages = stages};
    return ask_target(context, discover_for(context).value().profiles);
}

using Requests = std::vector<std::string>;

}  // namespace

TEST_CASE("where https gives no answer, a name that the public cannot have is asked by http")
{
    Home home("chrome");
    const auto [site, secure, plain] = GENERATE(table<std::string, std::string, std::string>({
        {"printer", "https://printer/", "http://printer/"},
        {"localhost:8080", "https://localhost:8080/", "http://localhost:8080/"},
        {"localhost:80", "https://localhost:80/", "http://localhost/"},
        {"localhost:443", "https://localhost/", "http://localhost:443/"},
        {"192.168.1.1/admin?x=1", "https://192.168.1.1/admin?x=1", "http://192.168.1.1/admin?x=1"},
        {"nas.local", "https://nas.local/", "http://nas.local/"},
    }));
    const std::string fault = GENERATE("connect", "tls", "timeout");
    CAPTURE(site, fault);
    const SiteAnswer asked = ask(home, site, {{secure, {no_answer(fault)}}, {plain, {answer(200)}}});
    CHECK(asked.met.status == 200);
    CHECK(asked.met.asked == plain);
    CHECK(home.host.requests == Requests{secure, plain});  // and nobody waited
    CHECK(home.host.slept.count() == 0);
    REQUIRE(asked.notes.size() == 1);
    CHECK_THAT(asked.notes[0], Contains("so " + plain + " was asked"));
}

TEST_CASE("https that answers is not asked around")
{
    Home home("chrome");
    Reply untrusted = no_answer("tls");
    untrusted.error_text = "no secure connection: its certificate is self-signed";
    const Reply reply = GENERATE_COPY(answer(200), answer(403), untrusted, no_answer("dns"));
    const SiteAnswer asked = ask(home, "printer", {{"https://printer/", {reply}}, {"http://printer/", {answer(200)}}});
    CHECK(asked.met.status == reply.status);
    CHECK(asked.notes.empty());
    CHECK(home.host.requests == Requests{"https://printer/"});
}

TEST_CASE("a scheme that was typed stays")
{
    Home home("chrome");
    ask(home, "https://printer/", {{"http://printer/", {answer(200)}}});
    CHECK(home.host.requests == Requests(3, "https://printer/"));
    CHECK(ask(home, "http://printer/", {{"http://printer/", {answer(200)}}}).notes.empty());
    CHECK(home.host.requests == Requests{"http://printer/"});
}

TEST_CASE("where neither scheme gives an answer, https is waited for")
{
    Home home("chrome");
    const SiteAnswer asked = ask(home, "printer", {});
    CHECK(asked.met.status == 0);
    CHECK(asked.met.asked == "https://printer/");
    CHECK(asked.met.attempts == 3);
    CHECK(asked.notes.empty());
    CHECK(home.host.requests ==
          Requests{"https://printer/", "http://printer/", "https://printer/", "https://printer/"});
}

TEST_CASE("a public name is asked by http if a profile has something of it that came by http")
{
    Home home("chrome", {"other.test"});
    const bool has_some = GENERATE(false, true);
    if (has_some) {
        testing::write_cache_entry(home.cache / "Cache/Cache_Data",
                                   testing::cache_key("http://old.example.com/a.js", "http://example.com"), 10);
    }
    const SiteAnswer asked = ask(home, "old.example.com", {{"http://old.example.com/", {answer(200)}}});
    CHECK(asked.met.asked == (has_some ? "http://old.example.com/" : "https://old.example.com/"));
    CHECK(asked.notes.size() == (has_some ? 1 : 0));
    ask(home, "www.example.com", {{"http://www.example.com/", {answer(200)}}});
    CHECK(home.host.requests == Requests(3, "https://www.example.com/"));
}

TEST_CASE("a browser that was told to use https only is never asked to go by http")
{
    Home home("chrome");  // an order for stuck.test, not for names below it
    const std::map<std::string, std::vector<Reply>> by_http{{"http://stuck.test/", {answer(200)}},
                                                            {"http://new.stuck.test/", {answer(200)}}};
    const SiteAnswer bare = ask(home, "stuck.test", by_http);
    CHECK(bare.met.status == 0);
    CHECK(std::find(home.host.requests.begin(), home.host.requests.end(), "http://stuck.test/") ==
          home.host.requests.end());
    REQUIRE(bare.notes.size() == 1);
    CHECK_THAT(bare.notes[0], Contains("Google Chrome Default was told to use https only for stuck.test (HSTS)"));

    const SiteAnswer typed = ask(home, "http://stuck.test:8080/x", {{"https://stuck.test:8080/x", {answer(200)}}});
    CHECK(typed.met.asked == "https://stuck.test:8080/x");
    CHECK(typed.notes.size() == 1);
    CHECK(home.host.requests == Requests{"https://stuck.test:8080/x"});

    CHECK(ask(home, "new.stuck.test", by_http).met.asked == "http://new.stuck.test/");
    home.host.clock = 1'900'000'000;  // the order has run out
    CHECK(ask(home, "stuck.test", by_http).met.asked == "http://stuck.test/");
}

TEST_CASE("an order that includes names below, and none for an address")
{
    const std::string host = GENERATE("stuck.test", "127.0.0.1", "localhost", "app.localhost");
    Home home("chrome", {host});
    std::string orders = testing::get(home.profile / "TransportSecurity");
    orders.replace(orders.find("\"sts_include_subdomains\":false"), 30, "\"sts_include_subdomains\":true ");
    testing::put(home.profile / "TransportSecurity", orders);
    if (host == "stuck.test") {
        CHECK(ask(home, "http://deep.new.stuck.test/", {}).met.asked == "https://deep.new.stuck.test/");
        CHECK(ask(home, "http://notstuck.test/", {}).met.asked == "http://notstuck.test/");
    } else {  // RFC 6797: not for IP addresses; Chromium: not for this computer
        const std::string url = "http://" + host + "/";
        CHECK(ask(home, url, {}).met.asked == url);
        CHECK(ask(home, host, {{url, {answer(200)}}}).met.asked == url);
    }
}

TEST_CASE("test sees an order, too; and looks into no profile if https was typed")
{
    Home home("chrome");
    home.host.replies = {{"https://stuck.test/", {answer(200)}}};
    Request request = home.request(Command::test);
    request.site = Site::parse("http://stuck.test/").value();
    const Report report = home.go(request);
    CHECK(report.target == "https://stuck.test/");
    REQUIRE_FALSE(report.next.empty());
    CHECK_THAT(report.next[0], Contains("Google Chrome Default was told to use https only for stuck.test (HSTS)"));
    request.browsers = {"no such browser"};
    CHECK(home.go(request).exit_code == Exit::usage);
    request.site = Site::parse("https://stuck.test/").value();
    CHECK(home.go(request).exit_code == Exit::ok);
}

TEST_CASE("what answered is asked again afterwards, and named in the report")
{
    Home home("chrome", {"printer", "other.test"});
    fs::remove(home.profile / "TransportSecurity");
    home.host.replies = {{"http://printer/", {answer(200)}}};
    Request request = home.request(Command::fix);
    request.site = Site::parse("printer").value();
    request.retest = Retest::http;
    const Report fixed = home.go(request);
    CHECK(fixed.exit_code == Exit::ok);
    CHECK(fixed.target == "http://printer/");
    REQUIRE(fixed.after);
    CHECK(fixed.after->final_url == "http://printer/");
    CHECK(std::count(home.host.requests.begin(), home.host.requests.end(), "https://printer/") == 1);
    CHECK(std::count(home.host.requests.begin(), home.host.requests.end(), "http://printer/") == 2);
}
