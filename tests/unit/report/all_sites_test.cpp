// Several sites, one result.

#include "report/all_sites.h"

#include <nlohmann/json.hpp>

#include "tests/fixtures/reports.h"

using namespace unstick;

TEST_CASE("the exit code of several sites")
{
    const auto [codes, expected] = GENERATE(table<std::vector<Exit>, Exit>({
        {{Exit::ok, Exit::ok}, Exit::ok},
        {{Exit::ok, Exit::nothing_found}, Exit::ok},
        {{Exit::nothing_found, Exit::nothing_found}, Exit::nothing_found},
        {{Exit::ok, Exit::still_refused}, Exit::partial},
        {{Exit::ok, Exit::wrong_found}, Exit::wrong_found},
        {{Exit::usage, Exit::usage}, Exit::usage},
        {{Exit::ok, Exit::cancelled}, Exit::cancelled},
    }));
    std::vector<Report> reports;
    for (const Exit code : codes) {
        reports.emplace_back().exit_code = code;
    }
    CHECK(exit_of(std::span<const Report>(reports)) == expected);
}

TEST_CASE("the JSON of several sites holds each report")
{
    std::vector<Report> reports(2);
    reports[0].command = reports[1].command = "why";
    reports[0].site = "a.example";
    reports[1].site = "b.example";
    reports[1].exit_code = Exit::wrong_found;
    const auto json = nlohmann::json::parse(to_json("why", std::span<const Report>(reports)));
    CHECK(json.at("schema_version") == 1);
    CHECK(json.at("exit_code") == 10);
    CHECK(json.at("sites").size() == 2);
    CHECK(json.at("sites").at(1).at("site") == "b.example");
    CHECK(json.at("sites").at(1).at("exit_code") == 10);
    CHECK(json.at("sites").at(0).at("report").at("site") == "a.example");
}
