// `cache2`: Firefox's HTTP cache. An entry is one file; at its end it says what it is. Source: docs/formats-firefox.md,
// "HTTP cache".

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "containers/cache2_entry.h"
#include "finders/cached_headers.h"
#include "finders/listing.h"
#include "finders/name_search.h"
#include "finders/small_files.h"
#include "platform/files.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/origin.h"
#include "web/url.h"

namespace unstick {

namespace {

/// A folder of entries: `entries`; `doomed`, of those that are given up; `trash1`, of a cache that is being emptied.
struct EntryFolder {
    std::string name;
    std::vector<std::string> files;

    bool is_named_by_keys() const { return name == "entries"; }
};

/// What one thread has seen.
struct Seen {
    std::vector<Item> items;
    std::size_t understood = 0;
    std::size_t not_understood = 0;
};

/// What the cache knows of an answer.
CachedResponse response_of(const cache2::Entry& entry)
{
    CachedResponse response;
    std::string_view head = cache2::element(entry.elements, "response-head").value_or("");
    for (bool first = true; !head.empty(); first = false) {
        std::string_view line = head.substr(0, head.find('\n'));
        head.remove_prefix(std::min(line.size() + 1, head.size()));
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        if (first) {
            response.status = status_of_line(line);
        } else {
            add_header(line, entry.stored, response);
        }
    }
    return response;
}

/// Do the site's names stand in keys as they are? In attributes other signs than these are written with '%'.
bool has_plain_names(const Site& site)
{
    const auto names = site.names();
    return std::all_of(names.begin(), names.end(), [](const std::string& name) {
        return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._") == name.npos;
    });
}

/// One thread's look through a folder.
class Search {
public:
    Search(const fs::path& cache, const EntryFolder& place, const files::Folder& folder, const Site& site)
        : cache_(cache), place_(place), folder_(folder), site_(site), names_(site)
    {
    }

    void look_at(const std::string& name)
    {
        const auto file = folder_.open_file(name.c_str());
        const auto size = file ? file->size() : 0;
        if (file && size && *size == 0) {
            return;  // of a browser that was cut off: it holds nothing
        }
        const auto entry = file && size ? read_entry(*file, *size) : std::nullopt;
        const bool is_understood = entry && !cache2::url_of_key(entry->key).empty();
        const cache2::Key key =
            is_understood && may_be_owned(entry->key) ? cache2::parse_key(entry->key) : cache2::Key();
        const bool is_wanted = !key.url.empty() && is_owned(key);
        // Whether a file is what its name says is looked at only where it matters.
        const bool fits = !is_wanted || !place_.is_named_by_keys() || cache2::name_of_key(entry->key) == name;
        if (!is_understood || !fits) {
            ++seen_.not_understood;
            return;
        }
        ++seen_.understood;
        if (is_wanted) {
            add(name, *entry, key, *size);
        }
    }

    Seen take() { return std::move(seen_); }

private:
    /// Reads the end of a file, mostly in one go.
    std::optional<cache2::Entry> read_entry(const files::Input& file, std::uint64_t size)
    {
        std::size_t wanted = cache2::usual_end;
        for (int attempt = 0; attempt < 2 && wanted > 0; ++attempt) {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, size));
            buffer_.resize(std::max(buffer_.size(), length));
            const auto read = file.read(size - length, {buffer_.data(), length});
            if (!read || *read != length) {
                return std::nullopt;
            }
            if (auto entry = cache2::read_end({buffer_.data(), length}, size, &wanted)) {
                return entry;
            }
        }
        return std::nullopt;
    }

    /// False for most that are not the site's: all else takes longer.
    bool may_be_owned(std::string_view key) const { return !has_plain_names_ || names_.is_in(key); }

    bool is_owned(const cache2::Key& key) const
    {
        return site_.owns_url(address_of(key)) || gecko::owns_suffix(site_, key.attributes);
    }

    /// The list of a site's compression dictionaries has a key like an address.
    static std::string_view address_of(const cache2::Key& key)
    {
        constexpr std::string_view dictionaries = "dict:";
        return key.url.starts_with(dictionaries) ? key.url.substr(dictionaries.size()) : key.url;
    }

    void add(const std::string& name, const cache2::Entry& entry, const cache2::Key& key, std::uint64_t size)
    {
        Item item;
        item.traits = response_of(entry);
        item.name = bare_address(address_of(key));
        item.label = item.name.substr(0, item.name.find('?'));
        if (key.id.starts_with("predictor")) {
            item.label = "what is predicted of " + item.label;
            item.traits = {};
        }
        item.bytes = size;
        item.host = host_of(address_of(key));
        item.partition = gecko::partition_of_suffix(key.attributes);
        item.created = entry.stored;
        item.used = entry.fetched;
        item.pieces.push_back({Medium::cache2, cache_.string(), {}, place_.name + "/" + name});
        seen_.items.push_back(std::move(item));
    }

    const fs::path& cache_;
    const EntryFolder& place_;
    const files::Folder& folder_;
    const Site& site_;
    NameSearch names_;
    bool has_plain_names_ = has_plain_names(site_);
    Seen seen_;
    std::string buffer_;
};

std::vector<EntryFolder> folders_of(const fs::path& cache, const Site& site, Found& found)
{
    std::vector<EntryFolder> folders;
    for (const std::string& name : folders_in(cache, found)) {
        EntryFolder folder{name, {}};
        if (!folder.is_named_by_keys() && name != "doomed" && !name.starts_with("trash")) {
            continue;
        }
        folder.files = files_in(cache / name, found);
        std::erase_if(folder.files, [&](const std::string& file) {
            return folder.is_named_by_keys() && !cache2::is_entry_name(file);
        });
        folder.files = to_look_at(std::move(folder.files), site);
        folders.push_back(std::move(folder));
    }
    return folders;
}

void look_into(const fs::path& cache, const EntryFolder& place, const Site& site, Found& found)
{
    const auto folder = files::Folder::open(cache / place.name);
    if (!folder) {
        found.problems.push_back(folder.error());
        return;
    }
    Seen all;
    for (Seen& part : read_small_files(place.files.size(), [&](Numbers& numbers) {
             Search search(cache, place, *folder, site);
             while (const auto i = numbers.next()) {
                 search.look_at(place.files[*i]);
             }
             return search.take();
         })) {
        std::move(part.items.begin(), part.items.end(), std::back_inserter(all.items));
        all.understood += part.understood;
        all.not_understood += part.not_understood;
    }
    if (all.not_understood > 0) {
        found.problems.push_back({Code::corrupt, (cache / place.name).string(),
                                  fmt::format("{} of {} cache entries could not be read and were left",
                                              all.not_understood, all.not_understood + all.understood),
                                  "the browser drops broken entries by itself"});
    }
    // Threads come back in any order; a plan does not depend on it.
    std::sort(all.items.begin(), all.items.end(),
              [](const Item& a, const Item& b) { return a.pieces.front().key < b.pieces.front().key; });
    std::move(all.items.begin(), all.items.end(), std::back_inserter(found.items));
}

}  // namespace

Found find_cache2(const fs::path& cache, const Site& site)
{
    Found found;
    for (const EntryFolder& folder : folders_of(cache, site, found)) {
        look_into(cache, folder, site, found);
    }
    return found;
}

Found find_whole_cache2(const fs::path& cache, const Site&)
{
    Found found;
    found.present = files::exists(cache).value_or(true);
    if (found.present) {
        Item item;
        item.label = "the whole HTTP cache, of all sites";
        item.bytes = files::tree_size(cache);
        item.pieces.push_back({Medium::file, cache.parent_path().string(), {}, cache.filename().string()});
        found.items.push_back(std::move(item));
    }
    return found;
}

}  // namespace unstick
