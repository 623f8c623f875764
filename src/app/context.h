#pragma once
// What the stages of a command work with. They take values and return values; a command makes its report of those.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "app/console.h"
#include "cli/request.h"
#include "model/adapter.h"
#include "platform/host.h"

namespace unstick {

/// Counts the stages of a command and tells the console of each.
class Stages {
public:
    explicit Stages(const Console& console) : console_(console) {}
    /// The next one begins.
    void next(const std::string& what);
    /// What is being done now, in the midst of a stage.
    void now(const std::string& what) const;
    /// The next one has nothing to do.
    void skip() { ++begun_; }
    /// There are more of them than was known.
    void expect(std::size_t more) { total_ += more; }

private:
    const Console& console_;
    std::size_t begun_ = 0;
    std::size_t total_ = 0;
};

/// What stays the same from the beginning of a command to its end: what was asked, the computer, its browsers, and who
/// started it.
struct Context {
    const Request& request;
    Host& host;
    std::span<const Adapter> adapters;
    const Console& console;
    Stages& stages;
    std::int64_t begun_at = 0;  ///< the host's clock, Unix seconds
};

/// What every report of a command begins with: command, site, time.
Report report_begun(const Context& context);

/// Does the user agree to what the report shows, or was --yes given? Errors: usage, if nobody can be asked.
Result<bool> confirmed(const Context& context, const Report& plan);

/// Puts a stage's problems, or next steps, behind those of the stages before it.
template <class One>
void append(std::vector<One>& all, const std::vector<One>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}

}  // namespace unstick
