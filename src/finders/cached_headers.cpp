#include "finders/cached_headers.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "web/url.h"

namespace unstick {

namespace {

/// What Cache-Control lets the browser show the answer for without asking; none: it has to ask, or that is not said.
std::optional<std::int64_t> max_age_in(std::string_view control)
{
    std::optional<std::int64_t> seconds;
    while (!control.empty()) {
        const std::string_view part = control.substr(0, control.find(','));
        control.remove_prefix(std::min(part.size() + 1, control.size()));
        const std::string directive = lower(trimmed(part));
        constexpr std::string_view max_age = "max-age=";
        if (directive == "no-cache" || directive == "no-store") {
            return std::nullopt;
        }
        if (directive.starts_with(max_age)) {
            std::int64_t number = 0;
            const auto [end, failed] =
                std::from_chars(directive.data() + max_age.size(), directive.data() + directive.size(), number);
            constexpr std::int64_t century_s = 100LL * 365 * 86400;
            seconds = failed == std::errc() && number >= 0 ? std::optional(std::min(number, century_s)) : std::nullopt;
        }
    }
    return seconds;
}

/// The value of a header line of this name, in lower case.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name)
{
    const bool is_it =
        line.size() > name.size() && line[name.size()] == ':' && lower(line.substr(0, name.size())) == name;
    return is_it ? std::optional(trimmed(line.substr(name.size() + 1))) : std::nullopt;
}

}  // namespace

void add_header(std::string_view line, std::int64_t received, CachedResponse& response)
{
    if (const auto location = value_of(line, "location")) {
        response.location = bare_address(*location);
    } else if (const auto type = value_of(line, "content-type")) {
        response.type = lower(trimmed(type->substr(0, type->find(';'))));
    } else if (const auto etag = value_of(line, "etag")) {
        response.etag = *etag;
    } else if (const auto modified = value_of(line, "last-modified")) {
        response.last_modified = *modified;
    } else if (const auto origin = value_of(line, "access-control-allow-origin")) {
        response.allowed_origin = *origin;
    } else if (const auto vary = value_of(line, "vary")) {
        response.varies_by_origin = response.varies_by_origin || lower(*vary).find("origin") != std::string::npos;
    } else if (const auto control = value_of(line, "cache-control")) {
        if (const auto seconds = max_age_in(*control)) {
            response.fresh_until = received + *seconds;
        }
    }
}

int status_of_line(std::string_view line)
{
    const std::size_t blank = line.find(' ');
    int status = 0;
    if (line.starts_with("HTTP/") && blank != std::string_view::npos) {
        (void)std::from_chars(line.data() + blank + 1, line.data() + line.size(), status);
    }
    return status >= 100 && status <= 599 ? status : 0;
}

}  // namespace unstick
