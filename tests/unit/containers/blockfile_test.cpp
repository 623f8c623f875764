// The blockfile cache: made, read, emptied of some keys and filled again. What Chromium itself thinks of the result:
// tests/browser/blockfile_test.mjs.

#include <chrono>

#include "tests/unit/containers/blockfile_caches.h"

using namespace unstick;
using namespace unstick::blockfile_cache;
using testing::get;
using testing::put;
using testing::snapshot;
using testing::TempFolder;

using namespace testing::blockfile;

TEST_CASE("the hash is Chromium's")
{
    // From caches that Chromium wrote (net/data/cache_tests): keys and their hashes.
    CHECK(hash_of("The first key") == 0xc24ac438);
    CHECK(hash_of("The Second key") == 0xb16af282);
    CHECK(hash_of("") == 0);
}

TEST_CASE("two hashes at once are those of each")
{
    std::string text(200, 'x');
    for (std::size_t i = 0; i < text.size(); ++i) {
        text[i] = static_cast<char>(i * 37);
    }
    for (std::size_t length = 0; length < 40; ++length) {
        const auto first = std::string_view(text).substr(0, length);
        const auto second = std::string_view(text).substr(length, 92);
        CHECK(hashes_of(first, second) == std::pair(hash_of(first), hash_of(second)));
        CHECK(hashes_of(second, first) == std::pair(hash_of(second), hash_of(first)));
    }
}

TEST_CASE("a place that no list leads to is nothing, whatever it names")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    const auto saved = all_kinds("a.test");
    fill(folder.path(), saved);
    const fs::path nodes = folder / "data_0";
    const auto free = static_cast<unsigned>(read_number<std::int32_t>(nodes, block_file::at_allocations));
    const std::size_t at_bits = block_file::at_bitmap + free / 8;
    REQUIRE((read_number<std::uint8_t>(nodes, at_bits) >> (free % 8) & 1) == 0);
    change_number<std::uint8_t>(nodes, at_bits,
                                [&](std::uint8_t bits) { return static_cast<std::uint8_t>(bits | 1 << (free % 8)); });
    change_number<std::int32_t>(nodes, block_file::at_allocations, [](std::int32_t count) { return count + 1; });
    const unsigned place = GENERATE(0U, 1U, 2U, 3U, 600U);  // an entry, what it holds, and nothing
    set_number(nodes, block_file::header_size + free * 36U + node_record::at_contents,
               Address::of_blocks(Kind::block_256, 1, 1, place).value);
    CHECK(listed(folder.path()) == keys_of(saved));
    CHECK(packed(folder.path(), keys_of(saved)).size() == saved.size());
    const auto removed = blockfile_cache::remove(folder.path(), Keys{saved.front().key});
    CHECK(removed == 1U);
    CHECK(listed(folder.path()).size() == keys_of(saved).size() - 1);
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

TEST_CASE("an entry that the browser had not put into a list yet is found and removed")
{
    TempFolder folder;
    testing::make_empty_blockfile(folder.path());
    fill(folder.path(), {testing::blockfile_entry("goes", 10, {200})});
    const fs::path index = folder / "index";
    const Address node{read_number<std::uint32_t>(index, index_file::at_heads)};
    const std::size_t place = block_file::header_size + node.block() * block_size(Kind::rankings);
    set_number(index, index_file::at_heads, 0);
    set_number(index, index_file::at_tails, 0);
    for (const std::size_t field :
         {node_record::at_next, node_record::at_previous, node_record::at_contents, node_record::at_self_hash}) {
        set_number(folder / "data_0", place + field, 0);
    }
    CHECK(listed(folder.path()) == Keys{"goes"});
    REQUIRE(blockfile_cache::remove(folder.path(), Keys{"goes"}));
    CHECK(listed(folder.path()).empty());
    CHECK_FALSE(any_file_holds(folder.path(), "goes"));
}
