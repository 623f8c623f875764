#pragma once
// An entry of Firefox's HTTP cache, `cache2/entries/<40 hex digits>`, versions 1 to 4, as far as its end says:
//
//     data | u32 hash | u16 hash for each 256 KiB of data | header | key, 0 | (name, 0, value, 0)* | [u32 version] u32
//     data size
//
// Numbers are big-endian. The header is version, how often and when it was last read, when it was last stored (Unix
// seconds), a rank, when it expires, the key's size and, from version 2 on, flags: 32 bits each. Version 4 repeats
// itself before the data's size. Source: docs/formats-firefox.md, "HTTP cache".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace unstick::cache2 {

/// Of what is read first: metadata with a certificate chain in it is 5 to 9 KB.
inline constexpr std::size_t usual_end = std::size_t{10} << 10U;
/// Metadata that is longer is none that the browser writes.
inline constexpr std::size_t longest_end = std::size_t{1} << 20U;

/// What the end of an entry says. Views into it.
struct Entry {
    std::uint32_t version = 0;
    std::uint64_t data_size = 0;
    std::int64_t stored = 0;   ///< Unix seconds; 0 if it does not say
    std::int64_t fetched = 0;  ///< the last time, Unix seconds; 0 if it does not say
    std::string_view key;
    std::string_view elements;  ///< as element() reads them
};

/// Reads the end of a file of `file_size` bytes: the last ones, or all. std::nullopt if it is no entry; if only more of
/// the end has to be read, `*needed` says how much in all (never more than longest_end), else it is 0.
std::optional<Entry> read_end(std::string_view end, std::uint64_t file_size, std::size_t* needed);

/// The value of an element: "response-head", "request-method".
std::optional<std::string_view> element(std::string_view elements, std::string_view name);

/// The name that an entry's file has: SHA-1 of the key in upper-case hexadecimal digits.
std::string name_of_key(std::string_view key);

/// Could an entry's file have this name?
bool is_entry_name(std::string_view name);

/// What a key says: tags in ASCII order, each with a value and a comma, then ':' and the URL. In a value a comma is
/// written twice.
struct Key {
    std::string attributes;  ///< `O`: origin attributes with their '^', as everywhere in the profile
    std::string id;          ///< `~`: what tells it from others of the same URL ("FETCH", the number of a POST)
    std::string_view url;    ///< empty if the key is not understood
};
Key parse_key(std::string_view key);

/// Only the URL: of most entries that is enough.
std::string_view url_of_key(std::string_view key);

}  // namespace unstick::cache2
