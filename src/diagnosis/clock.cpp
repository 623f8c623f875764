// The two clocks: tokens and signed requests are refused when they differ by minutes.

#include <fmt/format.h>

#include "diagnosis/rules.h"
#include "web/url.h"

namespace unstick::findings {

void clock(const DiagnosisInput& input, Findings& findings)
{
    constexpr std::int64_t noted_s = 60;
    constexpr std::int64_t wrong_s = 300;  // what sign-in libraries usually forgive
    if (!input.probe || !input.probe->server_date_skew_s) {
        return;
    }
    const std::int64_t skew = *input.probe->server_date_skew_s;
    if (std::abs(skew) <= noted_s) {
        return;
    }
    Finding finding = outside("wrong-clock", std::abs(skew) > wrong_s ? Confidence::high : Confidence::low,
                              std::string(host_of(input.probe->final_url)),
                              fmt::format("This computer's clock is {} {} the site's; sign-ins fail on that.",
                                          age_of(std::abs(skew)), skew > 0 ? "behind" : "ahead of"),
                              "set this computer's clock (let it follow the network's time)");
    finding.evidence = {{"skew_s", std::to_string(skew)}};
    findings.push_back(std::move(finding));
}

}  // namespace unstick::findings
