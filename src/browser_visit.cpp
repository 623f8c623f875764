#include "browser_visit.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "devtools.h"

namespace unstick {

namespace {

using namespace devtools;
using std::chrono::milliseconds;

constexpr milliseconds settle{1000};       ///< a page that stays quiet for so long stays
constexpr milliseconds never_quiet{5000};  ///< after it has loaded: some pages never become quiet
constexpr milliseconds look_again{500};
constexpr milliseconds to_start{30000};  ///< the first start on a slow computer
constexpr int circle = 5;                ///< more loads of one page are a circle
constexpr std::size_t most_steps = 100;  ///< of one visit; browsers follow 20 redirects

}  // namespace

struct BrowserVisit::State {
    /// One answer on the way of the page, or a request without one.
    struct Step {
        std::string request;  ///< the protocol's name of the request; redirects share it
        std::string url;
        Reply reply;
        bool has_more = false;  ///< the headers as they were sent come in a message of their own
        From from = From::site;
    };

    VisitOptions options;
    int next_id = 0;
    std::map<int, std::string> asked;  ///< our messages that have no answer yet: id -> method
    std::string session;
    std::string frame;    ///< the page's main frame; its name is the target's
    std::string request;  ///< the request of the page that is loading now
    std::vector<Step> steps;
    std::map<std::string, std::vector<Reply>> sent_headers;  ///< by request, in order
    std::map<std::string, int> loads;                        ///< by address without its query
    std::optional<Time> loaded;
    std::optional<Time> quiet;  ///< since when nothing happens
    std::optional<Time> look_at;
    std::optional<bool> shows_text;
    std::optional<Time> asked_at;    ///< when the site was asked
    std::optional<Error> no_answer;  ///< why it was not
    std::string error_code;
    std::string error_text;
    bool done = false;
    Messages out;

    void send(const char* method, Json params)
    {
        const int id = ++next_id;
        asked[id] = method;
        Json message{{"id", id}, {"method", method}, {"params", std::move(params)}};
        if (!session.empty()) {
            message["sessionId"] = session;
        }
        out.push_back(message.dump());
    }

    Messages take() { return std::exchange(out, {}); }

    void fail(std::string code, std::string text)
    {
        error_code = std::move(code);
        error_text = std::move(text);
        done = true;
    }

    void give_up(Code code, std::string what, std::string hint = {})
    {
        no_answer = Error{code, shown_url(options.url), std::move(what), std::move(hint)};
        done = true;
    }

    /// The page, as it is now, is gone: nothing that was known of its rest counts.
    void move_on()
    {
        loaded.reset();
        quiet.reset();
        look_at.reset();
        shows_text.reset();
    }

    void on_answer(const std::string& method, const Json& message, Time now);
    void on_event(const std::string& method, const Json& params, Time now);
    void on_request(const Json& params);
    void on_failure(const std::string& error, Time now);
    void set_reply(Step& step, const Json& response, bool has_more);
    /// Asks whether the page shows the text, in a world of our own: no script of the page can answer for it.
    void look();
};

void BrowserVisit::State::set_reply(Step& step, const Json& response, bool has_more)
{
    step.reply.status = number_of(response, "status");
    step.reply.headers = headers_of(response);
    step.has_more = has_more;
    step.from = from_of(response);
}

void BrowserVisit::State::on_request(const Json& params)
{
    const std::string id = text_of(params, "requestId");
    if (text_of(params, "type") != "Document" || text_of(params, "frameId") != frame ||
        id != text_of(params, "loaderId")) {
        return;
    }
    const std::string url = text_of(member(params, "request"), "url");
    const Json& redirect = member(params, "redirectResponse");
    if (redirect.is_object() && !steps.empty() && steps.back().request == id) {
        set_reply(steps.back(), redirect, is_true(params, "redirectHasExtraInfo"));
        steps.back().reply.redirect_url = url;
    } else if (++loads[url.substr(0, url.find_first_of("?#"))] > circle) {
        fail("loop", "the page leads the browser in a circle, again and again");
        return;
    }
    move_on();
    request = id;
    steps.push_back({id, url, {}, false, From::site});
    if (steps.size() > most_steps) {
        fail("too_many_redirects", fmt::format("more than {} pages, one after the other", most_steps));
    }
}

void BrowserVisit::State::on_failure(const std::string& error, Time now)
{
    const bool answered =
        !steps.empty() && steps.back().reply.status > 0;  // 401 and empty pages count as failures, too
    if (answered || error == "net::ERR_ABORTED") {
        quiet = quiet.value_or(now);
        return;
    }
    const Fault fault = fault_of(error);
    fail(std::string(fault.code), fmt::format("{} ({})", fault.text, error.substr(0, error.find('\n'))));
}

void BrowserVisit::State::on_answer(const std::string& method, const Json& message, Time now)
{
    const Json& result = member(message, "result");
    if (method == "Target.createTarget") {
        frame = text_of(result, "targetId");
        send("Target.attachToTarget", {{"targetId", frame}, {"flatten", true}});
    } else if (method == "Target.attachToTarget") {
        session = text_of(result, "sessionId");
        send("Page.enable", Json::object());
        send("Network.enable", Json::object());
        send("Page.setLifecycleEventsEnabled", {{"enabled", true}});
        send("Network.getCookies", {{"urls", Json::array({options.url})}});
    } else if (method == "Network.getCookies") {
        if (options.has_cookies && member(result, "cookies").empty()) {
            give_up(Code::unsupported, "in a copy of the profile the browser cannot read its cookies",
                    "it binds them to the folder they lie in; only the browser itself can show whether the site lets "
                    "it in");
            return;
        }
        asked_at = now;
        send("Page.navigate", {{"url", options.url}});
    } else if (method == "Page.navigate") {
        if (const std::string error = text_of(result, "errorText"); !error.empty()) {
            on_failure(error, now);
        }
    } else if (method == "Page.createIsolatedWorld") {
        const std::string text = Json(options.expect_text).dump(-1, ' ', true, Json::error_handler_t::replace);
        send("Runtime.evaluate", {{"expression", "document.body.innerText.includes(" + text + ")"},
                                  {"contextId", number_of(result, "executionContextId")},
                                  {"timeout", look_again.count()},
                                  {"returnByValue", true}});
    } else if (method == "Runtime.evaluate" && quiet) {
        shows_text = is_true(member(result, "result"), "value");
        done = *shows_text || now >= *quiet + never_quiet;
        look_at = now + look_again;
    }
}

void BrowserVisit::State::on_event(const std::string& method, const Json& params, Time now)
{
    const bool ours = text_of(params, "requestId") == request && !request.empty();
    if (method == "Network.requestWillBeSent") {
        on_request(params);
    } else if (method == "Network.responseReceived" && ours && !steps.empty()) {
        set_reply(steps.back(), member(params, "response"), is_true(params, "hasExtraInfo"));
    } else if (method == "Network.responseReceivedExtraInfo") {
        // It may come before the request itself is told of.
        auto& list = sent_headers[text_of(params, "requestId")];
        if (list.size() < most_steps && sent_headers.size() < 50 * most_steps) {
            list.emplace_back();
            list.back().status = number_of(params, "statusCode");
            list.back().headers = headers_of(params);
        }
    } else if (method == "Network.loadingFailed" && ours) {
        on_failure(text_of(params, "errorText"), now);
    } else if (method == "Page.lifecycleEvent" && text_of(params, "frameId") == frame &&
               text_of(params, "loaderId") == request && !request.empty()) {
        const std::string name = text_of(params, "name");
        loaded = name == "load" ? now : loaded;
        quiet = name == "networkIdle" ? now : quiet;
    } else if (method == "Page.javascriptDialogOpening") {
        send("Page.handleJavaScriptDialog", {{"accept", false}});
    } else if (method == "Inspector.targetCrashed") {
        fail("other", "the page makes the browser crash");
    }
}

void BrowserVisit::State::look()
{
    look_at.reset();
    send("Page.createIsolatedWorld", {{"frameId", frame}, {"worldName", "unstick"}});
}

BrowserVisit::BrowserVisit(VisitOptions options) : state_(std::make_unique<State>())
{
    state_->options = std::move(options);
}
BrowserVisit::BrowserVisit(BrowserVisit&&) noexcept = default;
BrowserVisit& BrowserVisit::operator=(BrowserVisit&&) noexcept = default;
BrowserVisit::~BrowserVisit() = default;

BrowserVisit::Messages BrowserVisit::begin()
{
    state_->send("Target.createTarget", {{"url", "about:blank"}});
    return state_->take();
}

BrowserVisit::Messages BrowserVisit::hear(std::string_view text, Time now)
{
    const Json message = Json::parse(text, nullptr, false);
    if (!message.is_object() || state_->done) {
        return {};
    }
    if (const auto found = state_->asked.find(number_of(message, "id")); found != state_->asked.end()) {
        const std::string method = found->second;
        state_->asked.erase(found);
        if (message.contains("error") && method.starts_with("Target.")) {
            state_->give_up(Code::io, "the browser opens no page: " + text_of(member(message, "error"), "message"));
        } else {
            state_->on_answer(method, message, now);
        }
    } else {
        state_->on_event(text_of(message, "method"), member(message, "params"), now);
    }
    return state_->take();
}

BrowserVisit::Messages BrowserVisit::wait(Time now)
{
    State& state = *state_;
    if (state.done) {
        return {};
    }
    if (state.loaded && now >= *state.loaded + never_quiet) {
        state.quiet = state.quiet.value_or(*state.loaded);
    }
    const bool settled = state.quiet && now >= *state.quiet + settle;
    if (settled && state.options.expect_text.empty()) {
        state.done = true;
    } else if (settled && (state.look_at ? now >= *state.look_at : !state.shows_text)) {
        const auto is_look = [](const auto& entry) {
            return entry.second == "Page.createIsolatedWorld" || entry.second == "Runtime.evaluate";
        };
        if (std::none_of(state.asked.begin(), state.asked.end(), is_look)) {
            state.look();
        }
    }
    if (!state.done && !state.asked_at && now >= to_start) {
        state.give_up(Code::io, fmt::format("the browser opened no page within {} seconds", to_start.count() / 1000));
    } else if (!state.done && state.asked_at && now >= *state.asked_at + state.options.timeout) {
        if (state.steps.empty() || state.steps.back().reply.status == 0) {
            state.fail("timeout", fmt::format("no answer within {} seconds", state.options.timeout.count() / 1000));
        }
        state.done = true;
    }
    return state.take();
}

bool BrowserVisit::is_done() const
{
    return state_->done;
}

Result<Probe> BrowserVisit::probe(std::int64_t now) const
{
    if (state_->no_answer) {
        return tl::unexpected<Error>(*state_->no_answer);
    }
    Probe result;
    result.method = "browser";
    result.asked_at = now;
    std::map<std::string, std::size_t> taken;  // of the headers as they were sent
    Reply last;
    for (const State::Step& step : state_->steps) {
        Reply reply = step.reply;
        if (const auto sent = state_->sent_headers.find(step.request);
            step.has_more && sent != state_->sent_headers.end()) {
            if (std::size_t& index = taken[step.request]; index < sent->second.size()) {
                reply.headers = sent->second[index++].headers;
            }
        }
        add_hop(step.url, reply, result);
        result.hops.back().location = shown_url(reply.redirect_url);
        if (reply.status > 0 || result.hops.size() == 1) {
            last = reply;
            result.from = step.from;
        }
    }
    if (result.hops.empty()) {
        add_hop(state_->options.url, {}, result);
    }
    last.error_code = state_->error_code;
    last.error_text = state_->error_text;
    read_answer(last, now, result);
    // A fault on the way, not one of the address that answered last: nothing was met.
    const bool in_circles = last.error_code == "loop" || last.error_code == "too_many_redirects";
    if (!last.error_code.empty() && !in_circles) {
        result.status = 0;
    }
    if (result.status == 0 && result.error_code.empty()) {
        result.error_code = "other";
        result.error_text = "the browser got no answer";
    }
    result.shows_text = state_->shows_text;
    if (!state_->options.expect_text.empty() && result.status > 0 && !in_circles) {
        result.shows_text = state_->shows_text.value_or(false);
    }
    return result;
}

}  // namespace unstick
