#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "../text.h"
#include "finders.h"
#include "leveldb_finder.h"
#include "listing.h"
#include "protobuf.h"
#include "simple_cache.h"
#include "storage_key.h"

namespace unstick {

namespace {

// In a registration: f1 id, f2 scope, f3 script, f4 version id, f5 active, f6 has a fetch handler, f7 when the browser
// last looked for a newer script (microseconds since 1601).
constexpr std::uint32_t script_field = 3;
constexpr std::uint32_t version_id_field = 4;
constexpr std::uint32_t active_field = 5;
constexpr std::uint32_t fetch_handler_field = 6;
constexpr std::uint32_t last_check_field = 7;

/// Everything that one storage key has in the registry.
struct Owner {
    Item item;
    std::set<std::string> registrations;  ///< ids, decimal
    std::set<std::string> versions;
    std::set<std::string> resources;
};

/// "<a>\0<b>" -> a, b.
std::pair<std::string_view, std::string_view> at_zero(std::string_view text)
{
    const std::size_t zero = text.find('\0');
    return zero == std::string_view::npos ? std::pair(text, std::string_view())
                                          : std::pair(text.substr(0, zero), text.substr(zero + 1));
}

/// What rules want to know of a registration; of several, the one that was looked after least.
void add_traits(std::string_view registration, Item& item)
{
    constexpr std::int64_t from_1601_s = 11644473600;
    item.type = ItemType::service_worker;
    item.answers_pages =
        item.answers_pages || (protobuf::number_in(registration, active_field).value_or(0) != 0 &&
                               protobuf::number_in(registration, fetch_handler_field).value_or(0) != 0);
    if (const auto script = protobuf::bytes_in(registration, script_field)) {
        item.script = *script;
    }
    if (const auto checked = protobuf::number_in(registration, last_check_field); checked && *checked > 0) {
        const std::int64_t seconds = static_cast<std::int64_t>(*checked / 1000000) - from_1601_s;
        item.changed = std::min(item.changed.value_or(seconds), seconds);
    }
}

/// The script files of a resource: entries of a Simple cache whose keys are the resource's number.
void add_scripts(Owner& owner, const fs::path& script_cache)
{
    for (const std::string& resource : owner.resources) {
        const std::string stem = simple_cache::stem_of_key(resource);
        for (const char* suffix : {"_0", "_1", "_s"}) {
            owner.item.bytes += add_if_there(owner.item, script_cache, stem + suffix, files::Type::file);
        }
    }
}

}  // namespace

Found find_service_workers(const fs::path& folder, const Site& site)
{
    const fs::path registry = folder / "Database";
    Found found;
    look_into(registry, "INITDATA_DB_VERSION", "2", found, [&](const pairs::Reader& database) -> Result<void> {
        std::map<std::string, Owner> owners;
        const auto take = [&](Owner& owner, std::string_view key, std::string_view value) {
            owner.item.bytes += key.size() + value.size();
            owner.item.pieces.push_back(pair_piece(registry, key));
        };
        Result<void> done;
        const auto each = [&](std::string_view family, const auto& visit) {
            if (done) {
                done = database.each(family, [&](std::string_view key, std::string_view value) {
                    visit(key.substr(family.size()), key, value);
                });
            }
        };
        each("INITDATA_UNIQUE_ORIGIN:", [&](std::string_view owner, std::string_view key, std::string_view value) {
            if (owns_storage_key(site, owner)) {
                take(owners[std::string(owner)], key, value);
            }
        });
        each("REG:", [&](std::string_view rest, std::string_view key, std::string_view value) {
            const auto [owner, id] = at_zero(rest);
            if (owns_storage_key(site, owner)) {
                Owner& ours = owners[std::string(owner)];
                take(ours, key, value);
                add_traits(value, ours.item);
                if (is_number(id)) {
                    ours.registrations.emplace(id);
                }
                if (const auto version = protobuf::number_in(value, version_id_field)) {
                    ours.versions.insert(std::to_string(*version));
                }
            }
        });
        for (auto& [name, entry] : owners) {
            Owner& owner = entry;
            for (const std::string& version : owner.versions) {
                const std::string family = "RES:" + version + std::string(1, '\0');
                each(family, [&](std::string_view resource, std::string_view key, std::string_view value) {
                    take(owner, key, value);
                    if (is_number(resource)) {
                        owner.resources.emplace(resource);
                    }
                });
            }
            for (const std::string& id : owner.registrations) {
                each("REG_USER_DATA:" + id + std::string(1, '\0'),
                     [&](std::string_view, std::string_view key, std::string_view value) { take(owner, key, value); });
            }
        }
        // Families that end in an id of ours.
        const auto take_by_id = [&](std::string_view family, bool after_zero, const auto& ids_of) {
            each(family, [&](std::string_view rest, std::string_view key, std::string_view value) {
                const std::string id(after_zero ? at_zero(rest).second : rest);
                for (auto& [name, owner] : owners) {
                    if (ids_of(owner).contains(id)) {
                        take(owner, key, value);
                    }
                }
            });
        };
        const auto registrations = [](const Owner& owner) -> const auto&
        {
            return owner.registrations;
        };
        const auto resources = [](const Owner& owner) -> const auto&
        {
            return owner.resources;
        };
        take_by_id("REGID_TO_ORIGIN:", false, registrations);
        take_by_id("REG_HAS_USER_DATA:", true, registrations);
        take_by_id("URES:", false, resources);
        take_by_id("PRES:", false, resources);
        if (!done) {
            return done;
        }
        for (auto& [name, owner] : owners) {
            add_scripts(owner, folder / "ScriptCache");
            const auto parsed = parse_storage_key(name);
            owner.item.host = host_of(parsed->origin);
            owner.item.partition = parsed->top_level_site;
            owner.item.label = "service worker of " + parsed->origin;
            found.items.push_back(std::move(owner.item));
        }
        return {};
    });
    return found;
}

}  // namespace unstick
