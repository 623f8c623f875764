#include "profiles/chromium/simple_cache.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/hash.h"
#include "finders/small_files.h"

namespace unstick::simple_cache {

namespace {

constexpr std::uint64_t entry_magic = 0xfcfb6d1ba7725c30;
constexpr std::size_t header_size = 24;
constexpr std::size_t unpadded_header_size =
    20;  // of older browsers built for 32 bits: without the last, unused number
constexpr std::size_t first_read = 512;
constexpr std::size_t first_read_of_wanted = 4096;  ///< most entries fit into it as a whole
constexpr std::size_t longest_key = 1U << 20U;
constexpr std::size_t stem_size = 16;

template <class Number>
Number number_at(std::string_view bytes, std::size_t offset)
{
    Number number{};
    std::memcpy(&number, bytes.data() + offset, sizeof(number));  // the format and every machine of ours: little-endian
    return number;
}

bool is_stem(std::string_view text)
{
    return text.size() == stem_size && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

constexpr std::array<std::string_view, 3> suffixes{"_0", "_1", "_s"};

/// 1 for `_0`, 2 for `_1`, 4 for `_s`; 0 if it is not the name of an entry's file.
unsigned part_of(std::string_view name)
{
    for (std::size_t i = 0; i < suffixes.size(); ++i) {
        if (name.ends_with(suffixes[i])) {
            return is_stem(name.substr(0, name.size() - suffixes[i].size())) ? 1U << i : 0;
        }
    }
    return 0;
}

/// What a browser that crashed left of a removed entry, `todelete_<stem>_0_<number>` or under a name at random, still
/// holds its key and content. Each such file stands for itself.
constexpr std::string_view doomed = "todelete_";

/// An entry by the names of its files, which are the folder's listing's.
struct Stem {
    std::string_view name;  ///< of a removed entry: of the whole file
    const char* first_file = nullptr;
    unsigned parts = 0;  ///< as part_of; 0 for a removed entry

    std::vector<std::string> files() const
    {
        std::vector<std::string> files{first_file};
        for (std::size_t i = static_cast<std::size_t>(std::countr_zero(parts)) + 1; i < suffixes.size(); ++i) {
            if ((parts & (1U << i)) != 0) {
                files.push_back(std::string(name) + std::string(suffixes.at(i)));
            }
        }
        return files;
    }
};

/// The entries of a folder by their file names. Most have one file alone: only the others' have to be brought together.
std::vector<Stem> stems_of(const std::vector<files::Entry>& names)
{
    std::vector<Stem> stems;
    stems.reserve(names.size());
    std::vector<Stem> second;
    for (const auto& entry : names) {
        const std::string_view name = entry.name;
        if (entry.type != files::Type::file) {
            continue;
        }
        if (name.starts_with(doomed)) {
            stems.push_back({name, entry.name.c_str(), 0});
        } else if (const unsigned part = part_of(name); part != 0) {
            (part == 1 ? stems : second).push_back({name.substr(0, stem_size), entry.name.c_str(), part});
        }
    }
    // The first file of each that has no `_0` comes first.
    std::sort(second.begin(), second.end(),
              [](const Stem& a, const Stem& b) { return std::tie(a.name, a.parts) < std::tie(b.name, b.parts); });
    for (Stem& stem : stems) {
        const auto by_name = [](const Stem& a, const Stem& b) { return a.name < b.name; };
        const auto [begin, end] = std::equal_range(second.begin(), second.end(), stem, by_name);
        for (auto other = begin; other != end && stem.parts != 0; ++other) {
            stem.parts |= std::exchange(other->parts, 0U);
        }
    }
    for (const Stem& other : second) {
        if (other.parts != 0 && !stems.empty() && stems.back().name == other.name) {
            stems.back().parts |= other.parts;
        } else if (other.parts != 0) {
            stems.push_back(other);
        }
    }
    return stems;
}

/// An open file, and what of it is in memory.
struct EntryFile {
    const files::Input& file;
    std::string_view start;
    std::uint64_t size = 0;  ///< of the whole file
};

/// Stream 0 of an entry, what the cache's user keeps about it, from its file `<stem>_0`. Empty if it is not understood,
/// or is larger than this. Errors: denied, io: it could not be read.
Result<std::string> stream_0(const EntryFile& entry, std::uint64_t largest)
{
    // The file ends with the stream, the SHA-256 of the key if flag 2 says so, and the end record: u64 magic, u32
    // flags, u32 checksum, u32 size of the stream, and 4 bytes of padding that older browsers for 32 bits lack.
    constexpr std::uint64_t end_magic = 0xf4fa6f45970d41d8;
    constexpr std::uint32_t has_key_hash = 2;
    const std::uint64_t file_size = entry.size;
    const auto bytes_at = [&](std::uint64_t offset, std::size_t size) -> Result<std::string> {
        if (offset + size <= entry.start.size()) {
            return std::string(entry.start.substr(offset, size));
        }
        std::string bytes(size, '\0');
        return entry.file.read(offset, bytes).map([&](std::size_t read) {
            bytes.resize(read);
            return bytes;
        });
    };
    for (const std::size_t end_size : {24U, 20U}) {
        if (file_size < unpadded_header_size + end_size) {
            continue;
        }
        TRY_ASSIGN(const auto end, bytes_at(file_size - end_size, end_size));
        if (end.size() != end_size || number_at<std::uint64_t>(end, 0) != end_magic) {
            continue;
        }
        const std::uint64_t size = number_at<std::uint32_t>(end, 16);
        const bool has_hash = (number_at<std::uint32_t>(end, 8) & has_key_hash) != 0;
        const std::uint64_t behind = size + end_size + (has_hash ? SHA256_DIGEST_LENGTH : 0);
        const bool fits = size <= largest && unpadded_header_size + behind <= file_size;
        auto content = fits ? bytes_at(file_size - behind, size) : std::string();
        return content && content->size() != size ? std::string() : content;
    }
    return {};
}

/// What was seen by one thread.
struct Scanned {
    std::vector<Entry> entries;  ///< the wanted ones
    std::size_t not_understood = 0;
};

/// One thread's look through the entries of a folder.
class Scan {
public:
    Scan(const files::Folder& folder, const Query& query) : folder_(folder), query_(query) {}

    void look_at(const Stem& stem)
    {
        const auto file = folder_.open_file(stem.first_file);
        const auto likely = file ? read_key(*file) : std::nullopt;
        if (file && start_.empty() && file->size().value_or(1) == 0) {
            return;  // of a browser that was cut off: it holds nothing
        }
        if (likely && !likely->is_doubtful && !query_.wanted(likely->key)) {
            return;
        }
        std::size_t needed = 0;
        const auto expected = stem.parts == 0 ? std::string_view() : stem.name;
        const auto key = likely ? key_of_entry(start_, expected, &needed) : std::nullopt;
        if (!key) {
            ++scanned_.not_understood;
        } else if (query_.wanted(*key)) {
            add(stem, *key, *file);
        }
    }

    Scanned take() { return std::move(scanned_); }

private:
    /// The key, in `start_`: not proved by the file's name yet. Nothing if the file is not an entry.
    std::optional<LikelyKey> read_key(const files::Input& file)
    {
        std::size_t needed = last_was_wanted_ ? first_read_of_wanted : first_read;
        std::optional<LikelyKey> likely;
        for (int attempt = 0; attempt < 2 && needed > 0; ++attempt) {  // most keys fit into the first read
            buffer_.resize(std::max(buffer_.size(), needed));
            const auto size = file.read(0, {buffer_.data(), needed});
            start_ = std::string_view(buffer_).substr(0, size.value_or(0));
            is_whole_ = size && *size < needed;
            likely = likely_key(start_, &needed);
        }
        last_was_wanted_ = false;
        return likely;
    }

    void add(const Stem& stem, std::string_view key, const files::Input& file)
    {
        const Result<std::uint64_t> size = is_whole_ ? Result<std::uint64_t>(start_.size()) : file.size();
        Entry entry{.key = std::string(key), .files = stem.files(), .bytes = size.value_or(0), .record = {}};
        for (std::size_t i = 1; i < entry.files.size(); ++i) {
            const auto found = folder_.info(entry.files[i].c_str());
            entry.bytes += found ? found->size : 0;
        }
        if (query_.largest_record > 0) {
            entry.record = size.and_then([&](std::uint64_t whole) {
                return stream_0({file, start_, whole}, query_.largest_record);
            });
        }
        scanned_.entries.push_back(std::move(entry));
        last_was_wanted_ = true;
    }

    const files::Folder& folder_;
    const Query& query_;
    Scanned scanned_;
    std::string buffer_;
    std::string_view start_;
    bool is_whole_ = false;         ///< `start_` is all of the file
    bool last_was_wanted_ = false;  ///< then the next one is likely to be, too
};

}  // namespace

HttpKey parse_http_key(std::string_view key)
{
    HttpKey parsed;
    // "<credentials>/<upload id>/" or, older, "<credentials>/".
    for (int prefix = 0; prefix < 2; ++prefix) {
        const auto end = std::find_if(key.begin(), key.end(), [](char c) { return c < '0' || c > '9'; });
        const auto digits = static_cast<std::size_t>(end - key.begin());
        if (digits == 0 || digits == key.size() || key[digits] != '/') {
            break;
        }
        key.remove_prefix(digits + 1);
    }
    parsed.url = key;
    constexpr std::string_view double_keyed = "_dk_";
    if (!key.starts_with(double_keyed)) {
        return parsed;
    }
    key.remove_prefix(double_keyed.size());
    for (const std::string_view marker : {"s_", "cn_"}) {  // a sub-frame document; a cross-site navigation
        if (key.starts_with(marker)) {
            key.remove_prefix(marker.size());
        }
    }
    const std::size_t first = key.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : key.find(' ', first + 1);
    if (second == std::string_view::npos) {
        return parsed;
    }
    parsed.top_site = key.substr(0, first);
    parsed.frame_site = key.substr(first + 1, second - first - 1);
    parsed.url = key.substr(second + 1);
    return parsed;
}

std::string stem_of_key(std::string_view key)
{
    return fmt::format("{:016x}", number_at<std::uint64_t>(sha1(key), 0));
}

std::optional<LikelyKey> likely_key(std::string_view start, std::size_t* needed)
{
    *needed = 0;
    if (start.size() < header_size || number_at<std::uint64_t>(start, 0) != entry_magic) {
        return std::nullopt;
    }
    const auto version = number_at<std::uint32_t>(start, 8);
    const auto length = number_at<std::uint32_t>(start, 12);
    if (version < 5 || version > 9 || length == 0 || length > longest_key) {
        return std::nullopt;
    }
    if (start.size() < header_size + length) {
        *needed = header_size + length;
        return std::nullopt;
    }
    return LikelyKey{start.substr(header_size, length), number_at<std::uint32_t>(start, unpadded_header_size) != 0};
}

std::optional<std::string_view> key_of_entry(std::string_view start, std::string_view stem, std::size_t* needed)
{
    const auto likely = likely_key(start, needed);
    if (!likely || stem.empty() || stem_of_key(likely->key) == stem) {
        return likely ? std::optional(likely->key) : std::nullopt;
    }
    const auto unpadded = start.substr(unpadded_header_size, likely->key.size());
    return stem_of_key(unpadded) == stem ? std::optional(unpadded) : std::nullopt;
}

Result<std::vector<Entry>> find_entries(const files::fs::path& folder_path, const Query& query,
                                        std::vector<Error>& problems)
{
    TRY_ASSIGN(const auto folder, files::Folder::open(folder_path));
    TRY_ASSIGN(const auto names, folder.list());
    std::vector<Stem> stems = stems_of(names);
    stems.resize(std::min(stems.size(), query.most));
    Scanned all;
    for (Scanned& part : read_small_files(stems.size(), [&](Numbers& numbers) {
             Scan scan(folder, query);
             while (const auto i = numbers.next()) {
                 scan.look_at(stems[*i]);
             }
             return scan.take();
         })) {
        std::move(part.entries.begin(), part.entries.end(), std::back_inserter(all.entries));
        all.not_understood += part.not_understood;
    }
    if (all.not_understood > 0) {
        problems.push_back(
            {Code::corrupt, folder_path.string(),
             fmt::format("{} of {} cache entries could not be read and were left", all.not_understood, stems.size()),
             "the browser drops broken entries by itself"});
    }
    // A folder lists its names in any order; a plan does not depend on it.
    std::sort(all.entries.begin(), all.entries.end(), [](const Entry& a, const Entry& b) { return a.files < b.files; });
    return std::move(all.entries);
}

}  // namespace unstick::simple_cache
