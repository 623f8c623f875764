#pragma once
// How a run talks to whoever started it while it goes on.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/secret.h"
#include "report/report.h"

namespace unstick {

/// One stage of a command, for people.
struct Progress {
    std::string what;       ///< "looking into Chromium Default"; not yet printable
    std::size_t done = 0;   ///< stages that are behind us
    std::size_t total = 0;  ///< all stages, as far as is known; 0 = not known
};

struct Console {
    /// Shows what would be done and asks whether to do it. Called only without --yes.
    /// Never set where nobody can answer: then the run refuses and changes nothing.
    std::function<bool(const Report& plan)> confirm;
    /// Asks a question that is answered with yes if nothing else is said. Never set where nobody can answer.
    std::function<bool(const std::string& question)> ask;
    /// Asks a question that is answered with no if nothing else is said. `if_ended`: what is true and what to type if
    /// the run is ended meanwhile. Never set where nobody can answer.
    std::function<bool(const std::string& question, const std::string& if_ended)> is_so;
    /// Asks for a password; std::nullopt if the user gives none. Never set where nobody can answer.
    std::function<std::optional<Secret>(const std::string& question)> ask_password;
    /// A stage begins.
    std::function<void(const Progress& now)> progress;
};

}  // namespace unstick
