#include "web/jwt.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string>

#include "base/hash.h"
#include "base/limited_json.h"
#include "base/text.h"

namespace unstick {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longest_text = 256U << 10U;
constexpr int deepest = 4;

/// A point in time as programs write it: a number or its decimal digits, seconds or milliseconds since 1970.
/// std::nullopt for what cannot be one: a duration, a date before 2001.
std::optional<std::int64_t> time_in(const Json& value)
{
    constexpr double least = 1e9;      // 2001
    constexpr double first_ms = 1e11;  // as seconds the year 5138, as milliseconds 1973
    constexpr double most = 1e14;      // as milliseconds the year 5138
    double number = 0;
    if (value.is_number()) {
        number = value.get<double>();
    } else if (const auto* text = value.get_ptr<const std::string*>(); text != nullptr && is_number(*text)) {
        std::int64_t digits = 0;
        (void)std::from_chars(text->data(), text->data() + text->size(), digits);
        number = static_cast<double>(digits);
    }
    const double seconds = number >= first_ms ? number / 1000 : number;
    return seconds >= least && number < most ? std::optional(static_cast<std::int64_t>(seconds)) : std::nullopt;
}

void take_later(std::optional<std::int64_t>& time, const std::optional<std::int64_t>& other)
{
    if (other && (!time || *other > *time)) {
        time = other;
    }
}

void take_earlier(std::optional<std::int64_t>& time, const std::optional<std::int64_t>& other)
{
    if (other && (!time || *other < *time)) {
        time = other;
    }
}

/// The base64url digits at the start of the text.
std::string_view digits_of(std::string_view text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), is_base64url_digit);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// Every `eyJ....eyJ....` in the text: both begin with the encoded `{"`.
void add_web_tokens(std::string_view text, TokenTimes& times)
{
    constexpr std::string_view start = "eyJ";
    for (std::size_t at = text.find(start); at != std::string_view::npos; at = text.find(start, at)) {
        text.remove_prefix(at);
        const std::size_t header = digits_of(text).size();
        text.remove_prefix(header);
        at = 0;
        if (!text.starts_with('.') || !text.substr(1).starts_with(start)) {
            continue;
        }
        const std::string_view payload = digits_of(text.substr(1));
        text.remove_prefix(1 + payload.size());
        const Json claims = json_or_discarded<Json>(from_base64url(payload).value_or(""));
        if (!claims.is_object()) {
            continue;
        }
        if (const auto exp = claims.find("exp"); exp != claims.end()) {
            take_later(times.expires, time_in(*exp));
        }
        if (const auto nbf = claims.find("nbf"); nbf != claims.end()) {
            take_earlier(times.valid_from, time_in(*nbf));
        }
    }
}

bool says_expiry(std::string_view name)
{
    constexpr std::array<std::string_view, 9> names{"exp",        "expires",    "expiry",
                                                    "expiresat",  "expireson",  "expirydate",
                                                    "expiration", "expiretime", "expirationtime"};
    std::string letters = lower(name);
    std::erase_if(letters, [](char c) { return c == '_' || c == '-'; });
    return std::find(names.begin(), names.end(), letters) != names.end();
}

/// Members of the object and of what is in it. Many values have an expiry; only beside a member that is called a token
/// it is one.
struct Members {
    std::optional<std::int64_t> expires;
    bool token = false;
    bool renewable = false;
};

void add_members(const Json& object, int depth, Members& members)
{
    for (const auto& [name, value] : object.items()) {
        if (says_expiry(name)) {
            take_later(members.expires, time_in(value));
        }
        const std::string lowered = lower(name);
        const auto says = [&](std::string_view word) { return lowered.find(word) != std::string::npos; };
        members.token = members.token || says("token") || says("secret") || says("credential");
        const bool says_something =
            !value.is_null() && !(value.is_string() && value.get_ref<const std::string&>().empty());
        members.renewable = members.renewable || (says("refresh") && says_something);
        if (value.is_structured() && depth < deepest) {
            add_members(value, depth + 1, members);
        }
    }
}

}  // namespace

TokenTimes token_times(std::string_view text)
{
    TokenTimes times;
    if (text.size() > longest_text) {
        return times;
    }
    add_web_tokens(text, times);
    constexpr std::size_t longest_number = 20;
    if (text.size() <= longest_number) {
        times.bare_time = time_in(Json(std::string(text)));
    }
    if (text.starts_with('{')) {
        if (const Json json = json_or_discarded<Json>(text); json.is_object()) {
            Members members;
            add_members(json, 0, members);
            times.renewable = members.renewable;
            if (members.token) {
                take_later(times.expires, members.expires);
            }
        }
    }
    return times;
}

void add_tokens(TokenTimes& whole, const TokenTimes& more)
{
    whole.expires = std::max(whole.expires, more.expires);
    if (more.valid_from && (!whole.valid_from || *more.valid_from < *whole.valid_from)) {
        whole.valid_from = more.valid_from;
    }
    whole.renewable = whole.renewable || more.renewable;
}

}  // namespace unstick
