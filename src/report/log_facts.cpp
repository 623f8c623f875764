#include "report/log_facts.h"

#include <set>

#include "base/text.h"
#include "base/version.h"

namespace unstick {

namespace {

std::string joined(const std::set<std::string>& words)
{
    std::string all;
    for (const std::string& word : words) {
        all += (all.empty() ? "" : ",") + word;
    }
    return all;
}

/// Of all stores of all profiles.
std::string sum_of(const Report& report, std::uint64_t StoreReport::*count)
{
    std::uint64_t sum = 0;
    for (const ProfileReport& profile : report.profiles) {
        for (const StoreReport& store : profile.stores) {
            sum += store.*count;
        }
    }
    return std::to_string(sum);
}

}  // namespace

std::vector<SystemLog::Fact> log_facts(const Report& report)
{
    std::set<std::string> rules;
    for (const Finding& finding : report.findings) {
        rules.emplace(finding.rule);
    }
    std::set<std::string> problems;
    for (const Error& problem : report.problems) {
        problems.emplace(name_of(problem.code));
    }
    return {
        {"command", report.command},
        {"site", printable(report.site)},
        {"exit_code", std::to_string(static_cast<int>(report.exit_code))},
        {"verdict", report.verdict.code},
        {"profiles", std::to_string(report.profiles.size())},
        {"found", sum_of(report, &StoreReport::found)},
        {report.command == "undo" ? "restored" : "removed", sum_of(report, &StoreReport::removed)},
        {"dry_run", report.dry_run ? "1" : ""},
        {"findings", joined(rules)},
        {"problems", joined(problems)},
        {"run", report.run},
        {"version", version},
    };
}

bool is_fault(Exit exit)
{
    return exit != Exit::ok && exit != Exit::nothing_found && exit != Exit::wrong_found;
}

}  // namespace unstick
