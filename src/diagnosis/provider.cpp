// Sign-ins that happen at another site: what is stuck may be stuck there.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "diagnosis/rules.h"
#include "web/url.h"

namespace unstick::findings {

void provider(const DiagnosisInput& input, Findings& findings)
{
    if (!input.probe) {
        return;
    }
    std::vector<std::string> others;
    std::size_t changes = 0;
    std::string last;
    for (const Hop& hop : input.probe->hops) {
        const std::string host(host_of(hop.url));
        const std::string domain = registrable_domain(host);
        changes += !last.empty() && domain != last ? 1U : 0U;
        last = domain;
        if (!input.site.owns_host(host) && std::find(others.begin(), others.end(), domain) == others.end()) {
            others.push_back(domain);
        }
    }
    if (others.empty()) {
        return;
    }
    constexpr std::size_t to_and_fro = 3;  // there and back again is an ordinary sign-in
    const bool circles = changes >= to_and_fro || !input.probe->error_code.empty();
    const bool ends_there = !input.site.owns_host(host_of(input.probe->final_url));
    if (!circles && !ends_there) {
        return;
    }
    constexpr std::string_view verb = "unstick fix ";
    std::string command = "unstick why " + input.command.substr(std::min(verb.size(), input.command.size()));
    std::string names;
    std::uint64_t cookies = 0;
    for (const std::string& domain : others) {
        command += " --also " + shell_word(domain);
        names += (names.empty() ? "" : ", ") + domain;
        const auto stored = input.elsewhere.find(domain);
        cookies += stored == input.elsewhere.end() ? 0 : stored->second;
    }
    const std::string there = cookies == 0 ? ""
                                           : fmt::format(" ({} {} there)", count_of(cookies, "cookie", "cookies"),
                                                         cookies == 1 ? "is" : "are");
    Finding finding = outside(
        "sign-in-elsewhere", circles ? Confidence::high : Confidence::low, names,
        circles ? fmt::format("The site and {}{} send the browser to and fro; what is stuck may be stored there.",
                              names, there)
                : fmt::format("The sign-in is at {}{}; what is stuck may be stored there.", names, there),
        "look there too: " + command);
    for (const std::string& domain : others) {
        finding.evidence.emplace_back("site", domain);
        if (const auto stored = input.elsewhere.find(domain); stored != input.elsewhere.end()) {
            finding.evidence.emplace_back("cookies", fmt::format("{} of {}", stored->second, domain));
        }
    }
    finding.evidence.emplace_back("changes", std::to_string(changes));
    findings.push_back(std::move(finding));
}

}  // namespace unstick::findings
