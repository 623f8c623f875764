#include <fmt/format.h>

#include <map>

#include "../text.h"
#include "finders.h"
#include "leveldb_finder.h"
#include "storage_key.h"
#include "tokens.h"

namespace unstick {

namespace {

constexpr std::size_t longest_value = (256U << 10U) + 1;  // more than token_times looks into
constexpr std::size_t longest_name = 120;                 // what a list can show

/// A stored text: 0 and UTF-16LE, or 1 and Latin-1. As UTF-8, cut after `longest` bytes.
std::string decoded(std::string_view stored, std::size_t longest = longest_name)
{
    if (stored.empty()) {
        return {};
    }
    const bool wide = stored.front() == 0;
    stored.remove_prefix(1);
    std::string text;
    const std::size_t width = wide ? 2 : 1;
    const auto unit = [&](std::size_t i) -> std::uint32_t {
        const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(stored[at]); };
        return wide ? byte(i) | static_cast<std::uint32_t>(byte(i + 1) << 8U) : byte(i);
    };
    for (std::size_t i = 0; i + width <= stored.size() && text.size() < longest; i += width) {
        std::uint32_t point = unit(i);
        if ((point & 0xfc00U) == 0xd800 && i + 2 * width <= stored.size() && (unit(i + 2) & 0xfc00U) == 0xdc00) {
            i += width;
            point = 0x10000 + ((point & 0x3ffU) << 10U) + (unit(i) & 0x3ffU);
        }
        append_utf8(text, point);
    }
    return text;
}

}  // namespace

Found find_local_storage(const fs::path& folder, const Site& site)
{
    Found found;
    look_into(folder, "VERSION", "1", found, [&](const pairs::Reader& database) -> Result<void> {
        // `_<storage key>\0<name>` holds a value; META: and METAACCESS: say when and how much.
        const auto values = database.each("_", [&](std::string_view key, std::string_view value) {
            const std::size_t zero = key.find('\0');
            if (zero == std::string_view::npos) {
                return;
            }
            const std::string_view owner = key.substr(1, zero - 1);
            if (!owns_storage_key(site, owner)) {
                return;
            }
            const auto parsed = parse_storage_key(owner);
            Item item;
            item.name = decoded(key.substr(zero + 1));
            item.host = host_of(parsed->origin);
            item.partition = parsed->top_level_site;
            item.label = fmt::format("entry {} of {}", item.name, parsed->origin);
            item.bytes = key.size() + value.size();
            item.type = ItemType::storage_entry;
            const TokenTimes token = token_times(decoded(value, longest_value));
            item.expires = token.expires;
            item.valid_from = token.valid_from;
            item.renewable = token.renewable;
            item.pieces.push_back(pair_piece(folder, key));
            found.items.push_back(std::move(item));
        });
        if (!values) {
            return values;
        }
        std::map<std::string, Item> records;
        for (const std::string_view family : {"META:", "METAACCESS:"}) {
            auto seen = database.each(family, [&](std::string_view key, std::string_view value) {
                const std::string_view owner = key.substr(family.size());
                if (owns_storage_key(site, owner)) {
                    Item& item = records[std::string(owner)];
                    item.bytes += key.size() + value.size();
                    item.pieces.push_back(pair_piece(folder, key));
                }
            });
            if (!seen) {
                return seen;
            }
        }
        for (auto& [owner, item] : records) {
            const auto parsed = parse_storage_key(owner);
            item.host = host_of(parsed->origin);
            item.partition = parsed->top_level_site;
            item.label = "record of use of " + parsed->origin;
            found.items.push_back(std::move(item));
        }
        return {};
    });
    return found;
}

}  // namespace unstick
