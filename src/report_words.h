#pragma once
// What the forms of a report for people say in the same words. Nothing is made printable here.

#include <string>

#include "report.h"

namespace unstick {

/// Is this the end that was hoped for?
bool is_good(Exit code);

/// "Google Chrome, profile Default (Person 1)".
std::string title_of(const ProfileReport& profile);

/// What a profile in use means for the command.
std::string in_use_note(const Report& report, const ProfileReport& profile);

/// How to put everything back; empty if the run removed nothing, or cannot be undone.
std::string how_to_undo(const Report& report);

}  // namespace unstick
