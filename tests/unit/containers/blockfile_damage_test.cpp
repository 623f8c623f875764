// Blockfile caches that are damaged, by hand, at random, and by Chromium's authors on purpose: left alone, with a way
// out; and nothing of other entries is lost.

#include <chrono>
#include <random>

#include "tests/unit/containers/blockfile_caches.h"

using namespace unstick;
using namespace unstick::blockfile_cache;
using testing::get;
using testing::put;
using testing::snapshot;
using testing::TempFolder;

using namespace testing::blockfile;

TEST_CASE("a cache that is not as it must be is left alone, with a way out")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    fill(folder.path(), all_kinds("a.test"));
    const fs::path index = folder / "index";
    const auto refused = [&](Code code) {
        const std::string before = snapshot(folder.path());
        const auto entries = list(folder.path());
        REQUIRE_FALSE(entries);
        CHECK(entries.error().code == code);
        CHECK(entries.error().hint == "remove the whole cache with --only cache --whole-cache");
        CHECK_FALSE(blockfile_cache::remove(folder.path(), Keys{key_of("a.test", 0)}));
        CHECK_FALSE(save(folder.path(), Keys{key_of("a.test", 0)}));
        CHECK_FALSE(insert(folder.path(), std::vector{testing::blockfile_entry("new", 1)}, folder.path()));
        CHECK(snapshot(folder.path()) == before);
    };
    const auto first_node = block_file::header_size;
    SECTION("the browser runs, or crashed")
    {
        set_number(index, index_file::at_crash, 1);
        refused(Code::corrupt);
    }
    SECTION("a change was cut off")
    {
        set_number(index, index_file::at_transaction, 0x90000000);
        refused(Code::corrupt);
    }
    SECTION("marked as damaged")
    {
        set_number(index, index_file::at_corruption, 1);
        refused(Code::corrupt);
    }
    SECTION("another version")
    {
        set_number(index, index_file::at_version, 0x40000);
        refused(Code::unsupported);
    }
    SECTION("another magic")
    {
        set_number(index, index_file::at_magic, 1);
        refused(Code::corrupt);
    }
    SECTION("cut index")
    {
        fs::resize_file(index, fs::file_size(index) - 1);
        refused(Code::corrupt);
    }
    SECTION("an entry too many")
    {
        change_number<int>(index, index_file::at_entries, [](int n) { return n - 1; });
        refused(Code::corrupt);
    }
    SECTION("a header was being changed")
    {
        set_number(folder / "data_2", block_file::at_updating, 1);
        refused(Code::corrupt);
    }
    SECTION("block file of another version")
    {
        set_number(folder / "data_3", block_file::at_version, 1);
        refused(Code::unsupported);
    }
    SECTION("a block file is missing")
    {
        fs::remove(folder / "data_3");
        refused(Code::corrupt);
    }
    SECTION("a block file is cut")
    {
        fs::resize_file(folder / "data_3", fs::file_size(folder / "data_3") - 1);
        refused(Code::corrupt);
    }
    SECTION("a chain of files that goes round")
    {
        set_number(folder / "data_1", block_file::at_next, std::int16_t{1});
        refused(Code::corrupt);
    }
    SECTION("blocks that are used, but free")
    {
        set_number(folder / "data_1", block_file::at_bitmap, std::uint8_t{0});
        refused(Code::corrupt);
    }
    SECTION("a damaged place in a list")
    {
        set_number(folder / "data_0", first_node, std::uint8_t{77});
        refused(Code::corrupt);
    }
    SECTION("a damaged entry")
    {
        const std::size_t key = get(folder / "data_1").find("1/0/_dk_");
        set_number(folder / "data_1", key - entry_record::at_key + entry_record::at_created, 78);
        refused(Code::corrupt);
    }
    SECTION("entries that name each other's places in the lists")
    {
        const auto block = [&](std::size_t from) {
            for (std::size_t key = get(folder / "data_1").find("1/0/_dk_", from);;
                 key = get(folder / "data_1").find("1/0/_dk_", key + 1)) {
                REQUIRE(key != std::string::npos);
                if ((key - entry_record::at_key) % block_size(Kind::block_256) == 0) {
                    return key - entry_record::at_key;
                }
            }
        };
        const std::size_t one = block(0);
        const std::size_t other = block(one + block_size(Kind::block_256));
        const std::string bytes = get(folder / "data_1");
        for (const auto& [here, there] : {std::pair(one, other), std::pair(other, one)}) {
            set_number(folder / "data_1", here + entry_record::at_node,
                       number_at<std::uint32_t>(bytes, there + entry_record::at_node));
            set_number(folder / "data_1", here + entry_record::at_self_hash, 0);
        }
        refused(Code::corrupt);
    }
    SECTION("a list that is lost")
    {
        set_number(index, index_file::at_heads, 0);
        set_number(index, index_file::at_tails, 0);
        refused(Code::corrupt);
    }
}

namespace {

using Files = std::map<std::string, std::string>;

/// Makes the hashes of all records right again, so that damage is found by what the records say.
void rehash(Files& files)
{
    for (const auto& [name, size, at_hash] : {std::tuple{"data_0", 36U, 32U}, std::tuple{"data_1", 256U, 92U}}) {
        const auto file = files.find(name);
        for (std::size_t at = block_file::header_size; file != files.end() && at + size <= file->second.size();
             at += size) {
            put_number(file->second.data() + at, at_hash, hash_of({file->second.data() + at, at_hash}));
        }
    }
}

/// Some of the files with one to four bits changed, mostly where something is.
Files damage(const Files& files, std::mt19937& random)
{
    const std::vector<std::string> names{"index", "data_0", "data_0", "data_1", "data_1", "data_1", "data_2", "data_3"};
    Files changed;
    for (unsigned changes = random() % 4 + 1; changes > 0; --changes) {
        const std::string& name = names[random() % names.size()];
        std::string& content = changed.try_emplace(name, files.at(name)).first->second;
        std::size_t at = random() % content.size();
        for (int tries = 0; tries < 40 && content[at] == '\0'; ++tries) {
            at = random() % (random() % 3 == 0 ? 400 : std::min<std::size_t>(content.size(), 20'000));
        }
        content[at] = static_cast<char>(content[at] ^ static_cast<char>(1U << random() % 8));
    }
    return changed;
}

}  // namespace

TEST_CASE("bytes changed at random never crash it, hang it, or lose other entries")
{
    TempFolder original;
    testing::make_empty_blockfile(original.path(), 64);
    auto entries = all_kinds("stuck.test");
    for (const auto& other : {testing::blockfile_entry("other 1", 1), testing::blockfile_entry("other 2", 2),
                              testing::blockfile_entry("other 3", 3)}) {
        entries.push_back(other);
    }
    std::erase_if(entries, [](const Saved& entry) { return entry.streams[0].size > 100'000; });
    fill(original.path(), entries);
    Files files;
    for (const auto& entry : fs::directory_iterator(original.path())) {
        files[entry.path().filename().string()] = get(entry.path());
    }
    std::mt19937 random(2026);  // the same every time
    int understood = 0;
    TempFolder folder;
    for (const auto& [name, content] : files) {
        put(folder / name, content);
    }
    for (int round = 0; round < 2000; ++round) {
        auto changed = damage(files, random);
        if (round % 2 == 0) {
            rehash(changed);
        }
        for (const auto& [name, content] : changed) {
            put(folder / name, content);
        }
        if (const auto before = list(folder.path())) {
            ++understood;
            Keys ours;
            Keys others;
            for (const auto& entry : *before) {
                (entry.key.find("stuck") != std::string::npos ? ours : others).push_back(entry.key);
            }
            std::sort(others.begin(), others.end());
            static_cast<void>(save(folder.path(), ours));
            CHECK(blockfile_cache::remove(folder.path(), ours));
            CHECK(listed(folder.path()) == others);
            changed = files;
        }
        for (const auto& [name, content] : changed) {
            put(folder / name, files.at(name));
        }
    }
    // Otherwise the test would prove nothing.
    CHECK(understood > 100);
    CHECK(understood < 1900);
}

TEST_CASE("caches that Chromium's authors damaged on purpose", "[realdata]")
{
    const fs::path data = testing::real_data();
    if (data.empty()) {
        return;
    }
    TempFolder folder;
    const fs::path archive = data / "chromium-cache_tests/cache_tests-all.tar.xz";
    REQUIRE(std::system(fmt::format("tar -xJf '{}' -C '{}'", archive.string(), folder.path().string()).c_str()) == 0);
    const std::map<std::string, std::size_t> whole{{"good_2_0", 1}, {"good_2_1", 1}};
    std::size_t seen = 0;
    std::size_t understood = 0;
    for (const auto& entry : fs::directory_iterator(folder / "cache_tests")) {
        const fs::path cache = entry.path();
        const std::string name = cache.filename().string();
        if (!fs::exists(cache / "index")) {
            continue;
        }
        ++seen;
        INFO(name);
        const auto entries = list(cache);
        if (whole.contains(name)) {
            REQUIRE(entries);
            CHECK(entries->size() == whole.at(name));
        }
        // Chromium's crash simulations: cut off in the middle of a change.
        if (name.starts_with("insert_") || name.starts_with("remove_") || name.starts_with("bad_") ||
            name == "wrong_version") {
            CHECK_FALSE(entries);
        }
        if (!entries) {
            const std::string before = snapshot(cache);
            CHECK_FALSE(blockfile_cache::remove(cache, Keys{"The first key"}));
            CHECK(snapshot(cache) == before);
            continue;
        }
        ++understood;
        for (Keys left = listed(cache); !left.empty();) {
            REQUIRE(blockfile_cache::remove(cache, Keys{left.back()}));
            left.pop_back();
            CHECK(listed(cache) == left);
        }
    }
    CHECK(seen >= 35);
    CHECK(understood >= 2);
    WARN(understood << " of " << seen << " are whole enough to be changed");
}

TEST_CASE("a real cache that lost one of its files is refused", "[realdata]")
{
    const fs::path data = testing::real_data();
    if (data.empty()) {
        return;
    }
    const auto entries = list(data / "plaso/blockfile-v2.1");
    REQUIRE_FALSE(entries);
    CHECK(entries.error().what == "data_3 is missing");
    // With an empty file in its place the index and the entries are read; the streams in that file are missing.
    TempFolder folder;
    fs::copy(data / "plaso/blockfile-v2.1", folder / "cache");
    fs::permissions(folder / "cache", fs::perms::owner_all);
    TempFolder empty;
    testing::make_empty_blockfile(empty.path());
    fs::copy_file(empty / "data_3", folder / "cache/data_3");
    const auto without = list(folder / "cache");
    REQUIRE_FALSE(without);
    CHECK(without.error().code == Code::corrupt);
    // With all blocks of that file in use, all of it is there again, without what was in the streams.
    std::string file(block_file::header_size + std::size_t{block_file::most_blocks_in_file} * 4096, '\0');
    std::memcpy(file.data(), get(empty / "data_3").data(), block_file::at_bitmap);
    std::memset(file.data() + block_file::at_bitmap, 0xff, block_file::header_size - block_file::at_bitmap);
    put_number(file.data(), block_file::at_max_blocks, block_file::most_blocks_in_file);
    put_number(file.data(), block_file::at_allocations, block_file::most_blocks_in_file);
    put(folder / "cache/data_3", file);
    fs::permissions(folder / "cache/data_3", fs::perms::owner_all);
    for (const auto& entry : fs::directory_iterator(folder / "cache")) {
        fs::permissions(entry.path(), fs::perms::owner_read | fs::perms::owner_write);
    }
    Keys keys = listed(folder / "cache");
    CHECK(keys.size() == 217);
    REQUIRE(blockfile_cache::remove(folder / "cache", Keys(keys.begin(), keys.begin() + 100)));
    CHECK(listed(folder / "cache") == Keys(keys.begin() + 100, keys.end()));
}
