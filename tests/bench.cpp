// What unstick costs, against reading the first 512 bytes of every cache file once. Run by ./scripts/bench.
// Times are the best of several runs, so that the table compares programs and not what else the machine did; what
// counts are the ratios within one run of the benchmark.

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <iostream>

#include <fmt/format.h>

#include "chromium_profile.h"
#include "testing.h"

namespace testing = unstick::testing;
namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

namespace {

constexpr int repetitions = 5;
constexpr int hosts = 200;

std::string host(int number)
{
    return fmt::format("site{}.test", number % hosts);
}

struct Size {
    int entries;
    int cookies;
};

/// A user data folder as Chromium keeps it, with one profile.
void write_profile(const fs::path& data, const Size& size)
{
    const fs::path profile = data / "Default";
    testing::put(data / "Local State", R"({"profile":{"info_cache":{"Default":{"name":"Person 1"}}}})");
    testing::put(profile / "Preferences", "{}");
    const fs::path cache = profile / "Cache/Cache_Data";
    testing::write_cache_index(cache);
    for (int i = 0; i < size.entries; ++i) {
        const std::string site = "https://" + host(i);
        testing::write_cache_entry(cache, testing::cache_key(fmt::format("{}/static/file-{}.js", site, i), site), 1500);
    }
    std::vector<testing::CookieRow> cookies;
    for (int i = 0; i < size.cookies; ++i) {
        cookies.push_back({host(i), fmt::format("cookie{}", i), ""});
    }
    testing::write_cookies(profile / "Cookies", cookies);
}

/// The yardstick: open every cache file, read 512 bytes, close it.
void read_starts(const fs::path& folder)
{
    DIR* const directory = ::opendir(folder.c_str());
    REQUIRE(directory != nullptr);
    std::array<char, 512> buffer{};
    while (const dirent* const entry = ::readdir(directory)) {
        const int file = ::openat(::dirfd(directory), entry->d_name, O_RDONLY);
        if (file >= 0) {
            (void)!::read(file, buffer.data(), buffer.size());
            ::close(file);
        }
    }
    ::closedir(directory);
}

struct Cost {
    double seconds = 1e9;
    long peak_kib = 0;
    void keep_best(const Cost& other)
    {
        seconds = std::min(seconds, other.seconds);
        peak_kib = std::max(peak_kib, other.peak_kib);
    }
};

Cost run_unstick(const std::vector<std::string>& arguments)
{
    const char* const program = std::getenv("UNSTICK");
    REQUIRE(program != nullptr);
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        std::vector<char*> argv{const_cast<char*>(program)};
        for (const std::string& argument : arguments) {
            argv.push_back(const_cast<char*>(argument.c_str()));
        }
        argv.push_back(nullptr);
        const int null = ::open("/dev/null", O_WRONLY);
        ::dup2(null, STDOUT_FILENO);
        ::execv(program, argv.data());
        ::_exit(127);
    }
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    REQUIRE(WIFEXITED(status));
    REQUIRE(WEXITSTATUS(status) == 0);
    return {Seconds(std::chrono::steady_clock::now() - start).count(), usage.ru_maxrss};
}

void print_row(const std::string& what, const Cost& cost, double yardstick)
{
    std::cout << fmt::format("  {:<44}{:>10.1f} ms{:>9.2f}x{:>9} MiB\n", what, cost.seconds * 1000,
                             cost.seconds / yardstick, cost.peak_kib / 1024);
}

void measure(const Size& size)
{
    const testing::TempFolder folder;
    const fs::path data = folder / "chromium";
    write_profile(data, size);
    const std::vector<std::string> where{"--user-data-dir", data.string(), "--state-dir", (folder / "state").string()};
    const auto with = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), where.begin(), where.end());
        return arguments;
    };
    Cost yardstick;
    Cost scan;
    Cost fix;
    Cost undo;
    Cost start;
    for (int i = 0; i < repetitions; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        read_starts(data / "Default/Cache/Cache_Data");
        yardstick.keep_best({Seconds(std::chrono::steady_clock::now() - begin).count(), 0});
        start.keep_best(run_unstick({"--version"}));
        scan.keep_best(run_unstick(with({"fix", "site7.test", "--retest", "none", "--dry-run"})));
        fix.keep_best(run_unstick(with({"fix", "site7.test", "--retest", "none", "--yes"})));
        undo.keep_best(run_unstick({"undo", "--yes", "--state-dir", (folder / "state").string()}));
    }
    std::cout << fmt::format("{} cache entries of {} hosts, {} cookies, in {}\n", size.entries, hosts, size.cookies,
                             fs::temp_directory_path().string());
    print_row("reading 512 bytes of every cache file once", yardstick, yardstick.seconds);
    print_row("unstick --version", start, yardstick.seconds);
    print_row("unstick fix --dry-run", scan, yardstick.seconds);
    print_row("unstick fix", fix, yardstick.seconds);
    print_row("unstick undo", undo, yardstick.seconds);
}

}  // namespace

TEST_CASE("an average profile")
{
    measure({10'000, 2'000});
}
TEST_CASE("small, large and very large", "[.all]")
{
    measure({1'000, 100});
    measure({100'000, 10'000});
}
