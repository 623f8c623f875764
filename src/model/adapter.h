#pragma once
// What a browser is to unstick: a table. Adding a Chromium-family browser is one row in
// profiles/chromium/family.cpp; a store in a known format is one row; a new format is one file.

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/item.h"
#include "model/kind.h"
#include "platform/machine.h"
#include "platform/processes.h"
#include "platform/programs.h"
#include "web/cookie_jar.h"
#include "web/site.h"

namespace unstick {

struct MediumOps;  // journal/medium.h

/// Where one browser keeps its data on one layout. Templates as in Machine::expand.
struct Root {
    Os os;
    std::string_view data;  ///< "{config}/chromium"
    /// Where the caches lie, if neither in `data` nor where Adapter::cache_roots says.
    std::string_view cache = {};
    /// The browser's program: names to be found in PATH, or templates of paths; the first that there is. None: the
    /// browser can open no copy of a profile, because it is kept from all folders but its own (snap, flatpak).
    std::array<std::string_view, 2> programs = {};
};

/// A folder, and for people what says that a browser uses it.
struct Spot {
    fs::path path;
    std::string why;
};

/// One browser profile on disk.
struct Profile {
    std::string browser;     ///< Adapter::id
    std::string id;          ///< directory name: "Default"
    std::string name;        ///< the name shown in the browser; may be empty
    fs::path root;           ///< the user data directory
    fs::path path;           ///< the profile's own directory
    fs::path cache;          ///< where its caches lie; == path if not apart. See more_caches
    fs::path policies = {};  ///< what an administrator keeps for this browser; empty: nothing, or not known
    /// Where the keychains of its user lie, if sign-ins in them go with this profile; of several profiles that share
    /// them, one.
    fs::path keychains = {};
    /// Folders below it that are laid out like it, as paths below `path` and, for their caches, below `cache`.
    std::vector<fs::path> partitions = {};
    /// Further folders with caches of it: one browser is told by its policies, another by a switch, or was until now.
    std::vector<Spot> more_caches = {};
    /// Further data folders that hold it by a link: a browser that comes by one of them has its locks there.
    std::vector<fs::path> more_roots = {};
    std::string why_root = {};   ///< for people: how the data folder was found
    std::string why_cache = {};  ///< for people: what says that its caches lie in `cache`
    /// Set: the browser uses it, but it is not to be worked on.
    std::optional<Error> refused = {};
};

/// Where a store's path starts.
enum class Base {
    profile,    ///< Profile::path
    cache,      ///< Profile::cache and, where those are other folders, Profile::more_caches and Profile::path too
    policies,   ///< Profile::policies
    keychains,  ///< Profile::keychains; nowhere for profiles that have none
};

/// Finds a site's items in one store. `where` may not exist (Found::present stays false). For a scope that owns nothing
/// (Site::owns_nothing) it says whether the store is there, may be read and is of a known form, and looks at no more
/// than a few entries for that, however many there are. Leaves no trace in the profile: no lock file, no changed time,
/// no -shm. Never throws.
using Find = Found (*)(const fs::path& where, const Site& site);
/// The same for what only a program of the computer can look into.
using Ask = Found (*)(const fs::path& where, const Site& site, Programs& programs);

/// Either of them.
class Finder {
public:
    constexpr Finder(Find find) : find_(find) {}
    constexpr Finder(Ask ask) : ask_(ask) {}

    /// Without programs, what has to be asked is not present.
    Found operator()(const fs::path& where, const Site& site, Programs* programs = nullptr) const
    {
        return find_ != nullptr ? find_(where, site) : programs != nullptr ? ask_(where, site, *programs) : Found{};
    }

private:
    Find find_ = nullptr;
    Ask ask_ = nullptr;
};

/// Reads the cookies of a site with their values, for the re-test alone: they go to the HTTP client and nowhere else.
/// Only for jars that hold them as they are sent; nothing is decrypted. What cannot be read is left out. Leaves no
/// trace, as Find.
using ReadJar = std::vector<JarCookie> (*)(const fs::path& where, const Site& site);

/// When a store is looked into, provided that its kind is chosen.
enum class When {
    always,
    unless_whole_cache,
    if_whole_cache,  ///< takes everybody's data: only with --whole-cache
};

struct StoreSpec {
    Kind kind;
    std::string_view label;  ///< "Cookies", "HTTP cache"
    Base base = Base::profile;
    std::string_view path;  ///< below the base
    Finder find;
    /// It names hosts by their hashes only, so that it must be asked for each name (Site::known_hosts). Such stores
    /// come last in an adapter's table: then the names in all other stores are known.
    bool hashed = false;
    When when = When::always;
    ReadJar read_jar = nullptr;  ///< Kind::cookies: nullptr if the values are encrypted
};

/// Who holds a profile.
struct LockState {
    enum class State {
        free,
        in_use,     ///< a browser has it open: not touched
        elsewhere,  ///< locked by another computer: not touched
    } state = State::free;
    std::int64_t pid = 0;  ///< the browser's process, if it can be asked to quit; else 0
    std::string what;      ///< how we know; for people. Of a free one: what was left that looked like a lock

    /// Is it a browser that can be asked to quit?
    bool can_be_asked() const { return state == State::in_use && pid != 0; }
};

/// A file that a running browser locks; held by us while we work.
struct LockFile {
    std::string_view path;      ///< below the profile
    std::optional<Os> os = {};  ///< only there; none: on every system
};

/// How many cookies of one registrable domain a browser keeps, and how many it removes at once when there are more. 0:
/// no such limit is known.
struct CookieLimit {
    std::size_t most = 0;
    std::size_t removed = 0;
};

struct Limits {
    CookieLimit cookies_of_domain = {};
};

class RemoteDebugging;  // devtools/remote.h
struct PlaceRules;      // model/place_rules.h

struct Adapter {
    std::string_view id;           ///< "chrome"
    std::string_view label;        ///< "Google Chrome"
    std::string_view family = {};  ///< "chromium", for --browser-family; empty: of none that can be named
    std::span<const Root> roots = {};
    /// In the order of removal (what is safe if we are cut off comes first).
    std::span<const StoreSpec> stores;
    /// Lists the profiles below a user data directory, one that is there. `cache_root` may be empty: not apart. Errors:
    /// denied, io.
    Result<std::vector<Profile>> (*list_profiles)(const fs::path& root, const fs::path& cache_root);
    /// Decides whether a browser holds the profile.
    LockState (*in_use)(const Profile& profile, const Processes& processes);
    std::span<const LockFile> lock_files = {};
    /// Is a folder that the user named, and that is none of any browser's roots, one of this family? Browsers of one
    /// family differ in nothing but where they are, so one of them answers for all; nullptr: another one does.
    bool (*is_user_data_dir)(const fs::path& folder) = nullptr;
    /// The data folder that a folder belongs to which the user named: itself, or the one around it where it is a
    /// profile's own: there are the locks. nullptr: itself. Errors: usage if that cannot be told.
    Result<fs::path> (*data_folder_of)(const fs::path& folder) = nullptr;
    /// How to find what lies elsewhere than its rows say; nullptr: nothing is known.
    const PlaceRules* places = nullptr;
    Limits limits = {};
    /// What to do if the system denies us a folder or file; empty = what files.h says.
    std::string_view denied_hint = {};
    /// Where an administrator keeps policies for it. Template as in Machine::expand: only on systems that have it.
    std::string_view policies = {};
    /// For how long its helpers may still write when the browser has quit: what they had read before. 0: not at all.
    std::chrono::milliseconds straggling{0};
    /// The programs of such helpers. One may serve other programs, too: that it runs holds nobody up for longer.
    std::span<const std::string_view> helpers = {};
    /// What to do where it goes on without a window, so that it cannot be asked to quit (Windows); empty = what the
    /// system's part says.
    std::string_view background_hint = {};
    /// The switch with which it opens its tabs again when it is started; empty if it has none.
    std::string_view restore_switch = {};
    /// nullptr: it cannot be opened on a copy.
    const RemoteDebugging* remote = nullptr;
    /// Ways of keeping data that only this family has, besides those of journal/medium.cpp.
    std::span<const MediumOps* const> media = {};
};

/// The error with the adapter's hint, if it is one of rights.
inline Error with_hint_of(const Adapter& adapter, Error error)
{
    if (error.code == Code::denied && !adapter.denied_hint.empty()) {
        error.hint = adapter.denied_hint;
    }
    return error;
}

}  // namespace unstick
