#pragma once
// What a browser recorded of its requests: a HAR file (HTTP Archive 1.2, as the developer tools of Chrome, Firefox and
// Safari save it), which a helpdesk was sent. It may come from anybody.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "net/probe.h"
#include "web/site.h"

namespace unstick {

namespace fs = std::filesystem;

/// A cookie that went with a request: its name and the size of its value, never the value.
struct SentCookie {
    std::string name;
    std::size_t size = 0;
};

/// A request and its answer.
struct Exchange {
    std::string url;      ///< whole, secrets too: never to be shown (shown_url)
    std::int64_t at = 0;  ///< when the answer began, by the clock of the computer that recorded it; Unix seconds
    Reply reply;          ///< with the values of Set-Cookie: for parsers, never to be shown
    std::vector<SentCookie> sent;
    bool is_page = false;     ///< it was to be shown in the window itself, not a part of a page
    bool from_cache = false;  ///< the site was not asked
};

struct Recording {
    std::vector<Exchange> exchanges;  ///< in the order of the file
    std::uint64_t left_out = 0;       ///< further ones: beyond what is taken, or not readable
    bool has_cookies = false;         ///< false: browsers leave them out unless they are told otherwise
};

/// Reads a file of up to 2 GiB, a piece at a time: what is not looked at (bodies) is not kept. Of one request 1 MiB is
/// read, of a file 20,000 requests, and of those 32 MiB of headers are kept. Errors: not_found, denied, io; unsupported
/// (too large, no regular file); corrupt (it is no HAR).
Result<Recording> read_har(const fs::path& file);
/// The same of a text, without the limit on its size. Errors: corrupt.
Result<Recording> parse_har(std::string_view text);

/// The last page of the site that was opened, with the way there, as a client of our own would have met it. None if no
/// page of the site is in the recording.
std::optional<Probe> page_in(const Recording& recording, const Site& site);

}  // namespace unstick
