#include "devtools/visit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "base/limited_json.h"
#include "devtools/protocol.h"
#include "web/site.h"
#include "web/url.h"

namespace unstick {

namespace {

using namespace devtools;
using std::chrono::milliseconds;

constexpr milliseconds calm{500};          ///< without a request that begins or ends: then the page is quiet
constexpr milliseconds settle{200};        ///< from then on, before the first look
constexpr milliseconds stays{1000};        ///< a page with little on it is looked at again until then: it may move on
constexpr milliseconds never_quiet{5000};  ///< after it has loaded: some pages never become quiet
constexpr milliseconds expected_by{2000};  ///< a text that is waited for comes in this time, or not at all
constexpr milliseconds look_again{500};
constexpr milliseconds to_answer{2000};  ///< for the page's own process, which a busy computer may keep waiting
constexpr milliseconds to_start{30000};  ///< the first start on a slow computer
constexpr int circle = 5;                ///< more loads of one page are a circle
constexpr std::size_t most_steps = 100;  ///< of one visit; browsers follow 20 redirects
constexpr std::size_t most_requests = 5000;
constexpr std::size_t most_failed = 50;
constexpr std::size_t most_exceptions = 1000;
constexpr std::size_t longest_line = 100;

/// Runs in a world of our own, in which no script of the page can answer. Says what the page shows in numbers, and its
/// first words.
constexpr std::string_view look_script = R"js((expected, stuck) => {
    const shown = ((document.body && document.body.innerText) || '').slice(0, 1000000);
    const text = shown.replace(/\s+/g, ' ').trim();
    let hash = 7;
    for (const letter of text.replace(/\d+/g, '')) hash = (Math.imul(hash, 31) + letter.codePointAt(0)) >>> 0;
    const visible = (element) => element.getClientRects().length > 0;
    const all = (selector) => [...document.querySelectorAll(selector)].slice(0, 5000);
    const out = /(log|sign)[-_ ]?(out|off)\b|abmelden|ausloggen|d[ée]connexion|se d[ée]connecter|cerrar sesi[óo]n|uitloggen/i;
    const says = (element) => ['href', 'action', 'formaction', 'id', 'name', 'aria-label', 'title']
        .some((name) => out.test(element.getAttribute(name) || '')) || out.test((element.textContent || '').slice(0, 40));
    return { text: text.length, hash, password: all('input[type=password]').some(visible),
        out: all('a[href], form[action], button, [role=button], [role=menuitem]').some(says),
        still: !document.querySelector('script, meta[http-equiv=refresh i], iframe, frame, object, embed, [onload], [onerror]'),
        at: location.href.slice(0, 8000), title: document.title.slice(0, 100), first: text.slice(0, 100),
        expected: expected !== '' && shown.includes(expected), stuck: stuck !== '' && shown.includes(stuck) };
})js";

/// The name of an exception, never its message.
std::string exception_name(const Json& exception)
{
    const std::string described = text_of(exception, "description");
    const std::string name =
        described.substr(0, described.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"));
    return name.size() > 5 && name.size() < 40 && name.ends_with("Error") ? name : "Error";
}

/// Does an exception tell that a database lacks what a script asks of it, or is newer than the script? The names are
/// those of DOMException; NotFoundError has other causes, too, so the browser's own words have to name the interface
/// (Chromium: "Failed to execute 'transaction' on 'IDBDatabase': One of the specified object stores was not found.").
bool is_misfit_database(const Json& exception)
{
    const std::string name = exception_name(exception);
    const std::string described = text_of(exception, "description");
    return name == "VersionError" || (name == "NotFoundError" && (described.find("'IDB") != std::string::npos ||
                                                                  described.find("object store") != std::string::npos));
}

/// Did settings of the browser keep one of these cookies from a request or an answer? `list`: as the extra messages of
/// a request (associatedCookies) and an answer (blockedCookies) have it.
bool has_cookie_kept_out(const Json& list)
{
    constexpr std::array<std::string_view, 3> settings{"UserPreferences", "ThirdPartyPhaseout",
                                                       "ThirdPartyBlockedInFirstPartySet"};
    const auto is_setting = [&](const Json& reason) {
        return reason.is_string() &&
               std::find(settings.begin(), settings.end(), reason.get<std::string>()) != settings.end();
    };
    return list.is_array() && std::any_of(list.begin(), list.end(), [&](const Json& cookie) {
               const Json& reasons = member(cookie, "blockedReasons");
               return reasons.is_array() && std::any_of(reasons.begin(), reasons.end(), is_setting);
           });
}

/// Is an address another one, or one below it? Queries say nothing.
bool is_at_or_below(const std::string& address, const std::string& place)
{
    const auto at = parse_url(address);
    const auto wanted = parse_url(place);
    if (!at || !wanted || at->origin() != wanted->origin()) {
        return false;
    }
    const std::string path = at->path.substr(0, at->path.find('?'));
    const std::string start = wanted->path.substr(0, wanted->path.find('?'));
    return path.starts_with(start) &&
           (path.size() == start.size() || start.ends_with('/') || path[start.size()] == '/');
}

std::string without_query(const std::string& url)
{
    return shown_url(url.substr(0, url.find_first_of("?#")));
}

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
    Time active{0};             ///< when a part of the page began or ended to load, or the page had loaded
    std::optional<Time> look_at;
    std::optional<bool> shows_text;
    std::optional<bool> shows_stuck_text;
    std::optional<PageSeen> page;
    bool is_still = false;                        ///< nothing is in the page that could change it or lead elsewhere
    std::string address;                          ///< of the page, as its scripts may have changed it
    std::map<std::string, std::string> requests;  ///< of what is in the page: by request, the address
    std::set<std::string> pending;                ///< those of them that have no end yet
    std::set<std::string> frames;                 ///< requests of frames' documents
    std::set<std::string> kept_out;               ///< requests from which settings kept cookies
    std::vector<FailedRequest> failed;
    std::vector<std::string> failed_ids;  ///< their requests
    bool misfit_database = false;
    std::map<std::string, std::string> asked_hosts;  ///< of requests that are parts of pages
    std::size_t exceptions = 0;
    std::vector<std::string> exception_names;
    std::size_t page_loads = 0;
    std::string user_agent;
    bool is_ready = false;           ///< nothing speaks against asking the site
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
        shows_stuck_text.reset();
        page.reset();
        pending.clear();
    }

    void on_answer(const std::string& method, const Json& message, Time now);
    void on_event(const std::string& method, const Json& params, Time now);
    void on_request(const Json& params);
    void on_failure(const std::string& error, Time now);
    void set_reply(Step& step, const Json& response, bool has_more);
    void on_part(const Json& params);
    void on_part_failure(const std::string& id, std::string what);
    void on_exception(const Json& details);
    void ask_site_if_all_is_set(Time now);
    void on_look(const Json& seen, Time now);
    /// Is all known that is to be known of a page that was looked at?
    bool has_seen_enough(Time now) const;
    void on_cookies(const std::string& id, const Json& list);
    /// What became of its scripts and requests; only of hosts on the way: others may fail for anybody.
    void describe_parts(const Probe& way, PageSeen& seen) const;
    VisitSigns signs(const Probe& way) const;
    /// Hosts of other sites than where the way ended: VisitSigns::without_cookies.
    std::vector<std::string> without_cookies(const Probe& way) const;
    /// The page may be quiet by now. The browser's own word for it (networkIdle) may come seconds late, as it waits for
    /// something else to do.
    void note_quiet(Time now);
    /// Asks what the page shows.
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
    } else if (++page_loads, ++loads[url.substr(0, url.find_first_of("?#"))] > circle) {
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
    if (method == "Browser.getVersion") {
        // Without a window it calls itself something else, and a site may treat that differently.
        constexpr std::string_view headless = "Headless";
        user_agent = text_of(result, "userAgent");
        if (const std::size_t at = user_agent.find(headless); at != std::string::npos) {
            user_agent.erase(at, headless.size());
        }
        send("Target.createTarget", {{"url", "about:blank"}});
    } else if (method == "Target.createTarget") {
        frame = text_of(result, "targetId");
        send("Target.attachToTarget", {{"targetId", frame}, {"flatten", true}});
    } else if (method == "Target.attachToTarget") {
        session = text_of(result, "sessionId");
        if (!user_agent.empty()) {
            send("Emulation.setUserAgentOverride", {{"userAgent", user_agent}});
        }
        send("Page.enable", Json::object());
        send("Network.enable", Json::object());
        send("Runtime.enable", Json::object());
        if (options.direct) {
            send("Network.setBypassServiceWorker", {{"bypass", true}});
            send("Network.setCacheDisabled", {{"cacheDisabled", true}});
        }
        send("Page.setLifecycleEventsEnabled", {{"enabled", true}});
        send("Network.getCookies", {{"urls", Json::array({options.url})}});
    } else if (method == "Network.getCookies") {
        if (options.has_cookies && member(result, "cookies").empty()) {
            give_up(Code::unsupported, "in a copy of the profile the browser cannot read its cookies",
                    "it binds them to the folder they lie in; only the browser itself can show whether the site lets "
                    "it in");
            return;
        }
        is_ready = true;
    } else if (method == "Page.navigate") {
        if (const std::string error = text_of(result, "errorText"); !error.empty()) {
            on_failure(error, now);
        }
    } else if (method == "Page.createIsolatedWorld") {
        const auto quoted = [](const std::string& text) {
            return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
        };
        send("Runtime.evaluate", {{"expression", fmt::format("({})({}, {})", look_script, quoted(options.expect_text),
                                                             quoted(options.stuck_text))},
                                  {"contextId", number_of(result, "executionContextId")},
                                  {"timeout", to_answer.count()},
                                  {"returnByValue", true}});
    } else if (method == "Runtime.evaluate" && quiet) {
        on_look(member(member(result, "result"), "value"), now);
    }
}

/// A page's process that has not yet been told what to report would say nothing of what the page asks for first: on a
/// busy computer the page may be quicker than that.
void BrowserVisit::State::ask_site_if_all_is_set(Time now)
{
    if (is_ready && !asked_at && asked.empty()) {
        asked_at = now;
        send("Page.navigate", {{"url", options.url}});
    }
}

void BrowserVisit::State::on_look(const Json& seen, Time now)
{
    if (seen.is_object()) {
        page.emplace();
        page->text = static_cast<std::size_t>(std::max(0, number_of(seen, "text")));
        const Json& hash = member(seen, "hash");
        page->fingerprint = hash.is_number_unsigned() ? static_cast<std::uint32_t>(hash.get<std::uint64_t>()) : 0;
        page->password = is_true(seen, "password");
        page->sign_out = is_true(seen, "out");
        page->title = text_of(seen, "title").substr(0, longest_line);
        page->first_line = text_of(seen, "first").substr(0, longest_line);
        is_still = is_true(seen, "still");
        address = text_of(seen, "at");
        shows_text = is_true(seen, "expected");
        shows_stuck_text = is_true(seen, "stuck");
    }
    done = has_seen_enough(now);
    look_at = now + look_again;
    if (now < *quiet + stays) {
        look_at = std::min(*look_at, *quiet + stays);
    }
}

bool BrowserVisit::State::has_seen_enough(Time now) const
{
    if (!options.expect_text.empty() || !options.stuck_text.empty()) {
        return shows_text.value_or(false) || shows_stuck_text.value_or(false) || now >= *quiet + expected_by;
    }
    const bool has_content = page && (page->text >= little_text || page->password || page->sign_out);
    const bool is_known = page && options.known && page->fingerprint == *options.known;
    // A page with little on it may wait for an answer; one that could not be looked at may be busy, or hang.
    return has_content || is_known || (page && is_still) ||
           now >= *quiet + (page && pending.empty() ? stays : never_quiet);
}

void BrowserVisit::State::on_part(const Json& params)
{
    const std::string type = text_of(params, "type");
    const std::string url = text_of(member(params, "request"), "url");
    if (requests.size() < most_requests && type != "Ping" && type != "Prefetch" && type != "Preflight" &&
        !without_query(url).ends_with("/favicon.ico")) {
        requests.insert_or_assign(text_of(params, "requestId"), url);
        asked_hosts.insert_or_assign(text_of(params, "requestId"), std::string(host_of(url)));
        if (type == "Document") {
            frames.insert(text_of(params, "requestId"));
        }
        if (type != "EventSource") {
            pending.insert(text_of(params, "requestId"));
        }
    }
}

void BrowserVisit::State::on_part_failure(const std::string& id, std::string what)
{
    const auto part = requests.find(id);
    if (part != requests.end() && failed.size() < most_failed) {
        failed.push_back({without_query(part->second), std::move(what)});
        failed_ids.push_back(id);
        requests.erase(part);
    }
}

void BrowserVisit::State::on_cookies(const std::string& id, const Json& list)
{
    if (kept_out.size() < most_requests && has_cookie_kept_out(list)) {
        kept_out.insert(id);
    }
}

void BrowserVisit::State::on_exception(const Json& details)
{
    exceptions = std::min(exceptions + 1, most_exceptions);
    misfit_database = misfit_database || is_misfit_database(member(details, "exception"));
    std::string name = exception_name(member(details, "exception"));
    if (std::find(exception_names.begin(), exception_names.end(), name) == exception_names.end() &&
        exception_names.size() < most_failed) {
        exception_names.push_back(std::move(name));
    }
}

void BrowserVisit::State::on_event(const std::string& method, const Json& params, Time now)
{
    const bool ours = text_of(params, "requestId") == request && !request.empty();
    const std::size_t open = pending.size();
    if (method == "Network.loadingFinished" || method == "Network.loadingFailed") {
        pending.erase(text_of(params, "requestId"));
    }
    if (method == "Network.requestWillBeSent") {
        on_request(params);
        if (text_of(params, "requestId") != request) {
            on_part(params);
        }
    } else if (method == "Network.responseReceived" && ours && !steps.empty()) {
        set_reply(steps.back(), member(params, "response"), is_true(params, "hasExtraInfo"));
    } else if (method == "Network.responseReceived") {
        if (const int status = number_of(member(params, "response"), "status"); status >= 400) {
            on_part_failure(text_of(params, "requestId"), std::to_string(status));
        }
    } else if (method == "Network.responseReceivedExtraInfo") {
        // It may come before the request itself is told of.
        auto& list = sent_headers[text_of(params, "requestId")];
        if (list.size() < most_steps && sent_headers.size() < 50 * most_steps) {
            list.emplace_back();
            list.back().status = number_of(params, "statusCode");
            list.back().headers = headers_of(params);
        }
        on_cookies(text_of(params, "requestId"), member(params, "blockedCookies"));
    } else if (method == "Network.requestWillBeSentExtraInfo") {
        on_cookies(text_of(params, "requestId"), member(params, "associatedCookies"));
    } else if (method == "Network.loadingFailed" && ours) {
        on_failure(text_of(params, "errorText"), now);
    } else if (method == "Network.loadingFailed" && !is_true(params, "canceled")) {
        const std::string error = text_of(params, "errorText");
        const bool cors = member(params, "corsErrorStatus").is_object();
        if (cors || error != "net::ERR_ABORTED") {
            on_part_failure(text_of(params, "requestId"), cors ? "CORS" : error.substr(0, longest_line));
        }
    } else if (method == "Runtime.exceptionThrown") {
        on_exception(member(params, "exceptionDetails"));
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
    if (pending.size() != open || loaded == now) {
        active = now;
    }
}

void BrowserVisit::State::describe_parts(const Probe& way, PageSeen& seen) const
{
    std::set<std::string> domains;
    for (const Hop& hop : way.hops) {
        domains.insert(registrable_domain(host_of(hop.url)));
    }
    seen.loads = page_loads;
    seen.exceptions = exceptions;
    seen.exception_names = exception_names;
    std::copy_if(failed.begin(), failed.end(), std::back_inserter(seen.failed),
                 [&](const FailedRequest& part) { return domains.contains(registrable_domain(host_of(part.url))); });
}

std::vector<std::string> BrowserVisit::State::without_cookies(const Probe& way) const
{
    const std::string own = registrable_domain(host_of(way.final_url));
    const bool in_circles = goes_in_circles(way);
    std::set<std::string> hosts;
    for (const std::string& id : kept_out) {
        const auto asked_host = asked_hosts.find(id);
        const bool has_failed = std::find(failed_ids.begin(), failed_ids.end(), id) != failed_ids.end();
        if (asked_host != asked_hosts.end() && (has_failed || (in_circles && frames.contains(id))) &&
            registrable_domain(asked_host->second) != own) {
            hosts.insert(asked_host->second);
        }
    }
    return {hosts.begin(), hosts.end()};
}

VisitSigns BrowserVisit::State::signs(const Probe& way) const
{
    VisitSigns seen{.misfit_database = misfit_database, .without_cookies = without_cookies(way)};
    for (const FailedRequest& part : failed) {
        const bool is_known = std::any_of(seen.refused.begin(), seen.refused.end(), [&](const FailedRequest& one) {
            return one.url == part.url && one.what == part.what;
        });
        if ((part.what == "400" || part.what == "401") && !is_known) {
            seen.refused.push_back(part);
        }
    }
    return seen;
}

void BrowserVisit::State::note_quiet(Time now)
{
    if (!loaded || quiet) {
        return;
    }
    if (pending.empty() && now >= active + calm + settle) {
        quiet = active + calm;
    } else if (now >= *loaded + never_quiet) {
        quiet = loaded;
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
    if (state_->options.ask_name) {
        state_->send("Browser.getVersion", Json::object());
    } else {
        state_->send("Target.createTarget", {{"url", "about:blank"}});
    }
    return state_->take();
}

BrowserVisit::Messages BrowserVisit::hear(std::string_view text, Time now)
{
    const Json message = json_or_discarded<Json>(text);
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
            state_->ask_site_if_all_is_set(now);
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
    state.note_quiet(now);
    const bool settled = state.quiet && now >= *state.quiet + settle;
    if (settled && (!state.look_at || now >= *state.look_at)) {
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
    const bool in_circles = goes_in_circles(result);
    if (!last.error_code.empty() && !in_circles) {
        result.status = 0;
    }
    if (result.status == 0 && result.error_code.empty()) {
        result.error_code = "other";
        result.error_text = "the browser got no answer";
    }
    if (result.status > 0 && !in_circles) {
        if (!state_->options.expect_text.empty()) {
            result.shows_text = state_->shows_text.value_or(false);
        }
        if (!state_->options.stuck_text.empty()) {
            result.shows_stuck_text = state_->shows_stuck_text.value_or(false);
        }
        if (!state_->options.expect_url.empty()) {
            const std::string& end = state_->page ? state_->address : state_->steps.back().url;
            result.at_expected_url = is_at_or_below(end, state_->options.expect_url);
        }
        result.page = state_->page;
    }
    result.signs = state_->signs(result);
    if (result.page) {
        state_->describe_parts(result, *result.page);
    }
    return result;
}

const std::string& BrowserVisit::user_agent() const
{
    return state_->user_agent;
}

}  // namespace unstick
