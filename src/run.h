#pragma once
// The straight line: re-test, discover, hold, plan, [dry run stops], journal, carry out, look again, re-test, report.

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "adapter.h"
#include "host.h"
#include "report.h"
#include "request.h"

namespace unstick {

/// One stage of a command, for people.
struct Progress {
    std::string what;       ///< "looking into Chromium Default"; not yet printable
    std::size_t done = 0;   ///< stages that are behind us
    std::size_t total = 0;  ///< all stages, as far as is known; 0 = not known
};

/// How a run talks to whoever started it while it goes on.
struct Console {
    /// Shows what would be done and asks whether to do it. Called only without --yes.
    /// Never set where nobody can answer: then the run refuses and changes nothing.
    std::function<bool(const Report& plan)> confirm;
    /// A stage begins.
    std::function<void(const Progress& now)> progress;
};

/// Does what was asked. Everything that can go wrong is in the report; nothing is printed.
Report run(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console);

/// The report of a run that was refused before it began.
Report refusal(std::string_view command, const Error& error);

}  // namespace unstick
