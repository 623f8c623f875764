// The blockfile cache: made, read, emptied of some keys and filled again; real caches that Chromium's authors damaged
// on purpose; and bytes changed at random. What Chromium itself thinks of the result: tests/browser/blockfile_test.mjs.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>

#include "blockfile_cache.h"
#include "testing.h"

using namespace unstick;
using namespace unstick::blockfile_cache;
using testing::get;
using testing::put;
using testing::snapshot;
using testing::TempFolder;

namespace {

namespace fs = std::filesystem;
using Keys = std::vector<std::string>;

std::string key_of(const std::string& host, int number)
{
    return fmt::format("1/0/_dk_https://{0} https://{0} https://{0}/{1}", host, number);
}

/// Every size class of data and of keys, a resource in ranges, an evicted entry, several lists.
std::vector<Saved> all_kinds(const std::string& host)
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

Keys keys_of(const std::vector<Saved>& saved)
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

Keys listed(const fs::path& folder)
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
Keys packed(const fs::path& folder, const Keys& keys)
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
Keys packed(const std::vector<Saved>& saved)
{
    Keys all;
    for (const Saved& entry : saved) {
        all.push_back(pack(entry));
    }
    std::sort(all.begin(), all.end());
    return all;
}

void fill(const fs::path& folder, const std::vector<Saved>& entries)
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
std::vector<std::uint64_t> times_in_list(const fs::path& folder, std::size_t list_number)
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
std::string usage(const fs::path& folder)
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

bool any_file_holds(const fs::path& folder, std::string_view text)
{
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (get(entry.path()).find(text) != std::string::npos) {
            return true;
        }
    }
    return false;
}

std::size_t external_files(const fs::path& folder)
{
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        count += entry.path().filename().string().starts_with("f_") ? 1U : 0U;
    }
    return count;
}

}  // namespace

TEST_CASE("the hash is Chromium's")
{
    // From caches that Chromium wrote (net/data/cache_tests): keys and their hashes.
    CHECK(hash_of("The first key") == 0xc24ac438);
    CHECK(hash_of("The Second key") == 0xb16af282);
    CHECK(hash_of("") == 0);
}

TEST_CASE("what is put into a cache is listed, and read back as it was")
{
    const auto version = GENERATE(index_file::version_2_1, index_file::version_3_0);
    TempFolder folder;
    testing::make_empty_blockfile(folder.path(), 0, version);
    CHECK(listed(folder.path()).empty());
    const auto entries = all_kinds("a.test");
    fill(folder.path(), entries);
    CHECK(listed(folder.path()) == keys_of(entries));
    CHECK(packed(folder.path(), keys_of(entries)) == packed(entries));
    CHECK(external_files(folder.path()) == 7);  // bodies of 16385 bytes and 1 MiB, half of that, two keys, two pieces
}

TEST_CASE("list counts all bytes and names all files, those of pieces too")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    auto parent = testing::blockfile_entry("https://a.test/video", 10, {100, 0, 200});
    auto child = testing::blockfile_entry("Range_https://a.test/video:abc:0", 11, {0, 20'000});
    child.flags = 2;
    const auto no_child = testing::blockfile_entry("Range_https://a.test/other:abc:0", 12, {20'000});
    fill(folder.path(), {parent, child, no_child});
    auto entries = list(folder.path());
    REQUIRE(entries);
    REQUIRE(entries->size() == 2);
    std::sort(entries->begin(), entries->end(), [](const auto& a, const auto& b) { return a.key > b.key; });
    CHECK(entries->front().key == parent.key);
    CHECK(entries->front().bytes == 100 + 200 + 20'000 + parent.key.size() + child.key.size());
    CHECK(entries->front().files.size() == 1);
    CHECK(entries->back().key == no_child.key);
}

TEST_CASE("removing takes the keys and their every byte, and leaves all others as they were")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    const auto ours = all_kinds("stuck.test");
    const auto others = all_kinds("notstuck.org");
    fill(folder.path(), others);
    const std::string before = usage(folder.path());
    const std::size_t files_before = external_files(folder.path());
    fill(folder.path(), ours);
    REQUIRE(any_file_holds(folder.path(), "//stuck.test"));

    const auto removed = blockfile_cache::remove(folder.path(), keys_of(ours));
    REQUIRE(removed);
    CHECK(*removed == keys_of(ours).size());
    CHECK(listed(folder.path()) == keys_of(others));
    CHECK(packed(folder.path(), keys_of(others)) == packed(others));
    CHECK(external_files(folder.path()) == files_before);
    CHECK_FALSE(any_file_holds(folder.path(), "//stuck.test"));
    // Blocks in use: as many as before; the files themselves do not shrink.
    CHECK(usage(folder.path()) == before);

    fill(folder.path(), ours);
    CHECK(packed(folder.path(), keys_of(ours)) == packed(ours));
    CHECK(packed(folder.path(), keys_of(others)) == packed(others));

    Keys all = listed(folder.path());
    REQUIRE(blockfile_cache::remove(folder.path(), all));
    CHECK(listed(folder.path()).empty());
    CHECK(usage(folder.path()) == "0 entries, 0 bytes; 0 in 0 of 0 0 in 1 of 0 0 in 2 of 0 0 in 3 of 0");
    CHECK(external_files(folder.path()) == 0);
}

TEST_CASE("looking changes nothing")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    const auto entries = all_kinds("a.test");
    fill(folder.path(), entries);
    const std::string before = snapshot(folder.path());
    REQUIRE(list(folder.path()));
    REQUIRE(save(folder.path(), keys_of(entries)));
    CHECK(snapshot(folder.path()) == before);
}

TEST_CASE("what comes back stands in the lists where its last use belongs")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    fill(folder.path(),
         {testing::blockfile_entry("b", 20), testing::blockfile_entry("d", 40), testing::blockfile_entry("f", 60)});
    fill(folder.path(), {testing::blockfile_entry("a", 10), testing::blockfile_entry("e", 50),
                         testing::blockfile_entry("c", 30), testing::blockfile_entry("g", 70)});
    CHECK(times_in_list(folder.path(), 0) == std::vector<std::uint64_t>{70, 60, 50, 40, 30, 20, 10});
    CHECK(read_number<std::int32_t>(folder / "index", index_file::at_list_sizes) == 7);
    REQUIRE(blockfile_cache::remove(folder.path(), Keys{"g", "d", "a"}));
    CHECK(times_in_list(folder.path(), 0) == std::vector<std::uint64_t>{60, 50, 30, 20});
    CHECK(read_number<std::int32_t>(folder / "index", index_file::at_list_sizes) == 4);
}

TEST_CASE("what is in the cache again is left as it is, and named")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    auto parent = testing::blockfile_entry("https://a.test/video", 10, {100, 0, 200});
    auto child = testing::blockfile_entry("Range_https://a.test/video:abc:0", 11, {0, 2000});
    child.flags = 2;
    const auto newer = testing::blockfile_entry("https://a.test/video", 99, {500});
    auto trace = testing::blockfile_entry("https://a.test/evicted", 98, {});
    trace.state = 1;
    trace.list = 4;
    fill(folder.path(), {newer, trace});
    const auto evicted = testing::blockfile_entry("https://a.test/evicted", 12);
    const auto inserted = insert(folder.path(), std::vector{parent, child, evicted, evicted}, folder.path());
    REQUIRE(inserted);
    CHECK(inserted->count == 1);
    CHECK(inserted->came_back == Keys{"https://a.test/video"});
    CHECK(packed(folder.path(), listed(folder.path())) == packed(std::vector{newer, evicted}));
}

TEST_CASE("large bodies stay in files that are kept beside")
{
    TempFolder folder;
    TempFolder kept;
    testing::make_empty_blockfile(folder.path());
    const auto entry = testing::blockfile_entry("https://a.test/big", 10, {300, longest_saved_inline + 1});
    fill(folder.path(), {entry});
    const auto saved = save(folder.path(), Keys{entry.key});
    REQUIRE(saved);
    REQUIRE(saved->size() == 1);
    const auto& body = saved->front().streams[1];
    CHECK(body.bytes.empty());
    CHECK(body.size == longest_saved_inline + 1);
    REQUIRE_FALSE(body.file.empty());
    fs::copy_file(folder / body.file, kept / body.file);
    REQUIRE(blockfile_cache::remove(folder.path(), Keys{entry.key}));
    CHECK_FALSE(fs::exists(folder / body.file));
    put(folder / body.file, "the browser has used this name for something else");
    const auto again = unpack(pack(saved->front()));
    REQUIRE(again);
    REQUIRE(insert(folder.path(), std::vector{*again}, kept.path()));
    const auto files = list(folder.path())->front().files;
    REQUIRE(files.size() == 1);
    CHECK(files.front() != body.file);
    CHECK(get(folder / files.front()) == entry.streams[1].bytes);
    fs::remove(folder / files.front());
    CHECK(save(folder.path(), Keys{entry.key})->empty());  // the browser could not read it either
    CHECK(listed(folder.path()) == Keys{entry.key});
}

TEST_CASE("packed entries that are damaged are refused")
{
    const std::string bytes = pack(testing::blockfile_entry("https://a.test/", 10, {3}));
    CHECK(unpack(bytes));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK_FALSE(unpack(std::string_view(bytes).substr(0, size)));
    }
    CHECK_FALSE(unpack(bytes + "x"));
    auto outside = testing::blockfile_entry("https://a.test/", 10, {});
    outside.streams[0].file = "../../etc/passwd";
    outside.streams[0].size = 20'000;
    CHECK_FALSE(unpack(pack(outside)));
}

TEST_CASE("eighty thousand entries: further block files are added, and read quickly")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    std::vector<Saved> entries;
    constexpr int many = 80'000;
    entries.reserve(many);
    for (int i = 0; i < many; ++i) {
        entries.push_back(testing::blockfile_entry(key_of(i % 8 == 0 ? "stuck.test" : "other.test", i),
                                                   static_cast<std::uint64_t>(i + 1), {}));
    }
    fill(folder.path(), entries);
    CHECK(fs::exists(folder / "data_5"));
    CHECK(listed(folder.path()).size() == many);  // warms the disk cache
    const auto start = std::chrono::steady_clock::now();
    REQUIRE(list(folder.path()));
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    WARN("listing took " << taken.count() << " ms (wanted without sanitizers: under 100)");
    Keys ours;
    for (const Saved& entry : entries) {
        if (entry.key.find("stuck") != std::string::npos) {
            ours.push_back(entry.key);
        }
    }
    REQUIRE(blockfile_cache::remove(folder.path(), ours));
    CHECK(listed(folder.path()).size() == many - ours.size());
    CHECK_FALSE(any_file_holds(folder.path(), "stuck"));
}

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
    SECTION("a list that is lost")
    {
        set_number(index, index_file::at_heads, 0);
        set_number(index, index_file::at_tails, 0);
        refused(Code::corrupt);
    }
}

TEST_CASE("an entry that the browser was about to delete is found and removed")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    fill(folder.path(), {testing::blockfile_entry("stays", 10), testing::blockfile_entry("goes", 20)});
    // Out of the table, still in a list.
    const std::uint32_t bucket = hash_of("goes") & (index_file::smallest_table - 1);
    set_number(folder / "index", index_file::header_size + 4UL * bucket, 0);
    CHECK(listed(folder.path()) == Keys{"goes", "stays"});
    CHECK(save(folder.path(), Keys{"goes"})->empty());
    REQUIRE(blockfile_cache::remove(folder.path(), Keys{"goes"}));
    CHECK(listed(folder.path()) == Keys{"stays"});
    CHECK_FALSE(any_file_holds(folder.path(), "goes"));
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

TEST_CASE("caches that Chromium's authors damaged on purpose")
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

TEST_CASE("a real cache that lost one of its files is refused")
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
