// WWW-Authenticate. The first line is the URL, each other one a field.

#include "web/challenge.h"

#include <algorithm>

#include "base/text.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

namespace {

constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";
constexpr std::string_view token68_marks = "-._~+/=";

bool consists_of(std::string_view text, std::string_view marks)
{
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || marks.find(c) != marks.npos;
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text = fuzz::text_of(data, size);
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    const std::string url = lines.empty() ? "" : lines.front();
    if (!lines.empty()) {
        lines.erase(lines.begin());
    }
    const auto challenges = parse_challenges(lines, url);
    check(challenges.size() <= 64, "no more challenges than the limit");
    for (const Challenge& challenge : challenges) {
        check(!challenge.scheme.empty() || challenge.malformed, "only a malformed challenge has no scheme");
        check(!challenge.scheme.empty() || !challenge.usable_by_browser, "no browser answers what has no scheme");
        check(consists_of(challenge.scheme, token_marks), "a scheme is a token");
        check(consists_of(challenge.token68, token68_marks), "a token68 has its characters only");
        check(challenge.token68.empty() || challenge.params.empty() || challenge.malformed, "a token or parameters");
        check(challenge.params.size() <= 64, "no more parameters than the limit");
        check(!challenge.note.empty(), "every challenge is explained");
        for (const auto& [name, value] : challenge.params) {
            check(!name.empty() && consists_of(name, token_marks) && name == lower(name),
                  "a name is a lower-case token");
            check(value.size() <= size, "a value is not longer than what was sent");
        }
    }
    return 0;
}
