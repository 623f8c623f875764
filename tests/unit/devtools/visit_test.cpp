// The messages of a browser, as Chromium 156 sends them, shortened to what is read.

#include "devtools/visit.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tests/fixtures/catch.h"

using namespace unstick;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

/// A visit whose browser is played by the test.
class Played {
public:
    explicit Played(VisitOptions options = {.url = "https://site.test/"}) : visit_(std::move(options))
    {
        keep(visit_.begin());
        answer("Target.createTarget", R"({"targetId":"FRAME"})");
        answer("Target.attachToTarget", R"({"sessionId":"S"})");
    }

    /// What was sent and not answered yet holds such a message.
    bool asks(const std::string& method) const { return sent_.contains(method); }

    void answer(const std::string& method, const std::string& result)
    {
        REQUIRE(asks(method));
        const int id = sent_.at(method)["id"];
        sent_.erase(method);
        keep(visit_.hear(fmt::format(R"({{"id":{},"result":{}}})", id, result), now));
    }

    Json message(const std::string& method) const { return sent_.at(method); }

    void event(const std::string& method, const std::string& params)
    {
        keep(visit_.hear(fmt::format(R"({{"method":"{}","params":{},"sessionId":"S"}})", method, params), now));
    }

    /// What is asked before the site, but for its cookies.
    std::vector<std::string> preparations() const
    {
        std::vector<std::string> methods;
        for (const auto& [method, message] : sent_) {
            if (method != "Network.getCookies") {
                methods.push_back(method);
            }
        }
        return methods;
    }

    void start(int cookies = 1)
    {
        for (const std::string& method : preparations()) {
            answer(method, "{}");
        }
        answer("Network.getCookies",
               fmt::format(R"({{"cookies":{}}})", Json(std::vector<int>(static_cast<std::size_t>(cookies), 0)).dump()));
    }

    void request(const std::string& id, const std::string& url, const std::string& more = "")
    {
        event(
            "Network.requestWillBeSent",
            fmt::format(
                R"({{"requestId":"{0}","loaderId":"{0}","frameId":"FRAME","type":"Document","request":{{"url":"{1}"}}{2}}})",
                id, url, more));
    }

    void response(const std::string& id, int status, const std::string& more = "", const std::string& headers = "{}")
    {
        event(
            "Network.responseReceived",
            fmt::format(
                R"({{"requestId":"{}","type":"Document","hasExtraInfo":true,"response":{{"status":{},"headers":{}{}}}}})",
                id, status, headers, more));
    }

    /// What the page shows, when it is asked.
    void shows(const std::string& seen)
    {
        answer("Page.createIsolatedWorld", R"({"executionContextId":7})");
        answer("Runtime.evaluate", fmt::format(R"({{"result":{{"type":"object","value":{}}}}})", seen));
    }

    void life(const std::string& id, const std::string& name)
    {
        event("Page.lifecycleEvent", fmt::format(R"({{"frameId":"FRAME","loaderId":"{}","name":"{}"}})", id, name));
    }

    BrowserVisit::Messages hear(const std::string& text) { return visit_.hear(text, now); }

    void wait(BrowserVisit::Time time)
    {
        now += time;
        keep(visit_.wait(now));
    }

    bool done() const { return visit_.is_done(); }
    Probe met() const { return visit_.probe(1'800'000'000).value(); }
    const BrowserVisit& visit() const { return visit_; }

    BrowserVisit::Time now{0};

private:
    void keep(const BrowserVisit::Messages& messages)
    {
        for (const std::string& text : messages) {
            const Json one = Json::parse(text);
            sent_[one["method"].get<std::string>()] = one;
        }
    }

    BrowserVisit visit_;
    std::map<std::string, Json> sent_;
};

constexpr const char* content = R"({"text":900,"hash":77,"title":"Home","first":"Hello"})";
constexpr const char* few_words = R"({"text":10,"hash":5,"title":"App","first":"Loading..."})";

/// A page that answers 200 and comes to rest.
void rest(Played& played, const std::string& id)
{
    played.response(id, 200);
    played.life(id, "load");
    played.life(id, "networkIdle");
    played.wait(1500ms);
}

}  // namespace

TEST_CASE("a redirect and a page: each answer, the cookies' names from the headers as they were sent")
{
    Played played;
    CHECK(played.asks("Page.setLifecycleEventsEnabled"));
    CHECK_FALSE(played.asks("Page.navigate"));
    played.start();
    CHECK(played.message("Page.navigate")["params"]["url"] == "https://site.test/");
    CHECK(played.message("Page.navigate")["sessionId"] == "S");

    played.request("R1", "https://site.test/");
    played.event("Network.responseReceivedExtraInfo",
                 R"({"requestId":"R1","statusCode":302,"headers":{"Set-Cookie":"a=SECRET\nb=SECRET; Path=/"}})");
    played.request("R1", "https://site.test/in?code=1",
                   R"(,"redirectHasExtraInfo":true,"redirectResponse":{"status":302,"headers":{}})");
    // An image, and a frame: not the page.
    played.event(
        "Network.requestWillBeSent",
        R"({"requestId":"9.1","loaderId":"R1","frameId":"FRAME","type":"Image","request":{"url":"https://x.test/"}})");
    played.event(
        "Network.requestWillBeSent",
        R"({"requestId":"F","loaderId":"F","frameId":"OTHER","type":"Document","request":{"url":"https://y.test/"}})");
    played.response("R1", 200);
    played.life("R1", "load");
    played.wait(1500ms);
    CHECK_FALSE(played.done());  // it has loaded, and is not quiet yet
    played.life("R1", "networkIdle");
    played.wait(100ms);
    CHECK_FALSE(played.asks("Page.createIsolatedWorld"));
    played.wait(150ms);
    played.shows(content);
    CHECK(played.done());

    const Probe met = played.met();
    CHECK(met.method == "browser");
    REQUIRE(met.hops.size() == 2);
    CHECK(met.hops[0].status == 302);
    CHECK(met.hops[0].set_cookie_names == std::vector<std::string>{"a", "b"});
    CHECK(met.hops[0].location == "https://site.test/in?code=...");
    CHECK(met.status == 200);
    CHECK(met.from == From::site);
    CHECK(answer_of(met, {}) == Answer::page);
}

TEST_CASE("what keeps a browser out")
{
    Played played;
    played.start();
    played.request("R1", "https://site.test/");

    SECTION("redirects without an end")
    {
        played.request("R1", "https://site.test/a", R"(,"redirectResponse":{"status":301,"fromDiskCache":true})");
        played.event("Network.loadingFailed", R"({"requestId":"R1","errorText":"net::ERR_TOO_MANY_REDIRECTS"})");
        CHECK(played.done());
        CHECK(played.met().error_code == "too_many_redirects");
        CHECK(answer_of(played.met(), {}) == Answer::refused);
    }
    SECTION("pages that lead to each other")
    {
        for (int i = 0; i < 12 && !played.done(); ++i) {
            const std::string id = "L" + std::to_string(i);
            played.request(id, i % 2 == 0 ? "https://site.test/login?state=" + id : "https://site.test/");
            played.response(id, 200);
            played.life(id, "load");
            played.wait(100ms);
        }
        CHECK(played.done());
        CHECK(played.met().error_code == "loop");
        CHECK(answer_of(played.met(), {}) == Answer::refused);
    }
    SECTION("an answer that a service worker keeps")
    {
        played.response("R1", 200, R"(,"fromServiceWorker":true,"serviceWorkerResponseSource":"cache-storage")");
        CHECK(played.met().from == From::worker);
        CHECK(answer_of(played.met(), {}) == Answer::page);  // no fault by itself
    }
    SECTION("but one that passes on what the site says keeps nobody out")
    {
        played.response("R1", 200, R"(,"fromServiceWorker":true,"serviceWorkerResponseSource":"network")");
        CHECK(answer_of(played.met(), {}) == Answer::page);
    }
    SECTION("a password: the browser calls it a failure")
    {
        played.event("Network.responseReceivedExtraInfo",
                     R"({"requestId":"R1","statusCode":401,"headers":{"WWW-Authenticate":"Basic realm=\"x\""}})");
        played.response("R1", 401);
        played.event("Network.loadingFailed", R"({"requestId":"R1","errorText":"net::ERR_INVALID_AUTH_CREDENTIALS"})");
        played.wait(1500ms);
        played.shows(few_words);
        CHECK(played.done());
        CHECK(played.met().challenges.size() == 1);
        CHECK(answer_of(played.met(), {}) == Answer::challenge);
    }
    SECTION("an error, where a client that has nothing stored meets none")
    {
        played.response("R1", 400);
        Probe met = played.met();
        CHECK(answer_of(met, {}) == Answer::page);
        met.clean_status = 200;
        CHECK(answer_of(met, {}) == Answer::refused);
        met.clean_status = 404;
        CHECK(answer_of(met, {}) == Answer::page);
    }
    SECTION("no answer in time")
    {
        played.wait(14s);
        CHECK_FALSE(played.done());
        played.wait(2s);
        CHECK(played.done());
        CHECK(played.met().error_code == "timeout");
        CHECK(answer_of(played.met(), {}) == Answer::unreachable);
    }
    SECTION("no name")
    {
        played.event("Network.loadingFailed", R"({"requestId":"R1","errorText":"net::ERR_NAME_NOT_RESOLVED"})");
        CHECK(played.met().error_code == "dns");
        CHECK(played.met().status == 0);
    }
    SECTION("a page that crashes it, and one that asks")
    {
        played.event("Page.javascriptDialogOpening", R"({"message":"really?"})");
        CHECK(played.message("Page.handleJavaScriptDialog")["params"]["accept"] == false);
        played.event("Inspector.targetCrashed", "{}");
        CHECK(played.done());
    }
}

TEST_CASE("a page that never becomes quiet ends all the same")
{
    Played played;
    played.start();
    played.request("R1", "https://site.test/");
    played.response("R1", 200);
    played.life("R1", "load");
    played.wait(4s);
    CHECK_FALSE(played.done());
    played.wait(2s);
    played.shows(content);
    CHECK(played.done());
    CHECK(played.met().status == 200);
}

TEST_CASE("the expected text is looked for, in a world that the page cannot reach")
{
    Played played({.url = "https://site.test/", .expect_text = "Sign \"out\" \xff</script>"});
    played.start();
    played.request("R1", "https://site.test/");
    rest(played, "R1");
    CHECK_FALSE(played.done());
    played.answer("Page.createIsolatedWorld", R"({"executionContextId":7})");
    const Json evaluate = played.message("Runtime.evaluate")["params"];
    CHECK(evaluate["contextId"] == 7);
    CHECK(evaluate["expression"].get<std::string>().find(R"("Sign \"out\" \ufffd</script>")") != std::string::npos);

    SECTION("and found")
    {
        played.answer("Runtime.evaluate", R"({"result":{"type":"object","value":{"expected":true}}})");
        CHECK(played.done());
        CHECK(answer_of(played.met(), {}) == Answer::page);
    }
    SECTION("again and again, until it is too late")
    {
        played.answer("Runtime.evaluate", R"({"result":{"type":"object","value":{"expected":false}}})");
        CHECK_FALSE(played.done());
        played.wait(600ms);
        CHECK(played.asks("Page.createIsolatedWorld"));
        played.now += 5s;
        played.answer("Page.createIsolatedWorld", R"({"executionContextId":8})");
        played.answer("Runtime.evaluate", R"({"result":{"type":"object","value":{"expected":false}}})");
        CHECK(played.done());
        CHECK(answer_of(played.met(), {}) == Answer::refused);
    }
}

TEST_CASE("the site is asked when the browser has done all that was asked before, whatever comes last")
{
    Played played({.url = "https://site.test/", .direct = true});
    played.answer("Network.getCookies", R"({"cookies":[]})");
    const auto preparations = played.preparations();
    REQUIRE(preparations.size() >= 5);
    for (const std::string& method : preparations) {
        CHECK_FALSE(played.asks("Page.navigate"));
        played.answer(method, "{}");
    }
    CHECK(played.asks("Page.navigate"));
}

TEST_CASE("a browser that cannot read the cookies of the copy does not ask the site")
{
    Played played({.url = "https://site.test/", .has_cookies = true});
    played.start(0);
    CHECK(played.done());
    CHECK_FALSE(played.asks("Page.navigate"));
    REQUIRE_FALSE(played.visit().probe(0));
    CHECK(played.visit().probe(0).error().code == Code::unsupported);
}

TEST_CASE("messages that make no sense change nothing")
{
    Played played;
    played.start();
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    for (const std::string& text : std::vector<std::string>{
             "", "x", "[]", "7", deep, R"({"id":"1"})", R"({"id":99999999999999999999})", R"({"method":7,"params":[]})",
             R"({"method":"Network.requestWillBeSent"})",
             R"({"method":"Network.requestWillBeSent","params":{"requestId":7,"type":"Document","frameId":"FRAME"}})",
             R"({"method":"Network.responseReceivedExtraInfo","params":{"headers":7}})",
             R"({"method":"Page.lifecycleEvent","params":{"frameId":"FRAME","loaderId":""}})"}) {
        CHECK(played.hear(text).empty());
    }
    CHECK_FALSE(played.done());
    CHECK(played.met().hops.size() == 1);
    played.request("R1", "https://site.test/");
    rest(played, "R1");
    played.answer("Page.createIsolatedWorld", "[]");
    played.answer("Runtime.evaluate", R"({"result":{"value":{"text":"x","hash":-1,"password":1,"at":[]}}})");
    CHECK(played.done());
    REQUIRE(played.met().page);
    CHECK(played.met().page->text == 0);
}

TEST_CASE("what a page shows, in numbers")
{
    Played played;
    CHECK(played.asks("Runtime.enable"));
    CHECK_FALSE(played.asks("Network.setBypassServiceWorker"));
    played.start();
    played.request("R1", "https://site.test/");
    const auto part = [&](const std::string& id, const std::string& url, const std::string& type = "Fetch") {
        played.event(
            "Network.requestWillBeSent",
            fmt::format(
                R"({{"requestId":"{}","loaderId":"R1","frameId":"FRAME","type":"{}","request":{{"url":"{}"}}}})", id,
                type, url));
    };
    const auto ends = [&](const std::string& id, const std::string& what) {
        played.event("Network.loadingFailed", fmt::format(R"({{"requestId":"{}",{}}})", id, what));
    };
    part("1", "https://api.site.test/me?code=SECRET");
    played.response("1", 401);
    part("2", "https://ads.test/x");
    played.response("2", 500);
    part("3", "https://site.test/favicon.ico", "Other");
    played.response("3", 404);
    part("4", "https://site.test/app.js", "Script");
    ends("4", R"("errorText":"net::ERR_BLOCKED_BY_RESPONSE")");
    part("5", "https://site.test/cors");
    ends("5", R"("errorText":"net::ERR_FAILED","corsErrorStatus":{"corsError":"MissingAllowOriginHeader"})");
    part("6", "https://site.test/left");
    ends("6", R"("errorText":"net::ERR_ABORTED","canceled":true)");
    part("7", "https://site.test/ok");
    played.response("7", 200);
    played.event("Runtime.exceptionThrown",
                 R"({"exceptionDetails":{"exception":{"description":"TypeError: SECRET is not a function"}}})");
    played.event("Runtime.exceptionThrown", R"({"exceptionDetails":{"exception":{"value":"SECRET"}}})");
    rest(played, "R1");
    played.shows(R"({"text":12,"hash":4000000000,"password":true,"out":false,"title":"T","first":"F"})");
    CHECK(played.done());
    const Probe met = played.met();
    REQUIRE(met.page);
    CHECK(met.page->text == 12);
    CHECK(met.page->fingerprint == 4000000000U);
    CHECK(met.page->password);
    CHECK_FALSE(met.page->sign_out);
    CHECK(met.page->loads == 1);
    CHECK(met.page->exceptions == 2);
    CHECK(met.page->exception_names == std::vector<std::string>{"TypeError", "Error"});
    REQUIRE(met.page->failed.size() == 3);  // not of ads.test, which is not on the way
    CHECK(met.page->failed[0].url == "https://api.site.test/me");
    CHECK(met.page->failed[0].what == "401");
    CHECK(met.page->failed[1].what == "net::ERR_BLOCKED_BY_RESPONSE");
    CHECK(met.page->failed[2].what == "CORS");
}

TEST_CASE("signs of causes: databases, refusals, cookies that were kept out")
{
    Played played;
    played.start();
    played.request("R1", "https://site.test/");
    const auto frame = [&](const std::string& id, const std::string& url) {
        played.event(
            "Network.requestWillBeSent",
            fmt::format(
                R"({{"requestId":"{0}","loaderId":"{0}","frameId":"INNER","type":"Document","request":{{"url":"{1}"}}}})",
                id, url));
    };
    const auto throws = [&](const std::string& description) {
        played.event("Runtime.exceptionThrown",
                     fmt::format(R"({{"exceptionDetails":{{"exception":{{"description":"{}"}}}}}})", description));
    };
    const auto keeps_out = [&](const std::string& id, const std::string& reason) {
        played.event(
            "Network.requestWillBeSentExtraInfo",
            fmt::format(R"({{"requestId":"{}","associatedCookies":[{{"blockedReasons":["{}"]}}]}})", id, reason));
    };
    const auto fails = [&](const std::string& id) {
        played.event("Network.loadingFailed",
                     fmt::format(R"({{"requestId":"{}","errorText":"net::ERR_TOO_MANY_REDIRECTS"}})", id));
    };
    SECTION("an exception of IndexedDB")
    {
        throws(
            "NotFoundError: Failed to execute 'transaction' on 'IDBDatabase': One of the specified object stores was "
            "not "
            "found.");
        rest(played, "R1");
        CHECK(played.met().signs.misfit_database);
    }
    SECTION("a database that is newer than the scripts")
    {
        throws("VersionError: The requested version (3) is less than the existing version (4).");
        rest(played, "R1");
        CHECK(played.met().signs.misfit_database);
    }
    SECTION("exceptions of the same name that are about something else")
    {
        throws(
            "NotFoundError: Failed to execute 'removeChild' on 'Node': The node to be removed is not a child of this "
            "node.");
        throws("TypeError: object store is null");
        rest(played, "R1");
        CHECK_FALSE(played.met().signs.misfit_database);
    }
    SECTION("refusals of any host, each once")
    {
        for (const char* id : {"1", "2"}) {
            played.event(
                "Network.requestWillBeSent",
                fmt::format(
                    R"({{"requestId":"{}","loaderId":"R1","frameId":"FRAME","type":"Fetch","request":{{"url":"https://id.test/token?a=SECRET"}}}})",
                    id));
            played.response(id, 400);
        }
        rest(played, "R1");
        REQUIRE(played.met().signs.refused.size() == 1);
        CHECK(played.met().signs.refused[0].url == "https://id.test/token");
        CHECK(played.met().signs.refused[0].what == "400");
    }
    SECTION("a frame that failed without its cookies; one that did not fail; one without cookies for another reason")
    {
        frame("2", "https://app.framed.test/");
        keeps_out("2", "UserPreferences");
        fails("2");
        frame("3", "https://ads.test/");
        keeps_out("3", "ThirdPartyPhaseout");
        played.response("3", 200);
        frame("4", "https://strict.test/");
        keeps_out("4", "SameSiteLax");
        fails("4");
        frame("5", "https://own.site.test/");
        keeps_out("5", "UserPreferences");
        fails("5");
        frame("6", "https://sets.test/");
        played.event(
            "Network.responseReceivedExtraInfo",
            R"({"requestId":"6","statusCode":302,"headers":{},"blockedCookies":[{"blockedReasons":["UserPreferences"],"cookieLine":"a=SECRET"}]})");
        fails("6");
        rest(played, "R1");
        CHECK(played.met().signs.without_cookies == std::vector<std::string>{"app.framed.test", "sets.test"});
    }
}

TEST_CASE("a page is quiet half a second after its last part, whether the browser says so by then or not")
{
    Played played;
    played.start();
    played.request("R1", "https://site.test/");
    const auto asks_for = [&](const std::string& id, const std::string& type) {
        played.event(
            "Network.requestWillBeSent",
            fmt::format(
                R"({{"requestId":"{}","loaderId":"R1","frameId":"FRAME","type":"{}","request":{{"url":"https://site.test/x"}}}})",
                id, type));
    };
    const auto looks_after = [&](BrowserVisit::Time time) {
        played.wait(time);
        return played.asks("Page.createIsolatedWorld");
    };
    asks_for("1", "Script");
    played.response("R1", 200);
    played.life("R1", "load");
    CHECK_FALSE(looks_after(1500ms));  // the script may still come
    played.event("Network.loadingFinished", R"({"requestId":"1"})");
    CHECK_FALSE(looks_after(600ms));
    asks_for("2", "Fetch");
    CHECK_FALSE(looks_after(1000ms));
    asks_for("3", "EventSource");  // has no end
    asks_for("4", "Ping");
    played.event("Network.loadingFailed", R"({"requestId":"2","errorText":"net::ERR_FAILED"})");
    CHECK_FALSE(looks_after(650ms));
    CHECK(looks_after(60ms));
    played.shows(content);
    CHECK(played.done());
}

TEST_CASE("a page with few words is looked at again for a second, unless it is known or cannot change")
{
    Played played({.url = "https://site.test/", .known = 5});
    played.start();
    played.request("R1", "https://site.test/");
    played.response("R1", 200);
    played.life("R1", "load");
    played.life("R1", "networkIdle");
    played.wait(250ms);
    SECTION("known")
    {
        played.shows(few_words);
        CHECK(played.done());
    }
    SECTION("without scripts and frames: it stays as it is")
    {
        played.shows(R"({"text":10,"hash":6,"still":true})");
        CHECK(played.done());
    }
    SECTION("not known")
    {
        played.shows(R"({"text":10,"hash":6,"still":false})");
        CHECK_FALSE(played.done());
        played.wait(600ms);
        played.shows(R"({"text":10,"hash":6})");
        CHECK_FALSE(played.done());
        played.wait(600ms);
        played.shows(R"({"text":10,"hash":6})");
        CHECK(played.done());
    }
    SECTION("it could not be looked at in that time")
    {
        const auto nothing = [&] {
            played.answer("Page.createIsolatedWorld", R"({"executionContextId":7})");
            played.answer("Runtime.evaluate", R"({"exceptionDetails":{"text":"timed out"}})");
        };
        for (const auto time : {0ms, 2000ms, 2000ms}) {
            played.wait(time);
            nothing();
            CHECK_FALSE(played.done());
        }
        played.wait(1000ms);
        nothing();
        CHECK(played.done());
        CHECK_FALSE(played.met().page);
    }
    SECTION("it waits for an answer")
    {
        const std::string part =
            R"({"requestId":"1","loaderId":"R1","frameId":"FRAME","type":"Fetch","request":{"url":"https://site.test/t"}})";
        played.event("Network.requestWillBeSent", part);
        played.wait(1500ms);
        played.shows(R"({"text":10,"hash":6})");
        CHECK_FALSE(played.done());
        played.response("1", 400);
        played.event("Network.loadingFinished", R"({"requestId":"1"})");
        played.wait(600ms);
        played.shows(R"({"text":10,"hash":6})");
        CHECK(played.done());
        CHECK(played.met().page->failed.size() == 1);
    }
    SECTION("it moves on meanwhile")
    {
        played.shows(R"({"text":10,"hash":6})");
        played.request("R2", "https://site.test/next");
        played.wait(5s);
        CHECK_FALSE(played.done());
        CHECK_FALSE(played.met().page);
    }
}

TEST_CASE("what the user expects: an address, and a text that means stuck")
{
    Played played({.url = "https://site.test/", .expect_url = "https://site.test/home", .stuck_text = "Loading"});
    played.start();
    played.request("R1", "https://site.test/");
    rest(played, "R1");
    SECTION("there, as a script says it, and below it")
    {
        played.now += 5s;
        played.shows(R"({"text":10,"at":"https://site.test/home/x?code=1"})");
        CHECK(played.met().at_expected_url == true);
        CHECK(answer_of(played.met(), {}) == Answer::page);
    }
    SECTION("elsewhere")
    {
        played.now += 5s;
        played.shows(R"({"text":10,"at":"https://site.test/homeless"})");
        CHECK(played.met().at_expected_url == false);
        CHECK(answer_of(played.met(), {}) == Answer::refused);
    }
    SECTION("stuck")
    {
        played.shows(R"({"text":10,"stuck":true,"at":"https://site.test/home"})");
        CHECK(played.done());
        CHECK(answer_of(played.met(), {}) == Answer::refused);
    }
}

TEST_CASE("past the cache and the workers, and a browser that is asked how it calls itself")
{
    BrowserVisit visit({.url = "https://site.test/", .direct = true, .ask_name = true});
    REQUIRE(visit.begin().size() == 1);
    CHECK(visit.begin().front().find("Browser.getVersion") != std::string::npos);
    const auto created = visit.hear(R"({"id":1,"result":{"userAgent":"Mozilla HeadlessChrome/156"}})", 0ms);
    CHECK(visit.user_agent() == "Mozilla Chrome/156");
    REQUIRE(created.size() == 1);
    const std::string id = Json::parse(created.front())["id"].dump();
    const auto attached = visit.hear(R"({"id":)" + id + R"(,"result":{"targetId":"F"}})", 0ms);
    const std::string next = Json::parse(attached.front())["id"].dump();
    std::string all;
    for (const std::string& message : visit.hear(R"({"id":)" + next + R"(,"result":{"sessionId":"S"}})", 0ms)) {
        all += message;
    }
    CHECK(all.find(R"("userAgent":"Mozilla Chrome/156")") != std::string::npos);
    CHECK(all.find("Network.setBypassServiceWorker") != std::string::npos);
    CHECK(all.find(R"("cacheDisabled":true)") != std::string::npos);
}

TEST_CASE("more pages than anybody looks at end the visit")
{
    Played played;
    played.start();
    for (int i = 0; i < 200 && !played.done(); ++i) {
        played.request("R" + std::to_string(i), "https://site.test/" + std::to_string(i));
    }
    CHECK(played.done());
    CHECK(played.met().error_code == "too_many_redirects");
    CHECK(played.met().hops.size() <= 101);
}
