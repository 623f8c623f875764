#pragma once
// Findings: what is wrong with what a site left in the browser, or with the site itself. Pure: an inventory and what
// the re-test met go in, findings come out. Never a value of a cookie, token or password: rules do not see any.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnosis/cookie_probe.h"
#include "diagnosis/visit_seen.h"
#include "inventory/plan.h"
#include "net/har.h"
#include "net/probe.h"

namespace unstick {

/// How likely a finding is the true cause of a stuck login.
enum class Confidence {
    proved,  ///< by experiments with the browser itself (proof.h)
    high,
    medium,
    low,
};

std::string_view name_of(Confidence confidence);

/// An item of the inventory.
struct ItemRef {
    std::size_t profile = 0;  ///< index into the inventory
    std::size_t store = 0;    ///< index into ProfilePlan::stores
    std::size_t item = 0;     ///< index into Found::items
    auto operator<=>(const ItemRef&) const = default;
};

/// One cause in one profile, or one that lies outside the browser.
struct Finding {
    std::string_view rule;  ///< stable, one of `rules`
    Confidence confidence = Confidence::low;
    std::string where;                                          ///< "chrome/Default", or a host; not yet printable
    std::string what;                                           ///< one line that a non-expert understands
    std::vector<std::pair<std::string, std::string>> evidence;  ///< names, numbers, ages
    std::string fix;                                            ///< command that removes just its items, or empty
    std::string advice;                                         ///< what else to do; may be empty
    std::vector<ItemRef> items;                                 ///< what the fix removes; sorted
};

/// What a rule can say, and what it is about.
struct RuleInfo {
    std::string_view id;
    std::string_view about;
};
std::span<const RuleInfo> rules();

/// The answer for the script of a service worker, asked for by a client that has nothing stored.
struct ScriptAnswer {
    int status = 0;        ///< 0: there was none
    bool is_page = false;  ///< it comes as HTML
};

/// All that is known when causes are looked for.
struct DiagnosisInput {
    std::span<const ProfilePlan> inventory;
    const Site& site;
    const std::optional<Probe>& probe;  ///< what a client with nothing stored met; none without a re-test
    std::int64_t now = 0;               ///< Unix seconds
    std::string command;                ///< how a fix command for the site starts: "unstick fix example.com"
    /// How many cookies are stored of the other sites that the re-test was sent to, by registrable domain.
    std::map<std::string, std::uint64_t> elsewhere = {};
    /// What clients met that sent the cookies of a profile.
    std::span<const CookieProbe> with_cookies = {};
    /// What the site answers for the scripts of service workers, by ServiceWorker::script.
    std::map<std::string, ScriptAnswer> scripts = {};
    /// What a browser recorded; `probe` is then the page in it. nullptr: nothing.
    const Recording* recording = nullptr;
    /// What the profiles' own browsers showed, by index into the inventory; those that were not asked are not in it.
    std::map<std::size_t, VisitSeen> visits = {};
};

/// All findings, the most likely first; those of the same rule, profile and confidence are one.
std::vector<Finding> find_causes(const DiagnosisInput& input);

/// Makes a hint of each finding that names items of these profiles: their browsers showed that they are not stuck, or
/// stuck for another reason.
void make_hints(std::vector<Finding>& findings, const std::set<std::size_t>& profiles);

/// All items that the findings name.
std::set<ItemRef> named_by(std::span<const Finding> findings);

/// "chrome/Default": a profile, as Finding::where says it.
std::string where_of(const ProfilePlan& plan);

/// What narrows a command, which starts as DiagnosisInput::command, to one profile of the inventory: " --browser chrome
/// --profile Default".
std::string narrowed_to(const Profile& profile, std::span<const ProfilePlan> inventory, std::string_view command);

/// " --with network,permissions"; nothing for no kinds.
std::string with_option(const std::set<Kind>& named);

/// What a command needs that removes them, where they are of kinds that go only when named: " --with network", or
/// nothing.
std::string kinds_to_name(std::span<const ProfilePlan> inventory, const std::set<ItemRef>& items);

/// The plans with nothing but these items. All profiles and stores stay, empty perhaps.
std::vector<ProfilePlan> only(std::span<const ProfilePlan> inventory, const std::set<ItemRef>& items);

}  // namespace unstick
