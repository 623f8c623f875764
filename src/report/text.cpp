#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/display_width.h"
#include "base/text.h"
#include "net/compare.h"
#include "report/phrases.h"
#include "report/report.h"
#include "web/set_cookie.h"

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
    /// "2026-11-24 04:00:05 +01:00".
    std::string time_of(std::int64_t when) const
    {
        return local_of(when, options_.offset_of == nullptr ? 0 : options_.offset_of(when));
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
        for (const std::string& label : store.newer) {
            page.line("- newer kept: " + printable(label), 6);
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

/// `in_use`: a browser has the profile open, so nothing of it is, or would be, removed.
std::string state_of(const Report& report, const StoreReport& store, bool in_use)
{
    if (in_use) {
        return "";
    }
    const bool undoing = report.command == "undo";
    if (report.dry_run || (!undoing && report.run.empty() && store.removed == 0)) {
        return report.dry_run ? "would be removed" : "";
    }
    const char* done = undoing ? "put back" : "removed";
    const std::string kept = store.newer.empty() ? "" : fmt::format(", {} newer kept", store.newer.size());
    return (store.removed == store.found ? done : fmt::format("{} of them {}", store.removed, done)) + kept;
}

std::string with_shared(const StoreReport& store, const std::string& state)
{
    if (store.shared == 0) {
        return state;
    }
    const std::string which = store.shared == store.found ? "" : fmt::format("{} of them ", store.shared);
    return fmt::format("{}{}{}shared with the other ports", state, state.empty() ? "" : ", ", which);
}

void add_checks(Page& page, const Report& report)
{
    for (const Check& check : report.checks) {
        constexpr std::string_view word = "ok:";
        page.colored_line(fmt::format("{} {}: {}", word, printable(check.where), printable(check.what)), word.size(),
                          "32");
    }
}

std::string place_of(const Place& place)
{
    return printable(fmt::format("{} ({})", place.path, place.why));
}

void add_profiles(Page& page, const Report& report)
{
    if ((report.command == "doctor" && !page.options().verbose) || report.command == "test") {
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
        if (listing && page.options().verbose && !profile.data_folder.path.empty()) {
            page.line("data folder: " + place_of(profile.data_folder), 2);
            for (const Place& cache : profile.caches) {
                page.line("cache: " + place_of(cache), 2);
            }
        }
        if (profile.in_use) {
            page.line(printable(in_use_note(report, profile)), 2);
        }
        const bool is_left = profile.in_use && !listing && !report.dry_run && !page.options().verbose;
        if (brief || is_left) {
            continue;
        }
        for (const StoreReport& store : profile.stores) {
            if (!listing) {
                add_store(page, store, with_shared(store, state_of(report, store, profile.in_use)));
            } else if (page.options().verbose) {
                page.row(fmt::format("  {:<32}{}", store.store,
                                     store.version.empty() ? "" : "version " + printable(store.version)));
            }
        }
    }
}

/// One line for each profile whose cookies were sent.
void add_with_cookies(Page& page, const Report& report)
{
    if (!page.options().verbose || report.with_cookies.empty()) {
        return;
    }
    page.title("The same with the browser's cookies");
    for (const CookieProbe& asked : report.with_cookies) {
        const Probe& last = asked.after ? *asked.after : asked.probe;
        page.line(fmt::format("{}, {}{}: {}", printable(asked.where), count_of(asked.sent.size(), "cookie", "cookies"),
                              asked.after ? ", those that are left" : "", printable(describe(last, {}))),
                  2);
    }
}

std::string addresses_of(const std::vector<std::string>& addresses)
{
    return addresses.empty() ? "no address" : fmt::format("{}", fmt::join(addresses, ", "));
}

void add_name_flush(Page& page, const Report& report)
{
    if (!report.dns) {
        return;
    }
    const auto& [host, emptied, before, after] = *report.dns;
    page.title(emptied ? "This computer's name cache was emptied" : "This computer's name cache was not emptied");
    if (before.empty() && after.empty()) {
        return;
    }
    if (!emptied || before == after) {
        page.line(fmt::format("{} leads to {}{}.", printable(host), addresses_of(after), emptied ? ", as before" : ""),
                  2);
        return;
    }
    page.line(fmt::format("{} led to {}, and leads to {} now. Sites with many servers change like that; for any other "
                          "site the old address may have been what was wrong.",
                          printable(host), addresses_of(before), addresses_of(after)),
              2);
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
        page.line("asked at: " + page.time_of(probe.asked_at), 2);
    }
    for (const auto& [name, value] : probe.correlation) {
        page.line(fmt::format("{}: {}", printable(name), printable(value)), 2);
    }
}

/// What each profile's own browser met. Only the page's way in detail.
void add_own_browsers(Page& page, const Report& report)
{
    for (const ProfileReport& profile : report.profiles) {
        for (const auto& [probe, when] : {std::pair(&profile.before, ""), std::pair(&profile.after, " afterwards")}) {
            if (!*probe) {
                continue;
            }
            const std::string title = fmt::format("What {} {} meets{}, on a copy of the profile", profile.browser_label,
                                                  printable(profile.profile), when);
            if (report.command == "test" || page.options().verbose) {
                add_probe(page, **probe, title);
            } else {
                page.title(title);
            }
            page.line(printable(describe(**probe, std::nullopt)), 2);
        }
    }
}

/// "2026-11-24 03:00 +00:00"; empty if the journal does not say, or says something that is no date.
std::string date_of(const Page& page, std::int64_t when)
{
    std::string whole = page.time_of(when);
    return whole.empty() ? whole : whole.substr(0, 16) + whole.substr(19);
}

std::string state_of(const RunSummary& run)
{
    return run.state == "applying" ? "cut off" : printable(run.state);
}

std::string runs_row(std::string_view id, std::string_view when, std::string_view site, std::string_view items,
                     std::string_view state)
{
    return fmt::format("{}{}{}{:>5}  {}", padded(id, 22), padded(when, 24), padded(site, 17), items, state);
}

void add_runs(Page& page, const Report& report)
{
    if (report.command != "runs" || report.runs.empty()) {
        return;
    }
    std::vector<std::string> table{runs_row("RUN", "WHEN", "SITE", "ITEMS", "STATE")};
    for (const RunSummary& run : report.runs) {
        table.push_back(runs_row(printable(run.id), date_of(page, run.when), printable(run.site),
                                 std::to_string(run.items), state_of(run)));
    }
    if (std::all_of(table.begin(), table.end(), [&](const std::string& row) { return page.fits(row); })) {
        std::for_each(table.begin(), table.end(), [&](const std::string& row) { page.row(row); });
        return;
    }
    for (const RunSummary& run : report.runs) {
        const std::string when = date_of(page, run.when);
        page.line(printable(run.id));
        page.line(fmt::format("{}{}, {}, {}", when.empty() ? "" : when + ", ", printable(run.site),
                              count_of(run.items, "item", "items"), state_of(run)),
                  4);
    }
}

/// The sites that look stuck; those of which there are hints only with --verbose.
void add_sites(Page& page, const Report& report)
{
    std::size_t hints = 0;
    for (const SiteSeen& seen : report.sites) {
        if (seen.confidence == Confidence::low && !page.options().verbose) {
            ++hints;
            continue;
        }
        page.title(printable(seen.site));
        for (const Finding& finding : seen.findings) {
            if (finding.confidence != Confidence::low || page.options().verbose) {
                page.line(fmt::format("{}: {} ({})", name_of(finding.confidence), printable(finding.what),
                                      printable(finding.where)),
                          2);
            }
        }
        page.row("  -> " + printable(seen.why));
    }
    if (hints > 0) {
        page.gap();
        page.line(fmt::format("{} more with hints only, which healthy sites have, too: --verbose lists them.",
                              count_of(hints, "site", "sites")));
    }
}

void add_expired(Page& page, const Report& report)
{
    for (const RunSummary& run : report.expired) {
        page.line(fmt::format(
            "Run {} on {} was erased: {}", printable(run.id), printable(run.site),
            run.state == "preparing" ? "it was cut off before it changed anything" : "it was older than 7 days"));
    }
}

/// A step whose command does not fit on its line gets one of its own that is not broken, to be copied.
void add_step(Page& page, const std::string& step)
{
    std::size_t colon = std::string::npos;
    for (const std::string_view begin : {": unstick ", ": sudo ", ": chmod "}) {
        colon = std::min(colon, step.rfind(begin));
    }
    if (colon == std::string::npos || page.fits("  -> " + step)) {
        page.line("-> " + step, 2);
        return;
    }
    page.line("-> " + step.substr(0, colon + 1), 2);
    page.row("     " + step.substr(colon + 2));
}

void add_problems(Page& page, const Report& report)
{
    for (const auto* list : {&report.problems, &report.retest_problems}) {
        for (const ProblemGroup& group : grouped(*list)) {
            page.gap();
            constexpr std::string_view word = "problem:";
            page.colored_line(fmt::format("{} {}: {}", word, printable(places_of(group)), printable(group.first.what)),
                              word.size(), "33");
            if (!group.first.hint.empty()) {
                add_step(page, printable(group.first.hint));
            }
        }
    }
}

}  // namespace

std::string to_text(const Report& report, const TextOptions& options)
{
    if (options.quiet && report.exit_code == Exit::ok && report.problems.empty() && report.retest_problems.empty()) {
        return {};
    }
    Page page(options);
    if (!options.quiet) {
        add_checks(page, report);
        add_profiles(page, report);
        add_findings(page, report);
        add_name_flush(page, report);
        add_runs(page, report);
        add_sites(page, report);
        add_expired(page, report);
        const bool testing = report.command == "test";
        add_with_cookies(page, report);
        if (const auto& probe = report.after ? report.after : report.before; probe && (testing || options.verbose)) {
            add_probe(page, *probe, testing ? "What a client with nothing stored meets" : "What the test met");
        }
        add_own_browsers(page, report);
    }
    add_problems(page, report);
    if (!report.verdict.text.empty() && report.verdict.code != "refused-input") {
        page.gap();
        const std::string text = printable(report.verdict.text);
        page.colored_line(text, text.size(), is_good(report.exit_code) ? "32" : "31");
    }
    for (const std::string& step : report.next) {
        add_step(page, printable(step));
    }
    if (const std::string undo = how_to_undo(report); !options.quiet && !undo.empty()) {
        add_step(page, printable(undo));
    }
    return page.take();
}

}  // namespace unstick
