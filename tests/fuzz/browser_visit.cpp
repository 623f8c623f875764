// What a browser says while it visits a hostile page: a message a line; an empty line lets time pass.

#include "devtools/visit.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/shown.h"

using namespace unstick;
using fuzz::check;

namespace {

constexpr std::chrono::milliseconds step{300};
constexpr std::size_t most_hops = 101;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text = fuzz::text_of(data, size);
    BrowserVisit visit({.url = "https://site.test/?code=SECRET", .expect_text = "welcome"});
    (void)visit.begin();
    std::chrono::milliseconds now{0};
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        now += step;
        (void)visit.hear(line, now);
        (void)visit.wait(now);
    }
    (void)visit.wait(now + std::chrono::minutes(1));
    check(visit.is_done(), "a visit ends");
    if (const auto met = visit.probe(0)) {
        check(!met->hops.empty() && met->hops.size() <= most_hops, "a way has an end");
        check(!describe(*met, {}).empty(), "every answer is explained");
        Report report;
        report.command = "test";
        report.browser_before = *met;
        report.profiles.emplace_back().before = *met;
        fuzz::check_shown(report);
    }
    return 0;
}
