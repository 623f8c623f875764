#pragma once
// --all-users: one run of unstick for each user of this computer, with that user's rights, as one result.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report.h"

namespace unstick {

/// How one user's run ended.
struct UserRun {
    std::string user;
    std::string output;  ///< what it printed: its text, or its JSON object
    Exit exit_code = Exit::internal;
};

/// The arguments of each user's run: those given, without --all-users.
std::vector<std::string> arguments_for_each(std::vector<std::string> arguments);

/// A title for each user, then what the run printed.
std::string to_text(std::span<const UserRun> runs);

/// One JSON object: `{ "schema_version", "command", "version", "users": [ { "user", "exit_code", "report" } ],
/// "exit_code" }`. `report` is null where a run did not print a JSON object.
std::string to_json(std::string_view command, std::span<const UserRun> runs);

/// Does this variable (`NAME=value`) belong to each user's run too? The language, proxies, and the options of unstick
/// that go together with --all-users.
bool is_for_each(std::string_view variable);

/// A fault of unstick itself (1) and something to fix (10) win. Users with nothing of the site (9) or no run to undo
/// (2) do not count beside others. One code if all others agree, else 3.
Exit exit_of(std::span<const UserRun> runs);

}  // namespace unstick
