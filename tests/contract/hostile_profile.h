#pragma once
// Profiles made to harm, and what has to be true after each run on one.

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tests/fixtures/home.h"

namespace unstick::testing::hostile {

inline const std::vector<std::string> two_sites{"stuck.test", "other.test"};

inline Home hostile_home(CacheKind cache = CacheKind::simple)
{
    return Home("chrome", two_sites, cache);
}

inline std::vector<fs::path> files_below(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path());
        }
    }
    return files;
}

inline std::vector<fs::path> databases_in(const Home& home)
{
    auto files = files_below(home.profile);
    std::erase_if(files, [](const fs::path& file) { return !get(file).starts_with("SQLite format 3"); });
    return files;
}

/// The report is valid JSON in valid UTF-8, and sends no control character to a terminal.
inline void check_clean(const Report& report)
{
    TextOptions options;
    options.verbose = true;
    const std::string text = to_text(report, options);
    CHECK(std::none_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }));
    std::string line = text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    CHECK(printable(line) == line);
    CHECK(nlohmann::json::parse(to_json(report), nullptr, false).is_object());
}

/// Runs a command, which must end soon, with a documented code and clean words.
inline Report go(Home& home, Command command)
{
    constexpr auto longest = std::chrono::seconds(120);  // with sanitizers, on a busy machine
    const auto start = std::chrono::steady_clock::now();
    const Report report = home.go(home.request(command, all_kinds()));
    CHECK(std::chrono::steady_clock::now() - start < longest);
    CHECK(report.exit_code != Exit::internal);
    for (const Error& problem : report.problems) {
        CHECK_FALSE(problem.where.empty());
        CHECK_FALSE(problem.what.empty());
    }
    check_clean(report);
    return report;
}

inline bool names(const Report& report, std::string_view place)
{
    return std::any_of(report.problems.begin(), report.problems.end(),
                       [&](const Error& problem) { return problem.where.find(place) != std::string::npos; });
}

/// Lines of Home::seen() that name the other site.
inline std::set<std::string> of_others(const Home& home)
{
    std::set<std::string> lines;
    for (const std::string& line : home.seen()) {
        if (line.find("other.test") != std::string::npos && !testing::is_about_ours(line)) {
            lines.insert(line);
        }
    }
    return lines;
}

}  // namespace unstick::testing::hostile
