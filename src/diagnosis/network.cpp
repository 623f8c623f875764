// What the browser remembers of how to reach the site.

#include <algorithm>

#include "diagnosis/rules.h"
#include "net/compare.h"
#include "web/cookie_match.h"
#include "web/url.h"

namespace unstick::findings {

namespace {

bool is_about(const ItemView& order, std::string_view host)
{
    return is_for((order.as<Hsts>().include_subdomains ? "." : "") + order.item->host, "/", host, {});
}

/// https does not answer, http does, and the browser was told to use https only (RFC 6797).
void find_stale_hsts(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    if (!input.probe || !answers_by_http_only(*input.probe)) {
        return;
    }
    const std::string_view host = host_of(input.probe->final_url);
    auto orders = items_of<Hsts>(input, profile);
    std::erase_if(orders,
                  [&](const ItemView& seen) { return is_expired(*seen.item, input.now) || !is_about(seen, host); });
    if (orders.empty()) {
        return;
    }
    Finding finding =
        about(input, "stale-hsts", Confidence::high, orders,
              "The browser was told to use https only for this site; its https does not answer, but http does.");
    finding.advice =
        "over http anybody on the way can read and change what is sent: better let the administrator repair https";
    for (const ItemView& seen : orders) {
        finding.evidence.emplace_back("host", seen.item->host);
    }
    findings.push_back(std::move(finding));
}

/// The test goes by TCP. Where it gets through, and the browser has noted that another way failed (HTTP/3), what is
/// known of that way may be old.
void find_failed_ways(const DiagnosisInput& input, std::size_t profile, Findings& findings)
{
    if (!input.probe || answer_of(*input.probe, {}) == Answer::refused) {
        return;
    }
    const auto met = hosts_met(input);
    auto ways = items_of<AlternativeService>(input, profile);
    std::erase_if(
        ways, [&](const ItemView& seen) { return std::find(met.begin(), met.end(), seen.item->host) == met.end(); });
    std::vector<ItemView> named;
    for (const ItemView& way : ways) {
        if (std::any_of(ways.begin(), ways.end(), [&](const ItemView& other) {
                return other.as<AlternativeService>().failed && other.item->host == way.item->host;
            })) {
            named.push_back(way);
        }
    }
    if (!named.empty()) {
        findings.push_back(about(input, "alt-service-failed", Confidence::low, named,
                                 "The browser remembers a faster way to the site (HTTP/3) that failed."));
        findings.back().evidence = {{"host", named.front().item->host}};
    }
}

}  // namespace

void network(const DiagnosisInput& input, Findings& findings)
{
    for (std::size_t profile = 0; profile < input.inventory.size(); ++profile) {
        find_stale_hsts(input, profile, findings);
        find_failed_ways(input, profile, findings);
    }
}

}  // namespace unstick::findings
