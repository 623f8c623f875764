#include <nlohmann/json.hpp>

#include "report.h"
#include "site.h"
#include "text.h"
#include "version.h"

namespace unstick {

namespace {

using Json = nlohmann::ordered_json;

/// An absent text is null: scripts ask for it that way.
Json text_or_null(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(printable(text));
}

Json json_of(const Challenge& challenge)
{
    Json params = Json::object();
    for (const auto& [name, value] : challenge.params) {
        params[printable(name)] = printable(value);
    }
    return {{"scheme", printable(challenge.scheme)},
            {"realm", printable(challenge.realm())},
            {"params", params},
            {"usable_by_browser", challenge.usable_by_browser},
            {"malformed", challenge.malformed},
            {"note", printable(challenge.note)}};
}

Json json_of(const std::optional<Hop>& hop)
{
    if (!hop) {
        return nullptr;
    }
    Json names = Json::array();
    for (const std::string& name : hop->set_cookie_names) {
        names.push_back(printable(name));
    }
    Json refused = Json::array();
    for (const RefusedCookie& cookie : hop->refused_cookies) {
        refused.push_back({{"name", printable(cookie.name)}, {"reason", cookie.reason}});
    }
    return {{"url", printable(hop->url)}, {"site", printable(registrable_domain(host_of(hop->url)))},
            {"status", hop->status},      {"location", text_or_null(hop->location)},
            {"set_cookie_names", names},  {"refused_cookies", refused}};
}

Json json_of(const std::optional<Probe>& probe)
{
    if (!probe) {
        return nullptr;
    }
    Json hops = Json::array();
    for (const Hop& hop : probe->hops) {
        hops.push_back(json_of(hop));
    }
    Json challenges = Json::array();
    for (const Challenge& challenge : probe->challenges) {
        challenges.push_back(json_of(challenge));
    }
    Json correlation = Json::object();
    for (const auto& [name, value] : probe->correlation) {
        correlation[printable(name)] = printable(value);
    }
    return {{"method", probe->method},
            {"final_url", printable(probe->final_url)},
            {"status", probe->status},
            {"attempts", probe->attempts},
            {"hops", hops},
            {"challenges", challenges},
            {"server_date_skew_s", probe->server_date_skew_s ? Json(*probe->server_date_skew_s) : Json(nullptr)},
            {"asked_at", probe->asked_at > 0 ? Json(utc_of(probe->asked_at)) : Json(nullptr)},
            {"retry_after_s", probe->retry_after_s ? Json(*probe->retry_after_s) : Json(nullptr)},
            {"realm_changes", probe->realm_changes},
            {"plain_http", json_of(probe->plain_http)},
            {"root", json_of(probe->root)},
            {"correlation", correlation},
            {"error", probe->error_code.empty()
                          ? Json(nullptr)
                          : Json{{"code", probe->error_code}, {"what", printable(probe->error_text)}}}};
}

Json json_of(const ProfileReport& profile)
{
    Json stores = Json::array();
    for (const StoreReport& store : profile.stores) {
        stores.push_back({{"kind", info(store.kind).name},
                          {"store", store.store},
                          {"path", printable(store.path)},
                          {"version", text_or_null(store.version)},
                          {"found", store.found},
                          {"removed", store.removed},
                          {"bytes", store.bytes}});
    }
    return {{"browser", profile.browser},         {"profile", printable(profile.profile)},
            {"name", text_or_null(profile.name)}, {"path", printable(profile.path)},
            {"in_use", profile.in_use},           {"stores", stores}};
}

Json json_of(const Finding& finding)
{
    Json evidence = Json::object();
    for (const auto& [name, value] : finding.evidence) {
        // A name that comes twice is a list.
        Json& place = evidence[name];
        if (place.is_null()) {
            place = printable(value);
        } else {
            if (!place.is_array()) {
                place = Json::array({place});
            }
            place.push_back(printable(value));
        }
    }
    return {{"rule", finding.rule},
            {"confidence", name_of(finding.confidence)},
            {"where", printable(finding.where)},
            {"what", printable(finding.what)},
            {"evidence", evidence},
            {"fix", text_or_null(finding.fix)},
            {"advice", text_or_null(finding.advice)},
            {"items", finding.items.size()}};
}

}  // namespace

std::string_view name_of(Code code)
{
    switch (code) {
        case Code::usage:
            return "usage";
        case Code::not_found:
            return "not_found";
        case Code::denied:
            return "denied";
        case Code::locked:
            return "locked";
        case Code::corrupt:
            return "corrupt";
        case Code::unsupported:
            return "unsupported";
        case Code::changed:
            return "changed";
        case Code::exists:
            return "exists";
        case Code::io:
            break;
    }
    return "io";
}

std::string to_json(const Report& report)
{
    Json profiles = Json::array();
    for (const ProfileReport& profile : report.profiles) {
        profiles.push_back(json_of(profile));
    }
    Json findings = Json::array();
    for (const Finding& finding : report.findings) {
        findings.push_back(json_of(finding));
    }
    Json problems = Json::array();
    for (const Error& problem : report.problems) {
        problems.push_back({{"code", name_of(problem.code)},
                            {"where", printable(problem.where)},
                            {"what", printable(problem.what)},
                            {"hint", text_or_null(problem.hint)}});
    }
    Json next = Json::array();
    for (const std::string& step : report.next) {
        next.push_back(printable(step));
    }
    Json json{{"schema_version", 1},
              {"command", report.command},
              {"version", version},
              {"site", text_or_null(report.site)},
              {"target", text_or_null(report.target)},
              {"run", text_or_null(report.run)},
              {"dry_run", report.dry_run},
              {"begun_at", report.begun_at > 0 ? Json(utc_of(report.begun_at)) : Json(nullptr)},
              {"profiles", profiles},
              {"findings", findings},
              {"retest", {{"before", json_of(report.before)}, {"after", json_of(report.after)}}},
              {"verdict", {{"code", report.verdict.code}, {"text", printable(report.verdict.text)}}},
              {"next", next},
              {"problems", problems},
              {"exit_code", static_cast<int>(report.exit_code)}};
    if (report.command == "doctor") {
        Json checks = Json::array();
        for (const Check& check : report.checks) {
            checks.push_back({{"where", printable(check.where)}, {"what", printable(check.what)}});
        }
        json["checks"] = checks;
    }
    if (report.command == "runs") {
        Json runs = Json::array();
        for (const RunSummary& run : report.runs) {
            runs.push_back({{"run", printable(run.id)},
                            {"when", run.when},
                            {"site", printable(run.site)},
                            {"state", printable(run.state)},
                            {"profiles", run.profiles},
                            {"items", run.items},
                            {"bytes", run.bytes}});
        }
        json["runs"] = runs;
        json["purged"] = report.purged;
    }
    return json.dump(2) + "\n";
}

}  // namespace unstick
