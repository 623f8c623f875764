#pragma once
// What tests of the blockfile cache put into one, read from it and break in it.

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "tests/fixtures/blockfile_cache.h"
#include "tests/fixtures/testing.h"

namespace unstick::testing::blockfile {

using namespace unstick::blockfile_cache;

namespace fs = std::filesystem;
using Keys = std::vector<std::string>;

inline std::string key_of(const std::string& host, int number)
{
    return fmt::format("1/0/_dk_https://{0} https://{0} https://{0}/{1}", host, number);
}

/// Every size class of data and of keys, a resource in ranges, an evicted entry, several lists.
inline std::vector<Saved> all_kinds(const std::string& host)
{
    std::vector<Saved> all;
    std::uint64_t time = 1000 + host.size();
    for (const std::size_t size : {0U, 1U, 255U, 1023U, 1024U, 4095U, 4096U, 16384U, 16385U, 1U << 20U}) {
        all.push_back(
            testing::blockfile_entry(key_of(host, static_cast<int>(all.size())), time += 10, {size, 20, size / 2}));
        all.back().list = static_cast<std::uint8_t>(all.size() % 3);
    }
    for (const std::size_t length :
         {159U, 160U, 415U, 416U, 927U, 928U, 1022U, 1023U, 4095U, 16383U, 16384U, 100'000U}) {
        std::string key = key_of(host, static_cast<int>(all.size())) + '?';
        key.resize(length, 'k');
        all.push_back(testing::blockfile_entry(key, time += 10, {40}));
    }
    all.push_back(testing::blockfile_entry(key_of(host, 999), time += 10, {100, 0, 200}));
    all.back().flags = 1;
    const std::string parent = all.back().key;
    for (const char* child : {"0", "1f"}) {
        all.push_back(
            testing::blockfile_entry("Range_" + parent + ":2e05bd2cba8d3f:" + child, time += 10, {0, 20'000, 192}));
        all.back().flags = 2;
    }
    all.push_back(testing::blockfile_entry(key_of(host, 1000), time += 10, {}));
    all.back().state = 1;
    all.back().list = 4;
    return all;
}

inline Keys keys_of(const std::vector<Saved>& saved)
{
    Keys keys;
    for (const Saved& entry : saved) {
        if (entry.flags != 2) {
            keys.push_back(entry.key);
        }
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

inline Keys listed(const fs::path& folder)
{
    const auto entries = list(folder);
    if (!entries) {
        return {"ERROR: " + entries.error().what};
    }
    Keys keys;
    for (const auto& entry : *entries) {
        keys.push_back(entry.key);
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

/// All entries under the keys as bytes, in the order of the bytes.
inline Keys packed(const fs::path& folder, const Keys& keys)
{
    const auto saved = save(folder, keys);
    REQUIRE(saved);
    Keys all;
    for (const Saved& entry : *saved) {
        all.push_back(pack(entry));
    }
    std::sort(all.begin(), all.end());
    return all;
}
inline Keys packed(const std::vector<Saved>& saved)
{
    Keys all;
    for (const Saved& entry : saved) {
        all.push_back(pack(entry));
    }
    std::sort(all.begin(), all.end());
    return all;
}

inline void fill(const fs::path& folder, const std::vector<Saved>& entries)
{
    const auto inserted = insert(folder, entries, folder);
    if (!inserted) {
        FAIL(inserted.error().what);
    }
    REQUIRE(inserted->count == entries.size());
}

// --- Reading the files apart from the code under test ---

template <class Number>
Number read_number(const fs::path& file, std::size_t offset)
{
    const std::string content = get(file);
    REQUIRE(content.size() >= offset + sizeof(Number));
    return number_at<Number>(content, offset);
}

template <class Number>
void change_number(const fs::path& file, std::size_t offset, const std::function<Number(Number)>& change)
{
    std::string content = get(file);
    put_number(content.data(), offset, change(number_at<Number>(content, offset)));
    put(file, content);
}

template <class Number>
void set_number(const fs::path& file, std::size_t offset, Number number)
{
    change_number<Number>(file, offset, [=](Number) { return number; });
}

/// Times of last use in a list, from head to tail.
inline std::vector<std::uint64_t> times_in_list(const fs::path& folder, std::size_t list_number)
{
    std::vector<std::uint64_t> times;
    const std::string nodes = get(folder / "data_0");
    for (Address at{read_number<std::uint32_t>(folder / "index", index_file::at_heads + 4 * list_number)};
         at.is_set();) {
        const std::string_view node = std::string_view(nodes).substr(block_file::header_size + at.block() * 36U, 36);
        times.push_back(number_at<std::uint64_t>(node, node_record::at_last_used));
        const Address next{number_at<std::uint32_t>(node, node_record::at_next)};
        at = next == at ? Address{} : next;
    }
    return times;
}

/// What the headers say is in use, with the counters that follow from it.
inline std::string usage(const fs::path& folder)
{
    std::string text =
        fmt::format("{} entries, {} bytes;", read_number<std::int32_t>(folder / "index", index_file::at_entries),
                    read_number<std::int64_t>(folder / "index", index_file::at_bytes));
    for (unsigned number = 0; number < 4; ++number) {
        const std::string file = get(folder / fmt::format("data_{}", number));
        std::size_t free_blocks = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            free_blocks += (i + 1) * number_at<std::uint32_t>(file, block_file::at_empty + 4 * i);
        }
        text += fmt::format(" {} in {} of {}", number_at<std::int32_t>(file, block_file::at_allocations), number,
                            number_at<std::int32_t>(file, block_file::at_max_blocks) - static_cast<int>(free_blocks));
    }
    return text;
}

inline bool any_file_holds(const fs::path& folder, std::string_view text)
{
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (get(entry.path()).find(text) != std::string::npos) {
            return true;
        }
    }
    return false;
}

inline std::size_t external_files(const fs::path& folder)
{
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        count += entry.path().filename().string().starts_with("f_") ? 1U : 0U;
    }
    return count;
}

}  // namespace unstick::testing::blockfile
