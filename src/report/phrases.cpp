#include "report/phrases.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace unstick {

bool is_good(Exit code)
{
    return code == Exit::ok || code == Exit::nothing_found;
}

std::string title_of(const ProfileReport& profile)
{
    const std::string name = profile.name.empty() ? "" : fmt::format(" ({})", profile.name);
    return fmt::format("{}, profile {}{}", profile.browser_label, profile.profile, name);
}

std::string in_use_note(const Report& report, const ProfileReport& profile)
{
    if (report.command == "profiles" || report.command == "doctor") {
        return "In use: " + profile.use;
    }
    return report.command == "why" ? "In use: what the browser has not written yet is not seen."
                                   : "In use: nothing was changed in it.";
}

namespace {

/// Of profiles that would be changed: the browsers' labels, and the kinds of what is in them.
struct ToGo {
    std::set<std::string> browsers;
    std::set<Kind> kinds;

    bool has(Kind kind) const { return kinds.contains(kind); }
};

ToGo to_go(const Report& report)
{
    ToGo to_go;
    for (const ProfileReport& profile : report.profiles) {
        if (profile.in_use || profile.stores.empty()) {
            continue;
        }
        to_go.browsers.insert(profile.browser_label);
        for (const StoreReport& store : profile.stores) {
            to_go.kinds.insert(store.kind);
        }
    }
    return to_go;
}

/// What the user will notice, in one sentence.
std::string what_it_means(const Report& report, const Removing& how)
{
    const ToGo going = to_go(report);
    if (going.browsers.empty()) {
        return {};
    }
    const std::string where = fmt::format("{} in {}", report.site, fmt::join(going.browsers, " and "));
    if (!going.has(Kind::cookies) && !going.has(Kind::auth) && !going.has(Kind::storage)) {
        return fmt::format("You stay signed in to {}{}.", where,
                           going.has(Kind::cache) ? "; its pages are loaded anew" : "");
    }
    return fmt::format("You {} be signed out of {}{}{}.", how.everything ? "will" : "may", where,
                       going.has(Kind::storage) ? "; carts or drafts kept in the browser go, too" : "",
                       going.has(Kind::passwords) ? "; so do its saved passwords" : "");
}

}  // namespace

std::vector<std::string> before_removal(const Report& report, const Removing& how)
{
    constexpr std::size_t most = 10;
    std::vector<std::string> sentences;
    if (report.hosts.size() > 1) {
        const std::size_t named = std::min(most, report.hosts.size());
        const std::size_t others = report.hosts.size() - named;
        sentences.push_back(fmt::format(
            "Hosts: {}{}.",
            fmt::join(report.hosts.begin(), report.hosts.begin() + static_cast<std::ptrdiff_t>(named), ", "),
            others > 0 ? fmt::format(" and {} more", others) : ""));
    }
    std::uint64_t shared = 0;
    for (const ProfileReport& profile : report.profiles) {
        for (const StoreReport& store : profile.stores) {
            shared += store.shared;
        }
    }
    if (shared > 0) {
        sentences.push_back(fmt::format("{} no port, like every cookie, and {} shared with the host's other ports.",
                                        count_of(shared, "item knows", "items know"), shared == 1 ? "is" : "are"));
    }
    if (const std::string means = what_it_means(report, how); !means.empty()) {
        sentences.push_back(means + (how.can_undo ? " `unstick undo` brings it back for 7 days." : ""));
    }
    return sentences;
}

std::vector<ProblemGroup> grouped(const std::vector<Error>& problems)
{
    // Two of a kind are shown as they are: two lines are no flood.
    constexpr std::size_t many = 3;
    const auto is_alike = [](const Error& a, const Error& b) {
        return a.code == b.code && a.what == b.what && a.hint == b.hint;
    };
    std::vector<ProblemGroup> groups;
    for (const Error& problem : problems) {
        const auto alike = std::count_if(problems.begin(), problems.end(),
                                         [&](const Error& other) { return is_alike(problem, other); });
        const auto known = std::find_if(groups.begin(), groups.end(),
                                        [&](const ProblemGroup& group) { return is_alike(group.first, problem); });
        if (static_cast<std::size_t>(alike) >= many && known != groups.end()) {
            ++known->more;
        } else {
            groups.push_back({problem});
        }
    }
    return groups;
}

std::string places_of(const ProblemGroup& group)
{
    return group.first.where + (group.more == 0 ? "" : fmt::format(" and {} more", group.more));
}

Report with_short_paths(Report report, const std::string& home)
{
    if (home.size() < 2) {
        return report;
    }
    const auto shorten = [&](std::string& path) {
        if (path == home || path.starts_with(home + "/") || path.starts_with(home + "\\")) {
            path = "~" + path.substr(home.size());
        }
    };
    for (ProfileReport& profile : report.profiles) {
        shorten(profile.path);
    }
    for (Error& problem : report.problems) {
        shorten(problem.where);
    }
    for (Check& check : report.checks) {
        shorten(check.where);
    }
    return report;
}

std::string why_command(const std::string& fix_command)
{
    constexpr std::string_view fix = "unstick fix ";
    return "unstick why " + fix_command.substr(std::min(fix.size(), fix_command.size()));
}

std::string how_to_undo(const Report& report)
{
    const bool possible = !report.run.empty() && report.command == "fix" && !report.dry_run;
    return possible ? "To put everything back: unstick undo " + report.run + report.undo_options : "";
}

}  // namespace unstick
