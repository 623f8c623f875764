#include "cached_answer.h"

#include <charconv>

#include "../text.h"
#include "../url.h"
#include "byte_reader.h"

namespace unstick {

namespace {

/// The headers, each ended by a zero, the status line first; empty if the record is not understood.
std::string_view headers_of(std::string_view record)
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
    reader.bytes(16);  // when it was asked for, when it came
    reader.bytes((extra & has_original_time) != 0 ? 8U : 0U);
    return reader.bytes(reader.little<std::uint32_t>());
}

int status_of(std::string_view line)
{
    const std::size_t blank = line.find(' ');
    int status = 0;
    if (line.starts_with("HTTP/") && blank != std::string_view::npos) {
        (void)std::from_chars(line.data() + blank + 1, line.data() + line.size(), status);
    }
    return status >= 100 && status <= 599 ? status : 0;
}

}  // namespace

std::string bare_address(std::string_view url)
{
    const std::size_t end = url.find_first_of("?#");
    return bare_url(url) + (end != url.npos && url[end] == '?' ? "?" : "");
}

CachedAnswer read_cached_answer(std::string_view record)
{
    CachedAnswer answer;
    std::string_view headers = headers_of(record);
    for (bool first = true; !headers.empty(); first = false) {
        const std::string_view line = headers.substr(0, headers.find('\0'));
        headers.remove_prefix(std::min(line.size() + 1, headers.size()));
        constexpr std::string_view location = "location:";
        if (first) {
            answer.status = status_of(line);
        } else if (lower(line.substr(0, location.size())) == location) {
            const std::string_view value = line.substr(location.size());
            answer.location = bare_address(value.substr(std::min(value.find_first_not_of(' '), value.size())));
        }
    }
    return answer;
}

}  // namespace unstick
