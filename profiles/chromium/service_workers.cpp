#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "base/epoch.h"
#include "base/protobuf.h"
#include "base/text.h"
#include "finders/leveldb_finder.h"
#include "finders/listing.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/simple_cache.h"
#include "profiles/chromium/storage_key.h"

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
    ServiceWorker worker = item.as<ServiceWorker>() != nullptr ? *item.as<ServiceWorker>() : ServiceWorker();
    worker.answers_pages =
        worker.answers_pages || (protobuf::number_in(registration, active_field).value_or(0) != 0 &&
                                 protobuf::number_in(registration, fetch_handler_field).value_or(0) != 0);
    if (const auto script = protobuf::bytes_in(registration, script_field)) {
        worker.script = *script;
    }
    if (const auto checked = protobuf::number_in(registration, last_check_field); checked && *checked > 0) {
        const std::int64_t seconds = from_microseconds_since_1601(*checked);
        worker.checked = std::min(worker.checked.value_or(seconds), seconds);
    }
    item.traits = std::move(worker);
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

/// What the registry holds of a site, by storage key.
class Registry {
public:
    Registry(const pairs::Reader& database, const fs::path& folder, const Site& site)
        : database_(database), folder_(folder), site_(site)
    {
    }

    Result<std::map<std::string, Owner>> owners()
    {
        TRY(each("INITDATA_UNIQUE_ORIGIN:", [&](std::string_view owner, std::string_view key, std::string_view value) {
            if (owns_storage_key(site_, owner)) {
                take(owners_[std::string(owner)], key, value);
            }
        }));
        TRY(each("REG:", [&](std::string_view rest, std::string_view key, std::string_view value) {
            take_registration(at_zero(rest), key, value);
        }));
        for (auto& [name, owner] : owners_) {
            TRY(take_what_it_names(owner));
        }
        // Families that end in an id of ours.
        TRY(take_by_id("REGID_TO_ORIGIN:", &Owner::registrations));
        TRY(take_by_id("REG_HAS_USER_DATA:", &Owner::registrations, true));
        TRY(take_by_id("URES:", &Owner::resources));
        TRY(take_by_id("PRES:", &Owner::resources));
        return std::move(owners_);
    }

private:
    using Visit = std::function<void(std::string_view rest, std::string_view key, std::string_view value)>;

    /// Every pair of a family; `rest` is the key without the family's name.
    Result<void> each(const std::string& family, const Visit& visit) const
    {
        return database_.each(family, [&](std::string_view key, std::string_view value) {
            visit(key.substr(family.size()), key, value);
        });
    }

    void take(Owner& owner, std::string_view key, std::string_view value) const
    {
        owner.item.bytes += key.size() + value.size();
        owner.item.pieces.push_back(pair_piece(folder_, key));
    }

    void take_registration(std::pair<std::string_view, std::string_view> owner_and_id, std::string_view key,
                           std::string_view value)
    {
        const auto [owner, id] = owner_and_id;
        if (!owns_storage_key(site_, owner)) {
            return;
        }
        Owner& ours = owners_[std::string(owner)];
        take(ours, key, value);
        add_traits(value, ours.item);
        if (is_number(id)) {
            ours.registrations.emplace(id);
        }
        if (const auto version = protobuf::number_in(value, version_id_field)) {
            ours.versions.insert(std::to_string(*version));
        }
    }

    /// The resources of its versions, and what pages stored with its registrations.
    Result<void> take_what_it_names(Owner& owner) const
    {
        const std::string zero(1, '\0');
        for (const std::string& version : owner.versions) {
            TRY(each("RES:" + version + zero, [&](std::string_view id, std::string_view key, std::string_view value) {
                take(owner, key, value);
                if (is_number(id)) {
                    owner.resources.emplace(id);
                }
            }));
        }
        for (const std::string& id : owner.registrations) {
            TRY(each("REG_USER_DATA:" + id + zero,
                     [&](std::string_view, std::string_view key, std::string_view value) { take(owner, key, value); }));
        }
        return {};
    }

    /// The id is all of the rest, or `after_zero` only what stands behind a zero byte in it.
    Result<void> take_by_id(const std::string& family, std::set<std::string> Owner::*ids, bool after_zero = false)
    {
        return each(family, [&](std::string_view rest, std::string_view key, std::string_view value) {
            const std::string id(after_zero ? at_zero(rest).second : rest);
            for (auto& [name, owner] : owners_) {
                if ((owner.*ids).contains(id)) {
                    take(owner, key, value);
                }
            }
        });
    }

    const pairs::Reader& database_;
    const fs::path& folder_;
    const Site& site_;
    std::map<std::string, Owner> owners_;
};

}  // namespace

Found find_service_workers(const fs::path& folder, const Site& site)
{
    const fs::path registry = folder / "Database";
    Found found;
    look_into(registry, site, "INITDATA_DB_VERSION", "2", found, [&](const pairs::Reader& database) -> Result<void> {
        TRY_ASSIGN(auto owners, Registry(database, registry, site).owners());
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
