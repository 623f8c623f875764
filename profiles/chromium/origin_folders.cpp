#include <map>

#include "base/protobuf.h"
#include "base/text.h"
#include "finders/listing.h"
#include "platform/files.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/storage_key.h"

namespace unstick {

namespace {

void add_folder(Item& item, const fs::path& parent, const std::string& name)
{
    item.bytes += files::tree_size(parent / name);
    item.pieces.push_back({Medium::file, parent.string(), {}, name});
}

/// A LevelDB database begins with its file CURRENT, which names the manifest (doc/impl.md of LevelDB). If that is not
/// there nothing opens the database. Without CURRENT it is taken for new.
bool is_broken(const fs::path& database)
{
    constexpr std::uint64_t longest_name = 64;
    const auto current = files::read_file(database / "CURRENT", longest_name);
    if (!current) {
        return false;
    }
    const std::string manifest(trimmed(*current));
    const auto info = files::info(database / manifest);
    return !manifest.starts_with("MANIFEST-") || (!info && info.error().code == Code::not_found);
}

}  // namespace

Found find_indexed_db(const fs::path& folder, const Site& site)
{
    Found found;
    // `<origin id>.indexeddb.leveldb` and `.indexeddb.blob` are one thing: a record whose blob is missing makes the
    // browser hang. Newer Chromium: a folder `<origin id>` of SQLite files.
    std::map<std::string, Item> by_origin;
    for (const std::string& name : folders_in(folder, found)) {
        std::string_view identifier = name;
        for (const std::string_view suffix : {".indexeddb.leveldb", ".indexeddb.blob"}) {
            if (identifier.ends_with(suffix)) {
                identifier.remove_suffix(suffix.size());
            }
        }
        const auto origin = origin_of_identifier(identifier);
        if (origin && site.owns_url(*origin)) {
            Item& item = by_origin[*origin];
            item.label = "databases of " + *origin;
            item.name = *origin;
            const bool was_broken = item.as<Database>() != nullptr && item.as<Database>()->broken;
            item.traits = Database{was_broken || (name.ends_with(".leveldb") && is_broken(folder / name))};
            item.host = host_of(*origin);
            add_folder(item, folder, name);
        }
    }
    for (auto& [origin, item] : by_origin) {
        found.items.push_back(std::move(item));
    }
    return found;
}

Found find_cache_storage(const fs::path& folder, const Site& site)
{
    constexpr std::uint64_t largest_index = 16U << 20U;
    constexpr std::uint32_t origin_field = 2;
    constexpr std::uint32_t storage_key_field = 3;
    Found found;
    for (const std::string& name : to_look_at(folders_in(folder, found), site)) {
        const auto index = files::read_file(folder / name / "index.txt", largest_index);
        if (!index || index->empty()) {
            if (!index && index.error().code != Code::not_found) {
                found.problems.push_back(index.error());
            }
            continue;  // without an index Chromium takes the caches for empty
        }
        const auto origin = protobuf::bytes_in(*index, origin_field);
        const auto key = protobuf::bytes_in(*index, storage_key_field);
        if (!origin && !key) {
            found.problems.push_back({Code::corrupt,
                                      (folder / name / "index.txt").string(),
                                      "it does not say whose caches these are; they were left",
                                      {}});
            continue;
        }
        const std::string owner(key ? *key : *origin);
        if (owns_storage_key(site, owner)) {
            const auto parsed = parse_storage_key(owner);
            Item item;
            item.label = "caches of " + parsed->origin;
            item.host = host_of(parsed->origin);
            item.partition = parsed->top_level_site;
            add_folder(item, folder, name);
            found.items.push_back(std::move(item));
        }
    }
    return found;
}

}  // namespace unstick
