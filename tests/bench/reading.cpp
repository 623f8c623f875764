// A folder of many small files, cold and warm, against the reader; and how that grows.

#include <iostream>

#include <fmt/format.h>

#include "tests/bench/measure.h"
#include "tests/bench/profiles.h"
#include "tests/fixtures/testing.h"

namespace testing = unstick::testing;
using namespace unstick::bench;

namespace {

constexpr int sites = 200;
constexpr auto many = "many.test";
constexpr int nothing_found = 9;

/// A Chromium profile with so many entries in its cache, some of them of one site.
class Profile {
public:
    Profile(int entries, int of_one)
    {
        apart([&] {
            write_chromium(data());
            write_simple_cache(cache(), entries - of_one, sites);
            add_simple_cache(cache(), of_one, many);
        });
    }

    Row reader(int threads) const
    {
        return {fmt::format("reader, {} thread{}", threads, threads == 1 ? "" : "s"),
                {reader_program(), cache().string(), std::to_string(threads)}};
    }

    Row dry_run(const std::string& what, const std::string& site) const
    {
        return {"unstick fix --dry-run: " + what,
                {unstick_program(), "fix", site, "--dry-run", "--retest", "none", "--user-data-dir", data().string(),
                 "--state-dir", (home_ / "state").string()},
                {0, nothing_found}};
    }

private:
    fs::path data() const { return home_ / "chromium"; }
    fs::path cache() const { return data() / "Default/Cache/Cache_Data"; }

    testing::TempFolder home_;
};

std::string place()
{
    return ", in " + fs::temp_directory_path().string();
}

void measure_cold(int entries)
{
    const Profile profile(entries, 0);
    if (!drop_caches()) {
        std::cout << "cold: not measured, as only root may drop what the system has in memory of files\n";
        return;
    }
    std::vector<Row> rows{profile.reader(32),
                          profile.reader(1),
                          profile.reader(2),
                          profile.dry_run("nothing matches", "nothing.test"),
                          {"unstick --version", {unstick_program(), "--version"}}};
    measure_in_turns(rows, 7, [] { REQUIRE(drop_caches()); });
    print(fmt::format("{} entries of a Simple cache, cold{}", entries, place()), rows);
}

void measure_warm(int entries, int rounds)
{
    const int of_one = entries * 3 / 20;
    const Profile profile(entries, of_one);
    std::vector<Row> rows{profile.reader(1), profile.reader(2), profile.reader(32),
                          profile.dry_run("nothing matches", "nothing.test"),
                          profile.dry_run(fmt::format("{} match", of_one), many)};
    measure_in_turns(rows, 1);  // warms up
    for (Row& row : rows) {
        row.runs.clear();
    }
    measure_in_turns(rows, rounds);
    print(fmt::format("{} entries of a Simple cache, warm{}", entries, place()), rows);
}

}  // namespace

TEST_CASE("small files")
{
    measure_cold(20'000);
    measure_warm(20'000, 25);
}

TEST_CASE("growth of small files")
{
    measure_warm(1'000, 25);
    measure_warm(100'000, 7);
}
