#include "net/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "web/site.h"

namespace unstick {

namespace {

Hop ask(Network& network, const std::string& url, const ProbeOptions& options)
{
    const Reply reply = network.http(options.http)->get(url);
    return {shown_url(url), reply.status, shown_url(reply.redirect_url), {}};
}

std::vector<std::string> realms_of(const Probe& probe)
{
    std::vector<std::string> realms;
    for (const Challenge& challenge : probe.challenges) {
        realms.emplace_back(challenge.realm());
    }
    return realms;
}

constexpr int network_sign_in = 511;

/// Does it redirect to another site? An address is one of its own.
bool leads_elsewhere(const Hop& hop)
{
    const auto site_of = [](std::string_view url) { return registrable_domain(lower(host_of(url))); };
    return !hop.location.empty() && site_of(hop.location) != site_of(hop.url);
}

/// "leads to portal.example", "answers 511".
std::string said_by_network(const Hop& hop)
{
    return leads_elsewhere(hop) ? fmt::format("leads to {}", host_of(hop.location))
                                : fmt::format("answers {}", hop.status);
}

bool is_deep(const Url& target)
{
    return target.path != "/";
}

}  // namespace

bool is_without_https(const Probe& probe)
{
    const bool no_tls = probe.error_code == "tls" && probe.error_text.find("certificate") == std::string::npos;
    return probe.hops.size() == 1 && probe.status == 0 && probe.asked.starts_with("https:") &&
           (probe.error_code == "connect" || probe.error_code == "timeout" || no_tls);
}

bool is_answered_by_network(const Probe& probe)
{
    return probe.plain_http && (probe.plain_http->status == network_sign_in || leads_elsewhere(*probe.plain_http));
}

bool answers_by_http_only(const Probe& probe)
{
    return probe.plain_http && probe.plain_http->status != 0 && !probe.plain_http->location.starts_with("https://") &&
           !is_answered_by_network(probe);
}

bool is_for_programs(const Probe& probe)
{
    constexpr std::array<std::string_view, 6> words{"api", "graphql", "rest", "rpc", "oauth2", "odata"};
    const auto url = parse_url(probe.final_url);
    if (!url) {
        return false;
    }
    const auto is_word = [&](std::string_view part) {
        return std::find(words.begin(), words.end(), part) != words.end();
    };
    const std::string host = lower(url->host);
    if (is_word(std::string_view(host).substr(0, host.find('.'))) && host.find('.') != host.npos) {
        return true;
    }
    const std::string path = lower(url->path.substr(0, url->path.find('?')));
    std::string_view rest = path;
    while (!rest.empty()) {
        rest.remove_prefix(1);  // the '/'
        const std::string_view part = rest.substr(0, rest.find('/'));
        if (is_word(part)) {
            return true;
        }
        rest.remove_prefix(part.size());
    }
    return false;
}

std::string page_to_start_at(const Probe& probe)
{
    const bool answers = probe.root && probe.root->status != 0 && probe.root->status < 400;
    return answers ? probe.root->url : std::string();
}

void compare(Host& host, const Url& target, const ProbeOptions& options, Probe& probe)
{
    const bool no_https = probe.hops.size() == 1 && probe.status == 0 &&
                          (probe.error_code == "connect" || probe.error_code == "tls" || probe.error_code == "timeout");
    if (no_https && target.scheme == "https") {
        Url plain = target;
        plain.scheme = "http";
        probe.plain_http = ask(host, plain.text(), options);
    }
    const bool refused = answer_of(probe, options.expect_status) == Answer::refused || probe.status == 404;
    if (refused && probe.status != 0 && is_deep(target)) {
        probe.root = ask(host, target.origin() + "/", options);
    }
    if (probe.status == 401 && !probe.challenges.empty()) {
        ProbeOptions once = options;
        once.retries = 0;
        const Probe again = unstick::probe(host, target.text(), once);
        probe.realm_changes = again.status == 401 && realms_of(again) != realms_of(probe);
    }
}

std::vector<std::string> comparisons_of(const Probe& probe)
{
    std::vector<std::string> sentences;
    if (is_answered_by_network(probe)) {
        sentences.push_back(
            fmt::format("By plain http something {}: this network seems to want a sign-in of its own first, as in a "
                        "hotel or on a train{}.",
                        said_by_network(*probe.plain_http),
                        probe.plain_http->status == network_sign_in ? "" : "; or the site has moved there"));
    } else if (probe.plain_http && probe.plain_http->status != 0) {
        sentences.push_back(fmt::format("By plain http it answers ({}), by https it does not: its https is broken.",
                                        probe.plain_http->status));
    }
    if (!page_to_start_at(probe).empty()) {
        sentences.push_back(
            fmt::format("The site's first page answers ({}), only this address is refused: start at {} "
                        "and sign in from there.",
                        probe.root->status, probe.root->url));
    } else if (probe.root && probe.root->status >= 400) {
        sentences.push_back(fmt::format("The site's first page is refused, too ({}).", probe.root->status));
    }
    if (probe.realm_changes) {
        sentences.emplace_back("A second question brought another realm: no saved password fits.");
    }
    return sentences;
}

}  // namespace unstick
