#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "cached_answer.h"
#include "finders.h"
#include "simple_cache.h"

namespace unstick {

namespace {

using simple_cache::HttpKey;

enum class Backend { none, simple, blockfile, sql, unknown };

/// The backend by the first bytes of the file `index`, which every backend has.
Backend backend_of(const fs::path& folder)
{
    constexpr std::uint64_t largest_index = 16U << 20U;
    const auto index = files::read_file(folder / "index", largest_index);
    if (!index) {
        return index.error().code == Code::not_found ? Backend::none : Backend::unknown;
    }
    constexpr std::string_view simple = "\x30\x5c\x72\xa7\x1b\x6d\xfb\xfc";
    constexpr std::string_view blockfile = "\xc3\xca\x03\xc1";
    if (index->starts_with(simple)) {
        return Backend::simple;
    }
    if (index->starts_with(blockfile)) {
        return Backend::blockfile;
    }
    return index->starts_with("SQLCache") ? Backend::sql : Backend::unknown;
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

}  // namespace

Found find_http_cache(const fs::path& folder, const Site& site)
{
    Found found;
    switch (backend_of(folder)) {
        case Backend::none:
            return found;
        case Backend::simple:
            break;
        case Backend::blockfile:
        case Backend::sql:
            found.present = true;
            found.problems.push_back(
                {Code::unsupported, folder.string(),
                 "this kind of HTTP cache cannot be cleaned for one site yet; it was left as it is",
                 "empty the cache in the browser's settings if the login stays stuck"});
            return found;
        case Backend::unknown:
            found.present = true;
            found.problems.push_back({Code::unsupported, folder.string(),
                                      "the HTTP cache is of a kind that is not known; it was left as it is",
                                      "empty the cache in the browser's settings if the login stays stuck"});
            return found;
    }
    found.present = true;
    found.version = "simple";
    const auto wanted = [&](std::string_view key) {
        const HttpKey parsed = simple_cache::parse_http_key(key);
        return site.owns_url(parsed.url) || (!parsed.top_site.empty() && (site.owns_partition(parsed.top_site) ||
                                                                          site.owns_partition(parsed.frame_site)));
    };
    auto entries = simple_cache::find_entries(folder, wanted, found.problems);
    if (!entries) {
        found.problems.push_back(entries.error());
        return found;
    }
    for (const simple_cache::Entry& entry : *entries) {
        const HttpKey key = simple_cache::parse_http_key(entry.key);
        Item item;
        item.type = ItemType::cached_answer;
        item.name = bare_address(key.url);
        item.label = item.name.substr(0, item.name.find('?'));
        item.bytes = entry.bytes;
        item.host = host_of(key.url);
        item.partition = key.top_site;
        const CachedAnswer answer = read_cached_answer(simple_cache::record_of(folder / entry.files.front()));
        item.status = answer.status;
        item.location = answer.location;
        for (const std::string& file : entry.files) {
            item.pieces.push_back({Medium::file, folder.string(), {}, file});
        }
        found.items.push_back(std::move(item));
    }
    if (!found.items.empty()) {
        add_lookup_hints(folder, site, found);
    }
    return found;
}

}  // namespace unstick
