// `storage`: a folder for each origin, below one for each way of keeping. In it a folder for each kind of data, and
// files that say whose it is. Source: docs/formats-firefox.md, "Storage of an origin".

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "finders/listing.h"
#include "finders/small_files.h"
#include "platform/files.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/local_storage.h"
#include "profiles/gecko/origin_metadata.h"

namespace unstick {

namespace {

using gecko::Origin;

/// Where origins have their folders. What a private window has is gone with it, and does not say whose it is.
constexpr std::array repositories{"default", "permanent", "temporary"};

struct OriginFolder {
    fs::path repository;
    std::string name;

    fs::path path() const { return repository / name; }
};

/// Whose a folder is.
struct StoredOrigin {
    Origin origin;
    std::optional<std::int64_t> used;
};

/// What one thread has seen.
struct Seen {
    std::vector<std::pair<const OriginFolder*, StoredOrigin>> owned;
    std::vector<Error> problems;
};

/// Says the folder's own file whose it is, that counts; else its name does. If both say it and not the same, it is
/// nobody's to take: an error. None: no origin of a site's (the browser's own), or not known.
Result<std::optional<StoredOrigin>> owner_of(const OriginFolder& folder)
{
    constexpr std::uint64_t largest = 1U << 16U;
    const auto named = gecko::parse_origin_folder(folder.name);
    const auto content = files::read_file(folder.path() / ".metadata-v2", largest);
    if (!content && content.error().code != Code::not_found && !named) {
        return tl::unexpected<Error>(content.error());
    }
    const auto metadata = content ? gecko::parse_origin_metadata(*content) : std::nullopt;
    if (metadata && named && metadata->origin.text() != named->text()) {
        return fail(Code::corrupt, folder.path().string(),
                    "its name and its file .metadata-v2 name different origins; it was left");
    }
    if (metadata) {
        return StoredOrigin{metadata->origin, metadata->used};
    }
    if (named) {
        return StoredOrigin{*named, std::nullopt};
    }
    const bool is_sites = folder.name.starts_with("http");
    if (is_sites && !holds_nothing(folder.path())) {
        return fail(Code::corrupt, folder.path().string(), "it does not say whose data it holds; it was left");
    }
    return std::nullopt;
}

Seen look_into(const std::vector<OriginFolder>& folders, const Site& site, Numbers& numbers)
{
    Seen seen;
    while (const auto i = numbers.next()) {
        const OriginFolder& folder = folders[*i];
        auto owner = owner_of(folder);
        if (!owner) {
            seen.problems.push_back(owner.error());
        } else if (*owner && gecko::owns(site, (*owner)->origin)) {
            seen.owned.emplace_back(&folder, **owner);
        }
    }
    return seen;
}

std::string_view noun_of(std::string_view client)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> nouns{{
        {"ls", "local storage"},
        {"idb", "databases"},
        {"cache", "caches"},
        {"fs", "files"},
    }};
    const auto* const known =
        std::find_if(nouns.begin(), nouns.end(), [&](const auto& noun) { return noun.first == client; });
    return known == nouns.end() ? "other data" : known->second;
}

/// Is one of the databases no SQLite database? Then the browser cannot open it.
bool has_broken_database(const fs::path& path)
{
    constexpr std::string_view magic = "SQLite format 3";
    const auto folder = files::Folder::open(path);
    const auto names = folder ? folder->list() : tl::unexpected<Error>(folder.error());
    return names && std::any_of(names->begin(), names->end(), [&](const files::Entry& entry) {
               std::string start(magic.size(), '\0');
               const bool is_database = entry.type == files::Type::file && entry.name.ends_with(".sqlite");
               const auto read = is_database ? folder->read(entry.name.c_str(), 0, start) : 0;
               return is_database && read && *read > 0 && start != magic;
           });
}

Item item_of(std::string_view noun, const StoredOrigin& owner)
{
    Item item;
    item.host = owner.origin.host;
    item.name = owner.origin.text();
    item.partition = gecko::partition_of(owner.origin.attributes);
    item.label = fmt::format("{} of {}{}", noun, item.name, item.partition.empty() ? "" : " under " + item.partition);
    item.used = owner.used;
    return item;
}

void add_traits(const fs::path& folder, std::string_view client, Item& item)
{
    if (client == "ls") {
        gecko::add_local_storage_traits(folder / client / "data.sqlite", item);
    } else if (client == "idb") {
        item.traits = Database{.broken = has_broken_database(folder / client)};
    }
}

/// An item for each kind of data. The files beside them say whose it all is: one more.
void add_items(const OriginFolder& folder, const StoredOrigin& owner, Found& found)
{
    const std::string container = folder.repository.string();
    const auto entries = files::list(folder.path());
    if (!entries) {
        found.problems.push_back(entries.error());
        return;
    }
    Item record = item_of("record of use", owner);
    std::vector<std::string> clients;
    std::vector<std::string> files;
    for (const files::Entry& entry : *entries) {
        (entry.type == files::Type::folder ? clients : files).push_back(entry.name);
    }
    std::sort(clients.begin(), clients.end());
    std::sort(files.begin(), files.end());
    for (const std::string& client : clients) {
        Item item = item_of(noun_of(client), owner);
        item.bytes = files::tree_size(folder.path() / client);
        item.pieces.push_back({Medium::content, container, {}, folder.name + "/" + client});
        add_traits(folder.path(), client, item);
        found.items.push_back(std::move(item));
    }
    for (const std::string& file : files) {
        const auto info = files::info(folder.path() / file);
        record.bytes += info ? info->size : 0;
        record.pieces.push_back({Medium::content, container, {}, folder.name + "/" + file});
    }
    if (entries->empty()) {
        record.pieces.push_back({Medium::file, container, {}, folder.name});
    }
    if (!record.pieces.empty()) {
        found.items.push_back(std::move(record));
    }
}

}  // namespace

Found find_origin_storage(const fs::path& storage, const Site& site)
{
    Found found;
    std::vector<OriginFolder> folders;
    for (const char* repository : repositories) {
        for (std::string& name : to_look_at(folders_in(storage / repository, found), site)) {
            folders.push_back({storage / repository, std::move(name)});
        }
    }
    Seen all;
    for (Seen& part :
         read_small_files(folders.size(), [&](Numbers& numbers) { return look_into(folders, site, numbers); })) {
        all.owned.insert(all.owned.end(), part.owned.begin(), part.owned.end());
        all.problems.insert(all.problems.end(), part.problems.begin(), part.problems.end());
    }
    // Threads come back in any order; a plan does not depend on it.
    std::sort(all.owned.begin(), all.owned.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [folder, owner] : all.owned) {
        add_items(*folder, owner, found);
    }
    std::sort(all.problems.begin(), all.problems.end(),
              [](const Error& a, const Error& b) { return a.where < b.where; });
    found.problems.insert(found.problems.end(), all.problems.begin(), all.problems.end());
    return found;
}

}  // namespace unstick
