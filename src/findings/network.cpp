// What the browser remembers of how to reach the site.

#include <algorithm>

#include "../url.h"
#include "families.h"

namespace unstick::findings {

namespace {

bool is_for(const Item& order, std::string_view host)
{
    Item as_cookie = order;  // the same question: the host itself, or with `below` all under it
    as_cookie.host = (order.below ? "." : "") + order.host;
    return is_sent_to(as_cookie, host, {});
}

/// https does not answer, http does, and the browser was told to use https only (RFC 6797).
void find_https_orders(const Scene& scene, std::size_t profile, Findings& findings)
{
    if (!scene.probe || !scene.probe->plain_http || scene.probe->plain_http->status == 0 ||
        scene.probe->plain_http->location.starts_with("https://")) {
        return;
    }
    const std::string_view host = host_of(scene.probe->final_url);
    auto orders = items_of(scene, profile, ItemType::https_only);
    std::erase_if(orders,
                  [&](const Seen& seen) { return is_expired(*seen.item, scene.now) || !is_for(*seen.item, host); });
    if (orders.empty()) {
        return;
    }
    Finding finding =
        about(scene, "https-order-left", Confidence::high, orders,
              "The browser was told to use https only for this site; its https does not answer, but http does.");
    finding.advice =
        "over http anybody on the way can read and change what is sent: better let the administrator repair https";
    for (const Seen& seen : orders) {
        finding.evidence.emplace_back("host", seen.item->host);
    }
    findings.push_back(std::move(finding));
}

/// The test goes by TCP. Where it gets through, and the browser has noted that another way failed (HTTP/3), what is
/// known of that way may be old.
void find_failed_ways(const Scene& scene, std::size_t profile, Findings& findings)
{
    if (!scene.probe || answer_of(*scene.probe, {}) == Answer::refused) {
        return;
    }
    const auto met = hosts_met(scene);
    auto ways = items_of(scene, profile, ItemType::other_way);
    std::erase_if(ways,
                  [&](const Seen& seen) { return std::find(met.begin(), met.end(), seen.item->host) == met.end(); });
    std::vector<Seen> named;
    for (const Seen& way : ways) {
        if (std::any_of(ways.begin(), ways.end(),
                        [&](const Seen& other) { return other.item->failed && other.item->host == way.item->host; })) {
            named.push_back(way);
        }
    }
    if (!named.empty()) {
        findings.push_back(about(scene, "other-way-failed", Confidence::low, named,
                                 "The browser remembers a faster way to the site (HTTP/3) that failed."));
        findings.back().evidence = {{"host", named.front().item->host}};
    }
}

}  // namespace

void network(const Scene& scene, Findings& findings)
{
    for (std::size_t profile = 0; profile < scene.inventory.size(); ++profile) {
        find_https_orders(scene, profile, findings);
        find_failed_ways(scene, profile, findings);
    }
}

}  // namespace unstick::findings
