#include "app/retest.h"

#include <algorithm>

#include "base/text.h"
#include "net/compare.h"
#include "net/headers.h"

namespace unstick {

Url target_of(const Request& request, const std::optional<Probe>& clean)
{
    const Url& typed = request.site->target();
    return clean ? parse_url(clean->asked).value_or(typed) : typed;
}

SiteAnswer ask_site(const Context& context, std::span<const Discovered> profiles)
{
    const Request& request = context.request;
    context.stages.next("asking " + shown_url(request.site->target().text()));
    SiteAnswer asked = ask_target(context, profiles);
    compare(context.host, target_of(request, asked.met), request.probe, asked.met);
    asked.is_held_to_https = is_held_to_https(asked.met, profiles, context.host.now());
    return asked;
}

std::optional<SiteAnswer> ask_if_wanted(const Context& context, std::span<const Discovered> profiles)
{
    return context.request.retest == Retest::none ? std::nullopt : std::optional(ask_site(context, profiles));
}

std::vector<CookieProbe> ask_with_cookies(const Request& request, Host& host, const std::optional<Probe>& clean,
                                          std::span<const ProfilePlan> inventory)
{
    std::vector<CookieProbe> met;
    if (!request.send_cookies || !clean || !is_let_in(*clean)) {
        return met;
    }
    for (std::size_t i = 0; i < inventory.size(); ++i) {
        if (auto asked = probe_with_cookies(host, target_of(request, clean), request.probe, inventory[i])) {
            asked->profile = i;
            met.push_back(std::move(*asked));
        }
    }
    return met;
}

std::map<std::string, ScriptAnswer> ask_for_scripts(const Request& request, Network& network,
                                                    const std::optional<Probe>& clean,
                                                    std::span<const ProfilePlan> inventory)
{
    constexpr std::size_t most = 10;
    std::map<std::string, ScriptAnswer> answers;
    if (!clean || clean->status == 0) {
        return answers;
    }
    const auto ask = [&](const std::string& script) {
        const Reply reply = network.http(request.probe.http)->get(script);
        ScriptAnswer& answer = answers[script];
        answer.status = reply.status;
        const auto types = header_values(reply.headers, "content-type");
        answer.is_page = std::any_of(types.begin(), types.end(),
                                     [](const std::string& type) { return lower(type).starts_with("text/html"); });
    };
    for (const ProfilePlan& plan : inventory) {
        for (const StorePlan& store : plan.stores) {
            for (const Item& item : store.found.items) {
                const auto* const worker = item.as<ServiceWorker>();
                if (worker != nullptr && request.site->owns_url(worker->script) && !answers.contains(worker->script) &&
                    answers.size() < most) {
                    ask(worker->script);
                }
            }
        }
    }
    return answers;
}

}  // namespace unstick
