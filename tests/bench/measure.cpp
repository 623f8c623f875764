#include "tests/bench/measure.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "tests/fixtures/catch.h"

namespace unstick::bench {

namespace {

std::string program_of(const char* variable)
{
    const char* const program = std::getenv(variable);
    REQUIRE(program != nullptr);
    return program;
}

}  // namespace

std::string unstick_program()
{
    return program_of("UNSTICK");
}

std::string reader_program()
{
    return program_of("READER");
}

Cost run(std::vector<std::string> command, const std::vector<int>& codes)
{
    std::vector<char*> argv;
    for (std::string& word : command) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t silent;
    ::posix_spawn_file_actions_init(&silent);
    ::posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const auto start = std::chrono::steady_clock::now();
    pid_t child = 0;
    REQUIRE(::posix_spawn(&child, argv.front(), &silent, nullptr, argv.data(), environ) == 0);
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    ::posix_spawn_file_actions_destroy(&silent);
    INFO(fmt::format("{}", fmt::join(command, " ")));
    REQUIRE(WIFEXITED(status));
    CAPTURE(WEXITSTATUS(status));
    REQUIRE(std::find(codes.begin(), codes.end(), WEXITSTATUS(status)) != codes.end());
    return {time.count(), usage.ru_maxrss};
}

double Row::median_s() const
{
    std::vector<double> times;
    for (const Cost& cost : runs) {
        times.push_back(cost.seconds);
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

long Row::peak_kib() const
{
    long peak = 0;
    for (const Cost& cost : runs) {
        peak = std::max(peak, cost.peak_kib);
    }
    return peak;
}

void measure_in_turns(std::vector<Row>& rows, int rounds, const std::function<void()>& before)
{
    for (int round = 0; round < rounds; ++round) {
        for (Row& row : rows) {
            if (before) {
                before();
            }
            row.runs.push_back(run(row.command, row.codes));
        }
    }
}

void print(std::string_view title, const std::vector<Row>& rows, std::size_t yardstick)
{
    std::cout << title << '\n';
    for (const Row& row : rows) {
        std::cout << fmt::format("  {:<60}{:>10.1f} ms{:>9.2f}x{:>7} MiB\n", row.what, row.median_s() * 1000,
                                 row.median_s() / rows.at(yardstick).median_s(), row.peak_kib() / 1024);
    }
    std::cout << std::flush;
}

void apart(const std::function<void()>& make)
{
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        try {
            make();
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(status == 0);
}

bool drop_caches()
{
    ::sync();
    std::ofstream file("/proc/sys/vm/drop_caches");
    return static_cast<bool>(file << "3" << std::flush);
}

}  // namespace unstick::bench
