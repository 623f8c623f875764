#include "diagnosis/cookie_probe.h"

#include <algorithm>
#include <iterator>

#include "diagnosis/finding.h"
#include "web/cookie_match.h"

namespace unstick {

namespace {

std::vector<JarCookie> cookies_of(const ProfilePlan& plan, const std::set<CookieName>& away)
{
    std::vector<JarCookie> cookies;
    for (const StorePlan& store : plan.stores) {
        if (store.spec->read_jar != nullptr && store.found.problems.empty()) {
            auto more = store.spec->read_jar(store.path, plan.site);
            std::move(more.begin(), more.end(), std::back_inserter(cookies));
        }
    }
    std::erase_if(cookies, [&](const JarCookie& cookie) { return away.contains(cookie.name); });
    return cookies;
}

/// An order is taken to be for all hosts below, too: not every finder tells (Hsts), and at worst less is asked.
bool uses_https_only(const ProfilePlan& plan, const std::string& host)
{
    return std::any_of(plan.stores.begin(), plan.stores.end(), [&](const StorePlan& store) {
        return std::any_of(store.found.items.begin(), store.found.items.end(), [&](const Item& item) {
            return item.as<Hsts>() != nullptr && is_for("." + item.host, "/", host, "/");
        });
    });
}

}  // namespace

std::optional<CookieProbe> probe_with_cookies(Host& host, const Url& target, const ProbeOptions& options,
                                              const ProfilePlan& plan, const std::set<CookieName>& away)
{
    if (plan.adapter->in_use(plan.profile, host).state != LockState::State::free) {
        return std::nullopt;
    }
    CookieJar jar(cookies_of(plan, away), host.now());
    if (!jar.has_for(target) || (target.scheme == "http" && uses_https_only(plan, target.host))) {
        return std::nullopt;
    }
    ProbeOptions once = options;
    once.retries = 0;
    CookieProbe result;
    result.where = where_of(plan);
    result.probe = probe(host, target.text(), once, &jar);
    result.sent = jar.sent();
    return result;
}

CookieName cookie_name(const Item& cookie)
{
    return {cookie.host, std::get<Cookie>(cookie.traits).path, cookie.name};
}

bool is_let_in(const Probe& clean)
{
    return clean.error_code.empty() && !clean.robot_check &&
           ((clean.status >= 200 && clean.status < 400) || answer_of(clean, {}) == Answer::challenge);
}

bool is_kept_out(const Probe& with_cookies)
{
    constexpr int passing[] = {407, 429, 502, 503, 504};
    const bool passes = std::find(std::begin(passing), std::end(passing), with_cookies.status) != std::end(passing);
    const bool is_asked = answer_of(with_cookies, {}) == Answer::challenge;
    return goes_in_circles(with_cookies) ||
           (with_cookies.status >= 400 && !passes && !is_asked && !with_cookies.robot_check);
}

}  // namespace unstick
