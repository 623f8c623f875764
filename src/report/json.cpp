#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/version.h"
#include "net/judgement.h"
#include "report/report.h"
#include "web/site.h"

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

Json json_or_null(const std::optional<bool>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

/// Its title and its words stay on the terminal.
Json json_of(const std::optional<PageSeen>& page)
{
    if (!page) {
        return nullptr;
    }
    Json names = Json::array();
    for (const std::string& name : page->exception_names) {
        names.push_back(printable(name));
    }
    Json failed = Json::array();
    for (const FailedRequest& request : page->failed) {
        failed.push_back({{"url", printable(request.url)}, {"what", printable(request.what)}});
    }
    return {{"text_length", page->text}, {"password_field", page->password}, {"sign_out", page->sign_out},
            {"loads", page->loads},      {"exceptions", page->exceptions},   {"exception_names", names},
            {"failed_requests", failed}};
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
    Json json{{"method", probe->method},
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
    if (!probe->asked_by.empty()) {
        json["asked_by"] = probe->asked_by;
    }
    if (probe->method == "browser") {
        json["from"] = probe->from == From::site ? "site" : probe->from == From::cache ? "cache" : "worker";
        json["shows_text"] = json_or_null(probe->shows_text);
        json["shows_stuck_text"] = json_or_null(probe->shows_stuck_text);
        json["at_expected_url"] = json_or_null(probe->at_expected_url);
        json["page"] = json_of(probe->page);
        json["state"] = probe->fresh ? Json(name_of(judge(*probe).state)) : Json(nullptr);
        json["stuck"] = probe->fresh ? json_or_null(is_stuck(*probe, {})) : Json(nullptr);
    }
    return json;
}

Json json_of(const Place& place)
{
    return {{"path", printable(place.path)}, {"why", printable(place.why)}};
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
        if (store.shared > 0) {
            stores.back()["shared_by_ports"] = store.shared;
        }
        for (const std::string& label : store.newer) {
            stores.back()["newer_kept"].push_back(printable(label));
        }
    }
    Json json{{"browser", profile.browser},         {"profile", printable(profile.profile)},
              {"name", text_or_null(profile.name)}, {"path", printable(profile.path)},
              {"in_use", profile.in_use},           {"stores", stores}};
    if (!profile.data_folder.path.empty()) {
        json["data_folder"] = json_of(profile.data_folder);
        for (const Place& cache : profile.caches) {
            json["caches"].push_back(json_of(cache));
        }
    }
    if (profile.before || profile.after) {
        json["retest"] = {{"before", json_of(profile.before)}, {"after", json_of(profile.after)}};
    }
    return json;
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

/// By the browser where it was asked; then what a client with nothing stored met stands beside it.
Json retest_of(const Report& report)
{
    Json json{{"before", json_of(report.browser_before ? report.browser_before : report.before)},
              {"after", json_of(report.browser_after ? report.browser_after : report.after)}};
    if (report.browser_before || report.browser_after) {
        json["clean"] = json_of(report.before);
    }
    Json& with_cookies = json["with_cookies"] = Json::array();
    for (const CookieProbe& asked : report.with_cookies) {
        with_cookies.push_back({{"where", printable(asked.where)},
                                {"sent", asked.sent.size()},
                                {"before", json_of(std::optional(asked.probe))},
                                {"after", json_of(asked.after)}});
    }
    return json;
}

Json json_of(const std::optional<SignInCheck>& check)
{
    if (!check) {
        return nullptr;
    }
    return {{"scheme", check->scheme},
            {"realm", printable(check->realm)},
            {"status", check->probe.status},
            {"taken", check->taken}};
}

Json json_of(const std::optional<NameFlush>& flush)
{
    if (!flush) {
        return nullptr;
    }
    return {{"host", printable(flush->host)},
            {"emptied", flush->emptied},
            {"before", flush->before},
            {"after", flush->after},
            {"differs", flush->before != flush->after}};
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
    for (const auto* list : {&report.problems, &report.retest_problems}) {
        for (const Error& problem : *list) {
            problems.push_back({{"code", name_of(problem.code)},
                                {"where", printable(problem.where)},
                                {"what", printable(problem.what)},
                                {"hint", text_or_null(problem.hint)}});
        }
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
              {"retest", retest_of(report)},
              {"sign_in", json_of(report.sign_in)},
              {"dns", json_of(report.dns)},
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
    for (const RunSummary& run : report.expired) {
        json["expired_runs"].push_back(printable(run.id));
    }
    if (report.command == "scan") {
        Json sites = Json::array();
        for (const SiteSeen& seen : report.sites) {
            Json of_site = Json::array();
            for (const Finding& finding : seen.findings) {
                of_site.push_back(json_of(finding));
            }
            sites.push_back({{"site", printable(seen.site)},
                             {"confidence", name_of(seen.confidence)},
                             {"findings", of_site},
                             {"why", printable(seen.why)}});
        }
        json["sites"] = sites;
        json["sites_looked_at"] = report.sites_looked_at;
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
