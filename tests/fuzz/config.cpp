// The command line, variables and the configuration file. Arguments, variables (NAME=VALUE) and the text of the file
// are separated by zero bytes: arguments up to an empty one, variables up to the next empty one, then the file.

#include <map>

#include "base/text.h"
#include "cli/parse.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

namespace {

/// Takes the parts before an empty one.
std::vector<std::string> take_parts(std::string_view& text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\0'), text.size());
        const std::string_view part = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (part.empty()) {
            break;
        }
        parts.emplace_back(part);
    }
    return parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text = fuzz::text_of(data, size);
    const auto arguments = take_parts(text);
    std::map<std::string, std::string> variables;
    for (const std::string& one : take_parts(text)) {
        const std::size_t sign = std::min(one.find('='), one.size());
        variables["UNSTICK_" + one.substr(0, sign)] = one.substr(std::min(sign + 1, one.size()));
    }
    const auto variable = [&](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string() : found->second;
    };
    const auto parsed = parse_command_line(arguments, variable, std::string(text));
    if (!parsed) {
        check(parsed.error().code == Code::usage, "what is refused is wrong use");
        check(!parsed.error().what.empty(), "what is refused is explained");
        check(printable(parsed.error().hint).size() < 100'000, "hints are for people");
        return 0;
    }
    const Request* const request = std::get_if<Request>(&*parsed);
    if (request == nullptr) {
        return 0;
    }
    const bool needs_site = request->command == Command::fix || request->command == Command::why;
    check(!needs_site || request->site.has_value(), "fix and why have a site");
    check(!request->os || !request->home.empty(), "a layout is said of a home folder");
    check(!request->reopen || request->close, "what is started again was closed");
    check(request->rules.empty() || request->stale, "rules narrow what is stale");
    check(request->probe.retries >= 0 && request->probe.retries <= 20, "retries have a limit");
    check(request->older_than.count() >= 0, "an age is none before now");
    return 0;
}
