#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "audit.h"
#include "columns.h"
#include "report.h"
#include "report_words.h"
#include "set_cookie.h"
#include "text.h"

namespace unstick {

namespace {

/// Writes lines; knows the width and whether colours are wanted. Colour never carries a meaning alone.
class Page {
public:
    explicit Page(const TextOptions& options) : options_(options) {}

    void line(std::string_view text, int indent = 0) { text_ += wrapped(text, options_.width, indent) + "\n"; }
    /// Its first `size` bytes are coloured, after wrapping: a colour takes no column. Each line ends uncoloured, so
    /// that a pager can show it alone.
    void colored_line(std::string_view text, std::size_t size, std::string_view code)
    {
        std::string lines = wrapped(text, options_.width, 0);  // a blank or a line end: as many bytes as before
        std::string rest = lines.substr(size);
        lines.resize(size);
        for (std::size_t end = 0; (end = lines.find('\n')) != std::string::npos; lines.erase(0, end + 1)) {
            text_ += styled(lines.substr(0, end), code) + "\n";
        }
        text_ += styled(lines, code) + rest + "\n";
    }
    /// Not wrapped: a table's row, whose last cells may be empty, or a command, to be copied.
    void row(const std::string& text) { text_ += text.substr(0, text.find_last_not_of(' ') + 1) + "\n"; }
    bool fits(const std::string& text) const { return columns_of(text) <= static_cast<std::size_t>(options_.width); }
    void gap()
    {
        if (!text_.empty() && !text_.ends_with("\n\n")) {
            text_ += "\n";
        }
    }
    std::string styled(std::string_view text, std::string_view code) const
    {
        return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
    }
    void title(std::string_view text)
    {
        gap();
        colored_line(text, text.size(), "1");
    }
    const TextOptions& options() const { return options_; }
    std::string take() { return std::move(text_); }

private:
    TextOptions options_;
    std::string text_;
};

void add_labels(Page& page, const StoreReport& store)
{
    if (page.options().verbose) {
        for (const std::string& label : store.labels) {
            page.line("- " + printable(label), 6);
        }
    }
}

/// "  Cookies                12 items    3.4 KB   all removed"
void add_store(Page& page, const StoreReport& store, const std::string& state)
{
    const std::string items = count_of(store.found, "item", "items");
    const std::string size = size_of(store.bytes);
    if (const std::string row = fmt::format("  {:<30}{:>14}{:>12}  {}", store.store, items, size, state);
        page.fits(row)) {
        page.row(row);
    } else {
        page.line(fmt::format("{}: {}, {}{}{}", store.store, items, size, state.empty() ? "" : ", ", state), 2);
    }
    add_labels(page, store);
}

std::string state_of(const Report& report, const StoreReport& store)
{
    const bool undoing = report.command == "undo";
    if (report.dry_run || (!undoing && report.run.empty() && store.removed == 0)) {
        return report.dry_run ? "would be removed" : "";
    }
    const char* done = undoing ? "put back" : "removed";
    return store.removed == store.found ? done : fmt::format("{} of them {}", store.removed, done);
}

void add_checks(Page& page, const Report& report)
{
    for (const Check& check : report.checks) {
        constexpr std::string_view word = "ok:";
        page.colored_line(fmt::format("{} {}: {}", word, printable(check.where), printable(check.what)), word.size(),
                          "32");
    }
}

void add_profiles(Page& page, const Report& report)
{
    if (report.command == "doctor" && !page.options().verbose) {
        return;
    }
    const bool listing = report.command == "profiles" || report.command == "doctor";
    const bool brief = report.command == "why" && !page.options().verbose;
    for (const ProfileReport& profile : report.profiles) {
        if (brief && !profile.in_use) {
            continue;
        }
        page.title(printable(title_of(profile)));
        if (listing || page.options().verbose) {
            page.line(printable(profile.path), 2);
        }
        if (profile.in_use) {
            page.line(printable(in_use_note(report, profile)), 2);
        }
        if (brief) {
            continue;
        }
        for (const StoreReport& store : profile.stores) {
            if (!listing) {
                add_store(page, store, state_of(report, store));
            } else if (page.options().verbose) {
                page.row(fmt::format("  {:<32}{}", store.store,
                                     store.version.empty() ? "" : "version " + printable(store.version)));
            }
        }
    }
}

/// Two lines each: what is wrong and where, and what to do about it.
void add_findings(Page& page, const Report& report)
{
    if (report.findings.empty()) {
        return;
    }
    page.title("What may keep the login stuck");
    const bool done = !report.run.empty();  // what could be removed was
    for (const Finding& finding : report.findings) {
        page.line(
            fmt::format("{}: {} ({})", name_of(finding.confidence), printable(finding.what), printable(finding.where)),
            2);
        if (page.options().verbose) {
            for (const auto& [name, value] : finding.evidence) {
                page.line(fmt::format("{}: {}", name, printable(value)), 6);
            }
        }
        if (!finding.fix.empty() && !done) {
            page.row("    -> " + printable(finding.fix));  // one line, to be copied
        }
        if (!finding.advice.empty()) {
            page.line("-> " + printable(finding.advice), 4);
        }
    }
}

void add_probe(Page& page, const Probe& probe, std::string_view title)
{
    page.title(title);
    for (const Hop& hop : probe.hops) {
        page.line(fmt::format("{} {}", hop.status == 0 ? "---" : std::to_string(hop.status), printable(hop.url)), 2);
        if (page.options().verbose) {
            for (const std::string& name : hop.set_cookie_names) {
                page.line("sets the cookie " + printable(name), 6);
            }
        }
        for (const RefusedCookie& cookie : hop.refused_cookies) {
            page.line(fmt::format("no browser stores its cookie {}: {} ({})", printable(cookie.name),
                                  explain_refusal(cookie.reason), cookie.reason),
                      6);
        }
    }
    if (!probe.error_text.empty()) {
        page.line(printable(probe.error_text), 2);
    }
    for (const Challenge& challenge : probe.challenges) {
        page.line(printable(challenge.note), 2);
        if (!challenge.realm().empty()) {
            page.line("realm: " + printable(challenge.realm()), 4);
        }
    }
    if (probe.server_date_skew_s && std::abs(*probe.server_date_skew_s) > 60) {
        page.line(fmt::format("The site's clock and this computer's differ by {} seconds.",
                              std::abs(*probe.server_date_skew_s)),
                  2);
    }
    for (const std::string& sentence : comparisons_of(probe)) {
        page.line(printable(sentence), 2);
    }
    if (probe.attempts > 1) {
        page.line(fmt::format("{} tries.", probe.attempts), 2);
    }
    if (probe.asked_at > 0) {
        page.line("asked at: " + utc_of(probe.asked_at), 2);
    }
    for (const auto& [name, value] : probe.correlation) {
        page.line(fmt::format("{}: {}", printable(name), printable(value)), 2);
    }
}

/// "2026-11-24 03:00"; empty if the journal does not say, or says something that is no date.
std::string date_of(std::int64_t when)
{
    constexpr std::int64_t year_10000 = 253402300800;
    return when <= 0 || when >= year_10000
               ? ""
               : fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(static_cast<std::time_t>(when)));
}

std::string state_of(const RunSummary& run)
{
    return run.state == "applying" ? "cut off" : printable(run.state);
}

std::string runs_row(std::string_view id, std::string_view when, std::string_view site, std::string_view items,
                     std::string_view state)
{
    return fmt::format("{}{}{}{:>6}  {}", padded(id, 23), padded(when, 18), padded(site, 22), items, state);
}

void add_runs(Page& page, const Report& report)
{
    if (report.command != "runs" || report.runs.empty()) {
        return;
    }
    std::vector<std::string> table{runs_row("RUN", "WHEN (UTC)", "SITE", "ITEMS", "STATE")};
    for (const RunSummary& run : report.runs) {
        table.push_back(runs_row(printable(run.id), date_of(run.when), printable(run.site), std::to_string(run.items),
                                 state_of(run)));
    }
    if (std::all_of(table.begin(), table.end(), [&](const std::string& row) { return page.fits(row); })) {
        std::for_each(table.begin(), table.end(), [&](const std::string& row) { page.row(row); });
        return;
    }
    for (const RunSummary& run : report.runs) {
        const std::string when = date_of(run.when);
        page.line(printable(run.id));
        page.line(fmt::format("{}{}, {}, {}", when.empty() ? "" : when + " UTC, ", printable(run.site),
                              count_of(run.items, "item", "items"), state_of(run)),
                  4);
    }
}

void add_problems(Page& page, const Report& report)
{
    for (const Error& problem : report.problems) {
        page.gap();
        constexpr std::string_view word = "problem:";
        page.colored_line(fmt::format("{} {}: {}", word, printable(problem.where), printable(problem.what)),
                          word.size(), "33");
        if (!problem.hint.empty()) {
            page.line("-> " + printable(problem.hint), 2);
        }
    }
}

}  // namespace

std::string to_text(const Report& report, const TextOptions& options)
{
    Page page(options);
    if (!options.quiet) {
        add_checks(page, report);
        add_profiles(page, report);
        add_findings(page, report);
        add_runs(page, report);
        const bool testing = report.command == "test";
        if (const auto& probe = report.after ? report.after : report.before; probe && (testing || options.verbose)) {
            add_probe(page, *probe, testing ? "What a client with nothing stored meets" : "What the test met");
        }
    }
    add_problems(page, report);
    if (!report.verdict.text.empty() && report.verdict.code != "refused-input") {
        page.gap();
        const std::string text = printable(report.verdict.text);
        page.colored_line(text, text.size(), is_good(report.exit_code) ? "32" : "31");
    }
    for (const std::string& step : report.next) {
        page.line("-> " + printable(step), 2);
    }
    if (const std::string undo = how_to_undo(report); !options.quiet && !undo.empty()) {
        page.line("-> " + printable(undo), 2);
    }
    return page.take();
}

}  // namespace unstick
