#pragma once
// What the stages of a command work with and hand on.

#include <span>
#include <string>

#include "../adapter.h"
#include "../host.h"
#include "../report.h"
#include "../request.h"
#include "../run.h"

namespace unstick {

/// Counts the stages of a command and tells the console of each.
class Stages {
public:
    explicit Stages(const Console& console) : console_(console) {}
    /// The next one begins.
    void next(const std::string& what);
    /// The next one has nothing to do.
    void skip() { ++begun_; }
    /// There are more of them than was known.
    void expect(std::size_t more) { total_ += more; }

private:
    const Console& console_;
    std::size_t begun_ = 0;
    std::size_t total_ = 0;
};

/// One command from its beginning to its end: what was asked, the computer, its browsers, who started it, and the
/// report that it fills in.
struct Job {
    const Request& request;
    Host& host;
    std::span<const Adapter> adapters;
    const Console& console;
    Report& report;
    Stages stages{console};
};

/// The whole command cannot be done: sets verdict and exit code.
void refuse(Report& report, const Error& error);

/// True if the user agrees, or --yes was given. Otherwise the report says why nothing was done.
bool confirmed(Job& job);

}  // namespace unstick
