#include "web/masking.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace unstick {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
bool is_letter(char c)
{
    return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

/// Is there a word in it that sounds like a secret?
bool names_secret(std::string_view text)
{
    constexpr std::array<std::string_view, 16> words{"token", "code", "secret", "pass",      "pwd",   "session",
                                                     "sid",   "auth", "ticket", "assertion", "nonce", "state",
                                                     "saml",  "key",  "sig",    "jwt"};
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

constexpr int lower_case = 2;
constexpr int upper_case = 3;

/// Of letters and digits: 0 for what is none.
int class_of(char c)
{
    return is_digit(c) ? 1 : c >= 'a' && c <= 'z' ? lower_case : c >= 'A' && c <= 'Z' ? upper_case : 0;
}

/// Parts of pages have a hash of their content in their names, which is no secret.
bool is_part_of_a_page(std::string_view segment)
{
    constexpr std::array<std::string_view, 12> endings{".js",    ".mjs", ".css", ".map", ".wasm", ".woff",
                                                       ".woff2", ".png", ".svg", ".ico", ".webp", ".jpg"};
    return std::any_of(endings.begin(), endings.end(), [&](std::string_view end) { return segment.ends_with(end); });
}

/// Words, also those written together, and dates go on in their kind of letters, or digits; what chance made changes it
/// every few characters.
bool looks_random(std::string_view segment)
{
    constexpr std::size_t shortest = 20;
    constexpr std::size_t most_even = 5;
    const auto kind = [&](std::size_t i) { return i < segment.size() ? class_of(segment[i]) : 0; };
    std::size_t changes = 0;
    std::size_t letters = 0;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        const bool is_change = kind(i) != 0 && kind(i + 1) != 0 && kind(i) != kind(i + 1);
        const bool in_a_word = kind(i) == upper_case && kind(i + 1) == lower_case;
        const bool next_word = kind(i) == lower_case && kind(i + 1) == upper_case && kind(i + 2) == lower_case;
        changes += is_change && !in_a_word && !next_word ? 1U : 0U;
        letters += kind(i) != 0 ? 1U : 0U;
    }
    if (letters < shortest) {
        return false;
    }
    const bool is_hexadecimal = segment.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos &&
                                segment.find_first_of("abcdefABCDEF") != std::string_view::npos &&
                                segment.find_first_of("0123456789") != std::string_view::npos;
    return !is_part_of_a_page(segment) && (changes * most_even >= letters || is_hexadecimal);
}

/// "login2" and "v1" are words; "a81f30c2" after "token" is not.
bool is_value(std::string_view segment)
{
    constexpr std::size_t shortest = 6;
    return segment.size() >= shortest && std::any_of(segment.begin(), segment.end(), is_digit);
}

bool is_secret_segment(std::string_view before, std::string_view segment)
{
    constexpr std::size_t shortest_token = 8;
    const std::size_t token = segment.find("eyJ");
    const bool is_token = token != std::string_view::npos && segment.size() - token >= shortest_token &&
                          (token == 0 || !is_letter(segment[token - 1]));
    return is_token || looks_random(segment) || (names_secret(lower(before)) && is_value(segment));
}

/// As the start of a word: "https", "view-source:https".
bool is_scheme(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '(' || c == ':' || c == '-'; });
}

std::string shown_segment(std::string_view before, std::string_view segment)
{
    std::string text;
    const std::size_t parameters = std::min(segment.find(';'), segment.size());
    const std::string_view name = segment.substr(0, parameters);
    text += is_secret_segment(before, name) ? masked : name;
    for (std::string_view rest = segment.substr(parameters); !rest.empty();) {
        const std::size_t end = std::min(rest.find(';', 1), rest.size());
        const std::string_view part = rest.substr(0, end);  // ";name=value"
        const std::size_t equals = part.find('=');
        const bool secret = equals == std::string_view::npos
                                ? is_secret_segment(before, part.substr(1))
                                : is_secret_parameter(part.substr(1, equals - 1), part.substr(equals + 1)) ||
                                      looks_random(part.substr(equals + 1));
        text += secret ? std::string(part.substr(0, equals == std::string_view::npos ? 1 : equals + 1)) +
                             std::string(masked)
                       : std::string(part);
        rest.remove_prefix(end);
    }
    return text;
}

}  // namespace

/// A value can be an address with parameters of its own, encoded once or twice ("next=%2Fcallback%3Fcode%3D...").
bool is_secret_parameter(std::string_view name, std::string_view value)
{
    const std::string inner = lower(value);
    const bool holds_parameters = inner.find("%3d") != std::string::npos || inner.find("%253d") != std::string::npos;
    return value.find("eyJ") == 0 || inner.find("%2feyj") != std::string::npos ||
           inner.find("%252feyj") != std::string::npos || names_secret(lower(name)) ||
           (holds_parameters && names_secret(inner));
}

std::string shown_path_of_url(std::string_view path)
{
    std::string text;
    std::string_view before;
    while (!path.empty()) {
        const std::size_t start = path.front() == '/' ? 1 : 0;
        const std::size_t end = std::min(path.find('/', start), path.size());
        const std::string_view segment = path.substr(start, end - start);
        text += path.substr(0, start);
        text += shown_segment(before, segment);
        before = segment;
        path.remove_prefix(end);
    }
    return text;
}

bool has_masked_segment(std::string_view address)
{
    return address.find(masked) != std::string_view::npos;
}

std::string shown_text(std::string_view text)
{
    // Not find_first_of, which calls a function for each character: there are labels by the ten thousand.
    const auto ends_word = [](char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '"' || c == '\'' || c == '<' || c == '>' || c == ',';
    };
    constexpr std::string_view mark = "://";
    std::string shown;
    while (!text.empty()) {
        const auto last = std::find_if(text.begin(), text.end(), ends_word);
        const std::size_t end = std::max<std::size_t>(static_cast<std::size_t>(last - text.begin()), 1);
        const std::string_view word = text.substr(0, end);
        const std::size_t scheme = word.find(mark);
        const bool is_url = scheme != std::string_view::npos && is_scheme(word.substr(0, scheme));
        const std::size_t path = word.find('/', is_url ? scheme + mark.size() : 0);
        shown += word.substr(0, path);
        shown += path == std::string_view::npos ? "" : shown_path_of_url(word.substr(path));
        text.remove_prefix(end);
    }
    return shown;
}

}  // namespace unstick
