#include "profiles/chromium/http_cache_entry.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/epoch.h"
#include "finders/cached_headers.h"

namespace unstick {

namespace {

struct Stored {
    std::string_view headers;   ///< each ended by a zero, the status line first; empty if the record is not understood
    std::int64_t received = 0;  ///< Unix seconds
};

Stored stored_in(std::string_view record)
{
    constexpr std::uint32_t version = 3;
    constexpr std::uint32_t has_extra_flags = 1U << 31U;
    constexpr std::uint32_t has_original_time = 1U << 2U;
    ByteReader reader(record);
    const auto size = reader.little<std::uint32_t>();
    if (!reader.ok() || size != reader.rest().size()) {
        return {};
    }
    const auto flags = reader.little<std::uint32_t>();
    if ((flags & 0xffU) != version) {
        return {};
    }
    const std::uint32_t extra = (flags & has_extra_flags) != 0 ? reader.little<std::uint32_t>() : 0;
    reader.bytes(8);  // when it was asked for
    const auto came = reader.little<std::uint64_t>();
    reader.bytes((extra & has_original_time) != 0 ? 8U : 0U);
    return {reader.bytes(reader.little<std::uint32_t>()), from_microseconds_since_1601(came)};
}

}  // namespace

CachedResponse read_cached_response(std::string_view record)
{
    CachedResponse response;
    auto [headers, received] = stored_in(record);
    for (bool first = true; !headers.empty(); first = false) {
        const std::string_view line = headers.substr(0, headers.find('\0'));
        headers.remove_prefix(std::min(line.size() + 1, headers.size()));
        if (first) {
            response.status = status_of_line(line);
        } else {
            add_header(line, received, response);
        }
    }
    return response;
}

}  // namespace unstick
