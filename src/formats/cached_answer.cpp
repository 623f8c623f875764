#include "cached_answer.h"

#include <charconv>
#include <cstring>
#include <optional>

#include "../text.h"

namespace unstick {

namespace {

std::optional<std::uint32_t> number_at(std::string_view bytes, std::size_t offset)
{
    std::uint32_t number = 0;
    if (bytes.size() < sizeof(number) || offset > bytes.size() - sizeof(number)) {
        return std::nullopt;
    }
    std::memcpy(&number, bytes.data() + offset, sizeof(number));  // the format and every machine of ours: little-endian
    return number;
}

/// The headers, each ended by a zero, the status line first; empty if the record is not understood.
std::string_view headers_of(std::string_view record)
{
    constexpr std::uint32_t version = 3;
    constexpr std::uint32_t has_extra_flags = 1U << 31U;
    constexpr std::uint32_t has_original_time = 1U << 2U;
    const auto size = number_at(record, 0);
    const auto flags = number_at(record, 4);
    if (!size || !flags || *size != record.size() - 4 || (*flags & 0xffU) != version) {
        return {};
    }
    std::size_t at = 8;
    std::uint32_t extra = 0;
    if ((*flags & has_extra_flags) != 0) {
        extra = number_at(record, at).value_or(0);
        at += 4;
    }
    at += 16;  // when it was asked for, when it came
    at += (extra & has_original_time) != 0 ? 8U : 0U;
    const auto length = number_at(record, at);
    at += 4;
    return length && at <= record.size() && *length <= record.size() - at ? record.substr(at, *length)
                                                                          : std::string_view();
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
    const auto plain = url.substr(0, end);
    const std::size_t host = plain.find("://");
    const std::size_t at = plain.substr(0, host == plain.npos ? 0 : plain.find('/', host + 3)).rfind('@');
    std::string bare = at == plain.npos ? std::string(plain)
                                        : std::string(plain.substr(0, host + 3)) + std::string(plain.substr(at + 1));
    return end != url.npos && url[end] == '?' ? bare + "?" : bare;
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
