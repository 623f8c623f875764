#pragma once
// One visit of a browser to one address, over the Chrome DevTools Protocol: which messages to send, what its messages
// mean. Pure: messages and the time go in, messages and a Probe come out; it reads names and addresses and keeps no
// value of a cookie. Methods and fields as in the protocol's own description (domains Browser, Emulation, Target, Page,
// Network, Runtime), seen with Chromium 156: docs/formats-chromium.md, "A browser opened on a copy".

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/probe.h"

namespace unstick {

struct VisitOptions {
    std::string url;
    std::string expect_text = {};              ///< what the page has to show; empty: not asked
    std::string expect_url = {};               ///< where it has to end, or below it; empty: not asked
    std::string stuck_text = {};               ///< what a page of somebody who is stuck shows; empty: not asked
    bool has_cookies = false;                  ///< the profile has cookies for it: the browser must be able to read one
    std::chrono::milliseconds timeout{15000};  ///< from the first request to the end
    bool direct = false;                       ///< past the browser's cache and service workers, without changing them
    /// The browser was not told how to call itself: it is asked, and called what it would be with a window.
    bool ask_name = false;
    std::optional<std::uint32_t> known = {};  ///< PageSeen::fingerprint of a page that needs no second look
};

class BrowserVisit {
public:
    using Time = std::chrono::milliseconds;  ///< since the start of the visit
    using Messages = std::vector<std::string>;

    explicit BrowserVisit(VisitOptions options);
    BrowserVisit(BrowserVisit&&) noexcept;
    BrowserVisit& operator=(BrowserVisit&&) noexcept;
    ~BrowserVisit();

    /// What to send first.
    Messages begin();
    /// What to send after a message of the browser; one that is not understood changes nothing.
    Messages hear(std::string_view message, Time now);
    /// What to send when time has passed; asked every now and then.
    Messages wait(Time now);
    /// Is everything known? A page is known when it has loaded and does not move on any more; addresses that come again
    /// and again are a circle.
    bool is_done() const;

    /// What was met. Its method is "browser". `now`: Unix seconds. Errors: io if the browser opened no page;
    /// unsupported if it cannot read the profile's cookies: then the site was not asked.
    Result<Probe> probe(std::int64_t now) const;

    /// How the browser calls itself when it has a window; empty unless VisitOptions::ask_name.
    const std::string& user_agent() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace unstick
