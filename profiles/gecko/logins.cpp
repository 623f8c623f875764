// Saved logins: `logins.json` and the copy of it that Firefox goes back to when it is gone or cannot be read. Source:
// docs/formats-firefox.md, "Saved logins".

#include "finders/json_finder.h"
#include "profiles/gecko/finders.h"
#include "web/url.h"

namespace unstick {

namespace {

constexpr int known_version = 3;
constexpr const char* comes_back =
    "A saved login was synchronised: Firefox Sync may bring it back. Remove it in Firefox, too, if it does.";

std::optional<std::int64_t> seconds_in(const json_file::Json& login, const char* name)
{
    const auto* const value = json_file::find(login, json_file::pointer_to("", name));
    return value != nullptr && value->is_number() ? std::optional(value->get<std::int64_t>() / 1000) : std::nullopt;
}

/// A login of the site, if it is one that is sent by the browser itself (`is_http`), or one that is typed into a form.
std::optional<Item> item_of(const json_file::Json& login, const Site& site, bool is_http)
{
    const std::string origin = text_in(login, "hostname");
    const auto* const realm = json_file::find(login, "/httpRealm");
    const bool has_realm = realm != nullptr && realm->is_string();
    if (has_realm != is_http || !site.owns_url(origin)) {
        return std::nullopt;
    }
    Item item;
    item.host = std::string(host_of(origin));
    item.label = (is_http ? "saved sign-in of " : "saved form login of ") + origin;
    item.created = seconds_in(login, "timeCreated");
    item.used = seconds_in(login, "timeLastUsed");
    if (is_http) {
        item.traits = HttpLogin{origin, realm->get<std::string>()};
    }
    return item;
}

Found find_logins(const fs::path& file, const Site& site, bool is_http)
{
    Found found;
    const auto document = read_json(file, found);
    if (!document || !has_version(*document, known_version, file, found)) {
        return found;
    }
    bool is_synchronised = false;
    const auto wanted = [&](const json_file::Json& login) {
        auto item = item_of(login, site, is_http);
        const auto* const synced = json_file::find(login, "/everSynced");
        is_synchronised |= item && synced != nullptr && *synced == true;
        return item;
    };
    add_elements(*document, file, "/logins", {"guid", "hostname", "httpRealm"}, wanted, found);
    if (is_synchronised) {
        found.notes.emplace_back(comes_back);
    }
    return found;
}

}  // namespace

Found find_gecko_http_logins(const fs::path& file, const Site& site)
{
    return find_logins(file, site, true);
}

Found find_gecko_form_logins(const fs::path& file, const Site& site)
{
    return find_logins(file, site, false);
}

}  // namespace unstick
