#pragma once
// WWW-Authenticate as in RFC 9110 section 11: parsing and explaining. Pure. Whether a browser answers is judged as
// Chromium does, not by the grammar: docs/judged-by-browsers.md.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace unstick {

struct Challenge {
    std::string scheme;                                       ///< as sent: "Basic"
    std::string token68;                                      ///< "Negotiate <token68>"; empty if there is none
    std::vector<std::pair<std::string, std::string>> params;  ///< names lower-case, values unquoted, in order
    bool malformed = false;                                   ///< something in it is not as the grammar says
    bool usable_by_browser = false;  ///< a browser can answer it by itself or by asking the user (Chromium does)
    /// It stands behind another one in the same header line: Chromium does not see it, Firefox and WebKit do.
    bool is_behind_another = false;
    std::string note;  ///< one or two sentences for people

    /// Value of a parameter, the last of several; empty if absent.
    std::string_view param(std::string_view name) const;
    std::string_view realm() const { return param("realm"); }
};

/// All challenges in the values of all WWW-Authenticate fields of one answer, in order. Never fails:
/// what cannot be read becomes a challenge with `malformed`. At most 64 challenges are read.
/// `url` is where they came from (Basic over plain http is worth a note).
std::vector<Challenge> parse_challenges(const std::vector<std::string>& field_values, std::string_view url);

}  // namespace unstick
