#pragma once
// --all-users: one run of unstick for each user of this computer, with that user's rights, as one result.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace unstick {

/// How one user's run ended.
struct UserRun {
    std::string user;
    std::string output;    ///< what it printed: its text, or its JSON object; not cleaned
    std::string messages;  ///< what it printed to standard error; not cleaned
    Exit exit_code = Exit::internal;
};

/// A title for each user, then what the run printed, each line made printable: what it is, the user decides.
std::string to_text(std::span<const UserRun> runs);

/// Their messages, in the same way; nothing of users whose runs had none.
std::string messages_of(std::span<const UserRun> runs);

/// One JSON object: `{ "schema_version", "command", "version", "users": [ { "user", "exit_code", "report" } ],
/// "exit_code" }`. `report` is null where a run did not print a JSON object, or one that is nested deeper than any of
/// ours; its texts are made printable.
std::string to_json(std::string_view command, std::span<const UserRun> runs);

/// An internal error (1) and something to fix (10) win. Users with nothing of the site (9) or no run to undo
/// (2) do not count beside others. One code if all others agree, else 3.
Exit exit_of(std::span<const UserRun> runs);

}  // namespace unstick
