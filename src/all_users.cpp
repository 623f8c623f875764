#include "all_users.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

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

Exit exit_of(std::span<const UserRun> runs)
{
    std::set<Exit> codes;
    for (const UserRun& run : runs) {
        codes.insert(run.exit_code);
    }
    for (const Exit nothing_to_do : {Exit::usage, Exit::nothing_found}) {
        if (codes.size() > 1) {
            codes.erase(nothing_to_do);
        }
    }
    return codes.empty() ? Exit::nothing_found : codes.size() == 1 ? *codes.begin() : Exit::partial;
}

}  // namespace unstick
