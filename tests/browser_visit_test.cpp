// The messages of a browser, as Chromium 156 sends them, shortened to what is read.

#include "../src/browser_visit.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "catch.h"

using namespace unstick;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

/// A visit whose browser is played by the test.
class Played {
public:
    explicit Played(VisitOptions options = {"https://site.test/", "", false, 15000ms}) : visit_(std::move(options))
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

    void start(int cookies = 1)
    {
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
    played.wait(500ms);
    CHECK_FALSE(played.done());
    played.wait(600ms);
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
        CHECK(answer_of(played.met(), {}) == Answer::refused);
        CHECK(answer_of(played.met(), 200) == Answer::page);
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
    CHECK(played.done());
    CHECK(played.met().status == 200);
}

TEST_CASE("the expected text is looked for, in a world that the page cannot reach")
{
    Played played({"https://site.test/", "Sign \"out\" \xff</script>", false, 15000ms});
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
        played.answer("Runtime.evaluate", R"({"result":{"type":"boolean","value":true}})");
        CHECK(played.done());
        CHECK(answer_of(played.met(), {}) == Answer::page);
    }
    SECTION("again and again, until it is too late")
    {
        played.answer("Runtime.evaluate", R"({"result":{"type":"boolean","value":false}})");
        CHECK_FALSE(played.done());
        played.wait(600ms);
        CHECK(played.asks("Page.createIsolatedWorld"));
        played.now += 5s;
        played.answer("Page.createIsolatedWorld", R"({"executionContextId":8})");
        played.answer("Runtime.evaluate", R"({"result":{"type":"boolean","value":false}})");
        CHECK(played.done());
        CHECK(answer_of(played.met(), {}) == Answer::refused);
    }
}

TEST_CASE("a browser that cannot read the cookies of the copy does not ask the site")
{
    Played played({"https://site.test/", "", true, 15000ms});
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
    CHECK(played.done());
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
