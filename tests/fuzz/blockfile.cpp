// A blockfile cache in which numbers were changed: listing, taking an entry out, putting it back. An input is a row of
// changes of 8 bytes: where, whether the record's hash is switched off, offset (2 bytes), and the new number (4 bytes).

#include <algorithm>
#include <map>

#include "containers/blockfile/cache.h"
#include "containers/blockfile/layout.h"
#include "tests/fixtures/blockfile_cache.h"
#include "tests/fixtures/testing.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

using namespace unstick;
using namespace unstick::blockfile_cache;
using fuzz::check;

namespace {

using Files = std::map<std::string, std::string>;

/// A sound cache with a few entries, one of them in ranges.
const Files& sound_cache()
{
    static const Files made = [] {
        const fuzz::Place place("blockfile-base");
        testing::make_empty_blockfile(place.path());
        std::vector<Saved> entries;
        for (const char* key :
             {"https://a.test/1", "https://a.test/2", "https://b.test/", "Range_https://c.test/:5:0"}) {
            entries.push_back(testing::blockfile_entry(key, entries.size() + 1, {1100, 5000}));
            entries.back().list = static_cast<std::uint8_t>(entries.size() % 3);
        }
        entries.back().flags = entry_record::flag_child;
        check(insert(place.path(), entries, place.path()).has_value(), "the sound cache can be filled");
        Files files;
        for (const auto& file : fuzz::fs::directory_iterator(place.path())) {
            files[file.path().filename().string()] = testing::get(file.path());
        }
        return files;
    }();
    return made;
}

/// Offsets at which a bucket of the table is in use.
const std::vector<std::size_t>& buckets()
{
    static const std::vector<std::size_t> used = [] {
        std::vector<std::size_t> offsets;
        const std::string& index = sound_cache().at("index");
        for (std::size_t at = index_file::header_size; at + 4 <= index.size(); at += 4) {
            if (number_at<std::uint32_t>(index, at) != 0) {
                offsets.push_back(at);
            }
        }
        return offsets;
    }();
    return used;
}

void change(Files& files, std::string_view bytes)
{
    const auto where = static_cast<unsigned char>(bytes[0]) % 8U;
    const auto offset = number_at<std::uint16_t>(bytes, 2);
    const auto value = number_at<std::uint32_t>(bytes, 4);
    if (where == 0) {
        put_number(files["index"].data(), offset % (index_file::header_size - 4), value);
    } else if (where == 1) {
        put_number(files["index"].data(), buckets()[offset % buckets().size()], value);
    } else if (where < 6) {
        put_number(files["data_" + std::to_string(where - 2)].data(), offset % 120, value);
    } else {  // a record of data_0 or data_1
        constexpr std::size_t records = 8;
        std::string& file = files["data_" + std::to_string(where - 6)];
        const std::size_t size = where == 6 ? block_size(Kind::rankings) : block_size(Kind::block_256);
        const std::size_t at_hash = where == 6 ? node_record::at_self_hash : entry_record::at_self_hash;
        const std::size_t block = block_file::header_size + offset / size % records * size;
        put_number(file.data(), block + std::min(offset % size, size - 4), value);
        if (bytes[1] != 0) {
            put_number(file.data(), block + at_hash, std::uint32_t{0});
        }
    }
}

std::map<std::string, std::string> contents(const fuzz::fs::path& folder, const std::vector<std::string>& keys)
{
    std::map<std::string, std::string> packed;
    const auto saved = save(folder, keys);
    for (const Saved& entry : saved.value_or(std::vector<Saved>{})) {
        packed[entry.key] = pack(entry);
        const auto again = unpack(packed[entry.key]);
        check(again && pack(*again) == packed[entry.key], "a saved entry is what it was");
    }
    return packed;
}

std::vector<std::string> keys_of(const Result<std::vector<Entry>>& entries)
{
    std::vector<std::string> keys;
    for (const Entry& entry : *entries) {
        keys.push_back(entry.key);
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Place place("blockfile");
    (void)unpack(fuzz::text_of(data, size));
    Files files = sound_cache();
    for (std::string_view rest = fuzz::text_of(data, size); rest.size() >= 8; rest.remove_prefix(8)) {
        change(files, rest);
    }
    for (const auto& [name, content] : files) {
        testing::put(place.path() / name, content);
    }
    const auto entries = list(place.path());
    if (!entries) {
        check(!entries.error().what.empty(), "a cache that is refused is explained");
        const auto removed = remove(place.path(), std::vector<std::string>{"https://a.test/1"});
        check(!removed, "what cannot be listed is not changed");
        for (const auto& [name, content] : files) {
            check(testing::get(place.path() / name) == content, "what is refused stays as it is");
        }
        return 0;
    }
    auto keys = keys_of(entries);
    if (keys.empty()) {
        return 0;
    }
    const std::string taken = keys.front();
    const auto whole = contents(place.path(), keys);
    const auto saved = save(place.path(), std::vector{taken});
    check(remove(place.path(), std::vector{taken}) == 1U, "what was listed can be removed");
    keys.erase(keys.begin());
    const auto left = list(place.path());
    check(left && keys_of(left) == keys, "all other entries stay, and are sound");
    auto expected = whole;
    std::erase_if(expected, [&](const auto& entry) {
        return !std::binary_search(keys.begin(), keys.end(), entry.first) && entry.first == taken;
    });
    if (saved && std::none_of(saved->begin(), saved->end(), [&](const Saved& one) { return one.key != taken; })) {
        check(contents(place.path(), keys) == expected, "the content of other entries is the same");
    }
    if (saved && !saved->empty()) {
        check(insert(place.path(), *saved, place.path()).has_value(), "what was removed can be put back");
        check(contents(place.path(), keys_of(list(place.path()))) == whole, "then all is as it was");
    }
    return 0;
}
