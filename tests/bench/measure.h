#pragma once
// Programs measured against each other: in turns, so that what else the machine does meets all of them.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace unstick::bench {

namespace fs = std::filesystem;

/// What a run of a program took.
struct Cost {
    double seconds = 0;
    long peak_kib = 0;  ///< of memory
};

/// Runs a program to its end, its output dropped. Fails the benchmark if it ends with none of `codes`.
Cost run(std::vector<std::string> command, const std::vector<int>& codes = {0});

/// unstick, and the yardstick beside it, by the environment (UNSTICK, READER).
std::string unstick_program();
std::string reader_program();

/// A program and what its runs took.
struct Row {
    std::string what;
    std::vector<std::string> command;
    std::vector<int> codes = {0};
    std::vector<Cost> runs = {};

    double median_s() const;
    long peak_kib() const;
};

/// Runs all rows in turns, so many rounds; `before` comes before each run and is not measured.
void measure_in_turns(std::vector<Row>& rows, int rounds, const std::function<void()>& before = {});

/// A line for each row: its median, and that as a ratio to the row with number `yardstick`.
void print(std::string_view title, const std::vector<Row>& rows, std::size_t yardstick = 0);

/// In a process of its own: the system counts the peak of a child from what its parent holds.
void apart(const std::function<void()>& make);

/// Makes the system forget what it has in memory of files. False where it does not let us: needs root.
bool drop_caches();

}  // namespace unstick::bench
