// What unstick costs, against reading the same files once. Run by ./scripts/bench; docs/benchmarks.md says what came
// out. Times are the best of several runs: the table compares programs, not what else the machine did. What counts are
// the ratios within one run.

#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <iostream>
#include <limits>

#include <fmt/format.h>

#include "finders/sql_table.h"
#include "model/adapter.h"
#include "profiles/chromium/finders.h"
#include "profiles/gecko/finders.h"
#include "profiles/webkit/finders.h"
#include "profiles/webkit/network_cache.h"
#include "tests/bench/profiles.h"
#include "tests/fixtures/raw_server.h"
#include "tests/fixtures/testing.h"

namespace testing = unstick::testing;
namespace fs = std::filesystem;
using namespace unstick::bench;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

namespace {

constexpr int sites = 200;
/// What the yardstick reads of a file: its first 512 bytes; all of it; or, as Firefox's cache needs, the last four
/// bytes and then what they point to.
enum class Reading { start, whole, end };

/// A home folder, and what to measure in it.
struct World {
    std::string name;
    std::function<void(const fs::path& home)> fill;
    fs::path files;  ///< what the yardstick reads, below the home folder
    Reading reading;
    std::vector<std::string> arguments;  ///< of unstick; {} is the home folder
    unstick::Find find = nullptr;        ///< the store's finder, measured alone on `files`; or none
};

void read_one(int file, Reading reading)
{
    // So much at once is the fastest; so is memory that begins with a page (else it took five times as long once).
    alignas(4096) static std::array<char, 64U << 10U> buffer;
    if (reading == Reading::start) {
        (void)!::read(file, buffer.data(), 512);
    } else if (reading == Reading::whole) {
        while (::read(file, buffer.data(), buffer.size()) > 0) {
        }
    } else {
        struct stat status {};
        std::array<unsigned char, 4> last{};
        REQUIRE(::fstat(file, &status) == 0);
        REQUIRE(::pread(file, last.data(), last.size(), status.st_size - 4) == 4);
        const auto metadata = static_cast<off_t>(last[0]) << 24 | last[1] << 16 | last[2] << 8 | last[3];
        REQUIRE(::pread(file, buffer.data(), buffer.size(), metadata) == status.st_size - metadata);
    }
}

/// The yardstick: opens every file below a folder and reads some of it. Bodies that WebKit keeps beside its records do
/// not count: no search has to open them.
void read_files(int folder, Reading reading)
{
    DIR* const directory = ::fdopendir(folder);
    REQUIRE(directory != nullptr);
    while (const dirent* const entry = ::readdir(directory)) {
        const std::string_view name = entry->d_name;
        const bool is_folder = entry->d_type == DT_DIR;
        if (name == "." || name == ".." || name.ends_with("-blob")) {
            continue;
        }
        const int file = ::openat(folder, entry->d_name, O_RDONLY | (is_folder ? O_DIRECTORY : 0));
        if (is_folder) {
            read_files(file, reading);
            continue;
        }
        read_one(file, reading);
        ::close(file);
    }
    ::closedir(directory);
}

std::string text_of(Reading reading)
{
    return reading == Reading::start   ? "reading 512 bytes of every file once"
           : reading == Reading::whole ? "reading every file once"
                                       : "two reads of every file's end";
}

struct Cost {
    double seconds = std::numeric_limits<double>::max();
    long peak_kib = 0;
    void keep_best(const Cost& other)
    {
        seconds = std::min(seconds, other.seconds);
        peak_kib = std::max(peak_kib, other.peak_kib);
    }
};

double seconds_since(Clock::time_point start)
{
    return Seconds(Clock::now() - start).count();
}

Cost wait_for(pid_t child, Clock::time_point start)
{
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    constexpr int wrong_found = 10;  // what `why` says of a site with so many cookies
    REQUIRE(WIFEXITED(status));
    REQUIRE((WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == wrong_found));
    return {seconds_since(start), usage.ru_maxrss};
}

Cost run_unstick(std::vector<std::string> arguments)
{
    const char* const program = std::getenv("UNSTICK");
    REQUIRE(program != nullptr);
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (std::string& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t silent;
    ::posix_spawn_file_actions_init(&silent);
    ::posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const auto start = Clock::now();
    pid_t child = 0;
    REQUIRE(::posix_spawn(&child, program, &silent, nullptr, argv.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&silent);
    return wait_for(child, start);
}

/// In a process of its own: the system counts the peak of a child from what its parent holds.
void fill_apart(const World& world, const fs::path& home)
{
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            world.fill(home);
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    wait_for(child, Clock::now());
}

void print_row(std::string_view what, const Cost& cost, double yardstick)
{
    std::cout << fmt::format("  {:<44}{:>10.1f} ms{:>9.2f}x{:>9} MiB\n", what, cost.seconds * 1000,
                             cost.seconds / yardstick, cost.peak_kib / 1024);
}

std::vector<std::string> arguments_of(const World& world, const fs::path& home, std::vector<std::string> arguments)
{
    for (const std::string& argument : world.arguments) {
        arguments.push_back(fmt::format(fmt::runtime(argument), home.string()));
    }
    arguments.insert(arguments.end(), {"--retest", "none", "--state-dir", home / "state"});
    return arguments;
}

void measure(const World& world)
{
    constexpr int repetitions = 5;
    constexpr double enough_s = 5;
    const testing::TempFolder folder;
    const fs::path home = folder.path();
    fill_apart(world, home);
    Cost yardstick;
    Cost find;
    Cost scan;
    Cost fix;
    Cost undo;
    const auto start = Clock::now();
    for (int i = 0; i < repetitions && (i == 0 || seconds_since(start) < enough_s); ++i) {
        for (int warm = 0; warm < 2; ++warm) {
            const auto begin = Clock::now();
            const int files = ::open((home / world.files).c_str(), O_RDONLY | O_DIRECTORY);
            read_files(files, world.reading);
            yardstick.keep_best({seconds_since(begin), 0});
        }
        if (world.find != nullptr) {
            const auto site = unstick::Site::parse(site_of(0, sites));
            const auto begin = Clock::now();
            const unstick::Found found = world.find(home / world.files, *site);
            find.keep_best({seconds_since(begin), 0});
            REQUIRE_FALSE(found.items.empty());
        }
        scan.keep_best(run_unstick(arguments_of(world, home, {"fix", site_of(0, sites), "--dry-run"})));
        fix.keep_best(run_unstick(arguments_of(world, home, {"fix", site_of(0, sites), "--yes"})));
        undo.keep_best(run_unstick({"undo", "--yes", "--state-dir", home / "state"}));
    }
    std::cout << fmt::format("{}, in {}\n", world.name, fs::temp_directory_path().string());
    print_row(text_of(world.reading), yardstick, yardstick.seconds);
    if (world.find != nullptr) {
        print_row("the search of these files alone", find, yardstick.seconds);
    }
    print_row("unstick fix --dry-run", scan, yardstick.seconds);
    print_row("unstick fix", fix, yardstick.seconds);
    print_row("unstick undo", undo, yardstick.seconds);
    std::cout << std::flush;
}

const std::vector<std::string> in_chromium{"--user-data-dir", "{}/chromium"};
const std::vector<std::string> in_safari{"--home", "{}", "--os", "macos", "--browser", "safari"};
const fs::path chromium_cache = "chromium/Default/Cache/Cache_Data";
const fs::path safari = "Library/Containers/com.apple.Safari/Data/Library";

World simple_cache(int entries, int cookies, int over_sites)
{
    const auto fill = [=](const fs::path& home) {
        write_chromium(home / "chromium");
        write_simple_cache(home / chromium_cache, entries, over_sites);
        write_cookie_database(home / "chromium/Default/Cookies", cookies, over_sites);
    };
    return {fmt::format("{} entries of a Simple cache and {} cookies of {}", entries, cookies,
                        over_sites == 1 ? "one site" : fmt::format("{} sites", over_sites)),
            fill,
            chromium_cache,
            Reading::start,
            in_chromium,
            unstick::find_http_cache};
}

World blockfile_cache(int entries)
{
    const auto fill = [=](const fs::path& home) {
        write_chromium(home / "chromium");
        write_blockfile_cache(home / chromium_cache, entries, sites);
    };
    return {fmt::format("{} entries of a blockfile cache of {} sites", entries, sites),
            fill,
            chromium_cache,
            Reading::whole,
            in_chromium,
            unstick::find_http_cache};
}

World cache2(int entries)
{
    const fs::path home_cache = "home/.cache/mozilla/firefox/bench.default/cache2";
    const auto fill = [=](const fs::path& home) {
        write_firefox(home / "home/.mozilla/firefox", "bench.default");
        write_cache2(home / home_cache, entries, sites);
    };
    return {fmt::format("{} entries of Firefox's cache of {} sites", entries, sites),
            fill,
            home_cache,
            Reading::end,
            {"--home", "{}/home", "--os", "linux"},
            unstick::find_cache2};
}

World local_storage(int mebibytes)
{
    const fs::path database = "chromium/Default/Local Storage/leveldb";
    const auto fill = [=](const fs::path& home) {
        write_chromium(home / "chromium");
        write_local_storage(home / database, mebibytes, sites);
    };
    return {fmt::format("{} MiB of local storage (LevelDB) of {} sites", mebibytes, sites), fill, database,
            Reading::whole, in_chromium};
}

/// Partitioned: a folder for the records under each site, as Safari has them; else all in one, as GNOME Web.
World webkit_cache(int records, bool partitioned)
{
    const fs::path cache = safari / "Caches/com.apple.Safari/WebKitCache";
    const auto fill = [=](const fs::path& home) { write_webkit_cache(home / cache, records, sites, partitioned); };
    return {
        fmt::format("{} records of a WebKit cache of {} sites{}", records, sites, partitioned ? "" : ", in one folder"),
        fill,
        cache,
        Reading::start,
        in_safari,
        unstick::find_webkit_cache};
}

World cookie_jar(int cookies)
{
    const auto fill = [=](const fs::path& home) {
        write_cookie_jar(home / safari / "Cookies/Cookies.binarycookies", cookies, sites);
    };
    return {fmt::format("a Safari jar of {} cookies of {} sites", cookies, sites),
            fill,
            safari / "Cookies",
            Reading::whole,
            in_safari,
            [](const fs::path& folder, const unstick::Site& site) {
                return unstick::find_binary_cookies(folder / "Cookies.binarycookies", site);
            }};
}

/// `why` against its parts: the search and the question to the site.
void measure_why(const World& world)
{
    constexpr int repetitions = 5;
    const testing::TempFolder folder;
    const fs::path home = folder.path();
    fill_apart(world, home);
    const testing::servers::RawServer page("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    const std::string address = fmt::format("http://{}:{}/", site_of(0, 1), page.port());
    const std::string resolve = fmt::format("{}:{}:127.0.0.1", site_of(0, 1), page.port());
    std::vector<std::string> why{"why", address, "--resolve", resolve, "--state-dir", home / "state"};
    for (const std::string& argument : world.arguments) {
        why.push_back(fmt::format(fmt::runtime(argument), home.string()));
    }
    Cost scan;
    Cost probe;
    Cost whole;
    for (int i = 0; i < repetitions; ++i) {
        scan.keep_best(run_unstick(
            arguments_of(world, home, {"fix", site_of(0, 1), "--dry-run", "--with", "network,permissions"})));
        probe.keep_best(run_unstick({"test", address, "--resolve", resolve}));
        whole.keep_best(run_unstick(why));
    }
    std::cout << fmt::format("why: {}, in {}\n", world.name, fs::temp_directory_path().string());
    print_row("unstick fix --dry-run --retest none", scan, scan.seconds);
    print_row("unstick test", probe, scan.seconds);
    print_row("unstick why", whole, scan.seconds);
    std::cout << fmt::format("  {:<44}{:>10.1f} ms\n", "why beyond both",
                             (whole.seconds - scan.seconds - probe.seconds) * 1000)
              << std::flush;
}

}  // namespace

TEST_CASE("start-up")
{
    Cost start;
    for (int i = 0; i < 20; ++i) {
        start.keep_best(run_unstick({"--version"}));
    }
    std::cout << fmt::format("start-up\n  {:<44}{:>10.1f} ms{:>19} MiB\n", "unstick --version", start.seconds * 1000,
                             start.peak_kib / 1024);
}

TEST_CASE("usual sizes")
{
    measure(simple_cache(1'000, 100, sites));
    measure(simple_cache(10'000, 2'000, sites));
    measure(simple_cache(5'000, 5'000, 1));
    measure(blockfile_cache(80'000));
    measure(local_storage(10));
}

TEST_CASE("usual sizes of Safari's files")
{
    measure(webkit_cache(20'000, true));
    measure(webkit_cache(20'000, false));
    measure(cookie_jar(10'000));
}

TEST_CASE("usual sizes of Firefox's files")
{
    measure(cache2(20'000));
}

TEST_CASE("why")
{
    measure_why(simple_cache(20'000, 20'000, 1));
}

TEST_CASE("large sizes", "[.all]")
{
    measure(simple_cache(100'000, 10'000, sites));
    measure(simple_cache(20'000, 20'000, 1));
    measure(local_storage(100));
    measure(local_storage(500));
}
