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

#include "../cookie_probe.h"
#include "../plan.h"
#include "../probe.h"

namespace unstick {

/// How likely a finding is the true cause of a stuck login.
enum class Confidence { high, medium, low };

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
struct Scene {
    std::span<const ProfilePlan> inventory;
    const Site& site;
    const std::optional<Probe>& probe;  ///< what a client with nothing stored met; none without a re-test
    std::int64_t now = 0;               ///< Unix seconds
    std::string command;                ///< how a fix command for the site starts: "unstick fix example.com"
    /// How many cookies are stored of the other sites that the re-test was sent to, by registrable domain.
    std::map<std::string, std::uint64_t> elsewhere = {};
    /// What clients met that sent the cookies of a profile.
    std::span<const CookieProbe> with_cookies = {};
    /// What the site answers for the scripts of service workers, by Item::script.
    std::map<std::string, ScriptAnswer> scripts = {};
};

/// All findings, the most likely first; those of the same rule and profile are one.
std::vector<Finding> find_causes(const Scene& scene);

/// A word as shells take it: in double quotes where those of Unix, cmd and PowerShell read them alike, otherwise as
/// those of Unix read it.
std::string shell_word(const std::string& word);

/// All items that the findings name.
std::set<ItemRef> named_by(std::span<const Finding> findings);

/// The plans with nothing but these items. All profiles and stores stay, empty perhaps.
std::vector<ProfilePlan> only(std::span<const ProfilePlan> inventory, const std::set<ItemRef>& items);

}  // namespace unstick
