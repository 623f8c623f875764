#pragma once
// What experiments with a browser on copies of its profile prove: from what was met to a finding. Pure.

#include <set>
#include <string>
#include <vector>

#include "diagnosis/finding.h"
#include "diagnosis/search.h"
#include "model/kind.h"
#include "net/probe.h"

namespace unstick {

/// What a visit with some items away shows. `before`: the visit with all of them in place, which was stuck.
Shown shown_of(const Probe& met, const Probe& before, const std::optional<int>& expect_status);

/// Items that go together in experiments.
using Atom = std::vector<ItemRef>;

/// What is searched: the items of a profile, in the order of its stores. What a finding names for its amount alone
/// (many cookies, a long header) is one atom: with one of them less the browser may be let in, until the next is added.
std::vector<Atom> atoms_of(const ProfilePlan& plan, std::size_t profile, std::span<const Finding> findings);

/// The items of the chosen atoms, as those of number `profile` of an inventory.
std::set<ItemRef> items_of(const std::vector<Atom>& atoms, const Items& chosen, std::size_t profile);

/// The search among them: what findings name comes first, then what is called like a part of a sign-in ("session",
/// "token"), if that is less than half. `plan`: as atoms_of.
SearchInput search_among(const std::vector<Atom>& atoms, const ProfilePlan& plan, std::span<const Finding> findings,
                         std::size_t visits);

/// One visit, for people.
struct Tried {
    std::size_t away = 0;  ///< items
    Shown shown = Shown::stuck;
    std::string page;  ///< page_in_words
};

/// Who was let in or kept out.
enum class ProvedBy {
    browser,  ///< the profile's own browser, on copies of the profile
    client,   ///< a client of ours that sends the profile's cookies
    person,   ///< the person, in the profile itself
};

/// What became of a search in one profile.
struct Proof {
    std::size_t profile = 0;  ///< index into the inventory
    ProvedBy by = ProvedBy::browser;
    SearchEnd end = SearchEnd::cannot_tell;
    std::vector<ItemRef> items = {};       ///< what has to go, as far as the inventory has it
    std::vector<std::string> names = {};   ///< all that has to go, for people: "sid of .example.com"; not yet printable
    bool only_cookies = true;              ///< it is cookies
    std::set<Kind> kinds = {};             ///< of what has to go and is not in the inventory: `fix` takes them if named
    std::set<std::string> elsewhere = {};  ///< other sites that have some of it
    std::vector<Tried> trail = {};
};

/// Was something proved of which a part is not in the inventory: of a kind that is removed only if it is named, or
/// another site's?
bool has_to_be_named(const Proof& proof);

/// "These cookies are refused" names all that were sent: every other guess is narrower.
bool is_wide(const Finding& finding);

/// "sid of .example.com".
std::string name_of(const Item& item);

/// Takes in what was proved: a finding of its own, or the rule's that explains it becomes `proved`; the others of this
/// profile become hints. `command`: as DiagnosisInput::command; `options`: what it needs besides ("--browser-program
/// ...").
void take_in(const Proof& proof, std::span<const ProfilePlan> inventory, const std::string& command,
             const std::string& options, std::vector<Finding>& findings);

/// What there is to say of a search that proved nothing, or not all: a sentence each. `command` and
/// `options` as above.
std::vector<std::string> notes_of(const Proof& proof, const std::string& command, const std::string& options);

}  // namespace unstick
