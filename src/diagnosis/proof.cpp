#include "diagnosis/proof.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "net/judgement.h"

namespace unstick {

namespace {

constexpr std::size_t most_hypotheses = 5;
constexpr std::size_t most_names = 3;

/// Does a fresh browser get a page, or a question for a password?
bool is_answered(const Probe& fresh)
{
    const Answer answer = answer_of(fresh, {});
    return answer == Answer::page || answer == Answer::challenge;
}

/// Is it called like what a sign-in needs? A guess that costs one visit.
bool sounds_like_sign_in(std::string_view name)
{
    constexpr std::array<std::string_view, 12> words{"sess", "sid",  "auth",  "token", "sso",  "login",
                                                     "oidc", "saml", "oauth", "csrf",  "xsrf", "jwt"};
    const std::string text = lower(name);
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

/// Is it the amount that does it?
bool is_about_amount(const Finding& finding)
{
    constexpr std::array<std::string_view, 3> rules{"cookie-header-too-big", "abandoned-login-cookies",
                                                    "too-many-cookies"};
    return std::find(rules.begin(), rules.end(), finding.rule) != rules.end();
}

/// "1 cookie (sid of .example.com)".
std::string what_goes(const Proof& proof)
{
    const std::size_t count = proof.names.size();
    const std::size_t named = std::min(count, most_names);
    const auto end = proof.names.begin() + static_cast<std::ptrdiff_t>(named);
    return fmt::format(
        "{} ({}{})", proof.only_cookies ? count_of(count, "cookie", "cookies") : count_of(count, "item", "items"),
        fmt::join(proof.names.begin(), end, ", "), count > named ? fmt::format(" and {} more", count - named) : "");
}

/// A cause and a proof in one sentence each.
std::string sentence_of(const Proof& proof)
{
    if (proof.by == ProvedBy::client) {
        return fmt::format(
            "With {} of this browser the site refuses; with all its other cookies it lets in. Seen in {}.",
            what_goes(proof), count_of(proof.trail.size(), "request", "requests"));
    }
    if (proof.by == ProvedBy::person) {
        return fmt::format("Without {} you are in, as you said. You were asked {}.", what_goes(proof),
                           count_of(proof.trail.size(), "time", "times"));
    }
    return fmt::format("Removing {} lets your browser in; leaving {} keeps it out. Seen in {}.", what_goes(proof),
                       proof.names.size() == 1 ? "it" : "them", count_of(proof.trail.size(), "visit", "visits"));
}

std::vector<std::pair<std::string, std::string>> evidence_of(const Proof& proof)
{
    std::vector<std::pair<std::string, std::string>> evidence;
    for (const Tried& tried : proof.trail) {
        evidence.emplace_back(
            proof.by == ProvedBy::client   ? "request"
            : proof.by == ProvedBy::person ? "answer"
                                           : "visit",
            fmt::format("{}: {}", tried.away == 0 ? "nothing away" : "without " + count_of(tried.away, "item", "items"),
                        tried.page));
    }
    for (const std::string& name : proof.names) {
        evidence.emplace_back("needed", name);
    }
    return evidence;
}

/// Does a rule's finding name all that has to go?
bool explains(const Finding& finding, const Proof& proof)
{
    return !proof.items.empty() && proof.items.size() == proof.names.size() &&
           std::includes(finding.items.begin(), finding.items.end(), proof.items.begin(), proof.items.end());
}

std::string also(const Proof& proof)
{
    std::string list;
    for (const std::string& site : proof.elsewhere) {
        list += " --also " + shell_word(site);
    }
    return list;
}

/// The option that chooses who is asked.
std::string_view how_to_ask(ProvedBy by)
{
    return by == ProvedBy::client ? " --retest http" : by == ProvedBy::person ? " --retest person" : "";
}

/// What there is to say of a search with the person: what was tried is back.
std::vector<std::string> notes_of_search_with_person(const Proof& proof)
{
    const std::string times = count_of(proof.trail.size(), "time", "times");
    switch (proof.end) {
        case SearchEnd::proved:
        case SearchEnd::no_answer:
            return {};
        case SearchEnd::not_here:
            return {
                "You were not in with everything away that this site stored here: nothing of it needs removing. Look "
                "at extensions, the network, or another site that takes part in the sign-in (--also)."};
        default:
            return {fmt::format("You were asked {}, and it is not known yet what keeps you out. To go on: --visits {}.",
                                times, 3 * std::max<std::size_t>(proof.trail.size(), 4))};
    }
}

/// The kinds of what has to go that `fix` takes only if they are named.
std::set<Kind> not_by_default(const Proof& proof, std::span<const ProfilePlan> inventory)
{
    std::set<Kind> kinds = proof.kinds;
    for (const ItemRef& ref : proof.items) {
        const Kind kind = inventory[ref.profile].stores[ref.store].spec->kind;
        if (!info(kind).by_default) {
            kinds.insert(kind);
        }
    }
    return kinds;
}

}  // namespace

Shown shown_of(const Probe& met, const Probe& before, const std::optional<int>& expect_status)
{
    if (met.status == 429) {
        return Shown::no_answer;
    }
    if (met.robot_check) {
        return Shown::cannot_tell;
    }
    if (is_alike(met, before)) {
        return Shown::stuck;
    }
    // A page that a fresh browser gets, too, is all that a removal can bring: also if it is a form for a password, and
    // somebody who is signed in was expected to see more.
    const bool is_like_fresh = met.fresh && is_alike(met, *met.fresh);
    if (is_like_fresh && is_answered(*met.fresh)) {
        return Shown::in;
    }
    if (const auto stuck = is_stuck(met, expect_status); stuck) {
        return *stuck ? Shown::stuck : Shown::in;
    }
    // Another page with content, and no sign of trouble where there was one before. A few words may be another error.
    const bool has_content = met.page && (met.page->text >= little_text || met.page->password);
    return has_content && !before.said_stuck ? Shown::in : Shown::cannot_tell;
}

std::vector<Atom> atoms_of(const ProfilePlan& plan, std::size_t profile, std::span<const Finding> findings)
{
    std::map<ItemRef, std::size_t> amount;  // by item: the finding
    for (std::size_t f = 0; f < findings.size(); ++f) {
        for (const ItemRef& ref : findings[f].items) {
            if (is_about_amount(findings[f])) {
                amount.emplace(ref, f);
            }
        }
    }
    std::vector<Atom> atoms;
    std::map<std::size_t, std::size_t> of_finding;
    for (std::size_t s = 0; s < plan.stores.size(); ++s) {
        for (std::size_t i = 0; i < plan.stores[s].found.items.size(); ++i) {
            const ItemRef ref{profile, s, i};
            const auto many = amount.find(ref);
            const std::size_t atom =
                many == amount.end() ? atoms.size() : of_finding.emplace(many->second, atoms.size()).first->second;
            if (atom == atoms.size()) {
                atoms.emplace_back();
            }
            atoms[atom].push_back(ref);
        }
    }
    return atoms;
}

std::set<ItemRef> items_of(const std::vector<Atom>& atoms, const Items& chosen, std::size_t profile)
{
    std::set<ItemRef> items;
    for (const std::size_t atom : chosen) {
        for (const ItemRef& ref : atoms[atom]) {
            items.insert({profile, ref.store, ref.item});
        }
    }
    return items;
}

SearchInput search_among(const std::vector<Atom>& atoms, const ProfilePlan& plan, std::span<const Finding> findings,
                         std::size_t visits)
{
    SearchInput input{.items = atoms.size(), .visits = visits};
    std::map<ItemRef, std::size_t> number;
    for (std::size_t a = 0; a < atoms.size(); ++a) {
        input.stores.push_back(atoms[a].front().store);
        for (const ItemRef& ref : atoms[a]) {
            number.emplace(ref, a);
        }
    }
    const auto add = [&](const Finding& finding) {
        Items named;
        for (const ItemRef& ref : finding.items) {
            if (const auto found = number.find(ref); found != number.end()) {
                named.push_back(found->second);
            }
        }
        std::sort(named.begin(), named.end());
        named.erase(std::unique(named.begin(), named.end()), named.end());
        const bool is_known =
            std::find(input.hypotheses.begin(), input.hypotheses.end(), named) != input.hypotheses.end();
        if (!named.empty() && !is_known && input.hypotheses.size() < most_hypotheses) {
            input.hypotheses.push_back(std::move(named));
        }
    };
    for (const Finding& finding : findings) {
        if (!is_wide(finding)) {
            add(finding);
        }
    }
    Items like_sign_in;
    for (std::size_t a = 0; a < atoms.size(); ++a) {
        const ItemRef& ref = atoms[a].front();
        if (sounds_like_sign_in(plan.stores[ref.store].found.items[ref.item].name)) {
            like_sign_in.push_back(a);
        }
    }
    const bool is_new =
        std::find(input.hypotheses.begin(), input.hypotheses.end(), like_sign_in) == input.hypotheses.end();
    if (!like_sign_in.empty() && 2 * like_sign_in.size() < atoms.size() && is_new) {
        input.hypotheses.push_back(std::move(like_sign_in));
    }
    for (const Finding& finding : findings) {
        if (is_wide(finding)) {
            add(finding);
        }
    }
    return input;
}

bool is_wide(const Finding& finding)
{
    return finding.rule == "cookies-refused";
}

bool has_to_be_named(const Proof& proof)
{
    return proof.end == SearchEnd::proved && proof.items.size() < proof.names.size();
}

std::string name_of(const Item& item)
{
    return item.name.empty() || item.host.empty() ? item.label : item.name + " of " + item.host;
}

void take_in(const Proof& proof, std::span<const ProfilePlan> inventory, const std::string& command,
             const std::string& options, std::vector<Finding>& findings)
{
    if (proof.end != SearchEnd::proved && proof.end != SearchEnd::not_here) {
        return;
    }
    make_hints(findings, {proof.profile});
    if (proof.end != SearchEnd::proved) {
        return;
    }
    // "These cookies are refused" is no explanation where another rule knows what is wrong with them.
    auto explaining = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) {
        return explains(finding, proof) && !is_wide(finding);
    });
    if (explaining == findings.end()) {
        explaining = std::find_if(findings.begin(), findings.end(),
                                  [&](const Finding& finding) { return explains(finding, proof); });
    }
    Finding found;
    if (explaining != findings.end()) {
        found = std::move(*explaining);
        findings.erase(explaining);
        found.what = sentence_of(proof) + " The cause: " + found.what;
    } else {
        found.rule = "proved-by-visits";
        found.where = where_of(inventory[proof.profile]);
        found.what = sentence_of(proof);
    }
    // Which of them it is is known now.
    std::erase_if(findings, [&](const Finding& finding) { return is_wide(finding) && explains(finding, proof); });
    found.confidence = Confidence::proved;
    found.items = proof.items;
    found.fix = command + also(proof) + " --least" + std::string(how_to_ask(proof.by)) +
                with_option(not_by_default(proof, inventory)) +
                narrowed_to(inventory[proof.profile].profile, inventory, command) + options;
    for (auto& evidence : evidence_of(proof)) {
        found.evidence.push_back(std::move(evidence));
    }
    findings.insert(findings.begin(), std::move(found));
}

std::vector<std::string> notes_of(const Proof& proof, const std::string& command, const std::string& options)
{
    if (proof.by == ProvedBy::person) {
        return notes_of_search_with_person(proof);
    }
    const bool by_client = proof.by == ProvedBy::client;
    const std::string visits = by_client ? count_of(proof.trail.size(), "request", "requests")
                                         : count_of(proof.trail.size(), "visit", "visits");
    switch (proof.end) {
        case SearchEnd::proved:
            if (has_to_be_named(proof)) {
                return {
                    "To remove what was proved, what of it is not among the default kinds or is another site's has to "
                    "be named: " +
                    command + also(proof) + " --least" + with_option(proof.kinds) + options};
            }
            return {};
        case SearchEnd::budget:
            return {proof.names.empty()
                        ? fmt::format("After {} it is not known what keeps the browser out. To go on: --visits {}.",
                                      visits, 3 * proof.trail.size())
                        : fmt::format("After {} it is known that with {} away {}; less may do. To go on: --visits {}.",
                                      visits, what_goes(proof),
                                      by_client ? "the site lets in" : "the browser is let in",
                                      3 * proof.trail.size())};
        case SearchEnd::not_here:
            return {
                "With everything away that this site stored here, the browser is stuck still: nothing of it needs "
                "removing. Look at extensions, the network, or another site that takes part in the sign-in (--also)."};
        case SearchEnd::not_steady:
            return {fmt::format("What the {} from {} ({}), so nothing was proved. Try again later.",
                                by_client ? "site answers changes" : "browser shows changes",
                                by_client ? "request to request" : "visit to visit", visits)};
        case SearchEnd::no_answer:
            return {
                "The search for the cause ended early: the site asks to wait, or the browser could not be opened. Try "
                "again later."};
        case SearchEnd::cannot_tell:
            return {
                by_client
                    ? "What the site answers without some of the cookies does not tell whether it lets in; the browser "
                      "itself may: --retest browser."
                    : "What the browser shows with the items away does not tell whether it is let in. Say what does: "
                      "--expect-text, --expect-url or --stuck-text."};
        case SearchEnd::not_stuck:
            break;
    }
    return {};
}

}  // namespace unstick
