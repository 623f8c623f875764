#include "containers/cache2_entry.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/text.h"

namespace unstick::cache2 {

namespace {

constexpr std::size_t number_size = 4;
constexpr std::uint32_t oldest_version = 1;
constexpr std::uint32_t newest_version = 4;

std::uint32_t last_number(std::string_view bytes)
{
    return ByteReader(bytes.substr(bytes.size() - number_size)).big32();
}

/// From the metadata's first byte to the end of the file.
std::optional<Entry> read_metadata(std::string_view metadata, std::uint64_t data_size)
{
    constexpr std::uint64_t chunk_size = 256U << 10U;
    ByteReader reader(metadata);
    reader.bytes(number_size + 2 * ((data_size + chunk_size - 1) / chunk_size));
    Entry entry{.version = reader.big32(), .data_size = data_size, .key = {}, .elements = {}};
    reader.big32();  // how often it was read
    entry.fetched = reader.big32();
    entry.stored = reader.big32();
    reader.big32();  // its rank
    reader.big32();  // when it expires
    const std::uint32_t key_size = reader.big32();
    if (entry.version > 1) {
        reader.big32();  // flags
    }
    entry.key = reader.bytes(key_size);
    const bool key_ends = reader.bytes(1) == std::string_view("\0", 1);
    const std::size_t trailer_size = entry.version == newest_version ? 2 * number_size : number_size;
    const bool is_known = entry.version >= oldest_version && entry.version <= newest_version;
    if (!reader.ok() || !is_known || !key_ends || entry.key.empty() || reader.rest().size() < trailer_size) {
        return std::nullopt;
    }
    if (entry.version == newest_version &&
        last_number(metadata.substr(0, metadata.size() - number_size)) != newest_version) {
        return std::nullopt;
    }
    entry.elements = reader.rest().substr(0, reader.rest().size() - trailer_size);
    return entry;
}

/// Up to a comma, which is taken, too; one that is written twice belongs to the value.
std::string_view take_value(std::string_view& key)
{
    std::size_t end = key.find(',');
    while (key.substr(std::min(end, key.size()), 2) == ",,") {
        end = key.find(',', end + 2);
    }
    const std::string_view value = key.substr(0, end);
    key.remove_prefix(std::min(value.size() + 1, key.size()));
    return value;
}

std::string with_single_commas(std::string_view value)
{
    std::string plain;
    while (!value.empty()) {
        const std::string_view part = value.substr(0, value.find(','));
        plain += part;
        value.remove_prefix(part.size());
        plain += value.substr(0, 1);
        value.remove_prefix(std::min<std::size_t>(2, value.size()));
    }
    return plain;
}

}  // namespace

std::optional<Entry> read_end(std::string_view end, std::uint64_t file_size, std::size_t* needed)
{
    *needed = 0;
    if (end.size() < number_size || end.size() > file_size) {
        return std::nullopt;
    }
    const std::uint64_t data_size = last_number(end);
    if (data_size > file_size || file_size - data_size > longest_end) {
        return std::nullopt;
    }
    const auto metadata_size = static_cast<std::size_t>(file_size - data_size);
    if (metadata_size > end.size()) {
        *needed = metadata_size;
        return std::nullopt;
    }
    return read_metadata(end.substr(end.size() - metadata_size), data_size);
}

std::optional<std::string_view> element(std::string_view elements, std::string_view name)
{
    const auto next = [&] {
        const std::string_view text = elements.substr(0, elements.find('\0'));
        elements.remove_prefix(std::min(text.size() + 1, elements.size()));
        return text;
    };
    while (!elements.empty()) {
        const bool is_it = next() == name;
        const std::string_view value = next();
        if (is_it) {
            return value;
        }
    }
    return std::nullopt;
}

std::string name_of_key(std::string_view key)
{
    std::string digits = hex(sha1(key));
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    return digits;
}

bool is_entry_name(std::string_view name)
{
    constexpr std::size_t digits = 40;
    return name.size() == digits && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
           });
}

std::string_view url_of_key(std::string_view key)
{
    while (!key.empty()) {
        const char tag = key.front();
        key.remove_prefix(1);
        if (tag == ':') {
            return key;
        }
        take_value(key);
    }
    return {};
}

Key parse_key(std::string_view key)
{
    Key parsed;
    parsed.url = url_of_key(key);
    if (parsed.url.empty()) {
        return {};
    }
    while (key.front() != ':') {
        const char tag = key.front();
        key.remove_prefix(1);
        const std::string_view value = take_value(key);
        if (tag == 'O') {
            parsed.attributes = with_single_commas(value);
        } else if (tag == '~') {
            parsed.id = with_single_commas(value);
        }
    }
    return parsed;
}

}  // namespace unstick::cache2
