#include "webkit_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "../files.h"
#include "../text.h"
#include "../url.h"
#include "listing.h"
#include "webkit_string.h"

namespace unstick {

namespace fs = std::filesystem;

namespace webkit {

namespace {

constexpr std::size_t hash_size = 20;

std::string read_hash(ByteReader& reader)
{
    std::string digits = hex(reader.bytes(hash_size));
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    return digits;
}

}  // namespace

std::optional<CacheRecord> parse_cache_record(std::string_view start)
{
    constexpr double latest = 1e12;
    ByteReader reader(start);
    CacheRecord record;
    record.version = reader.little<std::uint32_t>();
    if (record.version < oldest_cache || record.version > newest_cache) {
        return std::nullopt;
    }
    record.partition = read_string(reader).value_or("");
    record.type = read_string(reader).value_or("");
    record.identifier = read_string(reader).value_or("");
    record.range = read_string(reader);
    record.key_hash = read_hash(reader);
    record.partition_hash = read_hash(reader);
    const auto written = reader.little<double>();
    reader.bytes(hash_size);
    record.header_size = reader.little<std::uint64_t>();
    record.body_hash = read_hash(reader);
    record.body_size = reader.little<std::uint64_t>();
    record.body_in_blob = reader.little<std::uint8_t>() == 0;
    record.written = std::abs(written) < latest ? static_cast<std::int64_t>(written) : 0;
    return reader.ok() ? std::optional(std::move(record)) : std::nullopt;
}

}  // namespace webkit

namespace {

using webkit::CacheRecord;

constexpr std::string_view blob_suffix = "-blob";

/// A folder `Version N/Records/<partition hash>/<type>`.
struct RecordFolder {
    fs::path path;
    std::string below_cache;  ///< the same path from the cache's folder on
    std::string partition_hash;
    std::string type;
};

/// A file in `Version N/Blobs`, by the records that share it.
struct Blob {
    std::optional<std::size_t> item;  ///< of the site, with this body
    bool is_others = false;           ///< a record that stays has this body too
};

/// One look through a cache.
class Search {
public:
    Search(const fs::path& cache, const Site& site) : cache_(cache), site_(site) {}

    Found run() &&
    {
        for (const std::string& version : folders_in(cache_, found_)) {
            look_into_version(version);
        }
        if (not_understood_ > 0) {
            found_.problems.push_back({Code::corrupt, cache_.string(),
                                       fmt::format("{} of {} cache records could not be read and were left",
                                                   not_understood_, not_understood_ + understood_),
                                       "the browser drops broken records by itself"});
        }
        return std::move(found_);
    }

private:
    void look_into_version(const std::string& name)
    {
        constexpr std::string_view prefix = "Version ";
        const std::string number = name.starts_with(prefix) ? name.substr(prefix.size()) : "";
        if (!is_number(number)) {
            return;
        }
        std::uint32_t version = 0;
        std::from_chars(number.data(), number.data() + number.size(), version);
        if (version < webkit::oldest_cache || version > webkit::newest_cache) {
            found_.problems.push_back({Code::unsupported, (cache_ / name).string(),
                                       fmt::format("version {} of the cache is not known to this unstick", number),
                                       "empty the cache in the browser's settings if the login stays stuck"});
            return;
        }
        found_.version += (found_.version.empty() ? "" : ", ") + number;
        const std::string records = name + "/Records";
        for (const std::string& partition : folders_in(cache_ / records, found_)) {
            for (const std::string& type : folders_in(cache_ / records / partition, found_)) {
                const std::string below = fmt::format("{}/{}/{}", records, partition, type);
                look_into_records({cache_ / below, below, partition, type});
            }
        }
        add_blobs(name + "/Blobs/");
    }

    void look_into_records(const RecordFolder& place)
    {
        const auto folder = files::Folder::open(place.path);
        const auto entries = folder ? folder->list() : tl::unexpected<Error>(folder.error());
        if (!entries) {
            found_.problems.push_back(entries.error());
            return;
        }
        std::set<std::string> names;
        for (const auto& entry : *entries) {
            if (entry.type == files::Type::file) {
                names.insert(entry.name);
            }
        }
        for (const std::string& name : names) {
            if (name.ends_with(blob_suffix)) {
                continue;
            }
            const auto record = read_record(*folder, place, name);
            ++(record ? understood_ : not_understood_);
            const bool wanted = record && is_wanted(*record);
            if (wanted) {
                add(*folder, place, *record, names.contains(name + std::string(blob_suffix)));
            }
            if (record && record->body_in_blob) {
                Blob& blob = blobs_[record->body_hash];
                blob.item = wanted ? std::optional(found_.items.size() - 1) : blob.item;
                blob.is_others = blob.is_others || !wanted;
            }
        }
    }

    /// The browser would remove bodies without records, but only when it starts.
    void add_blobs(const std::string& below_cache)
    {
        for (const auto& [name, blob] : blobs_) {
            if (blob.item && !blob.is_others && files::info(cache_ / (below_cache + name))) {
                found_.items[*blob.item].pieces.push_back({Medium::file, cache_.string(), {}, below_cache + name});
            }
        }
        blobs_.clear();
    }

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

    void add(const files::Folder& folder, const RecordFolder& place, const CacheRecord& record, bool has_blob)
    {
        Item item;
        item.label = label_of(record);
        item.host = host_of(record.identifier);
        item.partition = record.partition;
        item.created = record.written;
        std::vector<std::string> names{record.key_hash};
        if (has_blob) {  // a forgotten one would stay for good
            names.push_back(record.key_hash + std::string(blob_suffix));
        }
        for (const std::string& name : names) {
            const auto info = folder.info(name.c_str());
            item.bytes += info ? info->size : 0;
            item.pieces.push_back({Medium::file, cache_.string(), {}, place.below_cache + "/" + name});
        }
        found_.items.push_back(std::move(item));
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
    Found found_;
    std::map<std::string, Blob> blobs_;  ///< of one version, by their names
    std::string buffer_;
    std::size_t understood_ = 0;
    std::size_t not_understood_ = 0;
};

}  // namespace

Found find_webkit_cache(const fs::path& folder, const Site& site)
{
    return Search(folder, site).run();
}

}  // namespace unstick
