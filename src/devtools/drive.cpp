#include "devtools/drive.h"

#include <algorithm>

#include "web/cookie_match.h"
#include "web/url.h"

namespace unstick {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds tick{50};
constexpr milliseconds patience_to_close{5000};
constexpr std::string_view close_message = R"({"id":1000000,"method":"Browser.close"})";

}  // namespace

Result<std::vector<std::string>> programs_for(const RemoteRun& run, const Adapter& adapter, const Profile& profile)
{
    auto programs = run.options.program.empty() ? programs_of(adapter, profile, run.host.machine())
                                                : std::vector<std::string>{run.options.program};
    if (programs.empty()) {
        return fail(Code::unsupported, profile.path.string(),
                    std::string(adapter.label) +
                        " cannot be opened on a copy here: it belongs to another system, or is "
                        "kept from all folders but its own (snap, flatpak)");
    }
    return programs;
}

tl::unexpected<Error> not_found(const std::string& program)
{
    return fail(Code::not_found, program, "this program was not found, so the browser cannot be opened",
                "name it with --browser-program");
}

bool has_cookies_for(const ProfilePlan& plan, const std::string& url, std::int64_t now)
{
    const auto target = parse_url(url);
    if (!target) {
        return false;
    }
    const auto is_sent = [&](const Item& item) {
        const auto* const cookie = item.as<Cookie>();
        return cookie != nullptr && is_for(item.host, cookie->path, cookie->secure, *target) && cookie->persistent &&
               item.partition.empty() && item.expires.value_or(0) > now;
    };
    return std::any_of(plan.stores.begin(), plan.stores.end(), [&](const StorePlan& store) {
        return std::any_of(store.found.items.begin(), store.found.items.end(), is_sent);
    });
}

VisitOptions options_for(const RemoteRun& run, const ProfilePlan& plan, const std::string& url, const VisitManner& how)
{
    return {.url = url,
            .expect_text = run.options.expect_text,
            .expect_url = run.options.expect_url,
            .stuck_text = run.options.stuck_text,
            .has_cookies = !how.fresh && has_cookies_for(plan, url, run.host.now()),
            .timeout = run.http.timeout,
            .direct = how.direct,
            .known = how.known};
}

Result<void> drive(PipedProgram& browser, BrowserVisit& visit)
{
    const auto start = std::chrono::steady_clock::now();
    BrowserVisit::Messages messages = visit.begin();
    while (true) {
        for (const std::string& message : messages) {
            TRY(browser.send(message));
        }
        if (visit.is_done()) {
            return {};
        }
        TRY_ASSIGN(const auto heard, browser.receive(tick));
        const auto now = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
        messages = heard ? visit.hear(*heard, now) : BrowserVisit::Messages{};
        if (!visit.is_done()) {
            auto more = visit.wait(now);
            messages.insert(messages.end(), more.begin(), more.end());
        }
    }
}

void close(PipedProgram& browser)
{
    if (!browser.send(std::string(close_message))) {
        return;
    }
    // What it says meanwhile has to be taken: it would wait for us.
    const auto end = std::chrono::steady_clock::now() + patience_to_close;
    while (browser.receive(tick) && std::chrono::steady_clock::now() < end) {
    }
    (void)browser.has_ended(patience_to_close);
}

}  // namespace unstick
