#pragma once
// `unstick` alone on a terminal: leads from the site to the smallest removal, and back. Plain lines and numbered
// choices.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/request.h"
#include "report/report.h"

namespace unstick {

/// What the guide works with; it prints and reads by nothing else.
struct GuideTools {
    /// A line that was typed; std::nullopt at the end of input.
    std::function<std::optional<std::string>(const std::string& prompt)> ask;
    std::function<void(const std::string& text)> say;
    /// One of several choices.
    std::function<void(std::size_t number, const std::string& text)> offer;
    /// What these words on a command line ask for. Errors: usage.
    std::function<Result<Request>(const std::vector<std::string>& words)> request_for;
    /// Runs it; `fix` asks by itself before it changes anything.
    std::function<Report(const Request& request)> run;
    std::function<void(const Report& report)> show;
};

/// How the last run ended; cancelled if there was none.
Exit guide(const GuideTools& tools);

}  // namespace unstick
