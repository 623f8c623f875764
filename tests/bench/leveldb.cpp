// What a search and a removal in a large Local Storage cost, against a copy of its folder that is made durable. Copy,
// search, removal and undo take turns; medians.

#include <fcntl.h>
#include <leveldb/db.h>
#include <leveldb/write_batch.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <random>

#include <fmt/format.h>

#include "tests/bench/profiles.h"
#include "tests/fixtures/testing.h"

namespace testing = unstick::testing;
namespace fs = std::filesystem;
using namespace unstick::bench;

namespace {

constexpr int sites = 2000;

struct Cost {
    double ms = 0;
    long peak_kib = 0;
};

Cost run(std::vector<std::string> words)
{
    std::vector<char*> argv;
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t silent;
    ::posix_spawn_file_actions_init(&silent);
    ::posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const auto start = std::chrono::steady_clock::now();
    pid_t child = 0;
    REQUIRE(::posix_spawnp(&child, argv[0], &silent, nullptr, argv.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&silent);
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
    CAPTURE(words);
    REQUIRE(WIFEXITED(status));
    REQUIRE(WEXITSTATUS(status) == 0);
    return {taken.count(), usage.ru_maxrss};
}

std::string origin_of(unsigned entry)
{
    return "https://" + site_of(static_cast<int>(entry), sites);
}

/// As Chromium fills it: origins take turns, keys are set again and some removed, in tables of 2 MB.
void fill(const fs::path& folder, int megabytes)
{
    constexpr unsigned entry_bytes = 260;
    constexpr int in_batch = 10;
    fs::create_directories(folder.parent_path());
    leveldb::Options options;
    options.create_if_missing = true;
    leveldb::DB* opened = nullptr;
    REQUIRE(leveldb::DB::Open(options, folder.string(), &opened).ok());
    const std::unique_ptr<leveldb::DB> database(opened);
    REQUIRE(database->Put({}, "VERSION", "1").ok());
    std::mt19937 random(23);
    const auto entries = static_cast<unsigned>(megabytes) * 1'000'000 / entry_bytes;
    for (unsigned i = 0, site = 0; i < entries; site = (site + 1) % sites) {
        leveldb::WriteBatch batch;
        batch.Put("META:" + origin_of(site), std::string(12, 'm'));
        for (int j = 0; j < in_batch && i < entries; ++j, ++i) {
            std::string value(1, '\1');
            for (unsigned k = 0; k < entry_bytes - 60; ++k) {
                value += static_cast<char>(' ' + random() % 90);
            }
            batch.Put("_" + origin_of(site) + '\0' + '\1' + fmt::format("entry {:07}", random() % entries), value);
        }
        batch.Delete("_" + origin_of(site) + '\0' + '\1' + fmt::format("entry {:07}", random() % entries));
        REQUIRE(database->Write({}, &batch).ok());
    }
}

/// In a process of its own: the system counts the peak of a child from what its parent holds.
void fill_apart(const fs::path& folder, int megabytes)
{
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            fill(folder, megabytes);
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(status == 0);
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

void measure(int megabytes)
{
    const char* const unstick = std::getenv("UNSTICK");
    REQUIRE(unstick != nullptr);
    const testing::TempFolder folder;
    const fs::path database = folder / "chromium/Default/Local Storage/leveldb";
    write_chromium(folder / "chromium");
    fill_apart(folder / "filled", megabytes);
    run({"sync"});
    const std::vector<std::string> where{"--user-data-dir", folder / "chromium", "--retest", "none",
                                         "--state-dir",     folder / "state"};
    const auto with = [&](std::vector<std::string> words) {
        words.insert(words.end(), where.begin(), where.end());
        return words;
    };
    const std::vector<std::pair<std::string, std::vector<std::string>>> tasks{
        {"cp -r and sync", {"sh", "-c", R"(cp -r "$0" "$1" && sync "$1" "$1"/*)", folder / "filled", folder / "copy"}},
        {"unstick fix --dry-run", with({unstick, "fix", site_of(0, sites), "--dry-run"})},
        {"unstick fix", with({unstick, "fix", site_of(0, sites), "--yes"})},
        {"unstick undo", {unstick, "undo", "--yes", "--state-dir", folder / "state"}}};
    constexpr int rounds = 9;
    std::vector<std::vector<double>> taken(tasks.size());
    std::vector<std::vector<double>> ratios(tasks.size());
    std::vector<long> peaks(tasks.size());
    for (int round = 0; round < rounds; ++round) {
        fs::remove_all(folder / "copy");
        fs::remove_all(database);
        fs::create_directories(database.parent_path());
        run({"cp", "-al", folder / "filled", database});
        run({"sync"});
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const Cost cost = run(tasks[i].second);
            taken[i].push_back(cost.ms);
            ratios[i].push_back(cost.ms / taken[0].back());
            peaks[i] = std::max(peaks[i], cost.peak_kib);
        }
    }
    std::cout << fmt::format("a Local Storage of {} MB of {} sites, in {}\n", megabytes, sites,
                             fs::temp_directory_path().string());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        std::cout << fmt::format("  {:<28}{:>10.1f} ms{:>9.2f} copies{:>9} MiB\n", tasks[i].first, median(taken[i]),
                                 median(ratios[i]), peaks[i] / 1024);
    }
    std::cout << std::flush;
}

}  // namespace

TEST_CASE("LevelDB against a copy", "[.all][leveldb]")
{
    for (const int megabytes : {10, 100, 400}) {
        measure(megabytes);
    }
}
