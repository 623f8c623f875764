#pragma once
// What a browser is to unstick: a table. Adding a Chromium-family browser is one row in
// profiles/chromium.cpp; a store in a known format is one row; a new format is one file in src/formats/.

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cookie_jar.h"
#include "host.h"
#include "item.h"
#include "kind.h"
#include "machine.h"
#include "site.h"

namespace unstick {

/// Where one browser keeps its data on one layout. Templates as in Machine::expand.
struct Root {
    Os os;
    std::string_view data;        ///< "{config}/chromium"
    std::string_view cache = {};  ///< where the caches lie if not in `data`
    /// The browser's program: names to be found in PATH, or templates of paths; the first that there is. None: the
    /// browser can open no copy of a profile, because it is kept from all folders but its own (snap, flatpak).
    std::array<std::string_view, 2> programs = {};
};

/// One browser profile on disk.
struct Profile {
    std::string browser;     ///< Adapter::id
    std::string id;          ///< directory name: "Default"
    std::string name;        ///< the name shown in the browser; may be empty
    fs::path root;           ///< the user data directory
    fs::path path;           ///< the profile's own directory
    fs::path cache;          ///< where its caches lie; == path if not apart
    fs::path policies = {};  ///< what an administrator keeps for this browser; empty: nothing, or not known
    /// Where the keychains of its user lie, if sign-ins in them go with this profile; of several profiles that share
    /// them, one.
    fs::path keychains = {};
};

/// Where a store's path starts.
enum class Base {
    profile,    ///< Profile::path
    cache,      ///< Profile::cache and, where that is another folder, Profile::path too
    policies,   ///< Profile::policies
    keychains,  ///< Profile::keychains; nowhere for profiles that have none
};

/// Finds a site's items in one store. `where` may not exist (Found::present stays false).
/// Leaves no trace in the profile: no lock file, no changed time, no -shm. Never throws.
using Find = Found (*)(const fs::path& where, const Site& site);
/// The same for what only a program of the computer can look into.
using Ask = Found (*)(const fs::path& where, const Site& site, Host& host);

/// Either of them.
class Finder {
public:
    constexpr Finder(Find find) : find_(find) {}
    constexpr Finder(Ask ask) : ask_(ask) {}

    /// Without a host, what has to be asked is not present.
    Found operator()(const fs::path& where, const Site& site, Host* host = nullptr) const
    {
        return find_ != nullptr ? find_(where, site) : host != nullptr ? ask_(where, site, *host) : Found{};
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
    Base base;
    std::string_view path;  ///< below the base
    Finder find;
    /// It names hosts by their hashes only, so that it must be asked for each name (Site::known_hosts). Such stores
    /// come last in an adapter's table: then the names in all other stores are known.
    bool hashed = false;
    When when = When::always;
    ReadJar read_jar = nullptr;  ///< Kind::cookies: nullptr if the values are encrypted
};

/// Who holds a profile.
struct Use {
    enum class State {
        free,
        in_use,     ///< a browser has it open: not touched
        elsewhere,  ///< locked by another computer: not touched
    } state = State::free;
    std::int64_t pid = 0;  ///< the browser's process, if it can be asked to quit; else 0
    std::string what;      ///< how we know; for people
};

/// A JSON file of which a copy of a profile gets only some members.
struct Settings {
    std::string_view file;
    bool in_root = false;                       ///< it lies in the user data directory, not in the profile
    std::span<const std::string_view> members;  ///< JSON pointers
};

/// How a browser is opened on a copy of a profile, to see what it meets at a site (browser_copy.h, browser_retest.h).
/// It has to speak the Chrome DevTools Protocol over pipes.
struct OnCopy {
    std::span<const std::string_view> always;  ///< files that are copied even if the site has nothing in them
    std::span<const Settings> settings;
    /// A setting (JSON pointer into the first of `settings`) and its value under which the cookies of a browser that
    /// was closed live on, and the argument that says the same.
    std::string_view keeps_session;
    int keeps_session_value = 0;
    std::string_view keeps_session_argument;
    std::span<const std::string_view> arguments;
    std::string_view crash_variable;                     ///< the variable that names a folder for its crash reports
    std::span<const std::string_view> folder_arguments;  ///< how the arguments start that name the copy's folder
    std::string_view proxy_argument;                     ///< a proxy's address
    std::string_view resolve_argument;                   ///< "MAP host:port address", ',' between two
    std::string_view user_agent_argument;                ///< how the browser names itself
};

struct Adapter {
    std::string_view id;     ///< "chrome"
    std::string_view label;  ///< "Google Chrome"
    std::span<const Root> roots;
    /// In the order of removal (what is safe if we are cut off comes first).
    std::span<const StoreSpec> stores;
    /// Lists the profiles below a user data directory, one that is there. Errors: denied, io.
    Result<std::vector<Profile>> (*list_profiles)(const fs::path& root, const fs::path& cache_root);
    /// Decides whether a browser holds the profile.
    Use (*in_use)(const Profile& profile, const Host& host);
    /// Files below the profile that a running browser locks; held by us while we work.
    std::span<const std::string_view> lock_files;
    /// What to do if the system denies us a folder or file; empty = what files.h says.
    std::string_view denied_hint = {};
    /// Where an administrator keeps policies for it. Template as in Machine::expand: only on systems that have it.
    std::string_view policies = {};
    /// For how long helpers that nobody can see may still write when the browser has quit.
    std::chrono::milliseconds straggling{0};
    /// The switch with which it opens its tabs again when it is started; empty if it has none.
    std::string_view restore_switch = {};
    /// nullptr: it cannot be opened on a copy.
    const OnCopy* on_copy = nullptr;
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
