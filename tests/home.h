#pragma once
// One home folder with one browser profile full of data of several hosts, and unstick working on it.

#include <set>

#include "../profiles/profiles.h"
#include "../src/run.h"
#include "chromium_profile.h"
#include "fake_host.h"
#include "testing.h"

namespace unstick::testing {

/// The hosts of the site that is cleaned, and those of others, look-alikes among them.
inline const std::vector<std::string> ours{"stuck.test", "app.stuck.test"};
inline const std::vector<std::string> theirs{"notstuck.test", "stuck.test.evil.test", "other.test"};

std::vector<std::string> all_hosts();

/// What a fixture looks like to unstick.
struct Expected {
    std::size_t profiles = 1;
    std::string name = "Person 1";  ///< of the first profile
    std::size_t stores = 29;        ///< of the first profile, with something of ours in it
    /// Files that hold secrets of ours all the same: what is removed only when it is named.
    std::vector<std::string> keeps{"Login Data", "Network Persistent State", "Preferences", "Reporting and NEL",
                                   "TransportSecurity"};
};

/// All that is in a home folder as independent readers see it, one line each: rows of SQLite tables with all columns,
/// pairs of LevelDB databases, members and elements of JSON files, entries of blockfile caches, contents of other
/// files. Looks at a copy: LevelDB writes when it opens.
std::set<std::string> seen_in(const fs::path& home);

struct Home {
    TempFolder folder;  ///< holds home/ and state/
    const Adapter& adapter;
    Os os;
    fs::path profile;
    fs::path cache;
    FakeHost host;
    Expected expected;

    std::set<Kind> kinds = default_kinds();  ///< of requests that do not say

    Home(const Adapter& browser, const Root& root, const std::vector<std::string>& hosts = all_hosts(),
         CacheKind cache_kind = CacheKind::simple);

    /// A run on "stuck.test", confirmed, without a re-test.
    Request request(Command command) const { return request(command, kinds); }
    Request request(Command command, const std::set<Kind>& wanted) const;
    Report go(Command command) { return go(request(command)); }
    Report go(const Request& request) { return run(request, host, adapters(), {}); }

    std::set<std::string> seen() const { return seen_in(folder / "home"); }
};

/// Rows of a SQLite table, as SQLite itself counts them (and rolls back what a crash left).
int rows(const fs::path& file, const std::string& table, const std::string& where);

/// Does a line of Home::seen() name one of our hosts (as a whole name, not inside a longer one)?
bool is_about_ours(std::string_view line);

/// Files below a folder that hold a text, sorted.
std::vector<std::string> holding(const fs::path& folder, const std::string& text);

}  // namespace unstick::testing
