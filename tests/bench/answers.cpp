// Commands that need little, and what must not add to their price: large caches, kept runs, many profiles.

#include <iostream>

#include <fmt/format.h>

#include "tests/bench/measure.h"
#include "tests/bench/profiles.h"
#include "tests/fixtures/testing.h"

namespace testing = unstick::testing;
using namespace unstick::bench;

namespace {

constexpr int sites = 200;

std::vector<std::string> in(const fs::path& home, std::vector<std::string> words)
{
    words.insert(words.begin(), unstick_program());
    words.insert(words.end(), {"--user-data-dir", home / "chromium", "--state-dir", home / "state"});
    return words;
}

/// `fix` of a site of which there is something, and copies of the run that it keeps.
void keep_runs(const fs::path& home, int count)
{
    constexpr int nothing_found = 9;
    run(in(home, {"fix", site_of(0, sites), "--yes", "--retest", "none"}));
    const fs::path runs = home / "state/runs";
    fs::path first;
    for (const auto& entry : fs::directory_iterator(runs)) {
        first = entry.is_directory() ? entry.path() : first;
    }
    const std::string name = first.filename().string();
    const auto before = fs::last_write_time(first) - std::chrono::minutes(5);
    for (int i = 1; i < count; ++i) {
        const fs::path copy = runs / fmt::format("{}{:04x}", name.substr(0, name.size() - 4), i);
        fs::copy(first, copy, fs::copy_options::recursive);
        fs::last_write_time(copy, before);
    }
    // The first start afterwards makes the index.
    run(in(home, {"fix", "nothing.test", "--yes", "--retest", "none"}), {nothing_found});
}

void write_profiles(const fs::path& home, int profiles, int entries)
{
    for (const char* const data : {".config/google-chrome", ".config/chromium", ".config/microsoft-edge"}) {
        const fs::path cache = home / ".cache" / fs::path(data).filename();
        std::string names;
        for (int i = 0; i < profiles; ++i) {
            const std::string id = i == 0 ? "Default" : fmt::format("Profile {}", i);
            names += fmt::format(R"({}"{}":{{"name":"Person {}"}})", i == 0 ? "" : ",", id, i);
            testing::put(home / data / id / "Preferences", "{}");
            write_simple_cache(cache / id / "Cache/Cache_Data", entries, sites);
            write_cookie_database(home / data / id / "Cookies", entries, sites);
            testing::put_pairs(home / data / id / "Local Storage/leveldb", {{"VERSION", "1"}}, true);
        }
        testing::put(home / data / "Local State", R"({"profile":{"info_cache":{)" + names + "}}}");
    }
}

}  // namespace

TEST_CASE("answers")
{
    const testing::TempFolder home;
    apart([&] {
        write_chromium(home / "chromium");
        write_simple_cache(home / "chromium/Default/Cache/Cache_Data", 20'000, sites);
    });
    std::vector<Row> rows{{"reader, 1 thread", {reader_program(), home / "chromium/Default/Cache/Cache_Data", "1"}},
                          {"unstick --version", {unstick_program(), "--version"}},
                          {"unstick profiles", in(home.path(), {"profiles"})},
                          {"unstick doctor", in(home.path(), {"doctor"}), {0, 3}},
                          {"unstick runs", {unstick_program(), "runs", "--state-dir", home / "state"}}};
    measure_in_turns(rows, 21);
    print("answers beside 20000 entries of a cache, warm", rows);
    if (drop_caches()) {
        for (Row& row : rows) {
            row.runs.clear();
        }
        measure_in_turns(rows, 5, [] { REQUIRE(drop_caches()); });
        print("the same, cold", rows);
    }
}

TEST_CASE("kept runs")
{
    constexpr int nothing_found = 9;
    std::vector<testing::TempFolder> homes(3);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < homes.size(); ++i) {
        const fs::path& home = homes[i].path();
        write_chromium(home / "chromium");
        write_cookie_database(home / "chromium/Default/Cookies", 2 * sites, sites);
        const int runs = std::array{0, 200, 1000}.at(i);
        if (runs > 0) {
            keep_runs(home, runs);
        }
        rows.push_back({fmt::format("unstick fix with {} kept runs", runs),
                        in(home, {"fix", "nothing.test", "--yes", "--retest", "none"}),
                        {nothing_found}});
    }
    measure_in_turns(rows, 21);
    print("kept runs, warm", rows);
}

TEST_CASE("many profiles")
{
    const testing::TempFolder home;
    apart([&] { write_profiles(home.path(), 50, 200); });
    const auto dry_run = [&](std::vector<std::string> more) {
        std::vector<std::string> words{unstick_program(),
                                       "fix",
                                       site_of(0, sites),
                                       "--dry-run",
                                       "--retest",
                                       "none",
                                       "--home",
                                       home.path().string(),
                                       "--os",
                                       "linux",
                                       "--state-dir",
                                       (home / "state").string()};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
    std::vector<Row> rows{
        {"unstick fix --dry-run, one profile", dry_run({"--browser", "chromium", "--profile", "Default"})},
        {"unstick fix --dry-run, 50 profiles in each of 3 browsers", dry_run({})}};
    measure_in_turns(rows, 11);
    print("many profiles, warm", rows);
    if (drop_caches()) {
        for (Row& row : rows) {
            row.runs.clear();
        }
        measure_in_turns(rows, 3, [] { REQUIRE(drop_caches()); });
        print("many profiles, cold", rows);
    }
}

TEST_CASE("scan")
{
    constexpr int many_sites = 2'000;
    constexpr int wrong_found = 10;
    const testing::TempFolder home;
    apart([&] {
        const fs::path profile = home / "chromium/Default";
        write_chromium(home / "chromium");
        write_simple_cache(profile / "Cache/Cache_Data", 10 * many_sites, many_sites);
        write_cookie_database(profile / "Cookies", 10 * many_sites, many_sites);
        write_local_storage(profile / "Local Storage/leveldb", 10, many_sites);
    });
    std::vector<Row> rows{{"unstick why of one site",
                           in(home.path(), {"why", site_of(0, many_sites), "--retest", "none"}),
                           {0, wrong_found}},
                          {"unstick scan", in(home.path(), {"scan"}), {0, wrong_found}}};
    measure_in_turns(rows, 21);
    print("a profile of 2000 sites, warm", rows);
}
