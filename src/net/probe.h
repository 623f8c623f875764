#pragma once
// The re-test: what a client with an empty cookie jar meets at the target. Pure but for the client it is given.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/page.h"
#include "platform/host.h"
#include "web/challenge.h"

namespace unstick {

/// What may be shown of a parsed URL: the values of parameters whose names sound like secrets (code, token, state ...)
/// become "...", and so do values that hold an encoded address with such parameters.
std::string shown_url(std::string_view url);

/// A cookie that the site sends and no browser stores.
struct RefusedCookie {
    std::string name;
    std::string_view reason;  ///< as `refusal_of`
};

/// One address on the way, and what it answered. Addresses are shown to people and written into reports: without user
/// names and passwords, as `shown_url` says.
struct Hop {
    std::string url;
    int status = 0;
    std::string location;                             ///< absolute; empty if none
    std::vector<std::string> set_cookie_names;        ///< names only
    std::vector<RefusedCookie> refused_cookies = {};  ///< those of them that no browser stores
    std::string etag = {};                            ///< as sent
    std::string last_modified = {};                   ///< as sent
};

/// Who gave an answer to a browser. A client of our own always asks the site.
enum class From {
    site,
    cache,   ///< the browser's HTTP cache, without asking the site
    worker,  ///< a service worker of the site, without asking it
};

struct Probe {
    std::string method = "http";  ///< or "browser": what the browser itself met (devtools/session.h)
    std::vector<Hop> hops;        ///< in order, the last one is the final answer; never empty
    std::string asked;            ///< where it began, whole, secrets too: to ask there again, never to be shown
    std::string final_url;
    std::string address;                     ///< the same whole, secrets too: to ask there again, never to be shown
    int status = 0;                          ///< of the final answer; 0 if there was none
    std::vector<Challenge> challenges;       ///< of the final answer, whatever its status
    std::vector<std::string_view> asked_by;  ///< browsers that ask for a password after it (asking_browsers.h)
    bool robot_check = false;                ///< the site wants proof of a human first: it tells us nothing
    std::optional<std::int64_t> server_date_skew_s;  ///< server's Date minus our clock; none if Age > 0 or no Date
    /// x-request-id and the like, of the final answer: lower-case name, value cut at 200 bytes
    std::vector<std::pair<std::string, std::string>> correlation;
    std::int64_t asked_at = 0;                  ///< our clock, Unix seconds: to find it in the server's log
    std::optional<std::int64_t> retry_after_s;  ///< what the final answer asks for, if it can be understood
    bool realm_changes = false;                 ///< a second question brought another realm (compare.h)
    bool wants_certificate = false;             ///< it refuses because no client certificate was sent
    std::optional<Hop> plain_http;              ///< the same host by http, where https gave no answer (compare.h)
    std::optional<Hop> root;                    ///< the site's root page, where a deep link is refused (compare.h)
    From from = From::site;                     ///< of the final answer
    std::optional<int> clean_status;            ///< browser: what a client that has nothing stored was answered
    std::optional<bool> shows_text;             ///< browser: does the page show the expected text? None: not asked
    std::optional<bool> shows_stuck_text;       ///< browser: does it show what a page of somebody stuck shows?
    std::optional<bool> at_expected_url;        ///< browser: does it end at the expected address?
    std::optional<PageSeen> page;               ///< browser: what it showed; none: it came to none
    VisitSigns signs;                           ///< browser: what else was seen on the way
    std::shared_ptr<const Probe> fresh;   ///< browser: what the same browser met with nothing stored; null: not asked
    std::shared_ptr<const Probe> direct;  ///< browser: what it met past its workers and its cache, where those answered
    bool said_stuck = false;              ///< browser: the person at the terminal says that this page is the trouble
    int attempts = 1;
    /// "" or "dns", "connect", "tls", "timeout", "loop", "too_many_redirects", "scheme", "proxy", "other"
    std::string error_code;
    std::string error_text;
};

/// How a browser is opened for the re-test by itself (devtools/session.h).
struct BrowserOptions {
    std::string program;                 ///< the browser's program; empty: where the adapter says
    std::vector<std::string> arguments;  ///< further arguments for it
    std::string expect_text;             ///< what the page has to show; empty: not asked
    std::string expect_url = {};         ///< where it has to end: this address or one below it; empty: not asked
    std::string stuck_text = {};         ///< what a page of somebody who is stuck shows; empty: not asked
};

struct ProbeOptions {
    int retries = 2;  ///< further tries after a passing fault (connection, time-out, 429, 502, 503, 504)
    bool retry_without_answer = true;  ///< also after no connection and time-out; else only when the site says so
    int max_redirects = 20;
    HttpOptions http;
    std::optional<int> expect_status;  ///< the answer that counts as success
    BrowserOptions browser;
};

class CookieJar;

/// Follows redirects with one cookie jar and records every hop. A URL met again with no cookie set since
/// is a loop. Only http and https are followed. Passing faults are tried again from the start, with an empty jar,
/// after 1 s, 2 s, 4 s ... or what Retry-After says (at most 30 s).
/// `jar`: cookies of a browser that go with the requests, if any.
Probe probe(Host& host, const std::string& url, const ProbeOptions& options, CookieJar* jar = nullptr);

/// Adds what a client was answered at an address to the way it went.
void add_hop(const std::string& url, const Reply& reply, Probe& probe);
/// Fills in what the last answer says, after the last hop. `now`: Unix seconds.
void read_answer(const Reply& reply, std::int64_t now, Probe& probe);

/// What an answer means for someone who wants to sign in.
enum class Answer {
    page,       ///< a page, a sign-in page, a robot check, or anything else that is not a refusal
    challenge,  ///< 401 that a browser can answer (it asks for a password)
    refused,    ///< 401 without a usable challenge, 403, a redirect loop, not what was expected. To a browser also what
                ///< judge (judgement.h) calls stuck, and an error where a client that has nothing stored meets none
    unreachable,  ///< no answer, or 429/5xx after the retries
};
Answer answer_of(const Probe& probe, const std::optional<int>& expect_status);

/// Did the last answer ask for a password in a way that a browser can give one?
bool asks_for_password(const Probe& probe);

/// Did it end because pages or redirects lead to each other?
bool goes_in_circles(const Probe& probe);

/// One sentence about one probe, for people: "The site answers with a page (200)".
std::string describe(const Probe& probe, const std::optional<int>& expect_status);

}  // namespace unstick
