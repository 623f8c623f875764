#include "report_words.h"

#include <fmt/format.h>

namespace unstick {

bool is_good(Exit code)
{
    return code == Exit::ok || code == Exit::nothing_found;
}

std::string title_of(const ProfileReport& profile)
{
    const std::string name = profile.name.empty() ? "" : fmt::format(" ({})", profile.name);
    return fmt::format("{}, profile {}{}", profile.browser_label, profile.profile, name);
}

std::string in_use_note(const Report& report, const ProfileReport& profile)
{
    if (report.command == "profiles" || report.command == "doctor") {
        return "In use: " + profile.use;
    }
    return report.command == "why" ? "In use: what the browser has not written yet is not seen."
                                   : "In use: nothing was changed in it.";
}

std::string how_to_undo(const Report& report)
{
    const bool possible = !report.run.empty() && report.command == "fix" && !report.dry_run;
    return possible ? "To put everything back: unstick undo " + report.run : "";
}

}  // namespace unstick
