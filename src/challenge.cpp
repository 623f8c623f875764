#include "challenge.h"

#include <algorithm>
#include <array>

#include "text.h"

namespace unstick {

namespace {

constexpr std::size_t most_challenges = 64;
constexpr std::size_t most_params = 64;

/// Reads one field value by the grammar of RFC 9110 section 11.
class Parser {
public:
    explicit Parser(std::string_view text) : rest_(text) {}

    void read_into(std::vector<Challenge>& challenges)
    {
        while (skip_separators(), !rest_.empty() && challenges.size() < most_challenges) {
            const std::string word(token());
            if (word.empty()) {
                mark_malformed(challenges);
                rest_.remove_prefix(1);
                continue;
            }
            const std::string_view before = rest_;
            skip_spaces();
            if (rest_.starts_with('=') && !rest_.starts_with("==")) {  // "name=value": belongs to the last challenge
                rest_.remove_prefix(1);
                add_param(challenges, word);
                continue;
            }
            rest_ = before;
            challenges.push_back({});
            challenges.back().scheme = word;
            if (rest_.starts_with(' ') || rest_.starts_with('\t')) {
                skip_spaces();
                read_token68(challenges.back());
            }
        }
    }

private:
    static bool is_token_char(char c)
    {
        constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
        return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || marks.find(c) != marks.npos;
    }

    static bool is_token68_char(char c)
    {
        constexpr std::string_view marks = "-._~+/";
        return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'z') || marks.find(c) != marks.npos;
    }

    void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }

    void skip_separators() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t,"), rest_.size())); }

    std::string_view token()
    {
        const auto* const end = std::find_if_not(rest_.begin(), rest_.end(), is_token_char);
        const auto word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(word.size());
        return word;
    }

    /// "Negotiate oYG2MIGz=": a run of token68 characters, then '='s, then the end or a comma.
    void read_token68(Challenge& challenge)
    {
        const auto* const end = std::find_if_not(rest_.begin(), rest_.end(), is_token68_char);
        const auto size = static_cast<std::size_t>(end - rest_.begin());
        const std::size_t padded = std::min(rest_.find_first_not_of('=', size), rest_.size());
        const std::size_t next = std::min(rest_.find_first_not_of(" \t", padded), rest_.size());
        if (size > 0 && (next == rest_.size() || rest_[next] == ',')) {
            challenge.token68 = rest_.substr(0, padded);
            rest_.remove_prefix(next);
        }
    }

    void add_param(std::vector<Challenge>& challenges, const std::string& name)
    {
        skip_spaces();
        bool good = true;
        std::string value;
        if (rest_.starts_with('"')) {
            good = read_quoted(value);
        } else {
            value = token();
            good = !value.empty();
        }
        if (challenges.empty()) {  // a parameter before any scheme
            challenges.push_back({});
            good = false;
        }
        Challenge& challenge = challenges.back();
        const std::string key = lower(name);
        const bool repeated = std::any_of(challenge.params.begin(), challenge.params.end(),
                                          [&](const auto& param) { return param.first == key; });
        challenge.malformed = challenge.malformed || !good || repeated || !challenge.token68.empty();
        if (challenge.params.size() < most_params) {
            challenge.params.emplace_back(key, value);
        }
    }

    bool read_quoted(std::string& value)
    {
        rest_.remove_prefix(1);
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') {
                return true;
            }
            if (c == '\\' && !rest_.empty()) {
                value += rest_.front();
                rest_.remove_prefix(1);
            } else {
                value += c;
            }
        }
        return false;
    }

    static void mark_malformed(std::vector<Challenge>& challenges)
    {
        if (challenges.empty()) {
            challenges.push_back({});
        }
        challenges.back().malformed = true;
    }

    std::string_view rest_;
};

std::string explain_bearer(const Challenge& challenge)
{
    const std::string_view error = challenge.param("error");
    std::string note = "Bearer asks for a token that the site's own program has to send; a browser never asks for it.";
    if (error == "invalid_token") {
        note += " The server says that the token it got has expired or is not valid.";
    } else if (error == "insufficient_scope") {
        note += " The server says that the token does not allow this";
        note += challenge.param("scope").empty() ? "." : " (needed: " + std::string(challenge.param("scope")) + ").";
    } else if (error == "invalid_request") {
        note += " The server says that the request was not well formed.";
    }
    if (const auto description = challenge.param("error_description"); !description.empty()) {
        note += " It adds: \"" + std::string(description) + "\".";
    }
    return note;
}

std::string explain_digest(const Challenge& challenge)
{
    const std::string algorithm = lower(challenge.param("algorithm"));
    std::string note = "Digest: the browser asks for a user name and password and sends a checksum of them.";
    if (challenge.param("nonce").empty()) {
        note += " The nonce is missing, so no browser can answer it.";
    }
    if (lower(challenge.param("stale")) == "true") {
        note += " The password was right, only the server's nonce had expired: trying again should work.";
    }
    if (!algorithm.empty() && algorithm != "md5" && algorithm != "md5-sess" && algorithm != "sha-256" &&
        algorithm != "sha-256-sess") {
        note += " Not every browser knows the algorithm " + std::string(challenge.param("algorithm")) + ".";
    }
    return note;
}

void explain(Challenge& challenge, std::string_view url)
{
    const std::string scheme = lower(challenge.scheme);
    if (scheme == "basic") {
        challenge.usable_by_browser = true;
        challenge.note = "Basic: the browser asks for a user name and password.";
        if (url.starts_with("http://")) {
            challenge.note += " Over plain http anybody on the way can read them.";
        }
        if (challenge.realm().empty()) {
            challenge.note += " The realm is missing, so a saved password may not be offered.";
        }
    } else if (scheme == "digest") {
        challenge.usable_by_browser = !challenge.param("nonce").empty();
        challenge.note = explain_digest(challenge);
    } else if (scheme == "negotiate" || scheme == "ntlm" || scheme == "kerberos") {
        challenge.usable_by_browser = scheme != "kerberos";
        challenge.note = challenge.scheme +
                         ": works on computers of the same organisation (a Windows domain or Kerberos), "
                         "where the browser's policy allows it for this site.";
    } else if (scheme == "bearer") {
        challenge.note = explain_bearer(challenge);
    } else if (scheme.empty()) {
        challenge.note = "It names no scheme, so no browser can answer it.";
    } else {
        challenge.note = challenge.scheme + ": no browser can answer this by itself.";
    }
    if (challenge.malformed) {
        challenge.note += " It is not written as the standard (RFC 9110) says; browsers may ignore it.";
    }
}

}  // namespace

std::string_view Challenge::param(std::string_view name) const
{
    for (const auto& [key, value] : params) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::vector<Challenge> parse_challenges(const std::vector<std::string>& field_values, std::string_view url)
{
    std::vector<Challenge> challenges;
    for (const std::string& value : field_values) {
        std::vector<Challenge> of_field;  // a parameter never belongs to a challenge of another field
        Parser(value).read_into(of_field);
        challenges.insert(challenges.end(), of_field.begin(), of_field.end());
    }
    challenges.resize(std::min(challenges.size(), most_challenges));
    for (Challenge& challenge : challenges) {
        explain(challenge, url);
    }
    return challenges;
}

}  // namespace unstick
