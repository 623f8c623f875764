#include "profiles/webkit/legacy_storage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/hash.h"
#include "finders/listing.h"
#include "finders/sql_table.h"
#include "platform/files.h"
#include "profiles/webkit/local_storage.h"
#include "web/url.h"

namespace unstick {

namespace {

std::string label_of(std::string_view noun, const std::string& client, const std::string& top)
{
    return fmt::format("{} of {}{}", noun, client, top == client ? "" : " under " + top);
}

// --- Service workers ------------------------------------------------------------------------------

constexpr std::array worker_owners{SqlColumn{"origin", owns_url}, SqlColumn{"topOrigin", owns_identifier}};
constexpr std::array worker_tables{SqlTable{
    .table = "Records",
    .owners = worker_owners,
    .host = "origin",
    .partition = "topOrigin",
    .noun = "service worker",
    .traits = SqlServiceWorker{.script = "scriptURL", .checked = "lastUpdateCheckTime"},
}};
constexpr SqlDatabase workers{worker_tables, 0, 0, VersionIn::user_version};
constexpr int oldest_workers = 4;
constexpr int newest_workers = 8;

/// "8" of "ServiceWorkerRegistrations-8.sqlite3".
std::string_view version_in(std::string_view name)
{
    constexpr std::string_view prefix = "ServiceWorkerRegistrations-";
    constexpr std::string_view suffix = ".sqlite3";
    if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() < prefix.size() + suffix.size()) {
        return {};
    }
    return name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
}

/// The scripts kept under top-level origins, each given out once.
class Scripts {
public:
    explicit Scripts(const fs::path& folder)
        : folder_(folder / "Scripts/V1"), salt_(files::read_file(folder_ / "salt", largest_salt))
    {
    }

    void add_to(Item& item, const std::string& top)
    {
        const std::string name = salt_ ? base64url(sha256(*salt_ + top)) : "";
        if (salt_ && given_.insert(name).second) {
            item.bytes += add_if_there(item, folder_, name, files::Type::folder);
        }
    }

private:
    static constexpr std::uint64_t largest_salt = 64;
    fs::path folder_;
    Result<std::string> salt_;
    std::set<std::string> given_;
};

/// What the row says, in the words of a person; with the scripts, if all under the row's top-level origin go.
void complete(Item& item, const Site& site, Scripts& scripts)
{
    const std::string client = item.host;
    const std::string top = origin_of_identifier(item.partition).value_or(client);
    item.label = label_of("service worker", client, top);
    item.host = host_of(client);
    item.partition = top == client ? "" : top;
    if (site.owns_url(top)) {
        scripts.add_to(item, top);
    }
}

}  // namespace

Found find_webkit_local_storage(const fs::path& folder, const Site& site)
{
    Found found;
    // A database and its companions are one thing.
    std::map<std::string, std::set<std::string>> by_origin;
    for (const std::string& name : files_in(folder, found)) {
        const std::size_t end = name.rfind(".localstorage");
        const auto origin = origin_of_identifier(std::string_view(name).substr(0, end));
        if (end != std::string::npos && origin && site.owns_url(*origin)) {
            by_origin[*origin].insert(name);
        }
    }
    for (const auto& [origin, names] : by_origin) {
        Item item;
        item.label = "local storage of " + origin;
        item.host = host_of(origin);
        item.name = origin;
        for (const std::string& name : names) {
            item.bytes += files::tree_size(folder / name);
            item.pieces.push_back({Medium::file, folder.string(), {}, name});
            if (name.ends_with(".localstorage")) {
                add_local_storage_traits(folder / name, item);
            }
        }
        found.items.push_back(std::move(item));
    }
    return found;
}

Found find_webkit_indexed_db(const fs::path& folder, const Site& site)
{
    Found found;
    const auto add = [&](const fs::path& version, const std::string& name, const std::string& client,
                         const std::string& top) {
        Item item;
        item.label = label_of("databases", client, top);
        item.bytes = files::tree_size(version / name);
        item.host = host_of(client);
        item.partition = top == client ? "" : top;
        item.pieces.push_back({Medium::file, version.string(), {}, name});
        found.items.push_back(std::move(item));
    };
    for (const fs::path& version : {folder, folder / "v0", folder / "v1"}) {
        for (const std::string& name : to_look_at(folders_in(version, found), site)) {
            const auto top = origin_of_identifier(name);
            if (!top) {
                continue;
            }
            if (site.owns_url(*top)) {
                add(version, name, *top, *top);
                continue;
            }
            for (const std::string& below : folders_in(version / name, found)) {
                const auto client = origin_of_identifier(below);
                if (client && site.owns_url(*client)) {
                    add(version, name + "/" + below, *client, *top);
                }
            }
        }
    }
    return found;
}

Found find_webkit_service_workers(const fs::path& folder, const Site& site)
{
    Found found;
    Scripts scripts(folder);
    const auto entries = files::list(folder);
    if (!entries) {
        found.present = entries.error().code != Code::not_found;
        if (found.present) {
            found.problems.push_back(entries.error());
        }
        return found;
    }
    for (const auto& entry : *entries) {
        const std::string number(version_in(entry.name));
        if (number.empty()) {
            continue;
        }
        found.present = true;
        const fs::path file = folder / entry.name;
        if (is_empty_file(file)) {
            continue;
        }
        if (number.size() == 1 && number[0] < '0' + oldest_workers) {
            found.notes.push_back(
                fmt::format("{} is of an older browser, and none of today reads it: it was left.", file.string()));
            continue;
        }
        if (number.size() != 1 || number[0] < '0' + oldest_workers || number[0] > '0' + newest_workers) {
            found.problems.push_back({Code::unsupported, file.string(),
                                      "this version of service worker registrations is not known to this unstick",
                                      "nothing in it was touched; a newer unstick may know it"});
            continue;
        }
        found.version += (found.version.empty() ? "" : ", ") + number;
        Found rows = find_sql_rows(file, site, workers);
        for (Item& item : rows.items) {
            complete(item, site, scripts);
            found.items.push_back(std::move(item));
        }
        found.problems.insert(found.problems.end(), rows.problems.begin(), rows.problems.end());
    }
    return found;
}

}  // namespace unstick
