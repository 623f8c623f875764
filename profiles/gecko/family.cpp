// Firefox and its relatives: where each has its data. Source: docs/formats-firefox.md, "Where profiles are".

#include "profiles/gecko/family.h"

#include <array>

#include "profiles/gecko/profiles.h"
#include "profiles/gecko/records.h"
#include "profiles/gecko/remote.h"
#include "profiles/gecko/session_file.h"
#include "profiles/gecko/stores.h"

namespace unstick {

namespace {

using enum Os;

constexpr std::array firefox{
    Root{.os = linux_os,
         .data = "{home}/.mozilla/firefox",
         .cache = "{cache}/mozilla/firefox",
         .programs = {"firefox", "firefox-esr"}},
    Root{.os = linux_os,
         .data = "{config}/mozilla/firefox",
         .cache = "{cache}/mozilla/firefox",
         .programs = {"firefox", "firefox-esr"}},
    Root{.os = linux_os,
         .data = "{home}/snap/firefox/common/.mozilla/firefox",
         .cache = "{home}/snap/firefox/common/.cache/mozilla/firefox"},
    Root{.os = linux_os,
         .data = "{home}/snap/firefox/common/.config/mozilla/firefox",
         .cache = "{home}/snap/firefox/common/.cache/mozilla/firefox"},
    Root{.os = linux_os,
         .data = "{home}/.var/app/org.mozilla.firefox/.mozilla/firefox",
         .cache = "{home}/.var/app/org.mozilla.firefox/cache/mozilla/firefox"},
    Root{.os = linux_os,
         .data = "{home}/.var/app/org.mozilla.firefox/config/mozilla/firefox",
         .cache = "{home}/.var/app/org.mozilla.firefox/cache/mozilla/firefox"},
    Root{.os = macos,
         .data = "{support}/Firefox",
         .cache = "{caches}/Firefox",
         .programs = {"/Applications/Firefox.app/Contents/MacOS/firefox"}},
    Root{.os = windows,
         .data = "{roaming}/Mozilla/Firefox",
         .cache = "{local}/Mozilla/Firefox",
         .programs = {"{programs}/Mozilla Firefox/firefox.exe", "{programs_x86}/Mozilla Firefox/firefox.exe"}},
    Root{.os = windows,
         .data = "{local}/Packages/Mozilla.Firefox_n80bbvh6b1yt2/LocalCache/Roaming/Mozilla/Firefox",
         .cache = "{local}/Packages/Mozilla.Firefox_n80bbvh6b1yt2/LocalCache/Local/Mozilla/Firefox"},
};
constexpr std::array librewolf{
    Root{.os = linux_os, .data = "{home}/.librewolf", .cache = "{cache}/librewolf", .programs = {"librewolf"}},
    Root{.os = linux_os,
         .data = "{config}/librewolf/librewolf",
         .cache = "{cache}/librewolf/librewolf",
         .programs = {"librewolf"}},
    Root{.os = linux_os,
         .data = "{home}/.var/app/io.gitlab.librewolf-community/.librewolf",
         .cache = "{home}/.var/app/io.gitlab.librewolf-community/cache/librewolf"},
    Root{.os = macos,
         .data = "{support}/librewolf",
         .cache = "{caches}/librewolf",
         .programs = {"/Applications/LibreWolf.app/Contents/MacOS/librewolf"}},
    Root{.os = windows,
         .data = "{roaming}/librewolf",
         .cache = "{local}/librewolf",
         .programs = {"{programs}/LibreWolf/librewolf.exe"}},
};
constexpr std::array waterfox{
    Root{.os = linux_os, .data = "{home}/.waterfox", .cache = "{cache}/waterfox", .programs = {"waterfox"}},
    Root{.os = linux_os,
         .data = "{home}/.var/app/net.waterfox.waterfox/.waterfox",
         .cache = "{home}/.var/app/net.waterfox.waterfox/cache/waterfox"},
    Root{.os = macos,
         .data = "{support}/Waterfox",
         .cache = "{caches}/Waterfox",
         .programs = {"/Applications/Waterfox.app/Contents/MacOS/waterfox"}},
    Root{.os = windows,
         .data = "{roaming}/Waterfox",
         .cache = "{local}/Waterfox",
         .programs = {"{programs}/Waterfox/waterfox.exe"}},
};
constexpr std::array zen{
    Root{.os = linux_os, .data = "{home}/.zen", .cache = "{cache}/zen", .programs = {"zen", "zen-browser"}},
    Root{.os = linux_os, .data = "{config}/zen", .cache = "{cache}/zen", .programs = {"zen", "zen-browser"}},
    Root{.os = linux_os,
         .data = "{home}/.var/app/app.zen_browser.zen/.zen",
         .cache = "{home}/.var/app/app.zen_browser.zen/cache/zen"},
    Root{.os = macos,
         .data = "{support}/zen",
         .cache = "{caches}/zen",
         .programs = {"/Applications/Zen.app/Contents/MacOS/zen"}},
    Root{
        .os = windows, .data = "{roaming}/zen", .cache = "{local}/zen", .programs = {"{programs}/Zen Browser/zen.exe"}},
};
constexpr std::array floorp{
    Root{.os = linux_os, .data = "{home}/.floorp", .cache = "{cache}/floorp", .programs = {"floorp"}},
    Root{.os = linux_os,
         .data = "{home}/.var/app/one.ablaze.floorp/.floorp",
         .cache = "{home}/.var/app/one.ablaze.floorp/cache/floorp"},
    Root{.os = macos,
         .data = "{support}/Floorp",
         .cache = "{caches}/Floorp",
         .programs = {"/Applications/Floorp.app/Contents/MacOS/floorp"}},
    Root{.os = windows,
         .data = "{roaming}/Floorp",
         .cache = "{local}/Floorp",
         .programs = {"{programs}/Ablaze Floorp/floorp.exe"}},
};
constexpr std::array mullvad{
    Root{.os = linux_os,
         .data = "{home}/.mullvad-browser",
         .cache = "{cache}/mullvad-browser",
         .programs = {"mullvad-browser"}},
    Root{.os = linux_os,
         .data = "{home}/.mullvad/mullvadbrowser",
         .cache = "{cache}/mullvad/mullvadbrowser",
         .programs = {"mullvad-browser"}},
    Root{.os = macos,
         .data = "{support}/MullvadBrowser",
         .cache = "{caches}/MullvadBrowser",
         .programs = {"/Applications/Mullvad Browser.app/Contents/MacOS/mullvadbrowser"}},
    Root{.os = windows, .data = "{roaming}/Mullvad/MullvadBrowser", .cache = "{local}/Mullvad/MullvadBrowser"},
};

// By both the browser knows that the profile is in use; the one that a system does not use is not there.
constexpr std::array lock_files{
    LockFile{.path = ".parentlock", .os = linux_os},
    LockFile{.path = ".parentlock", .os = macos},
    LockFile{.path = "parent.lock", .os = windows},
};

// Over 180 cookies of a domain it removes those that were used least recently, down to 150.
constexpr Limits limits{.cookies_of_domain = {.most = 180, .removed = 30}};

constexpr std::array media{&gecko::record_medium_ops, &gecko::session_medium_ops};

Adapter browser(std::string_view id, std::string_view label, std::span<const Root> roots)
{
    return {
        .id = id,
        .label = label,
        .family = "gecko",
        .roots = roots,
        .stores = gecko_stores(),
        .list_profiles = list_gecko_profiles,
        .in_use = gecko_use,
        .lock_files = lock_files,
        .is_user_data_dir = id == "firefox" ? has_gecko_profiles : nullptr,
        .limits = limits,
        .remote = &gecko_remote(),
        .media = media,
    };
}

}  // namespace

std::span<const Adapter> gecko_family()
{
    static const std::array family{
        browser("firefox", "Firefox", firefox),    browser("librewolf", "LibreWolf", librewolf),
        browser("waterfox", "Waterfox", waterfox), browser("zen", "Zen", zen),
        browser("floorp", "Floorp", floorp),       browser("mullvad", "Mullvad Browser", mullvad),
    };
    return family;
}

}  // namespace unstick
