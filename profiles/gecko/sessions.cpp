// What of a site is in Firefox's sessions: the last one, and the copies that it keeps of it and of earlier ones.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "finders/json_finder.h"
#include "finders/listing.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/origin.h"
#include "profiles/gecko/session_file.h"

namespace unstick {

namespace {

using gecko::Json;
using gecko::OriginAttributes;

/// Attributes as an object, in which the key of a partition is not encoded.
OriginAttributes attributes_of(const Json& cookie)
{
    OriginAttributes attributes;
    const auto* const object = json_file::find(cookie, "/originAttributes");
    if (object == nullptr || !object->is_object()) {
        return attributes;
    }
    const auto number = [&](const char* name) {
        const auto* const value = json_file::find(*object, json_file::pointer_to("", name));
        return value != nullptr && value->is_number_unsigned() ? value->get<std::uint32_t>() : 0U;
    };
    attributes.container = number("userContextId");
    attributes.is_private = number("privateBrowsingId") != 0;
    attributes.partition_site = gecko::site_of_partition_key(text_in(*object, "partitionKey"));
    attributes.first_party_domain = text_in(*object, "firstPartyDomain");
    return attributes;
}

bool is_true(const Json& object, const char* name)
{
    const auto* const value = json_file::find(object, json_file::pointer_to("", name));
    return value != nullptr && *value == true;
}

/// Of earlier sessions, whose cookies are sent by nobody, no more than that they are there.
Item cookie_item(const Json& cookie, const OriginAttributes& attributes, bool is_last)
{
    Item item;
    item.host = text_in(cookie, "host");
    item.name = text_in(cookie, "name");
    item.partition = gecko::partition_of(attributes);
    const std::string path = text_in(cookie, "path");
    const std::uint64_t value_size = text_in(cookie, "value").size();
    item.bytes = item.name.size() + value_size;
    item.label = fmt::format("session cookie {} of {}{}{}", item.name, item.host, path == "/" ? "" : path,
                             item.partition.empty() ? "" : " under " + item.partition);
    if (is_last) {
        item.traits = Cookie{.path = path,
                             .changed = {},
                             .value_size = value_size,
                             .secure = is_true(cookie, "secure"),
                             .persistent = false};
    }
    return item;
}

void add_cookies(const fs::path& file, const Json& session, const Site& site, bool is_last, Found& found)
{
    const auto* const cookies = json_file::find(session, gecko::cookies_pointer);
    if (cookies == nullptr || !cookies->is_array()) {
        return;
    }
    std::set<std::string> known;
    for (const Json& cookie : *cookies) {
        const OriginAttributes attributes = attributes_of(cookie);
        if (!cookie.is_object() ||
            !(site.owns_host(text_in(cookie, "host")) || gecko::owns_attributes(site, attributes))) {
            continue;
        }
        Json identity = Json::object();
        for (const char* const name : {"host", "name", "path", "originAttributes"}) {
            identity[name] = cookie.value(name, Json());
        }
        if (known.insert(identity.dump()).second) {
            Item item = cookie_item(cookie, attributes, is_last);
            item.pieces.push_back(
                {gecko::session_medium, file.string(), identity.dump(), std::string(gecko::cookies_pointer)});
            found.items.push_back(std::move(item));
        }
    }
}

/// The names of an object's members.
std::vector<std::string> names_in(const Json& object)
{
    std::vector<std::string> names;
    if (object.is_object()) {
        for (const auto& [name, value] : object.items()) {
            names.push_back(name);
        }
    }
    return names;
}

void add_storage(const fs::path& file, const Json& session, const Site& site, bool is_last, Found& found)
{
    bool has_pages = false;
    gecko::each_tab(session, [&](const Json& tab, const std::string& pointer) {
        const Json& entries = tab["entries"];
        has_pages |= std::any_of(entries.begin(), entries.end(),
                                 [&](const Json& entry) { return site.owns_url(text_in(entry, "url")); });
        const auto* const storage = json_file::find(tab, "/storage");
        if (storage == nullptr || !storage->is_object()) {
            return;
        }
        for (const auto& [key, values] : storage->items()) {
            const auto origin = gecko::parse_origin(key);
            if (!origin || !gecko::owns(site, *origin)) {
                continue;
            }
            Item item;
            item.host = origin->host;
            item.partition = gecko::partition_of(origin->attributes);
            item.label = fmt::format("session storage of {} in a tab{}", origin->text(),
                                     item.partition.empty() ? "" : " under " + item.partition);
            item.bytes = values.dump(-1, ' ', false, Json::error_handler_t::replace).size();
            item.traits = TabStorage{.names = names_in(values)};
            item.pieces.push_back(
                {gecko::session_medium, file.string(), {}, json_file::pointer_to(pointer + "/storage", key)});
            found.items.push_back(std::move(item));
        }
    });
    if (has_pages && is_last) {
        found.notes.emplace_back(
            "Tabs of the site stay in the session: if Firefox opens them again, they load the site again, with the "
            "addresses and the texts in forms that they had.");
    }
}

using AddFrom = void (*)(const fs::path& file, const Json& session, const Site& site, bool is_last, Found& found);

void look_into_session(const fs::path& file, const Site& site, bool is_last, AddFrom add, Found& found)
{
    if (is_empty_file(file)) {
        found.present = true;
        return;
    }
    const auto session = gecko::read_session(file);
    if (session) {
        found.present = true;
        add(file, *session, site, is_last, found);
    } else if (session.error().code != Code::not_found) {
        found.present = true;
        found.problems.push_back(session.error());
    }
}

Found find_in_last(const fs::path& file, const Site& site, AddFrom add)
{
    Found found;
    look_into_session(file, site, true, add, found);
    return found;
}

/// Copies, by whatever name: `recovery.jsonlz4`, `recovery.baklz4`, `previous.jsonlz4`, `upgrade.jsonlz4-2026...`.
/// After a crash the first is the last session.
Found find_in_copies(const fs::path& folder, const Site& site, AddFrom add)
{
    Found found;
    const bool has_last = files::exists(folder.parent_path() / "sessionstore.jsonlz4").value_or(true);
    for (const std::string& name : to_look_at(files_in(folder, found), site)) {
        if (name.find(".jsonlz4") != name.npos || name.find(".baklz4") != name.npos) {
            look_into_session(folder / name, site, !has_last && name == "recovery.jsonlz4", add, found);
        }
    }
    return found;
}

}  // namespace

Found find_gecko_session_cookies(const fs::path& file, const Site& site)
{
    return find_in_last(file, site, add_cookies);
}

Found find_gecko_session_cookies_in_copies(const fs::path& folder, const Site& site)
{
    return find_in_copies(folder, site, add_cookies);
}

Found find_gecko_session_storage(const fs::path& file, const Site& site)
{
    return find_in_last(file, site, add_storage);
}

Found find_gecko_session_storage_in_copies(const fs::path& folder, const Site& site)
{
    return find_in_copies(folder, site, add_storage);
}

}  // namespace unstick
