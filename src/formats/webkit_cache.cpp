#include "webkit_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <iterator>
#include <map>

#include "../files.h"
#include "../text.h"
#include "../url.h"
#include "listing.h"
#include "threads.h"

namespace unstick {

namespace fs = std::filesystem;

namespace {

using webkit::CacheRecord;

constexpr std::string_view blob_suffix = "-blob";

/// A folder `Version N/Records/<partition hash>/<type>`.
struct RecordFolder {
    fs::path path;
    std::string below_cache;  ///< the same path from the cache's folder on
    std::string partition_hash;
    std::string type;
    std::vector<std::string> names;  ///< of the records in it
};

/// Some of a folder's records: Safari has many folders, GNOME Web only one.
struct Slice {
    const RecordFolder* place = nullptr;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// What was seen in some of a version's folders.
struct Seen {
    struct Body {
        std::string name;  ///< in `Version N/Blobs`
        std::size_t item = 0;
    };
    std::vector<Item> items;          ///< of the site
    std::vector<Body> bodies;         ///< of these items, if they lie in `Blobs`
    std::vector<std::string> others;  ///< names of bodies that records have which stay
    std::vector<Error> problems;
    std::size_t understood = 0;
    std::size_t not_understood = 0;

    void add(Seen&& more)
    {
        for (Body& body : more.bodies) {
            bodies.push_back({std::move(body.name), body.item + items.size()});
        }
        std::move(more.items.begin(), more.items.end(), std::back_inserter(items));
        std::move(more.others.begin(), more.others.end(), std::back_inserter(others));
        std::move(more.problems.begin(), more.problems.end(), std::back_inserter(problems));
        understood += more.understood;
        not_understood += more.not_understood;
    }
};

/// One look through folders of records.
class Search {
public:
    Search(const fs::path& cache, const Site& site) : cache_(cache), site_(site) {}

    void look_into(const Slice& slice)
    {
        const RecordFolder& place = *slice.place;
        const auto folder = files::Folder::open(place.path);
        if (!folder) {
            seen_.problems.push_back(folder.error());
            return;
        }
        for (std::size_t i = slice.begin; i < slice.end; ++i) {
            auto record = read_record(*folder, place, place.names[i]);
            ++(record ? seen_.understood : seen_.not_understood);
            const bool wanted = record && is_wanted(*record);
            if (wanted) {
                add(*folder, place, *record);
            }
            if (record && record->body_in_blob && wanted) {
                seen_.bodies.push_back({std::move(record->body_hash), seen_.items.size() - 1});
            } else if (record && record->body_in_blob) {
                seen_.others.push_back(std::move(record->body_hash));
            }
        }
    }

    Seen take() { return std::move(seen_); }

private:
    /// Reads no more of a record than what is needed: its beginning, mostly in one go. That its own hashes are the
    /// names on its way proves that it was understood.
    std::optional<CacheRecord> read_record(const files::Folder& folder, const RecordFolder& place,
                                           const std::string& name)
    {
        for (const std::size_t size : {std::size_t{512}, std::size_t{1U << 20U}}) {
            buffer_.resize(std::max(buffer_.size(), size));
            const auto read = folder.read(name.c_str(), 0, {buffer_.data(), size});
            auto record = webkit::parse_cache_record({buffer_.data(), read.value_or(0)});
            if (record) {
                const bool fits = record->key_hash == name && record->partition_hash == place.partition_hash &&
                                  record->type == place.type;
                return fits ? std::move(record) : std::nullopt;
            }
            if (read.value_or(0) < size) {
                break;  // there is no more of it
            }
        }
        return std::nullopt;
    }

    bool is_wanted(const CacheRecord& record) const
    {
        return site_.owns_url(record.identifier) || site_.owns_partition("https://" + record.partition);
    }

    void add(const files::Folder& folder, const RecordFolder& place, const CacheRecord& record)
    {
        Item item;
        item.label = label_of(record);
        item.host = host_of(record.identifier);
        item.partition = record.partition;
        item.created = record.written;
        for (const std::string& name : {record.key_hash, record.key_hash + std::string(blob_suffix)}) {
            const auto info = folder.info(name.c_str());
            const bool is_there = info && info->type == files::Type::file;
            item.bytes += is_there ? info->size : 0;
            if (is_there || name == record.key_hash) {  // a body that is forgotten would stay for good
                item.pieces.push_back({Medium::file, cache_.string(), {}, place.below_cache + "/" + name});
            }
        }
        seen_.items.push_back(std::move(item));
    }

    /// The URL without what may be a secret: query, and whatever stands before the host.
    static std::string label_of(const CacheRecord& record)
    {
        const std::string_view url = record.identifier;
        const std::string_view scheme = url.substr(0, url.find("://") + 3);
        const std::string_view host = host_of(url);
        if (host.empty()) {
            return "cached response";
        }
        const std::string_view rest = url.substr(static_cast<std::size_t>(host.data() - url.data()));
        const std::string label = fmt::format("{}{}{}", scheme, url[url.size() - rest.size() - 1] == '[' ? "[" : "",
                                              rest.substr(0, rest.find_first_of("?#")));
        return record.type == "SubResources" ? "list of what was loaded by " + label : label;
    }

    const fs::path& cache_;
    const Site& site_;
    Seen seen_;
    std::string buffer_;
};

/// All folders of a version's records.
std::vector<RecordFolder> folders_of(const fs::path& cache, const std::string& version, Found& found)
{
    std::vector<RecordFolder> folders;
    const std::string records = version + "/Records";
    for (const std::string& partition : folders_in(cache / records, found)) {
        for (const std::string& type : folders_in(cache / records / partition, found)) {
            const std::string below = fmt::format("{}/{}/{}", records, partition, type);
            auto names = files_in(cache / below, found);
            std::erase_if(names, [](const std::string& name) { return name.ends_with(blob_suffix); });
            folders.push_back({cache / below, below, partition, type, std::move(names)});
        }
    }
    return folders;
}

/// All of them, by as many threads as the computer runs at once.
Seen look_into(const std::vector<RecordFolder>& folders, const fs::path& cache, const Site& site)
{
    constexpr std::size_t longest = 256;
    std::vector<Slice> slices;
    for (const RecordFolder& folder : folders) {
        for (std::size_t begin = 0; begin < folder.names.size(); begin += longest) {
            slices.push_back({&folder, begin, std::min(begin + longest, folder.names.size())});
        }
    }
    std::vector<Seen> parts(threads_for(slices.size()));
    std::atomic<std::size_t> next = 0;
    in_threads(parts.size(), [&](std::size_t part) {
        Search search(cache, site);
        for (std::size_t i = next++; i < slices.size(); i = next++) {
            search.look_into(slices[i]);
        }
        parts[part] = search.take();
    });
    Seen all;
    for (Seen& part : parts) {
        all.add(std::move(part));
    }
    return all;
}

/// Each thing that goes, by the file of its record: threads come back in any order, and a plan does not depend on it.
const std::string& key_of(const Item& item)
{
    return item.pieces.front().key;
}

/// The browser would remove bodies without records, but only when it starts. A body goes with one of its items.
void add_bodies(Seen& seen, const fs::path& cache, const std::string& below_cache)
{
    std::map<std::string_view, Item*> by_name;
    for (const auto& [name, index] : seen.bodies) {
        Item*& item = by_name[name];
        item = item == nullptr || key_of(seen.items[index]) < key_of(*item) ? &seen.items[index] : item;
    }
    if (!by_name.empty()) {
        std::sort(seen.others.begin(), seen.others.end());
    }
    for (const auto& [name, item] : by_name) {
        const std::string file = below_cache + std::string(name);
        if (!std::binary_search(seen.others.begin(), seen.others.end(), name)) {
            add_if_there(*item, cache, file, files::Type::file);  // its size is in the record
        }
    }
}

void look_into_version(const fs::path& cache, const std::string& name, const Site& site, Found& found)
{
    constexpr std::string_view prefix = "Version ";
    const std::string number = name.starts_with(prefix) ? name.substr(prefix.size()) : "";
    if (!is_number(number)) {
        return;
    }
    std::uint32_t version = 0;
    std::from_chars(number.data(), number.data() + number.size(), version);
    if (version < webkit::oldest_cache || version > webkit::newest_cache) {
        found.problems.push_back({Code::unsupported, (cache / name).string(),
                                  fmt::format("version {} of the cache is not known to this unstick", number),
                                  "empty the cache in the browser's settings if the login stays stuck"});
        return;
    }
    found.version += (found.version.empty() ? "" : ", ") + number;
    Seen seen = look_into(folders_of(cache, name, found), cache, site);
    add_bodies(seen, cache, name + "/Blobs/");
    found.problems.insert(found.problems.end(), seen.problems.begin(), seen.problems.end());
    if (seen.not_understood > 0) {
        found.problems.push_back({Code::corrupt, (cache / name).string(),
                                  fmt::format("{} of {} cache records could not be read and were left",
                                              seen.not_understood, seen.not_understood + seen.understood),
                                  "the browser drops broken records by itself"});
    }
    std::sort(seen.items.begin(), seen.items.end(), [](const Item& a, const Item& b) { return key_of(a) < key_of(b); });
    std::move(seen.items.begin(), seen.items.end(), std::back_inserter(found.items));
}

}  // namespace

Found find_webkit_cache(const fs::path& folder, const Site& site)
{
    Found found;
    for (const std::string& name : folders_in(folder, found)) {
        look_into_version(folder, name, site, found);
    }
    return found;
}

}  // namespace unstick
