#include "tests/bench/profiles.h"

#include <fmt/format.h>
#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <memory>
#include <random>

#include "containers/binary_cookies.h"
#include "containers/cache2_entry.h"
#include "tests/fixtures/blockfile_cache.h"
#include "tests/fixtures/cache2_entries.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/safari_profile.h"
#include "tests/fixtures/testing.h"

namespace unstick::bench {

namespace {

std::string url_of(int entry, int sites)
{
    return fmt::format("https://{0}/static/file-{1}.js", site_of(entry, sites), entry);
}

}  // namespace

std::string site_of(int entry, int sites)
{
    return fmt::format("site{}.test", entry % sites);
}

void write_chromium(const fs::path& data)
{
    testing::put(data / "Local State", R"({"profile":{"info_cache":{"Default":{"name":"Person 1"}}}})");
    testing::put(data / "Default/Preferences", "{}");
}

void write_simple_cache(const fs::path& folder, int entries, int sites)
{
    testing::write_cache_index(folder);
    for (int i = 0; i < entries; ++i) {
        testing::write_cache_entry(folder, testing::cache_key(url_of(i, sites), "https://" + site_of(i, sites)), 1500);
    }
}

void add_simple_cache(const fs::path& folder, int entries, const std::string& site)
{
    for (int i = 0; i < entries; ++i) {
        const std::string origin = "https://" + site;
        testing::write_cache_entry(folder, testing::cache_key(fmt::format("{}/static/file-{}.js", origin, i), origin),
                                   1500);
    }
}

void write_blockfile_cache(const fs::path& folder, int entries, int sites)
{
    testing::make_empty_blockfile(folder);
    std::vector<blockfile_cache::Saved> saved;
    for (int i = 0; i < entries; ++i) {
        saved.push_back(testing::blockfile_entry(testing::cache_key(url_of(i, sites), "https://" + site_of(i, sites)),
                                                 static_cast<std::uint64_t>(i) + 1, {200, 100}));
    }
    const auto inserted = blockfile_cache::insert(folder, saved, folder);
    REQUIRE(inserted);
    REQUIRE(inserted->count == saved.size());
}

void write_firefox(const fs::path& root, const std::string& name)
{
    testing::put(root / "profiles.ini",
                 fmt::format("[Profile0]\nName=default\nIsRelative=1\nPath={}\nDefault=1\n", name));
    testing::put(root / name / "prefs.js", "");
}

void write_cache2(const fs::path& folder, int entries, int sites)
{
    fs::create_directories(folder / "entries");
    for (int i = 0; i < entries; ++i) {
        const auto number = static_cast<std::size_t>(i);
        const testing::Cache2Entry entry{
            .key = testing::cache2_key(site_of(i, sites), url_of(i, sites)),
            .body = std::string(2000 + number * 7919 % 60'000, 'b'),
            .elements = {{"security-info", std::string(5000 + number * 37 % 3500, 'A')},
                         {"request-method", "GET"},
                         {"response-head", "HTTP/2 200 OK\r\nContent-Type: text/javascript\r\n"}}};
        testing::put(folder / "entries" / cache2::name_of_key(entry.key), entry.bytes());
    }
}

void write_cookie_database(const fs::path& file, int cookies, int sites)
{
    std::vector<testing::CookieRow> rows;
    for (int i = 0; i < cookies; ++i) {
        rows.push_back({site_of(i, sites), fmt::format("cookie{}", i), ""});
    }
    testing::write_cookies(file, rows);
}

void write_local_storage(const fs::path& folder, int mebibytes, int sites)
{
    fs::create_directories(folder.parent_path());
    leveldb::Options options;
    options.create_if_missing = true;
    leveldb::DB* opened = nullptr;
    REQUIRE(leveldb::DB::Open(options, folder.string(), &opened).ok());
    const std::unique_ptr<leveldb::DB> database(opened);
    REQUIRE(database->Put({}, "VERSION", "1").ok());
    std::mt19937_64 random;
    for (int i = 0; i < mebibytes; ++i) {
        leveldb::WriteBatch batch;
        for (int j = 0; j < 1024; ++j) {
            std::string value(1, '\1');
            while (value.size() < 1024) {
                const std::uint64_t bits = random();
                value.append(reinterpret_cast<const char*>(&bits), sizeof(bits));
            }
            batch.Put(fmt::format("_https://{}{}\1entry{}", site_of(j, sites), '\0', i * 1024 + j), value);
        }
        REQUIRE(database->Write({}, &batch).ok());
    }
}

void write_cookie_jar(const fs::path& file, int cookies, int sites)
{
    binary_cookies::Jar jar;
    jar.trailer = "\x07\x17\x20\x05";  // of the oldest jars: without a property list
    for (int i = 0; i < cookies; ++i) {
        put(jar,
            binary_cookies::parse_record(testing::cookie_record(site_of(i, sites), fmt::format("cookie{}", i), "value"))
                .value());
    }
    testing::put(file, binary_cookies::write(jar));
}

void write_webkit_cache(const fs::path& folder, int records, int sites, bool partitioned)
{
    const std::string body(1500, 'b');
    for (int i = 0; i < records; ++i) {
        testing::write_webkit_record(folder, url_of(i, sites), partitioned ? site_of(i, sites) : "", body);
    }
}

}  // namespace unstick::bench
