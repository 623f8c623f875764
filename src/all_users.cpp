#include "all_users.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "option_values.h"
#include "text.h"
#include "version.h"

namespace unstick {

std::vector<std::string> arguments_for_each(std::vector<std::string> arguments)
{
    std::erase(arguments, "--all-users");
    return arguments;
}

std::string to_text(std::span<const UserRun> runs)
{
    std::string text;
    for (const UserRun& run : runs) {
        text += fmt::format("{}== {}\n{}", text.empty() ? "" : "\n", printable(run.user), run.output);
    }
    return text.empty() ? "No user of this computer has a home folder.\n" : text;
}

std::string to_json(std::string_view command, std::span<const UserRun> runs)
{
    using Json = nlohmann::ordered_json;
    Json users = Json::array();
    for (const UserRun& run : runs) {
        const Json report = Json::parse(run.output, nullptr, false);
        users.push_back({{"user", printable(run.user)},
                         {"exit_code", static_cast<int>(run.exit_code)},
                         {"report", report.is_object() ? report : Json(nullptr)}});
    }
    const Json json{{"schema_version", 1},
                    {"command", command},
                    {"version", version},
                    {"users", users},
                    {"exit_code", static_cast<int>(exit_of(runs))}};
    return json.dump(2) + "\n";
}

bool is_for_each(std::string_view variable)
{
    const std::string_view name = variable.substr(0, variable.find('='));
    constexpr std::array inherited{"LANG",        "TERM",      "NO_COLOR",  "http_proxy", "https_proxy",
                                   "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",   "NO_PROXY"};
    if (std::find(inherited.begin(), inherited.end(), name) != inherited.end() || name.starts_with("LC_")) {
        return true;
    }
    const auto names = [&](const Option& option) { return variable_of(option) == name; };
    const auto* const option = std::find_if(options.begin(), options.end(), names);
    return option != options.end() && option->name != "all-users" && !contradict("all-users", option->name);
}

Exit exit_of(std::span<const UserRun> runs)
{
    std::set<Exit> codes;
    for (const UserRun& run : runs) {
        codes.insert(run.exit_code);
    }
    for (const Exit to_act_on : {Exit::internal, Exit::wrong_found}) {
        if (codes.contains(to_act_on)) {
            return to_act_on;
        }
    }
    for (const Exit nothing_to_do : {Exit::usage, Exit::nothing_found}) {
        if (codes.size() > 1) {
            codes.erase(nothing_to_do);
        }
    }
    return codes.empty() ? Exit::nothing_found : codes.size() == 1 ? *codes.begin() : Exit::partial;
}

}  // namespace unstick
