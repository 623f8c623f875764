#include "audit.h"

#include <fmt/format.h>

namespace unstick {

namespace {

Hop ask(Host& host, const std::string& url, const ProbeOptions& options)
{
    const Reply reply = host.http(options.http)->get(url);
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

bool is_deep(const Url& target)
{
    return target.path != "/";
}

}  // namespace

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
    if (probe.plain_http && probe.plain_http->status != 0) {
        sentences.push_back(fmt::format("By plain http it answers ({}), by https it does not: its https is broken.",
                                        probe.plain_http->status));
    }
    if (probe.root && probe.root->status != 0 && probe.root->status < 400) {
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
