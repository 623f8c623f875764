#include "simple_cache.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <span>
#include <unordered_map>

#include "digests.h"
#include "threads.h"

namespace unstick::simple_cache {

namespace {

constexpr std::uint64_t entry_magic = 0xfcfb6d1ba7725c30;
constexpr std::size_t header_size = 24;
constexpr std::size_t unpadded_header_size =
    20;  // of older browsers built for 32 bits: without the last, unused number
constexpr std::size_t first_read = 512;
constexpr std::size_t longest_key = 1U << 20U;
constexpr std::size_t stem_size = 16;
constexpr std::size_t entries_per_thread = 500;  // below that a thread costs more than it saves

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

struct Stem {
    std::string name;    ///< of a removed entry: of the whole file
    unsigned parts = 0;  ///< as part_of; 0 for a removed entry

    std::vector<std::string> files() const
    {
        std::vector<std::string> files;
        for (std::size_t i = 0; i < suffixes.size(); ++i) {
            if ((parts & (1U << i)) != 0) {
                files.push_back(name + std::string(suffixes[i]));
            }
        }
        return parts == 0 ? std::vector{name} : files;
    }
};

/// The entries of a folder by their file names.
std::vector<Stem> stems_of(const std::vector<files::Entry>& names)
{
    std::unordered_map<std::string_view, std::size_t> index;
    index.reserve(names.size());
    std::vector<Stem> stems;
    for (const auto& entry : names) {
        const std::string_view name = entry.name;
        if (entry.type != files::Type::file) {
            continue;
        }
        if (name.starts_with(doomed)) {
            stems.push_back({entry.name, 0});
        } else if (const unsigned part = part_of(name); part != 0) {
            const std::string_view stem = name.substr(0, stem_size);
            const auto [place, is_new] = index.try_emplace(stem, stems.size());
            if (is_new) {
                stems.push_back({std::string(stem), 0});
            }
            stems[place->second].parts |= part;
        }
    }
    return stems;
}

/// Reads the key of one entry into `buffer`. std::nullopt if the file is not an entry.
std::optional<std::string_view> read_key(const files::Folder& folder, const Stem& stem, std::string& buffer)
{
    const std::string file = stem.files().front();
    const auto expected = stem.parts == 0 ? std::string_view() : std::string_view(stem.name);
    std::size_t needed = first_read;
    std::optional<std::string_view> key;
    for (int attempt = 0; attempt < 2 && needed > 0; ++attempt) {  // most keys fit into the first read
        buffer.resize(std::max(buffer.size(), needed));
        const auto read = folder.read(file.c_str(), 0, {buffer.data(), needed});
        key = read ? key_of_entry({buffer.data(), *read}, expected, &needed) : std::nullopt;
    }
    return key;
}

struct Scanned {
    std::vector<Entry> entries;  ///< the wanted ones
    std::size_t not_understood = 0;
};

Scanned scan(const files::Folder& folder, std::span<const Stem> stems,
             const std::function<bool(std::string_view key)>& wanted)
{
    Scanned scanned;
    std::string buffer;
    for (const Stem& stem : stems) {
        const auto key = read_key(folder, stem, buffer);
        if (!key) {
            ++scanned.not_understood;
        } else if (wanted(*key)) {
            Entry entry{std::string(*key), stem.files(), 0};
            for (const std::string& file : entry.files) {
                const auto found = folder.info(file.c_str());
                entry.bytes += found ? found->size : 0;
            }
            scanned.entries.push_back(std::move(entry));
        }
    }
    return scanned;
}

}  // namespace

HttpKey parse_http_key(std::string_view key)
{
    HttpKey parsed;
    // "<credentials>/<upload id>/" or, older, "<credentials>/".
    for (int prefix = 0; prefix < 2; ++prefix) {
        const std::size_t digits = std::min(key.find_first_not_of("0123456789"), key.size());
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

std::optional<std::string_view> key_of_entry(std::string_view start, std::string_view stem, std::size_t* needed)
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
    const auto key = start.substr(header_size, length);
    if (stem.empty() || stem_of_key(key) == stem) {
        return key;
    }
    const auto unpadded = start.substr(unpadded_header_size, length);
    return stem_of_key(unpadded) == stem ? std::optional(unpadded) : std::nullopt;
}

Result<std::vector<Entry>> find_entries(const files::fs::path& folder_path,
                                        const std::function<bool(std::string_view key)>& wanted,
                                        std::vector<Error>& problems)
{
    const auto folder = files::Folder::open(folder_path);
    const auto names = folder ? folder->list() : tl::unexpected<Error>(folder.error());
    if (!names) {
        return tl::unexpected<Error>(names.error());
    }
    const std::vector<Stem> stems = stems_of(*names);
    const std::size_t threads = threads_for(stems.size() / entries_per_thread);
    std::vector<Scanned> parts(threads);
    // Neighbours stay with one thread: files that follow each other in a folder share what the system locks.
    in_threads(threads, [&](std::size_t i) {
        const std::size_t begin = stems.size() * i / threads;
        const std::size_t end = stems.size() * (i + 1) / threads;
        parts[i] = scan(*folder, std::span(stems).subspan(begin, end - begin), wanted);
    });
    Scanned all;
    for (Scanned& part : parts) {
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

Result<std::string> stream_0(const files::Folder& folder, const std::string& file, std::uint64_t largest)
{
    // The file ends with the stream, the SHA-256 of the key if flag 2 says so, and the end record: u64 magic, u32
    // flags, u32 checksum, u32 size of the stream, and 4 bytes of padding that older browsers for 32 bits lack.
    constexpr std::uint64_t end_magic = 0xf4fa6f45970d41d8;
    constexpr std::uint32_t has_key_hash = 2;
    const auto info = folder.info(file.c_str());
    if (!info && info.error().code != Code::not_found) {
        return tl::unexpected<Error>(info.error());
    }
    if (!info || info->type != files::Type::file) {
        return {};
    }
    const auto bytes_at = [&](std::uint64_t offset, std::size_t size) -> Result<std::string> {
        std::string bytes(size, '\0');
        return folder.read(file.c_str(), offset, bytes).map([&](std::size_t read) {
            bytes.resize(read);
            return bytes;
        });
    };
    for (const std::size_t end_size : {24U, 20U}) {
        if (info->size < unpadded_header_size + end_size) {
            continue;
        }
        const auto end = bytes_at(info->size - end_size, end_size);
        if (!end) {
            return end;
        }
        if (end->size() != end_size || number_at<std::uint64_t>(*end, 0) != end_magic) {
            continue;
        }
        const std::uint64_t size = number_at<std::uint32_t>(*end, 16);
        const bool has_hash = (number_at<std::uint32_t>(*end, 8) & has_key_hash) != 0;
        const std::uint64_t behind = size + end_size + (has_hash ? SHA256_DIGEST_LENGTH : 0);
        const bool fits = size <= largest && unpadded_header_size + behind <= info->size;
        auto content = fits ? bytes_at(info->size - behind, size) : std::string();
        return content && content->size() != size ? std::string() : content;
    }
    return {};
}

}  // namespace unstick::simple_cache
