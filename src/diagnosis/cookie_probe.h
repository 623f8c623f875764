#pragma once
// The re-test with a profile's cookies, beside the one with none: does the site refuse because of them?
//
// Only where a browser keeps cookies as they are sent (Adapter: StoreSpec::read_jar). What was asked and answered stays
// here; the values do not.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "inventory/plan.h"
#include "net/probe.h"
#include "platform/host.h"
#include "web/set_cookie.h"

namespace unstick {

struct CookieProbe {
    std::size_t profile = 0;  ///< index into the inventory
    std::string where;        ///< "epiphany/default"
    Probe probe;
    std::vector<CookieName> sent;
    std::optional<Probe> after;  ///< fix: the same with the cookies that are left
};

/// Asks for the target with the cookies of one profile, once (no retries). Nothing is asked, and the result is empty,
/// if there is no readable jar, no cookie in it that goes with the target, the browser runs (its session is in use), or
/// the target is http and the browser was told to use https only: it would not send them that way. `away`: cookies
/// that are left out.
std::optional<CookieProbe> probe_with_cookies(Host& host, const Url& target, const ProbeOptions& options,
                                              const ProfilePlan& plan, const std::set<CookieName>& away = {});

/// What tells the item of a cookie from others.
CookieName cookie_name(const Item& cookie);

/// Was the clean client let in (a page, or a sign-in that a browser can do)? Only then a comparison tells something.
bool is_let_in(const Probe& clean);

/// Is this an answer that keeps people out: an error (4xx, 5xx) that is no passing one and no question for a password
/// that a browser can ask, or redirects without end?
bool is_kept_out(const Probe& with_cookies);

}  // namespace unstick
