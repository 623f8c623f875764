#pragma once
// What the forms of a report for people say in the same words. Nothing is made printable here.

#include <string>
#include <vector>

#include "report/report.h"

namespace unstick {

/// Is this the end that was hoped for?
bool is_good(Exit code);

/// "Google Chrome, profile Default (Person 1)".
std::string title_of(const ProfileReport& profile);

/// What a profile in use means for the command.
std::string in_use_note(const Report& report, const ProfileReport& profile);

/// How a removal is meant that a question is about.
struct Removing {
    bool everything = true;  ///< all that the site stored, of the chosen kinds
    bool can_undo = true;
};

/// What a question whether to remove all this has to say besides: the hosts, if there are several, what other ports
/// share, and what the user will notice of it. A sentence each.
std::vector<std::string> before_removal(const Report& report, const Removing& how);

/// Problems that say the same of several places, as one: the first place, and how many more.
struct ProblemGroup {
    Error first;
    std::size_t more = 0;  ///< places besides
};
std::vector<ProblemGroup> grouped(const std::vector<Error>& problems);
/// The place, and " and 28 more" where there are more.
std::string places_of(const ProblemGroup& group);

/// The report with `home` as "~" in the paths that people read.
Report with_short_paths(Report report, const std::string& home);

/// `why SITE ...` of the same site as a `fix SITE ...`.
std::string why_command(const std::string& fix_command);

/// How to put everything back; empty if the run removed nothing, or cannot be undone.
std::string how_to_undo(const Report& report);

}  // namespace unstick
