#pragma once
// --all-users: what of the command line and the environment goes on to each user's run.

#include <string>
#include <string_view>
#include <vector>

namespace unstick {

/// The arguments of each user's run: those given, without --all-users.
std::vector<std::string> arguments_for_each(std::vector<std::string> arguments);

/// Does this variable (`NAME=value`) belong to each user's run too? The language, proxies, and the options of unstick
/// that go together with --all-users.
bool is_for_each(std::string_view variable);

}  // namespace unstick
