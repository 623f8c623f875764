#include "report/all_sites.h"

#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "base/limited_json.h"
#include "base/text.h"
#include "base/version.h"

namespace unstick {

std::string to_json(std::string_view command, std::span<const Report> reports)
{
    using Json = nlohmann::ordered_json;
    Json sites = Json::array();
    for (const Report& report : reports) {
        sites.push_back({{"site", printable(report.site)},
                         {"exit_code", static_cast<int>(report.exit_code)},
                         {"report", json_or_discarded<Json>(to_json(report))}});
    }
    const Json json{{"schema_version", 1},
                    {"command", command},
                    {"version", version},
                    {"sites", sites},
                    {"exit_code", static_cast<int>(exit_of(reports))}};
    return json.dump(2) + "\n";
}

Exit exit_of(std::span<const Report> reports)
{
    std::set<Exit> codes;
    for (const Report& report : reports) {
        codes.insert(report.exit_code);
    }
    for (const Exit to_act_on : {Exit::internal, Exit::cancelled, Exit::usage, Exit::wrong_found}) {
        if (codes.contains(to_act_on)) {
            return to_act_on;
        }
    }
    if (codes.size() > 1) {
        codes.erase(Exit::nothing_found);
    }
    return codes.empty() ? Exit::nothing_found : codes.size() == 1 ? *codes.begin() : Exit::partial;
}

}  // namespace unstick
