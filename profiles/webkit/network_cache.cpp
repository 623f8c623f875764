#include "profiles/webkit/network_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>

#include "base/text.h"
#include "finders/listing.h"
#include "finders/small_files.h"
#include "platform/files.h"
#include "web/url.h"

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

/// A record: Safari has many folders of them, GNOME Web only one.
struct RecordName {
    const RecordFolder* place = nullptr;
    const std::string* name = nullptr;
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

/// One look through records, of which those of one folder follow each other.
class Search {
public:
    Search(const fs::path& cache, const Site& site) : cache_(cache), site_(site) {}

    void look_into(const RecordName& file)
    {
        if (place_ != file.place) {
            place_ = file.place;
            folder_ = files::Folder::open(place_->path);
            if (!folder_) {
                seen_.problems.push_back(folder_.error());
            }
        }
        if (!folder_) {
            return;
        }
        bool is_empty = false;
        auto record = read_record(*file.name, is_empty);
        if (is_empty) {
            return;  // of a browser that was cut off: it holds nothing
        }
        ++(record ? seen_.understood : seen_.not_understood);
        const bool wanted = record && is_wanted(*record);
        if (wanted) {
            add(*record);
        }
        if (record && record->body_in_blob && wanted) {
            seen_.bodies.push_back({std::move(record->body_hash), seen_.items.size() - 1});
        } else if (record && record->body_in_blob) {
            seen_.others.push_back(std::move(record->body_hash));
        }
    }

    Seen take() { return std::move(seen_); }

private:
    /// Reads no more of a record than what is needed: its beginning, mostly in one go. That its own hashes are the
    /// names on its way proves that it was understood.
    std::optional<CacheRecord> read_record(const std::string& name, bool& is_empty)
    {
        const auto file = folder_->open_file(name.c_str());
        for (const std::size_t size : {std::size_t{512}, std::size_t{1U << 20U}}) {
            buffer_.resize(std::max(buffer_.size(), size));
            const auto read = file ? file->read(0, {buffer_.data(), size}) : 0;
            is_empty = read && *read == 0;
            auto record = webkit::parse_cache_record({buffer_.data(), read.value_or(0)});
            if (record) {
                const bool fits = record->key_hash == name && record->partition_hash == place_->partition_hash &&
                                  record->type == place_->type;
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

    void add(const CacheRecord& record)
    {
        Item item;
        item.label = label_of(record);
        item.host = host_of(record.identifier);
        item.partition = record.partition;
        item.created = record.written;
        for (const std::string& name : {record.key_hash, record.key_hash + std::string(blob_suffix)}) {
            const auto info = folder_->info(name.c_str());
            const bool is_there = info && info->type == files::Type::file;
            item.bytes += is_there ? info->size : 0;
            if (is_there || name == record.key_hash) {  // a body that is forgotten would stay for good
                item.pieces.push_back({Medium::file, cache_.string(), {}, place_->below_cache + "/" + name});
            }
        }
        seen_.items.push_back(std::move(item));
    }

    /// The URL without what may be a secret: query, and whatever stands before the host.
    static std::string label_of(const CacheRecord& record)
    {
        if (host_of(record.identifier).empty()) {
            return "cached response";
        }
        const std::string label = bare_url(record.identifier);
        return record.type == "SubResources" ? "list of what was loaded by " + label : label;
    }

    const fs::path& cache_;
    const Site& site_;
    const RecordFolder* place_ = nullptr;
    Result<files::Folder> folder_ = fail(Code::not_found, {}, {});
    Seen seen_;
    std::string buffer_;
};

/// 40 upper-case hex digits: the browser looks at no other file.
bool is_record_name(std::string_view name)
{
    constexpr std::size_t digits = 40;
    return name.size() == digits && name.find_first_not_of("0123456789ABCDEF") == name.npos;
}

/// The folders of a version's records that are to be looked into.
std::vector<RecordFolder> folders_of(const fs::path& cache, const std::string& version, const Site& site, Found& found)
{
    std::vector<RecordFolder> folders;
    const std::string records = version + "/Records";
    for (const std::string& partition : to_look_at(folders_in(cache / records, found), site)) {
        for (const std::string& type : folders_in(cache / records / partition, found)) {
            const std::string below = fmt::format("{}/{}/{}", records, partition, type);
            auto names = files_in(cache / below, found);
            std::erase_if(names, [](const std::string& name) { return !is_record_name(name); });
            folders.push_back({cache / below, below, partition, type, to_look_at(std::move(names), site)});
        }
    }
    return folders;
}

Seen look_into(const std::vector<RecordFolder>& folders, const fs::path& cache, const Site& site)
{
    std::vector<RecordName> files;
    for (const RecordFolder& folder : folders) {
        for (const std::string& name : folder.names) {
            files.push_back({&folder, &name});
        }
    }
    Seen all;
    for (Seen& part : read_small_files(files.size(), [&](Numbers& numbers) {
             Search search(cache, site);
             while (const auto i = numbers.next()) {
                 search.look_into(files[*i]);
             }
             return search.take();
         })) {
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
    if ((version < webkit::oldest_cache || version > webkit::newest_cache) && holds_nothing(cache / name / "Records")) {
        return;
    }
    if (version < webkit::oldest_cache) {
        found.notes.push_back(fmt::format("{} is of an older browser, and none of today reads it: it was left.",
                                          (cache / name).string()));
        return;
    }
    if (version > webkit::newest_cache) {
        found.problems.push_back({Code::unsupported, (cache / name).string(),
                                  fmt::format("version {} of the cache is not known to this unstick", number),
                                  "empty the cache in the browser's settings if the login stays stuck"});
        return;
    }
    found.version += (found.version.empty() ? "" : ", ") + number;
    Seen seen = look_into(folders_of(cache, name, site, found), cache, site);
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
