#include "web/pasted.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace unstick {

namespace {

constexpr std::array<std::string_view, 18> quotes{
    "\"",     "'",      "`",      "*",      "\u201c", "\u201d", "\u201e", "\u2018", "\u2019",
    "\u201a", "\u00ab", "\u00bb", "\u2039", "\u203a", "\u00a0", "\u200b", "\u2060", "\ufeff",
};
constexpr std::array<std::string_view, 4> before_only{"view-source:", "<", "(", "{"};
constexpr std::array<std::string_view, 6> after_only{">", "}", ",", ";", ".", "!"};

/// Cuts one of the marks off the beginning; false if none is there.
bool cut_before(std::string_view& text, std::span<const std::string_view> marks)
{
    const auto mark = std::find_if(marks.begin(), marks.end(), [&](std::string_view m) { return text.starts_with(m); });
    text.remove_prefix(mark == marks.end() ? 0 : mark->size());
    return mark != marks.end();
}

/// The same at the end.
bool cut_after(std::string_view& text, std::span<const std::string_view> marks)
{
    const auto mark = std::find_if(marks.begin(), marks.end(), [&](std::string_view m) { return text.ends_with(m); });
    text.remove_suffix(mark == marks.end() ? 0 : mark->size());
    return mark != marks.end();
}

/// "[https://a.example]", and not "[::1]".
bool cut_square_brackets(std::string_view& text)
{
    const bool is_ipv6 =
        text.find(':') != text.npos && text.find_first_not_of("0123456789abcdefABCDEF:.", 1) == text.size() - 1;
    const bool are_there = text.starts_with('[') && text.ends_with(']') && !is_ipv6;
    text = are_there ? text.substr(1, text.size() - 2) : text;
    return are_there;
}

/// The end of "(see https://a.example)", and not that of "https://a.example/(x)".
bool cut_lone_parenthesis(std::string_view& text)
{
    const bool is_there = text.ends_with(')') && text.find('(') == text.npos;
    text.remove_suffix(is_there ? 1 : 0);
    return is_there;
}

/// "https:/host", "https//host" and "https:host", and the same of http, with the whole "://".
std::string with_whole_scheme(std::string_view text)
{
    for (const std::string_view scheme : {"https", "http"}) {
        if (lower(text.substr(0, scheme.size())) != scheme) {
            continue;
        }
        const std::string_view rest = text.substr(scheme.size());
        const std::size_t host = std::min(rest.find_first_not_of(":/"), rest.size());
        const std::string_view marks = rest.substr(0, host);
        const bool is_port = marks == ":" && is_number(rest.substr(host, 1));  // of a host that has such a name
        if (marks.empty() || marks == "/" || marks == "://" || is_port || host == rest.size()) {
            break;
        }
        return std::string(scheme) + "://" + std::string(rest.substr(host));
    }
    return std::string(text);
}

}  // namespace

std::string address_in(std::string_view pasted)
{
    std::string_view text = trimmed(pasted);
    while (cut_before(text, quotes) || cut_before(text, before_only) || cut_after(text, quotes) ||
           cut_after(text, after_only) || cut_square_brackets(text) || cut_lone_parenthesis(text)) {
        text = trimmed(text);
    }
    return with_whole_scheme(text);
}

}  // namespace unstick
