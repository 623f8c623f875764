#include <fmt/format.h>

#include <array>
#include <map>
#include <set>
#include <vector>

#include "base/utf8.h"
#include "finders/leveldb_finder.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/storage_key.h"
#include "web/jwt.h"

namespace unstick {

namespace {

constexpr std::size_t longest_value = (256U << 10U) + 1;  // more than token_times looks into
constexpr std::size_t longest_shown = 120;                // what a list can show

/// A stored text: 0 and UTF-16LE, or 1 and Latin-1. As UTF-8, of at most `longest` characters.
std::string decoded(std::string_view stored, std::size_t longest = longest_shown)
{
    if (stored.empty()) {
        return {};
    }
    const bool wide = stored.front() == 0;
    stored.remove_prefix(1);
    return wide ? from_utf16(stored.substr(0, sizeof(char16_t) * longest)) : from_latin1(stored.substr(0, longest));
}

// `_<storage key>\0<name>` holds a value; META: and METAACCESS: say when and how much. In the order of keys:
constexpr std::array<std::string_view, 2> record_families{"META:", "METAACCESS:"};
constexpr std::string_view values = "_";

/// Tells the site's storage keys from others. Keys come in order mostly, so it remembers the last one.
class Owners {
public:
    explicit Owners(const Site& site) : site_(site) {}

    void add(std::string_view owner)
    {
        if (owner != last_) {
            last_ = owner;
            if (owns_storage_key(site_, owner)) {
                owned_.insert(last_);
            }
        }
    }
    const std::set<std::string>& owned() const { return owned_; }

private:
    const Site& site_;
    std::string last_;
    std::set<std::string> owned_;
};

/// The site's storage keys of which there is anything in the files, be it only what was overwritten or removed.
Result<std::set<std::string>> owners_in(const pairs::Reader& database, const Site& site)
{
    using Next = pairs::Reader::Next;
    Owners owners(site);
    TRY(database.each_version_from("", [&](std::string_view key) -> Next {
        for (const std::string_view family : record_families) {
            if (key.starts_with(family)) {
                owners.add(key.substr(family.size()));
                return {};
            }
            if (key < family) {
                return std::string(family);
            }
        }
        const std::size_t zero = key.find('\0');
        if (!key.starts_with(values) || zero == std::string_view::npos) {
            return key < values ? Next(values) : Next();
        }
        owners.add(key.substr(values.size(), zero - values.size()));
        return std::string(key.substr(0, zero)) + '\1';  // behind the last key of this owner
    }));
    return owners.owned();
}

std::string beginning_of_values(const std::string& owner)
{
    return std::string(values) + owner + '\0';
}

/// Whose key it is, behind what its family begins with.
std::string_view owner_in(std::string_view key)
{
    for (const std::string_view family : record_families) {
        if (key.starts_with(family)) {
            return key.substr(family.size());
        }
    }
    return key.substr(values.size(), key.find('\0') - values.size());
}

Result<void> add_values(const pairs::Reader& database, const fs::path& folder, const std::set<std::string>& owners,
                        Found& found)
{
    std::vector<pairs::KeyRange> ranges;
    for (const std::string& owner : owners) {
        ranges.push_back({beginning_of_values(owner), std::string(values) + owner + '\1'});
    }
    std::string owner;
    StorageKey parsed;
    return database.each_in(ranges, [&](std::string_view key, std::string_view value) {
        if (owner_in(key) != owner) {
            owner = owner_in(key);
            parsed = parse_storage_key(owner).value_or(StorageKey());
        }
        Item item;
        item.name = decoded(key.substr(values.size() + owner.size() + 1));
        item.host = host_of(parsed.origin);
        item.partition = parsed.top_level_site;
        item.label = fmt::format("entry {} of {}", item.name, parsed.origin);
        item.bytes = key.size() + value.size();
        item.traits = StorageEntry{token_times(decoded(value, longest_value))};
        item.pieces.push_back(pair_piece(folder, key));
        found.items.push_back(std::move(item));
    });
}

/// One item for each owner: what tells when and how much.
Result<void> add_records(const pairs::Reader& database, const fs::path& folder, const std::set<std::string>& owners,
                         Found& found)
{
    std::vector<pairs::KeyRange> ranges;
    for (const std::string_view family : record_families) {
        for (const std::string& owner : owners) {
            ranges.push_back(pairs::range_of(std::string(family) + owner));
        }
    }
    std::map<std::string, Item, std::less<>> records;
    TRY(database.each_in(ranges, [&](std::string_view key, std::string_view value) {
        Item& item = records[std::string(owner_in(key))];
        item.bytes += key.size() + value.size();
        item.pieces.push_back(pair_piece(folder, key));
    }));
    for (auto& [owner, item] : records) {
        const auto parsed = parse_storage_key(owner).value_or(StorageKey());
        item.host = host_of(parsed.origin);
        item.partition = parsed.top_level_site;
        item.label = "record of use of " + parsed.origin;
        found.items.push_back(std::move(item));
    }
    return {};
}

void add_former(const fs::path& folder, const std::string& owner, Found& found)
{
    const std::string beginning = std::string(values) + owner;
    found.former.push_back({folder.string(), beginning + '\0', beginning + '\1'});
    for (const std::string_view family : record_families) {
        const std::string key = std::string(family) + owner;
        found.former.push_back({folder.string(), key, key + '\0'});
    }
}

}  // namespace

Found find_local_storage(const fs::path& folder, const Site& site)
{
    Found found;
    look_into(folder, site, "VERSION", "1", found, [&](const pairs::Reader& database) -> Result<void> {
        TRY_ASSIGN(const auto owners, owners_in(database, site));
        TRY(add_values(database, folder, owners, found));
        TRY(add_records(database, folder, owners, found));
        for (const std::string& owner : owners) {
            add_former(folder, owner, found);
        }
        return {};
    });
    return found;
}

}  // namespace unstick
