#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "containers/blockfile/cache.h"
#include "finders/listing.h"
#include "finders/name_search.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/http_cache_entry.h"
#include "profiles/chromium/simple_cache.h"
#include "profiles/chromium/sql_cache.h"

namespace unstick {

namespace {

using simple_cache::HttpKey;

enum class Backend { none, empty, simple, blockfile, sql, unknown };

/// The backend by the first bytes of the file `index`, which every backend has.
Backend backend_of(const fs::path& path)
{
    constexpr std::uint64_t largest_index = 16U << 20U;
    constexpr std::string_view simple = "\x30\x5c\x72\xa7\x1b\x6d\xfb\xfc";
    constexpr std::string_view blockfile = "\xc3\xca\x03\xc1";
    const auto folder = files::Folder::open(path);
    const auto info = folder.and_then([](const files::Folder& opened) { return opened.info("index"); });
    if (!info) {
        return info.error().code == Code::not_found ? Backend::none : Backend::unknown;
    }
    if (info->type == files::Type::file && info->size == 0) {
        return holds_nothing(path) ? Backend::empty : Backend::unknown;  // an encrypted one begins with nothing, too
    }
    std::string start(8, '\0');
    const auto read = info->type == files::Type::file ? folder->read("index", 0, start) : 0;
    if (!read || info->size > largest_index) {
        return Backend::unknown;
    }
    start.resize(*read);
    return start.starts_with(simple)       ? Backend::simple
           : start.starts_with(blockfile)  ? Backend::blockfile
           : start.starts_with("SQLCache") ? Backend::sql
                                           : Backend::unknown;
}

/// Chromium keeps beside the cache which queries make no difference (No-Vary-Search), with the URLs of all sites in
/// it. It is a hint for look-ups, made anew by the browser: with entries of the site gone it goes as a whole. Looking
/// for the name as plain text may take it away without need; nobody loses more than a hint.
void add_lookup_hints(const fs::path& folder, const Site& site, Found& found)
{
    constexpr std::uint64_t largest = 16U << 20U;
    const fs::path hints = folder.parent_path() / "No_Vary_Search";
    Item item;
    item.label = "look-up hints of the cache (of all sites; the browser makes them anew)";
    bool named = false;
    for (const char* name : {"snapshot.baf", "journal.baj"}) {
        const auto content = files::read_file(hints / name, largest);
        if (!content) {
            if (content.error().code != Code::not_found) {
                found.problems.push_back(content.error());
            }
            continue;
        }
        for (const std::string& domain : site.names()) {
            named = named || content->find(domain) != std::string::npos;
        }
        item.bytes += content->size();
        item.pieces.push_back({Medium::file, hints.string(), {}, name});
    }
    if (named) {
        found.items.push_back(std::move(item));
    }
}

/// Whether a key of the cache is the site's: the resource, the page or the frame is.
bool is_owned(const Site& site, std::string_view key)
{
    const HttpKey parsed = simple_cache::parse_http_key(key);
    return site.owns_url(parsed.url) ||
           (!parsed.top_site.empty() &&
            (site.owns_partition(parsed.top_site) ||
             (parsed.frame_site != parsed.top_site && site.owns_partition(parsed.frame_site))));
}

Item item_of(std::string_view key, std::uint64_t bytes)
{
    const HttpKey parsed = simple_cache::parse_http_key(key);
    Item item;
    item.traits = CachedResponse{};
    item.name = bare_address(parsed.url);
    item.label = item.name.substr(0, item.name.find('?'));
    item.bytes = bytes;
    item.host = host_of(parsed.url);
    item.partition = parsed.top_site;
    return item;
}

/// What the record that the cache keeps with an answer says of it.
void add_response(Item& item, std::string_view record)
{
    item.traits = read_cached_response(record);
}

void find_in_simple(const fs::path& folder, const Site& site, Found& found)
{
    found.version = "simple";
    const auto entries =
        simple_cache::find_entries(folder,
                                   {.wanted = [&](std::string_view key) { return is_owned(site, key); },
                                    .largest_record = 256U << 10U,
                                    .most = entries_to_look_at(site)},
                                   found.problems);
    if (!entries) {
        found.problems.push_back(entries.error());
        return;
    }
    for (const simple_cache::Entry& entry : *entries) {
        Item item = item_of(entry.key, entry.bytes);
        if (entry.record) {
            add_response(item, *entry.record);
        } else {  // the entry can go all the same
            found.problems.push_back(entry.record.error());
        }
        for (const std::string& file : entry.files) {
            item.pieces.push_back({Medium::file, folder.string(), {}, file});
        }
        found.items.push_back(std::move(item));
    }
}

void find_in_sql(const fs::path& folder, const Site& site, Found& found)
{
    found.version = "sql";
    for (sql_cache::Entry& entry : sql_cache::find_entries(
             folder, [&](std::string_view key) { return is_owned(site, key); }, found.problems)) {
        Item item = item_of(entry.key, entry.bytes);
        add_response(item, entry.head);
        item.pieces = std::move(entry.pieces);
        found.items.push_back(std::move(item));
    }
}

void find_in_blockfile(const fs::path& folder, const Site& site, Found& found)
{
    found.version = "blockfile";
    const NameSearch names(site);
    const auto entries =
        blockfile_cache::list(folder, [&](std::string_view key) { return names.is_in(key) && is_owned(site, key); });
    if (!entries) {
        found.problems.push_back(entries.error());
        return;
    }
    for (const blockfile_cache::Entry& entry : *entries) {
        Item item = item_of(entry.key, entry.bytes);
        item.pieces.push_back({Medium::entry, folder.string(), {}, entry.key});
        found.items.push_back(std::move(item));
    }
}

void leave(const fs::path& folder, std::string what, Found& found)
{
    found.problems.push_back({Code::unsupported, folder.string(), std::move(what) + "; it was left as it is",
                              "remove the whole cache with --only cache --whole-cache"});
}

}  // namespace

Found find_http_cache(const fs::path& folder, const Site& site)
{
    Found found;
    found.present = true;
    switch (backend_of(folder)) {
        case Backend::none:
            found.present = false;
            break;
        case Backend::empty:
            break;
        case Backend::simple:
            find_in_simple(folder, site, found);
            break;
        case Backend::sql:
            find_in_sql(folder, site, found);
            break;
        case Backend::blockfile:
            find_in_blockfile(folder, site, found);
            break;
        case Backend::unknown:
            leave(folder, "the HTTP cache is of a kind that is not known", found);
            break;
    }
    if (!found.items.empty()) {
        add_lookup_hints(folder, site, found);
    }
    return found;
}

Found find_whole_http_cache(const fs::path& folder, const Site&)
{
    Found found;
    Item item;
    item.label = "the whole HTTP cache, of all sites";
    for (const fs::path& part : {folder, folder.parent_path() / "No_Vary_Search"}) {
        if (files::exists(part).value_or(true)) {
            item.bytes += files::tree_size(part);
            item.pieces.push_back({Medium::file, folder.parent_path().string(), {}, part.filename().string()});
        }
    }
    found.present = files::exists(folder).value_or(true);
    if (found.present) {
        found.items.push_back(std::move(item));
    }
    return found;
}

}  // namespace unstick
