#pragma once
// Safari's cookie jar, `Cookies.binarycookies`. Pure: from bytes to values and back.
//
// Apple does not describe the format; what stands here was checked against jars of macOS 2013 to 2021 and iOS 17:
//
//     file    "cook", page count, page sizes (big-endian); pages; checksum; 07 17 20 05;
//             from 2014 on: length (big-endian) and a property list, the policy for accepting cookies
//     page    00 00 01 00, record count, offset of each record, 0 (little-endian); records without gaps
//     record  size, version (0 or 1), flags, has-port, offsets of domain, name, path, value, comment, comment URL,
//             expiry, creation (seconds since 2001), [port], strings that end with NUL, in any order, [more]
//
// The checksum is the sum of every fourth byte of each page. There is one page for each domain. Newer systems may keep
// more after the strings (a partition, by all signs in a property list); no public jar shows how. So records are
// carried as bytes and never put together again from fields.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace unstick::binary_cookies {

// Bits of Cookie::flags. Others are kept as they are.
inline constexpr std::uint32_t secure = 0x01;
inline constexpr std::uint32_t http_only = 0x04;
inline constexpr std::uint32_t same_site_mask = 0x18;
inline constexpr std::uint32_t same_site_lax = 0x08;  ///< of same_site_mask; 0 = None or not given
inline constexpr std::uint32_t same_site_strict = 0x18;
inline constexpr std::uint32_t host_only = 0x20;  ///< not yet in jars of 2017: go by the leading dot

/// What a record says of its cookie. Of the value only the length.
struct Cookie {
    std::string domain;  ///< "app.example.com"; ".example.com" for a domain cookie
    std::string name;
    std::string path;
    std::uint32_t flags = 0;
    std::uint16_t port = 0;               ///< 0 = any
    std::optional<std::int64_t> created;  ///< Unix seconds; nothing if it is no sensible time
    std::optional<std::int64_t> expires;
    std::uint64_t value_length = 0;
    std::uint64_t extra_length = 0;  ///< bytes after the last string: `extra_of`
};

struct Record {
    Cookie cookie;
    std::string bytes;  ///< the whole record, with the cookie's value: for the jar and the journal, never to be shown
};

using Page = std::vector<Record>;

struct Jar {
    std::vector<Page> pages;  ///< a page may be empty
    std::string trailer;      ///< what follows the checksum
};

// Errors of these functions have an empty `where`: only the caller knows the file.

/// Reads one record, which has to fill `bytes`. Errors: corrupt; unsupported for another version of records.
Result<Record> parse_record(std::string_view bytes);

/// Reads a whole file. A jar that `write` would not give back byte for byte is refused.
/// Errors: corrupt (checksum, lengths); unsupported (not a jar, or laid out in a way that is not known).
Result<Jar> parse(std::string_view file);

/// The property list behind the checksum, with the policy for accepting cookies; empty in jars from before 2014.
std::string_view property_list_of(const Jar& jar);

/// The file of a jar. The same bytes as were parsed, if nothing was taken or put.
std::string write(const Jar& jar);

/// The value of a record's cookie, in its bytes: for the HTTP client, never to be shown.
std::string_view value_of(const Record& record);

/// What a record has after its strings; unknown in form, possibly secret. Empty in every jar seen until 2024.
std::string_view extra_of(const Record& record);

/// Takes the records that are not wanted out of the jar, and the pages that get empty by it, as Safari does. Kept
/// records stay as they are, in their order.
std::vector<Record> take(Jar& jar, const std::function<bool(const Record&)>& unwanted);

/// Are they the same cookie for a browser, perhaps with another value: of the same domain, path, name and partition? A
/// partition cannot be read, but is part of what follows the strings: where that differs, it is another cookie.
bool is_same(const Record& a, const Record& b);

/// Is the same cookie in the jar?
bool holds(const Jar& jar, const Record& record);

/// Puts a record that was taken back into the page of its domain, or into a new page.
void put(Jar& jar, Record record);

}  // namespace unstick::binary_cookies
