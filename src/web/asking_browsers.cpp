#include "web/asking_browsers.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "web/challenge.h"

namespace unstick {

namespace {

constexpr std::string_view blanks = " \t";
constexpr std::size_t most_parts = 256;

/// A challenge as Firefox and WebKit find it: they take lines apart at commas.
struct Listed {
    std::string scheme = {};
    char after_scheme = '\0';  ///< what stands right behind the scheme; 0: the line ends there
    std::string rest = {};     ///< of the part that the scheme is in
    std::map<std::string, std::string, std::less<>> params = {};
};

/// The parts of a line between commas outside of quotes, with the comma that ends each.
std::vector<std::string> parts_of(std::string_view line)
{
    std::vector<std::string> parts(1);
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size() && parts.size() < most_parts; ++i) {
        parts.back() += line[i];
        if (line[i] == '"') {
            is_quoted = !is_quoted;
        } else if (is_quoted && line[i] == '\\' && i + 1 < line.size()) {
            parts.back() += line[++i];
        } else if (line[i] == ',' && !is_quoted) {
            parts.emplace_back();
        }
    }
    return parts;
}

bool is_word(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || c == '-' || c == '_';
    });
}

/// "name=value", with the quotes off; what stands behind the value counts for nothing.
void add_param(std::string_view text, Listed& challenge)
{
    const std::size_t equals = text.find('=');
    const std::string name = lower(trimmed(text.substr(0, equals)));
    std::string_view value = equals == text.npos ? std::string_view() : trimmed(text.substr(equals + 1));
    if (value.starts_with('"')) {
        value.remove_prefix(1);
        value = value.substr(0, value.find('"'));
    } else {
        value = value.substr(0, value.find_first_of(blanks));
    }
    challenge.params.insert_or_assign(name, std::string(value));
}

std::vector<Listed> challenges_in(std::string_view line)
{
    std::vector<Listed> challenges;
    bool is_first = true;
    for (const std::string& part : parts_of(line)) {
        const bool has_comma = part.ends_with(',');
        const std::string_view text = trimmed(std::string_view(part).substr(0, part.size() - (has_comma ? 1 : 0)));
        if (text.empty()) {
            continue;
        }
        const std::size_t end = std::min(text.find_first_of(blanks), text.size());
        const std::string_view rest = trimmed(text.substr(end));
        // "name = value" is a parameter, but a line never begins with one.
        if (is_word(text.substr(0, end)) && (is_first || !rest.starts_with('='))) {
            const std::size_t behind = part.find(text.substr(0, end)) + end;
            challenges.push_back({.scheme = lower(text.substr(0, end)),
                                  .after_scheme = behind < part.size() ? part[behind] : '\0',
                                  .rest = std::string(rest),
                                  .params = {}});
            add_param(rest, challenges.back());
        } else if (!challenges.empty()) {
            add_param(text, challenges.back());
        }
        is_first = false;
    }
    // Negotiate at the head of a list is tried, and nothing behind it.
    const bool negotiates = !challenges.empty() && challenges.front().scheme == "negotiate";
    return negotiates ? std::vector<Listed>() : challenges;
}

template <std::size_t Count>
bool has_algorithm_of(const Listed& challenge, const std::array<std::string_view, Count>& known)
{
    const auto algorithm = challenge.params.find("algorithm");
    return algorithm == challenge.params.end() ||
           std::find(known.begin(), known.end(), lower(algorithm->second)) != known.end();
}

bool does_firefox_ask(const Listed& challenge)
{
    constexpr std::array<std::string_view, 4> known{"md5", "md5-sess", "sha-256", "sha-256-sess"};
    if (challenge.after_scheme != ' ' && challenge.after_scheme != '\0') {
        return false;
    }
    return challenge.scheme == "basic" ||
           (challenge.scheme == "digest" && !challenge.rest.empty() && has_algorithm_of(challenge, known));
}

bool does_webkit_ask(const Listed& challenge)
{
    constexpr std::array<std::string_view, 2> known{"md5", "md5-sess"};
    if (challenge.scheme == "digest") {
        const auto qop = challenge.params.find("qop");
        const std::string quality = qop == challenge.params.end() ? "" : lower(qop->second);
        return challenge.params.contains("realm") && challenge.params.contains("nonce") &&
               has_algorithm_of(challenge, known) &&
               (quality.empty() || quality == "auth" || quality.starts_with("auth,") || quality.ends_with(",auth"));
    }
    return challenge.scheme == "basic" || (challenge.scheme == "ntlm" && challenge.rest.empty());
}

}  // namespace

std::vector<std::string_view> browsers_that_ask(const std::vector<std::string>& field_values)
{
    const auto any = [&](bool (*does_ask)(const Listed&)) {
        return std::any_of(field_values.begin(), field_values.end(), [&](const std::string& line) {
            const auto challenges = challenges_in(line);
            return std::any_of(challenges.begin(), challenges.end(), does_ask);
        });
    };
    const auto read = parse_challenges(field_values, "");
    std::vector<std::string_view> asking;
    if (std::any_of(read.begin(), read.end(), [](const Challenge& one) { return one.usable_by_browser; })) {
        asking.emplace_back("chromium");
    }
    if (any(does_firefox_ask)) {
        asking.emplace_back("firefox");
    }
    if (any(does_webkit_ask)) {
        asking.emplace_back("webkit");
    }
    return asking;
}

}  // namespace unstick
