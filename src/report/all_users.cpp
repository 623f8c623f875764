#include "report/all_users.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/limited_json.h"
#include "base/text.h"
#include "base/version.h"

namespace unstick {

namespace {

using Json = nlohmann::ordered_json;

/// What a program of another user prints may hold anything that a terminal obeys.
std::string printable_lines(std::string_view text)
{
    std::string lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines += printable(text.substr(0, end)) + "\n";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string titled(const UserRun& run, std::string_view text)
{
    return fmt::format("== {}\n{}", printable(run.user), printable_lines(text));
}

Json made_printable(const Json& json)
{
    if (json.is_string()) {
        return printable(json.get_ref<const std::string&>());
    }
    Json clean = json.is_object() ? Json::object() : json.is_array() ? Json::array() : json;
    if (json.is_object()) {
        for (const auto& [name, value] : json.items()) {
            clean[printable(name)] = made_printable(value);
        }
    } else if (json.is_array()) {
        for (const Json& value : json) {
            clean.push_back(made_printable(value));
        }
    }
    return clean;
}

/// The report that a user's run printed; null if it is none.
Json report_of(const UserRun& run)
{
    const Json report = json_or_discarded<Json>(run.output);
    return report.is_object() ? made_printable(report) : Json(nullptr);
}

}  // namespace

std::string to_text(std::span<const UserRun> runs)
{
    std::string text;
    for (const UserRun& run : runs) {
        text += (text.empty() ? "" : "\n") + titled(run, run.output);
    }
    return text.empty() ? "No user of this computer has a home folder.\n" : text;
}

std::string messages_of(std::span<const UserRun> runs)
{
    std::string text;
    for (const UserRun& run : runs) {
        text += run.messages.empty() ? "" : titled(run, run.messages);
    }
    return text;
}

std::string to_json(std::string_view command, std::span<const UserRun> runs)
{
    Json users = Json::array();
    for (const UserRun& run : runs) {
        users.push_back({{"user", printable(run.user)},
                         {"exit_code", static_cast<int>(run.exit_code)},
                         {"report", report_of(run)}});
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
