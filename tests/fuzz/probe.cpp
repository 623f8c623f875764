// What a server says to the re-test. Each line is a field of an answer; an empty line ends the answer. The first line
// is the status and, after a blank, where it redirects to.

#include "net/probe.h"

#include <charconv>

#include "tests/fixtures/fake_host.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/shown.h"

using namespace unstick;
using fuzz::check;

namespace {

std::string next_line(std::string_view& text)
{
    const std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

Reply read_reply(std::string_view& text)
{
    Reply reply;
    const std::string status = next_line(text);
    (void)std::from_chars(status.data(), status.data() + status.size(), reply.status);
    if (const std::size_t blank = status.find(' '); blank != status.npos) {
        reply.redirect_url = status.substr(blank + 1);
    }
    for (std::string line = next_line(text); !line.empty(); line = next_line(text)) {
        const std::size_t colon = std::min(line.find(':'), line.size());
        reply.headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
    }
    return reply;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text = fuzz::text_of(data, size);
    check(shown_url(text).size() <= 4 * size, "a shown address is not much longer");
    const std::string start = "https://stuck.test/";
    testing::FakeHost host;
    while (!text.empty()) {
        Reply reply = read_reply(text);
        host.replies[host.replies.empty() ? start : host.replies.rbegin()->first].push_back(reply);
        if (const auto target = parse_url(reply.redirect_url)) {
            host.replies[target->text()].push_back(std::move(reply));
        }
    }
    const ProbeOptions options;
    Report report;
    report.before = probe(host, start, options);
    const Probe& met = *report.before;
    check(!met.hops.empty() && met.hops.size() <= static_cast<std::size_t>(options.max_redirects) + 1,
          "no more redirects than allowed");
    check(met.attempts <= options.retries + 1, "no more attempts than allowed");
    check(host.slept <= std::chrono::seconds(30) * options.retries, "no wait is longer than half a minute");
    for (const std::string& url : host.requests) {
        check(url.starts_with("https://") || url.starts_with("http://"), "only the web is asked");
    }
    check(!describe(met, {}).empty(), "every answer is explained");
    fuzz::check_shown(report);
    return 0;
}
