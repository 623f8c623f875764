#include "app/scheme.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "app/diagnose.h"
#include "app/plan_each.h"
#include "inventory/plan.h"
#include "net/compare.h"
#include "platform/ip.h"
#include "web/cookie_match.h"

namespace unstick {

namespace {

/// The host and all names above it.
std::vector<std::string> way_up(const std::string& host)
{
    std::vector<std::string> names{host};
    for (std::size_t dot = host.find('.'); dot != host.npos; dot = host.find('.', dot + 1)) {
        names.push_back(host.substr(dot + 1));
    }
    return names;
}

/// An order to use https only (RFC 6797).
struct Order {
    std::string holder;  ///< the profile, for people
    std::string host;    ///< for which it was given, the host that is asked or one above it
};

/// The first profile's that has one for the host; for names below another one only where the file is read for that
/// (Chromium). IP addresses cannot be meant.
std::optional<Order> order_for(const std::string& host, std::span<const Discovered> profiles, std::int64_t now)
{
    if (is_ip(host)) {
        return std::nullopt;
    }
    const Site site = Site::of_hosts(way_up(host));
    for (const auto& [adapter, profile] : profiles) {
        const auto items = items_in(*adapter, profile, site, Kind::network);
        const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) {
            const Hsts* const order = item.as<Hsts>();
            return order != nullptr && (!item.expires || *item.expires > now) &&
                   is_for((order->include_subdomains ? "." : "") + item.host, "/", host, {});
        });
        if (found != items.end()) {
            return Order{fmt::format("{} {}", adapter->label, profile.id), found->host};
        }
    }
    return std::nullopt;
}

bool have_items_by_http(const Site& site, std::span<const Discovered> profiles)
{
    return have_items(profiles, site.of_target_by("http"), {Kind::cache, Kind::storage, Kind::auth});
}

std::string note_of(const Order& order, const Request& request)
{
    const Site& site = *request.site;
    const std::string removal = site.owns_host(order.host) ? fmt::format(" To remove that order: {} --only network{}",
                                                                         narrow_fix_command(request),
                                                                         site.is_of_one_port() ? " --all-ports" : "")
                                                           : std::string();
    return fmt::format("{} was told to use https only for {} (HSTS) and never asks by http, so https was asked.{}",
                       order.holder, order.host, removal);
}

Url by_https(Url url)
{
    url.scheme = "https";
    constexpr std::uint16_t own_port = 443;
    url.port = url.port == own_port ? std::uint16_t{0} : url.port;
    return url;
}

ProbeOptions without_patience(ProbeOptions options)
{
    options.retry_without_answer = false;
    return options;
}

/// An address without a scheme. Only when neither scheme gives an answer is waited for one.
SiteAnswer ask_without_scheme(const Context& context, std::span<const Discovered> profiles)
{
    const Site& site = *context.request.site;
    const std::string& host = site.target().host;
    const std::string address = site.target().text();
    const ProbeOptions& options = context.request.probe;
    SiteAnswer asked{.met = probe(context.host, address, without_patience(options)), .notes = {}};
    if (!is_without_https(asked.met)) {
        return asked;
    }
    if (is_private_name(host) || have_items_by_http(site, profiles)) {
        if (const auto order = order_for(host, profiles, context.host.now())) {
            asked.notes.push_back(note_of(*order, context.request));
        } else if (Probe plain = probe(context.host, site.plain_target().text(), without_patience(options));
                   plain.status != 0) {
            asked.notes.push_back(fmt::format("{} gives no answer ({}), so {} was asked.", asked.met.hops.front().url,
                                              asked.met.error_text, plain.hops.front().url));
            asked.met = std::move(plain);
            return asked;
        }
    }
    if (asked.met.error_code != "tls" && options.retries > 0) {
        context.host.sleep(std::chrono::seconds(1));
        ProbeOptions rest = options;
        --rest.retries;
        asked.met = probe(context.host, address, rest);
        ++asked.met.attempts;
    }
    return asked;
}

}  // namespace

bool is_held_to_https(const Probe& met, std::span<const Discovered> profiles, std::int64_t now)
{
    return answers_by_http_only(met) && order_for(std::string(host_of(met.final_url)), profiles, now);
}

SiteAnswer ask_target(const Context& context, std::span<const Discovered> profiles)
{
    const Site& site = *context.request.site;
    const Url& target = site.target();
    if (!site.has_scheme()) {
        return ask_without_scheme(context, profiles);
    }
    const auto order =
        target.scheme == "http" ? order_for(target.host, profiles, context.host.now()) : std::optional<Order>();
    if (!order) {
        return {.met = probe(context.host, target.text(), context.request.probe), .notes = {}};
    }
    return {.met = probe(context.host, by_https(target).text(), context.request.probe),
            .notes = {note_of(*order, context.request)}};
}

}  // namespace unstick
