// The report as a page to attach to a ticket. It says what the JSON says, in the same words and with the same gaps: no
// value, no name of an item. All text passes `text()`, which makes it printable and harmless in HTML; nothing becomes a
// link. The page loads nothing and runs nothing, and reads well without its style.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/version.h"
#include "net/compare.h"
#include "report/phrases.h"
#include "report/report.h"
#include "web/set_cookie.h"

namespace unstick {

namespace {

constexpr std::string_view style = R"(
:root{color-scheme:light dark;--ink:#1b1d21;--soft:#555a63;--page:#fff;--line:#c9ccd2;--good:#12652b;--bad:#a3201a}
body{margin:0 auto;max-width:60rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page)}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
body,bdi,code{overflow-wrap:anywhere}
table{overflow-wrap:normal;border-collapse:collapse;width:100%;margin:.75rem 0 1.25rem;font-size:.92rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}
th{font-weight:600}
code{font-family:ui-monospace,monospace;font-size:.92em}
.result{border-left:.4rem solid var(--bad);padding:.25rem .75rem;font-size:1.1rem}
.good{border-color:var(--good)}
footer{margin-top:2.5rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}
@media (max-width:30rem){table{font-size:.85rem}th,td{padding:.25rem .3rem}}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e7e9ec;--soft:#aab0ba;--page:#15171a;--line:#444a54;--good:#5fd07f;--bad:#ff8a80}}
@media print{body{max-width:none;padding:0;font-size:10pt}h2,h3,caption{break-after:avoid}tr{break-inside:avoid}@page{margin:15mm}}
)";

/// Only this very style: the hash of the text between its tags (a test computes it anew).
constexpr std::string_view policy =
    "default-src 'none'; style-src 'sha256-6NbddYI54Vr1Fo7xxxD9uAjHfdVZn+siCupKFvogAy0='; base-uri 'none'; form-action "
    "'none'";

std::string escaped(std::string_view printable_text)
{
    std::string html;
    for (const char c : printable_text) {
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            case '\'':
                html += "&#39;";
                break;
            default:
                html += c;
        }
    }
    return html;
}

/// Anything, as text of the page or of an attribute.
std::string text(std::string_view anything)
{
    return escaped(printable(anything));
}

/// What comes from files and servers, in a cell: of any direction and length.
std::string foreign(std::string_view anything)
{
    return anything.empty() ? "" : "<bdi>" + text(anything) + "</bdi>";
}

/// To be copied, or a word for scripts.
std::string code(std::string_view anything)
{
    return anything.empty() ? "" : "<code>" + text(anything) + "</code>";
}

/// A sentence; what stands in it between backticks is a command.
std::string with_commands(std::string_view sentence)
{
    std::string html;
    for (bool is_command = false;; is_command = !is_command) {
        const std::size_t tick = sentence.find('`');
        const bool is_closed = tick != sentence.npos;
        html += is_command && is_closed ? code(sentence.substr(0, tick)) : text(sentence.substr(0, tick));
        if (!is_closed) {
            return html;
        }
        sentence.remove_prefix(tick + 1);
    }
}

std::string time_of(std::int64_t unix_seconds)
{
    return unix_seconds > 0 ? utc_of(unix_seconds) : "";
}

/// A table whose cells are HTML already.
class Table {
public:
    Table(std::string_view caption, const std::vector<std::string>& columns)
        : html_(fmt::format("<table>\n<caption>{}</caption>\n", foreign(caption)))
    {
        if (!columns.empty()) {
            html_ += "<thead><tr>";
            for (const std::string& column : columns) {
                html_ += "<th scope=\"col\">" + text(column) + "</th>";
            }
            html_ += "</tr></thead>\n";
        }
        html_ += "<tbody>\n";
    }
    /// The first cell names the row.
    void row(std::string_view name, const std::vector<std::string>& cells)
    {
        html_ += fmt::format("<tr><th scope=\"row\">{}</th>", name);
        for (const std::string& cell : cells) {
            html_ += "<td>" + (cell.empty() ? "-" : cell) + "</td>";
        }
        html_ += "</tr>\n";
    }
    /// The same, left out if there is nothing in it.
    void row_if_any(std::string_view name, const std::vector<std::string>& cells)
    {
        if (std::any_of(cells.begin(), cells.end(), [](const std::string& cell) { return !cell.empty(); })) {
            row(name, cells);
        }
    }
    std::string html() const { return html_ + "</tbody>\n</table>\n"; }

private:
    std::string html_;
};

std::string list_of(const std::vector<std::string>& entries, std::string_view kind)
{
    std::string html = fmt::format("<{}>\n", kind);
    for (const std::string& entry : entries) {
        html += "<li>" + with_commands(entry) + "</li>\n";
    }
    return html + fmt::format("</{}>\n", kind);
}

std::string section(std::string_view title, const std::string& content)
{
    return content.empty() ? "" : fmt::format("<h2>{}</h2>\n{}", text(title), content);
}

std::string lines_of(const std::vector<std::string>& lines)
{
    return fmt::format("{}", fmt::join(lines, "<br>\n"));
}

// --- The parts ---

std::string about(const Report& report)
{
    Table table("About this report", {});
    table.row("Command", {code("unstick " + report.command + (report.dry_run ? " --dry-run" : ""))});
    table.row_if_any("Site", {foreign(report.site)});
    table.row_if_any("Address tested", {foreign(report.target)});
    table.row_if_any("Begun (UTC)", {time_of(report.begun_at)});
    table.row_if_any("Run", {foreign(report.run)});
    table.row("Exit code", {std::to_string(static_cast<int>(report.exit_code))});
    table.row("unstick", {text(version)});
    return table.html();
}

std::string next_steps(const Report& report)
{
    std::vector<std::string> steps = report.next;
    if (const std::string undo = how_to_undo(report); !undo.empty()) {
        steps.push_back(undo);
    }
    return steps.empty() ? "" : list_of(steps, "ul");
}

std::string findings(const Report& report)
{
    std::string html;
    for (const Finding& finding : report.findings) {
        Table table("Evidence and remedy", {});
        table.row("Confidence", {text(name_of(finding.confidence))});
        table.row("Where", {foreign(finding.where)});
        table.row("Rule", {code(finding.rule)});
        for (const auto& [name, value] : finding.evidence) {
            table.row(text(name), {foreign(value)});
        }
        table.row_if_any("Removes just that", {code(finding.fix)});
        table.row_if_any("What else to do", {foreign(finding.advice)});
        html += "<h3>" + text(finding.what) + "</h3>\n" + table.html();
    }
    return html;
}

/// What a scan found, one table a site.
std::string sites_of(const Report& report)
{
    std::string html;
    for (const SiteSeen& seen : report.sites) {
        Table table("Evidence and remedy", {});
        for (const Finding& finding : seen.findings) {
            table.row(text(name_of(finding.confidence)), {foreign(finding.what + " (" + finding.where + ")")});
        }
        table.row("More about it", {code(seen.why)});
        html += "<h3>" + text(seen.site) + "</h3>\n" + table.html();
    }
    return html;
}

std::string title_of_stores(const Report& report)
{
    if (report.command == "undo") {
        return "What was put back";
    }
    if (report.command == "fix") {
        return report.dry_run ? "What would be removed" : "What was removed";
    }
    return "What the browsers hold";
}

/// A listing counts nothing: it names the stores that there are.
bool is_listing(const Report& report)
{
    return report.command == "doctor" || report.command == "profiles";
}

/// Is it a store that a user may have heard of?
bool is_well_known(std::string_view label)
{
    constexpr std::array<std::string_view, 13> known{"HTTP cache",
                                                     "Whole HTTP cache, of all sites",
                                                     "Cookies",
                                                     "IndexedDB",
                                                     "Cache Storage",
                                                     "Service workers",
                                                     "File systems",
                                                     "Local storage",
                                                     "Session storage",
                                                     "Site storage",
                                                     "Saved HTTP sign-ins",
                                                     "Saved form logins",
                                                     "Site settings"};
    return std::any_of(known.begin(), known.end(), [&](std::string_view name) {
        return label == name || label.starts_with(std::string(name) + " (");
    });
}

/// The stores with those that nobody has heard of as one row at the end, as long as nothing more has to be said of
/// them.
std::vector<StoreReport> with_traces_as_one(const std::vector<StoreReport>& stores)
{
    std::vector<StoreReport> shown;
    StoreReport traces{
        .kind = Kind::storage, .store = "Other traces", .path = {}, .version = {}, .labels = {}, .newer = {}};
    for (const StoreReport& store : stores) {
        if (is_well_known(store.store)) {
            shown.push_back(store);
            continue;
        }
        traces.found += store.found;
        traces.removed += store.removed;
        traces.bytes += store.bytes;
    }
    if (traces.found > 0) {
        shown.push_back(std::move(traces));
    }
    return shown;
}

std::string stores_of(const Report& report, const ProfileReport& profile)
{
    const bool changing = report.command == "undo" || (report.command == "fix" && !report.dry_run);
    std::vector<std::string> columns{"Store", "Kind of data"};
    if (is_listing(report)) {
        columns.emplace_back("Version");
    } else {
        columns.insert(columns.end(), {"Items", "Size"});
        if (changing) {
            columns.emplace_back(report.command == "undo" ? "Put back" : "Removed");
        }
    }
    Table table(title_of(profile) + ": " + profile.path, columns);
    for (const StoreReport& store : is_listing(report) ? profile.stores : with_traces_as_one(profile.stores)) {
        std::vector<std::string> cells{text(info(store.kind).name)};
        if (is_listing(report)) {
            cells.push_back(foreign(store.version));
        } else {
            cells.insert(cells.end(), {std::to_string(store.found), text(size_of(store.bytes))});
            if (changing) {
                cells.push_back(std::to_string(store.removed));
            }
        }
        table.row(text(store.store), cells);
    }
    return table.html();
}

std::string profiles(const Report& report)
{
    std::string html;
    for (const ProfileReport& profile : report.profiles) {
        html += profile.stores.empty() ? "<p>" + text(title_of(profile) + ": " + profile.path) + "</p>\n"
                                       : stores_of(report, profile);
        if (profile.in_use) {
            html += "<p>" + text(in_use_note(report, profile)) + "</p>\n";
        }
    }
    return html;
}

// --- What the site answers ---

std::string challenges_of(const Probe& probe)
{
    std::vector<std::string> lines;
    for (const Challenge& challenge : probe.challenges) {
        const std::string realm = challenge.realm().empty() ? "" : fmt::format(" (realm: {})", challenge.realm());
        lines.push_back(foreign(challenge.note + realm));
    }
    return lines_of(lines);
}

std::string request_ids_of(const Probe& probe)
{
    std::vector<std::string> lines;
    for (const auto& [name, value] : probe.correlation) {
        lines.push_back(code(name + ": " + value));
    }
    return lines_of(lines);
}

std::string remarks_on(const Probe& probe)
{
    std::vector<std::string> lines;
    for (const std::string& sentence : comparisons_of(probe)) {
        lines.push_back(foreign(sentence));
    }
    if (probe.retry_after_s) {
        lines.push_back(fmt::format("It asks to wait for {} seconds.", *probe.retry_after_s));
    }
    return lines_of(lines);
}

std::string clock_of(const Probe& probe)
{
    return probe.server_date_skew_s ? fmt::format("{:+} seconds", *probe.server_date_skew_s) : "";
}

std::string status_of(int status)
{
    return status == 0 ? "no answer" : std::to_string(status);
}

/// The way to the last answer, one row a request. Where one leads to, the next row says; the last one may lead nowhere.
std::string way_of(const Probe& probe, std::string_view caption)
{
    Table table(caption, {"No.", "Status", "Address", "Cookies that it sets"});
    for (std::size_t i = 0; i < probe.hops.size(); ++i) {
        const Hop& hop = probe.hops[i];
        const bool stops = i + 1 == probe.hops.size() && !hop.location.empty();
        std::vector<std::string> cookies;
        for (const std::string& name : hop.set_cookie_names) {
            cookies.push_back(foreign(name));
        }
        for (const RefusedCookie& cookie : hop.refused_cookies) {
            cookies.push_back(foreign(fmt::format("{}: no browser stores it ({}: {})", cookie.name, cookie.reason,
                                                  explain_refusal(cookie.reason))));
        }
        table.row(std::to_string(i + 1),
                  {status_of(hop.status), foreign(hop.url) + (stops ? "<br>\nleads to " + foreign(hop.location) : ""),
                   lines_of(cookies)});
    }
    return table.html();
}

/// One column a probe.
std::string answers(const Report& report)
{
    std::vector<std::string> columns{"What"};
    std::vector<const Probe*> probes;
    const auto add = [&](const std::optional<Probe>& probe, std::string_view name) {
        if (probe) {
            columns.emplace_back(name);
            probes.push_back(&*probe);
        }
    };
    add(report.before, report.after ? "Before" : "Answer");
    add(report.after, "After");
    if (probes.empty()) {
        return "";
    }
    Table table(report.after ? "The answer before and after the removal" : "The answer", columns);
    const auto row = [&](std::string_view name, auto cell_of) {
        std::vector<std::string> cells;
        std::transform(probes.begin(), probes.end(), std::back_inserter(cells),
                       [&](const Probe* probe) { return std::string(cell_of(*probe)); });
        table.row_if_any(name, cells);
    };
    row("Asked at (UTC)", [](const Probe& probe) { return time_of(probe.asked_at); });
    row("Asked by", [](const Probe& probe) {
        return text(probe.method == "http" ? "a client that has nothing stored (http)" : probe.method);
    });
    row("Status", [](const Probe& probe) { return status_of(probe.status); });
    row("Last address", [](const Probe& probe) { return foreign(probe.final_url); });
    row("Redirects before", [](const Probe& probe) {
        return std::to_string(probe.hops.size() - std::min<std::size_t>(1, probe.hops.size()));
    });
    row("Fault", [](const Probe& probe) { return foreign(probe.error_text); });
    row("How it wants to be signed in to", challenges_of);
    row("Remarks", remarks_on);
    row("Request ids", request_ids_of);
    row("Site's clock minus this computer's", clock_of);
    row("Tries", [](const Probe& probe) { return std::to_string(probe.attempts); });
    std::string html = table.html();
    for (std::size_t i = 0; i < probes.size(); ++i) {
        html += way_of(*probes[i], probes.size() == 1 ? "The way there"
                                   : i == 0           ? "The way there, before"
                                                      : "The way there, after");
    }
    return html;
}

std::string problems(const Report& report)
{
    if (report.problems.empty()) {
        return "";
    }
    Table table("What could not be done, and what to do about it", {"Where", "What", "What to do"});
    for (const ProblemGroup& group : grouped(report.problems)) {
        table.row(foreign(places_of(group)), {foreign(group.first.what), foreign(group.first.hint)});
    }
    return table.html();
}

std::string checks(const Report& report)
{
    std::vector<std::string> entries;
    for (const Check& check : report.checks) {
        entries.push_back(check.where + ": " + check.what);
    }
    return entries.empty() ? "" : list_of(entries, "ul");
}

std::string limits(const Report& report)
{
    std::vector<std::string> entries;
    if (report.before || report.after) {
        entries.emplace_back(
            "The site was asked by a client that has nothing stored. That such a client gets an answer does not show "
            "that you can sign in: only your own browser shows that.");
    }
    if (!report.findings.empty()) {
        const bool proved = report.findings.front().confidence == Confidence::proved;
        entries.emplace_back(proved
                                 ? "A finding that is called proved was shown by the browser itself, on copies of the "
                                   "profile. Any other is a likely cause, told by a rule."
                                 : "A finding is a likely cause, told by a rule. It is not a proof.");
    }
    if (report.command == "fix" && !report.dry_run && !report.run.empty()) {
        entries.emplace_back(
            "That the site answers after something was removed does not show that this was the cause.");
    }
    if (!report.problems.empty()) {
        entries.emplace_back("Where a problem is named, unstick could not look or not change everything.");
    }
    return entries.empty() ? "" : list_of(entries, "ul");
}

}  // namespace

std::string to_html(const Report& report)
{
    const std::string title = "unstick report: " + (report.site.empty() ? report.command : report.site);
    std::string html = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n",
        policy, text(title), style, text(title));
    html += fmt::format("<p class=\"result{}\"><strong>{}</strong></p>\n", is_good(report.exit_code) ? " good" : "",
                        with_commands(report.verdict.text));
    html += about(report);
    html += section("What to do next", next_steps(report));
    html += section("What may keep the login stuck", findings(report) + sites_of(report));
    html += section(title_of_stores(report), profiles(report));
    html += section("What the site answers", answers(report));
    html += section("In order", checks(report));
    html += section("Problems", problems(report));
    html += section("What this does not prove", limits(report));
    html += fmt::format(
        "</main>\n<footer><p>Made by unstick {}. It names sites, cookies and folders; it holds no value of a cookie, "
        "token or password. In addresses, user names, passwords and values that sound like secrets are left "
        "out.</p></footer>\n</body>\n</html>\n",
        text(version));
    return html;
}

}  // namespace unstick
