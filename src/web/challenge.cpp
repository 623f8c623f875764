#include "web/challenge.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/text.h"

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
        bool at_start = true;
        bool after_scheme = false;
        while (true) {
            const bool separated = skip_separators() || at_start;
            at_start = false;
            if (rest_.empty() || challenges.size() >= most_challenges) {
                return;
            }
            const std::string word(token());
            const std::string_view behind_word = rest_;
            skip_spaces();
            if (word.empty()) {
                rest_.remove_prefix(1);
                mark_malformed(challenges);
            } else if (rest_.starts_with('=') && !rest_.starts_with("==")) {  // a parameter of the last challenge
                rest_.remove_prefix(1);
                add_param(challenges, word, separated || after_scheme);
                after_scheme = false;
            } else {
                rest_ = behind_word;
                challenges.push_back({});
                challenges.back().scheme = word;
                challenges.back().malformed = !separated;
                after_scheme = skip_spaces() && !read_token68(challenges.back());
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

    /// Was there any?
    bool skip_spaces()
    {
        const std::size_t size = std::min(rest_.find_first_not_of(" \t"), rest_.size());
        rest_.remove_prefix(size);
        return size > 0;
    }

    /// Commas and spaces. Was there a comma?
    bool skip_separators()
    {
        const std::size_t size = std::min(rest_.find_first_not_of(" \t,"), rest_.size());
        const bool comma = rest_.substr(0, size).find(',') != rest_.npos;
        rest_.remove_prefix(size);
        return comma;
    }

    std::string_view token()
    {
        const auto* const end = std::find_if_not(rest_.begin(), rest_.end(), is_token_char);
        const auto word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(word.size());
        return word;
    }

    /// "Negotiate oYG2MIGz=": a run of token68 characters, then '='s, then the end or a comma. Was there one?
    bool read_token68(Challenge& challenge)
    {
        const auto* const end = std::find_if_not(rest_.begin(), rest_.end(), is_token68_char);
        const auto size = static_cast<std::size_t>(end - rest_.begin());
        const std::size_t padded = std::min(rest_.find_first_not_of('=', size), rest_.size());
        const std::size_t next = std::min(rest_.find_first_not_of(" \t", padded), rest_.size());
        if (size == 0 || (next < rest_.size() && rest_[next] != ',')) {
            return false;
        }
        challenge.token68 = rest_.substr(0, padded);
        rest_.remove_prefix(next);
        return true;
    }

    void add_param(std::vector<Challenge>& challenges, const std::string& name, bool separated)
    {
        skip_spaces();
        bool good = separated;
        std::string value;
        if (rest_.starts_with('"')) {
            good = read_quoted(value) && good;
        } else {
            value = token();
            good = !value.empty() && good;
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

/// What Chromium takes a header line for: one challenge, whatever the commas in it divide.
class ChromiumLine {
public:
    explicit ChromiumLine(std::string_view line)
    {
        line = trimmed(line);
        const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
        scheme_ = lower(line.substr(0, end));
        rest_ = trimmed(line.substr(end));
        std::string_view rest = rest_;
        while (valid_ && !rest.empty()) {
            add_part(trimmed(take_part(rest)));
        }
    }

    /// Does it ask for a password, or answer by itself?
    bool is_answered() const
    {
        if (scheme_ == "basic") {
            return valid_;
        }
        if (scheme_ == "digest") {
            constexpr std::array<std::string_view, 5> known{"", "md5", "md5-sess", "sha-256", "sha-256-sess"};
            return valid_ && !nonce_.empty() && std::find(known.begin(), known.end(), algorithm_) != known.end();
        }
        return (scheme_ == "negotiate" || scheme_ == "ntlm") && rest_.empty();
    }

private:
    /// What stands before the next comma outside of quotes; it is taken off the rest.
    static std::string_view take_part(std::string_view& rest)
    {
        bool quoted = false;
        std::size_t end = 0;
        for (; end < rest.size() && (quoted || rest[end] != ','); ++end) {
            if (rest[end] == '"') {
                quoted = !quoted;
            } else if (quoted && rest[end] == '\\') {
                ++end;
            }
        }
        const std::string_view part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return part;
    }

    void add_part(std::string_view part)
    {
        if (part.empty()) {
            return;
        }
        const std::size_t equals = part.find('=');
        const std::string name = lower(trimmed(part.substr(0, equals)));
        std::string_view value = equals == part.npos ? std::string_view() : trimmed(part.substr(equals + 1));
        if (name.empty() || value.empty() || name.find('"') != name.npos) {
            valid_ = false;
            return;
        }
        if (value.starts_with('"')) {
            value.remove_prefix(1);
            value.remove_suffix(value.ends_with('"') ? 1 : 0);
        }
        if (name == "nonce") {
            nonce_ = value;
        } else if (name == "algorithm") {
            algorithm_ = lower(value);
        }
    }

    std::string scheme_;
    std::string_view rest_;
    std::string nonce_;
    std::string algorithm_;
    bool valid_ = true;
};

constexpr std::size_t longest_shown = 200;

/// A word of the server inside a sentence of ours.
std::string quoted(std::string_view text)
{
    return "\"" + std::string(text.substr(0, longest_shown)) + "\"";
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

void explain_basic(Challenge& challenge, std::string_view url)
{
    challenge.note = "Basic: the browser asks for a user name and password.";
    if (url.starts_with("http://")) {
        challenge.note += " Over plain http anybody on the way can read them.";
    }
    if (challenge.realm().empty()) {
        challenge.note += " The realm is missing, so a saved password may not be offered.";
    }
    if (const auto charset = challenge.param("charset"); !charset.empty() && lower(charset) != "utf-8") {
        challenge.note += " Its charset " + quoted(charset) + " is ignored: the standard knows UTF-8 only.";
    }
}

void explain_digest(Challenge& challenge)
{
    const std::string_view algorithm = challenge.param("algorithm");
    challenge.note = "Digest: the browser asks for a user name and password and sends a checksum of them.";
    if (challenge.param("nonce").empty()) {
        challenge.note += " The nonce is missing, so no browser can answer it.";
    } else if (!algorithm.empty() && !is_one_of(lower(algorithm), {"md5", "md5-sess", "sha-256", "sha-256-sess"})) {
        challenge.note += " Browsers do not know the algorithm " + quoted(algorithm) + ", so they cannot answer it.";
    }
    if (lower(challenge.param("stale")) == "true") {
        challenge.note += " Only the server's nonce had run out, not the password: trying again should work.";
    }
}

void explain_bearer(Challenge& challenge)
{
    const std::string_view error = challenge.param("error");
    std::string& note = challenge.note;
    note = "Bearer: it wants a token that the site's own program has to send; a browser does not send one by itself.";
    if (error == "invalid_token") {
        note += " The server says that the token is missing, has expired or is not valid.";
    } else if (error == "insufficient_scope") {
        note += " The server says that the token does not allow this.";
    } else if (error == "invalid_request") {
        note += " The server says that the request was not well formed.";
    } else if (!error.empty()) {
        note += " The server says " + quoted(error) + ".";
    }
    if (const auto scope = challenge.param("scope"); !scope.empty()) {
        note += " It needs the scope " + quoted(scope) + ".";
    }
    if (const auto description = challenge.param("error_description"); !description.empty()) {
        note += " It adds: " + quoted(description) + ".";
    }
}

void explain(Challenge& challenge, std::string_view url)
{
    const std::string scheme = lower(challenge.scheme);
    if (scheme == "basic") {
        explain_basic(challenge, url);
    } else if (scheme == "digest") {
        explain_digest(challenge);
    } else if (scheme == "bearer") {
        explain_bearer(challenge);
    } else if (scheme == "negotiate" || scheme == "ntlm") {
        challenge.note = challenge.scheme +
                         ": works on computers of the same organisation (a Windows domain or Kerberos), "
                         "where the browser's policy allows it for this site.";
    } else if (scheme.empty()) {
        challenge.note = "It names no scheme, so no browser can answer it.";
    } else {
        challenge.note = challenge.scheme.substr(0, longest_shown) + ": no browser can answer this by itself.";
    }
    const bool is_lost = challenge.is_behind_another && is_one_of(scheme, {"basic", "digest", "ntlm", "negotiate"});
    if (is_lost && !challenge.malformed) {
        challenge.note +=
            " It stands behind another one in the same header line: Chrome, Edge and their like take one a line, and "
            "do "
            "not see it.";
    } else if (challenge.malformed) {
        challenge.note += " It is not written as the standard (RFC 9110) says; browsers may ignore it.";
    }
}

}  // namespace

std::string_view Challenge::param(std::string_view name) const
{
    const auto found =
        std::find_if(params.rbegin(), params.rend(), [&](const auto& param) { return param.first == name; });
    return found == params.rend() ? std::string_view() : std::string_view(found->second);
}

std::vector<Challenge> parse_challenges(const std::vector<std::string>& field_values, std::string_view url)
{
    std::vector<Challenge> challenges;
    for (const std::string& value : field_values) {
        std::vector<Challenge> of_field;  // a parameter never belongs to a challenge of another field
        Parser(value).read_into(of_field);
        for (std::size_t i = 0; i < of_field.size(); ++i) {
            of_field[i].usable_by_browser = i == 0 && ChromiumLine(value).is_answered();
            of_field[i].is_behind_another = i > 0;
        }
        challenges.insert(challenges.end(), of_field.begin(), of_field.end());
    }
    challenges.resize(std::min(challenges.size(), most_challenges));
    for (Challenge& challenge : challenges) {
        explain(challenge, url);
    }
    return challenges;
}

}  // namespace unstick
