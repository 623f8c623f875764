// The Chromium family. A browser is one row of `family`; a store is one row in stores.cpp.
// Where the folders are: docs/formats-chromium.md, "Where profiles are".

#include <array>

#include "profiles/chromium/family.h"
#include "profiles/chromium/places.h"
#include "profiles/chromium/profiles.h"
#include "profiles/chromium/remote.h"
#include "profiles/chromium/stores.h"

namespace unstick {

namespace {

constexpr std::array lock_files{
    LockFile{"Local Storage/leveldb/LOCK"},
    LockFile{"Session Storage/LOCK"},
    LockFile{"Service Worker/Database/LOCK"},
};

// net/cookies/cookie_monster.h: kDomainMaxCookies, kDomainPurgeCookies.
constexpr Limits limits{.cookies_of_domain = {.most = 180, .removed = 30}};

using enum Os;

constexpr std::array chrome{
    Root{.os = linux_os, .data = "{config}/google-chrome", .programs = {"google-chrome-stable", "google-chrome"}},
    Root{.os = linux_os, .data = "{home}/.var/app/com.google.Chrome/config/google-chrome"},
    Root{.os = macos,
         .data = "{support}/Google/Chrome",
         .programs = {"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}},
    Root{.os = windows,
         .data = "{local}/Google/Chrome/User Data",
         .programs = {"{programs}/Google/Chrome/Application/chrome.exe",
                      "{local}/Google/Chrome/Application/chrome.exe"}},
};
constexpr std::array chrome_beta{
    Root{.os = linux_os, .data = "{config}/google-chrome-beta", .programs = {"google-chrome-beta"}},
    Root{.os = macos,
         .data = "{support}/Google/Chrome Beta",
         .programs = {"/Applications/Google Chrome Beta.app/Contents/MacOS/Google Chrome Beta"}},
    Root{.os = windows,
         .data = "{local}/Google/Chrome Beta/User Data",
         .programs = {"{programs}/Google/Chrome Beta/Application/chrome.exe",
                      "{local}/Google/Chrome Beta/Application/chrome.exe"}},
};
constexpr std::array chrome_dev{
    Root{.os = linux_os, .data = "{config}/google-chrome-unstable", .programs = {"google-chrome-unstable"}},
    Root{.os = linux_os, .data = "{home}/.var/app/com.google.ChromeDev/config/google-chrome-unstable"},
    Root{.os = macos,
         .data = "{support}/Google/Chrome Dev",
         .programs = {"/Applications/Google Chrome Dev.app/Contents/MacOS/Google Chrome Dev"}},
    Root{.os = windows,
         .data = "{local}/Google/Chrome Dev/User Data",
         .programs = {"{programs}/Google/Chrome Dev/Application/chrome.exe",
                      "{local}/Google/Chrome Dev/Application/chrome.exe"}},
};
constexpr std::array chrome_canary{
    Root{.os = linux_os, .data = "{config}/google-chrome-canary", .programs = {"google-chrome-canary"}},
    Root{.os = macos,
         .data = "{support}/Google/Chrome Canary",
         .programs = {"/Applications/Google Chrome Canary.app/Contents/MacOS/Google Chrome Canary"}},
    Root{.os = windows,
         .data = "{local}/Google/Chrome SxS/User Data",
         .programs = {"{local}/Google/Chrome SxS/Application/chrome.exe"}},
};
constexpr std::array chrome_for_testing{
    Root{.os = linux_os, .data = "{config}/google-chrome-for-testing"},
    Root{.os = macos, .data = "{support}/Google/Chrome for Testing"},
    Root{.os = windows, .data = "{local}/Google/Chrome for Testing/User Data"},
};
constexpr std::array chromium_roots{
    Root{.os = linux_os, .data = "{config}/chromium", .programs = {"chromium", "chromium-browser"}},
    Root{.os = linux_os,
         .data = "{home}/snap/chromium/common/chromium",
         .cache = "{home}/snap/chromium/common/.cache/chromium"},
    Root{.os = linux_os, .data = "{home}/.var/app/org.chromium.Chromium/config/chromium"},
    Root{.os = linux_os, .data = "{home}/.var/app/io.github.ungoogled_software.ungoogled_chromium/config/chromium"},
    Root{.os = macos, .data = "{support}/Chromium", .programs = {"/Applications/Chromium.app/Contents/MacOS/Chromium"}},
    Root{.os = windows,
         .data = "{local}/Chromium/User Data",
         .programs = {"{local}/Chromium/Application/chrome.exe", "{programs}/Chromium/Application/chrome.exe"}},
};
constexpr std::array edge{
    Root{.os = linux_os, .data = "{config}/microsoft-edge", .programs = {"microsoft-edge-stable", "microsoft-edge"}},
    Root{.os = linux_os, .data = "{home}/.var/app/com.microsoft.Edge/config/microsoft-edge"},
    Root{.os = macos,
         .data = "{support}/Microsoft Edge",
         .programs = {"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"}},
    Root{.os = windows,
         .data = "{local}/Microsoft/Edge/User Data",
         .programs = {"{programs_x86}/Microsoft/Edge/Application/msedge.exe",
                      "{programs}/Microsoft/Edge/Application/msedge.exe"}},
};
constexpr std::array edge_beta{
    Root{.os = linux_os, .data = "{config}/microsoft-edge-beta", .programs = {"microsoft-edge-beta"}},
    Root{.os = macos,
         .data = "{support}/Microsoft Edge Beta",
         .programs = {"/Applications/Microsoft Edge Beta.app/Contents/MacOS/Microsoft Edge Beta"}},
    Root{.os = windows,
         .data = "{local}/Microsoft/Edge Beta/User Data",
         .programs = {"{programs_x86}/Microsoft/Edge Beta/Application/msedge.exe"}},
};
constexpr std::array edge_dev{
    Root{.os = linux_os, .data = "{config}/microsoft-edge-dev", .programs = {"microsoft-edge-dev"}},
    Root{.os = macos,
         .data = "{support}/Microsoft Edge Dev",
         .programs = {"/Applications/Microsoft Edge Dev.app/Contents/MacOS/Microsoft Edge Dev"}},
    Root{.os = windows,
         .data = "{local}/Microsoft/Edge Dev/User Data",
         .programs = {"{programs_x86}/Microsoft/Edge Dev/Application/msedge.exe"}},
};
constexpr std::array edge_canary{
    Root{.os = macos,
         .data = "{support}/Microsoft Edge Canary",
         .programs = {"/Applications/Microsoft Edge Canary.app/Contents/MacOS/Microsoft Edge Canary"}},
    Root{.os = windows,
         .data = "{local}/Microsoft/Edge SxS/User Data",
         .programs = {"{local}/Microsoft/Edge SxS/Application/msedge.exe"}},
};
constexpr std::array brave{
    Root{.os = linux_os, .data = "{config}/BraveSoftware/Brave-Browser", .programs = {"brave-browser", "brave"}},
    Root{.os = linux_os, .data = "{home}/snap/brave/current/.config/BraveSoftware/Brave-Browser"},
    Root{.os = linux_os, .data = "{home}/.var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser"},
    Root{.os = macos,
         .data = "{support}/BraveSoftware/Brave-Browser",
         .programs = {"/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"}},
    Root{.os = windows,
         .data = "{local}/BraveSoftware/Brave-Browser/User Data",
         .programs = {"{programs}/BraveSoftware/Brave-Browser/Application/brave.exe",
                      "{local}/BraveSoftware/Brave-Browser/Application/brave.exe"}},
};
constexpr std::array brave_beta{
    Root{.os = linux_os, .data = "{config}/BraveSoftware/Brave-Browser-Beta", .programs = {"brave-browser-beta"}},
    Root{.os = macos,
         .data = "{support}/BraveSoftware/Brave-Browser-Beta",
         .programs = {"/Applications/Brave Browser Beta.app/Contents/MacOS/Brave Browser Beta"}},
    Root{.os = windows,
         .data = "{local}/BraveSoftware/Brave-Browser-Beta/User Data",
         .programs = {"{programs}/BraveSoftware/Brave-Browser-Beta/Application/brave.exe"}},
};
constexpr std::array brave_nightly{
    Root{.os = linux_os, .data = "{config}/BraveSoftware/Brave-Browser-Nightly", .programs = {"brave-browser-nightly"}},
    Root{.os = macos,
         .data = "{support}/BraveSoftware/Brave-Browser-Nightly",
         .programs = {"/Applications/Brave Browser Nightly.app/Contents/MacOS/Brave Browser Nightly"}},
    Root{.os = windows,
         .data = "{local}/BraveSoftware/Brave-Browser-Nightly/User Data",
         .programs = {"{programs}/BraveSoftware/Brave-Browser-Nightly/Application/brave.exe"}},
};
constexpr std::array vivaldi{
    Root{.os = linux_os, .data = "{config}/vivaldi", .programs = {"vivaldi-stable", "vivaldi"}},
    Root{.os = linux_os, .data = "{home}/.var/app/com.vivaldi.Vivaldi/config/vivaldi"},
    Root{.os = linux_os, .data = "{home}/snap/vivaldi/current/.config/vivaldi"},
    Root{.os = linux_os, .data = "{home}/snap/vivaldi/common/.config/vivaldi"},
    Root{.os = macos, .data = "{support}/Vivaldi", .programs = {"/Applications/Vivaldi.app/Contents/MacOS/Vivaldi"}},
    Root{.os = windows,
         .data = "{local}/Vivaldi/User Data",
         .programs = {"{local}/Vivaldi/Application/vivaldi.exe", "{programs}/Vivaldi/Application/vivaldi.exe"}},
};
constexpr std::array vivaldi_snapshot{
    Root{.os = linux_os, .data = "{config}/vivaldi-snapshot", .programs = {"vivaldi-snapshot"}},
    Root{.os = macos,
         .data = "{support}/Vivaldi Snapshot",
         .programs = {"/Applications/Vivaldi Snapshot.app/Contents/MacOS/Vivaldi Snapshot"}},
};
constexpr std::array opera{
    Root{.os = linux_os, .data = "{config}/opera", .programs = {"opera"}},
    Root{.os = linux_os, .data = "{home}/.var/app/com.opera.Opera/config/opera"},
    Root{.os = linux_os, .data = "{home}/snap/opera/current/.config/opera"},
    Root{.os = linux_os, .data = "{home}/snap/opera/common/.config/opera"},
    Root{.os = macos,
         .data = "{support}/com.operasoftware.Opera",
         .programs = {"/Applications/Opera.app/Contents/MacOS/Opera"}},
    Root{.os = windows,
         .data = "{roaming}/Opera Software/Opera Stable",
         .cache = "{local}/Opera Software/Opera Stable",
         .programs = {"{local}/Programs/Opera/opera.exe"}},
};
constexpr std::array opera_beta{
    Root{.os = linux_os, .data = "{config}/opera-beta", .programs = {"opera-beta"}},
    Root{.os = linux_os, .data = "{home}/snap/opera-beta/current/.config/opera"},
    Root{.os = macos,
         .data = "{support}/com.operasoftware.OperaNext",
         .programs = {"/Applications/Opera Beta.app/Contents/MacOS/Opera"}},
    Root{.os = windows,
         .data = "{roaming}/Opera Software/Opera Next",
         .cache = "{local}/Opera Software/Opera Next",
         .programs = {"{local}/Programs/Opera beta/opera.exe"}},
};
constexpr std::array opera_developer{
    Root{.os = linux_os, .data = "{config}/opera-developer", .programs = {"opera-developer"}},
    Root{.os = linux_os, .data = "{home}/snap/opera-developer/current/.config/opera"},
    Root{.os = macos,
         .data = "{support}/com.operasoftware.OperaDeveloper",
         .programs = {"/Applications/Opera Developer.app/Contents/MacOS/Opera"}},
    Root{.os = windows,
         .data = "{roaming}/Opera Software/Opera Developer",
         .cache = "{local}/Opera Software/Opera Developer",
         .programs = {"{local}/Programs/Opera developer/opera.exe"}},
};
constexpr std::array opera_gx{
    Root{.os = linux_os, .data = "{config}/opera-gx", .programs = {"opera-gx"}},
    Root{.os = linux_os, .data = "{home}/.var/app/com.opera.opera-gx/config/opera-gx"},
    Root{.os = linux_os, .data = "{home}/snap/opera-gx/common/.config/opera-gx"},
    Root{.os = linux_os, .data = "{home}/snap/opera-gx/current/.config/opera-gx"},
    Root{.os = macos,
         .data = "{support}/com.operasoftware.OperaGX",
         .programs = {"/Applications/Opera GX.app/Contents/MacOS/Opera"}},
    Root{.os = windows,
         .data = "{roaming}/Opera Software/Opera GX Stable",
         .cache = "{local}/Opera Software/Opera GX Stable",
         .programs = {"{local}/Programs/Opera GX/opera.exe"}},
};
constexpr std::array arc{
    Root{.os = macos, .data = "{support}/Arc/User Data", .programs = {"/Applications/Arc.app/Contents/MacOS/Arc"}},
    Root{.os = windows, .data = "{local}/Packages/TheBrowserCompany.Arc_ttt1ap7aakyb4/LocalCache/Local/Arc/User Data"},
};
constexpr std::array helium{
    Root{.os = linux_os, .data = "{config}/net.imput.helium", .programs = {"helium", "helium-browser"}},
    Root{.os = linux_os, .data = "{home}/.var/app/net.imput.helium/config/net.imput.helium"},
    Root{.os = linux_os, .data = "{home}/.var/app/net.imput.Helium/config/net.imput.helium"},
    Root{.os = macos,
         .data = "{support}/net.imput.helium",
         .programs = {"/Applications/Helium.app/Contents/MacOS/Helium"}},
    Root{.os = windows,
         .data = "{local}/imput/Helium/User Data",
         .programs = {"{local}/imput/Helium/Application/chrome.exe", "{programs}/imput/Helium/Application/chrome.exe"}},
};
constexpr std::array comet{
    Root{.os = macos, .data = "{support}/Comet", .programs = {"/Applications/Comet.app/Contents/MacOS/Comet"}},
    Root{.os = windows,
         .data = "{local}/Perplexity/Comet/User Data",
         .programs = {"{local}/Perplexity/Comet/Application/comet.exe"}},
};
constexpr std::array dia{
    Root{.os = macos, .data = "{support}/Dia/User Data", .programs = {"/Applications/Dia.app/Contents/MacOS/Dia"}},
};
constexpr std::array atlas{
    Root{.os = macos, .data = "{support}/com.openai.atlas/browser-data/host"},
};
constexpr std::array yandex{
    Root{.os = linux_os, .data = "{config}/yandex-browser", .programs = {"yandex-browser-stable", "yandex-browser"}},
    Root{.os = macos,
         .data = "{support}/Yandex/YandexBrowser",
         .programs = {"/Applications/Yandex.app/Contents/MacOS/Yandex"}},
    Root{.os = windows,
         .data = "{local}/Yandex/YandexBrowser/User Data",
         .programs = {"{local}/Yandex/YandexBrowser/Application/browser.exe"}},
};
constexpr std::array yandex_beta{
    Root{.os = linux_os, .data = "{config}/yandex-browser-beta", .programs = {"yandex-browser-beta"}},
};
constexpr std::array whale{
    Root{.os = linux_os, .data = "{config}/naver-whale", .programs = {"naver-whale-stable", "naver-whale"}},
    Root{.os = macos, .data = "{support}/Naver/Whale", .programs = {"/Applications/Whale.app/Contents/MacOS/Whale"}},
    Root{.os = windows, .data = "{local}/Naver/Naver Whale/User Data"},
};
constexpr std::array coccoc{
    Root{.os = linux_os, .data = "{config}/coccoc-browser", .programs = {"coccoc-browser-stable", "coccoc-browser"}},
    Root{.os = macos, .data = "{support}/CocCoc/Browser"},
    Root{.os = windows,
         .data = "{local}/CocCoc/Browser/User Data",
         .programs = {"{programs}/CocCoc/Browser/Application/browser.exe",
                      "{local}/CocCoc/Browser/Application/browser.exe"}},
};
constexpr std::array thorium{
    Root{.os = linux_os, .data = "{config}/thorium", .programs = {"thorium-browser", "thorium"}},
    Root{.os = macos, .data = "{support}/Thorium", .programs = {"/Applications/Thorium.app/Contents/MacOS/Thorium"}},
    Root{.os = windows, .data = "{local}/Thorium/User Data", .programs = {"{local}/Thorium/Application/thorium.exe"}},
};
constexpr std::array opera_air{
    Root{.os = macos,
         .data = "{support}/com.operasoftware.OperaAir",
         .programs = {"/Applications/Opera Air.app/Contents/MacOS/Opera"}},
    Root{.os = windows,
         .data = "{roaming}/Opera Software/Opera Air Stable",
         .cache = "{local}/Opera Software/Opera Air Stable",
         .programs = {"{local}/Programs/Opera Air/opera.exe"}},
};
constexpr std::array opera_neon{
    Root{.os = macos,
         .data = "{support}/com.operasoftware.OperaNeon",
         .programs = {"/Applications/Opera Neon.app/Contents/MacOS/Opera"}},
    Root{.os = windows, .data = "{roaming}/Opera Software/Opera Neon", .cache = "{local}/Opera Software/Opera Neon"},
};
constexpr std::array chromium_beta{
    Root{.os = linux_os, .data = "{config}/chromium-beta", .programs = {"chromium-beta"}},
};
constexpr std::array chromium_dev{
    Root{.os = linux_os, .data = "{config}/chromium-unstable", .programs = {"chromium-unstable"}},
    Root{.os = linux_os, .data = "{config}/chromium-dev", .programs = {"chromium-dev"}},
};
constexpr std::array arc_beta{
    Root{.os = macos,
         .data = "{support}/Arc Beta/User Data",
         .programs = {"/Applications/Arc Beta.app/Contents/MacOS/Arc Beta"}},
};
constexpr std::array brave_origin{
    Root{.os = linux_os, .data = "{config}/BraveSoftware/Brave-Origin", .programs = {"brave-origin"}},
    Root{.os = macos,
         .data = "{support}/BraveSoftware/Brave-Origin",
         .programs = {"/Applications/Brave Origin.app/Contents/MacOS/Brave Origin"}},
    Root{.os = windows,
         .data = "{local}/BraveSoftware/Brave-Origin/User Data",
         .programs = {"{programs}/BraveSoftware/Brave-Origin/Application/brave.exe"}},
};
constexpr std::array brave_origin_beta{
    Root{.os = linux_os, .data = "{config}/BraveSoftware/Brave-Origin-Beta", .programs = {"brave-origin-beta"}},
    Root{.os = macos,
         .data = "{support}/BraveSoftware/Brave-Origin-Beta",
         .programs = {"/Applications/Brave Origin Beta.app/Contents/MacOS/Brave Origin Beta"}},
    Root{.os = windows,
         .data = "{local}/BraveSoftware/Brave-Origin-Beta/User Data",
         .programs = {"{programs}/BraveSoftware/Brave-Origin-Beta/Application/brave.exe"}},
};
constexpr std::array brave_origin_nightly{
    Root{.os = linux_os, .data = "{config}/BraveSoftware/Brave-Origin-Nightly", .programs = {"brave-origin-nightly"}},
    Root{.os = macos,
         .data = "{support}/BraveSoftware/Brave-Origin-Nightly",
         .programs = {"/Applications/Brave Origin Nightly.app/Contents/MacOS/Brave Origin Nightly"}},
    Root{.os = windows,
         .data = "{local}/BraveSoftware/Brave-Origin-Nightly/User Data",
         .programs = {"{programs}/BraveSoftware/Brave-Origin-Nightly/Application/brave.exe"}},
};
constexpr std::array chrome_remote_desktop{
    Root{.os = linux_os, .data = "{config}/chrome-remote-desktop/chrome-config/google-chrome"},
    Root{.os = linux_os, .data = "{config}/chrome-remote-desktop/chrome-profile"},
};

// https://learn.microsoft.com/deployedge/microsoft-edge-policies: both, also without a window. Others of the family:
// https://chromeenterprise.google/policies/#BackgroundModeEnabled.
constexpr std::string_view edge_in_background =
    "Edge goes on without a window (startup boost, background apps): end it in the notification area or the Task "
    "Manager; "
    "its policies StartupBoostEnabled and BackgroundModeEnabled, set to 0, switch that off";
constexpr std::string_view in_background =
    "it goes on without a window (background apps): end it in the notification area or the Task Manager; its policy "
    "BackgroundModeEnabled, set to 0, switches that off";

Adapter browser(std::string_view id, std::string_view label, std::span<const Root> roots,
                std::string_view policies = {})
{
    return {
        .id = id,
        .label = label,
        .family = "chromium",
        .roots = roots,
        .stores = chromium_stores(),
        .list_profiles = list_by_local_state,
        .in_use = singleton_use,
        .lock_files = lock_files,
        .is_user_data_dir = id == "chromium" ? has_chromium_profiles : nullptr,
        .data_folder_of = data_folder_of_chromium,
        .places = &chromium_places(),
        .limits = limits,
        .policies = policies,
        .background_hint = id.starts_with("edge") ? edge_in_background : in_background,
        .restore_switch = "--restore-last-session",
        .remote = &chromium_remote(),
    };
}

}  // namespace

std::span<const Adapter> chromium_family()
{
    static const std::array family{
        browser("chrome", "Google Chrome", chrome, "{etc}/opt/chrome/policies"),
        browser("chrome-beta", "Google Chrome Beta", chrome_beta, "{etc}/opt/chrome/policies"),
        browser("chrome-dev", "Google Chrome Dev", chrome_dev, "{etc}/opt/chrome/policies"),
        browser("chrome-canary", "Google Chrome Canary", chrome_canary),
        browser("chrome-for-testing", "Google Chrome for Testing", chrome_for_testing),
        browser("chromium", "Chromium", chromium_roots, "{etc}/chromium/policies"),
        browser("edge", "Microsoft Edge", edge, "{etc}/opt/edge/policies"),
        browser("edge-beta", "Microsoft Edge Beta", edge_beta),
        browser("edge-dev", "Microsoft Edge Dev", edge_dev),
        browser("edge-canary", "Microsoft Edge Canary", edge_canary),
        browser("brave", "Brave", brave, "{etc}/brave/policies"),
        browser("brave-beta", "Brave Beta", brave_beta),
        browser("brave-nightly", "Brave Nightly", brave_nightly),
        browser("vivaldi", "Vivaldi", vivaldi),
        browser("vivaldi-snapshot", "Vivaldi Snapshot", vivaldi_snapshot),
        browser("opera", "Opera", opera),
        browser("opera-beta", "Opera Beta", opera_beta),
        browser("opera-developer", "Opera Developer", opera_developer),
        browser("opera-gx", "Opera GX", opera_gx),
        browser("arc", "Arc", arc),
        browser("helium", "Helium", helium),
        browser("comet", "Comet", comet),
        browser("dia", "Dia", dia),
        browser("atlas", "ChatGPT Atlas", atlas),
        browser("yandex", "Yandex Browser", yandex),
        browser("yandex-beta", "Yandex Browser Beta", yandex_beta),
        browser("whale", "Naver Whale", whale),
        browser("coccoc", "Coc Coc", coccoc),
        browser("thorium", "Thorium", thorium),
        browser("opera-air", "Opera Air", opera_air),
        browser("opera-neon", "Opera Neon", opera_neon),
        browser("chromium-beta", "Chromium Beta", chromium_beta),
        browser("chromium-dev", "Chromium Dev", chromium_dev),
        browser("arc-beta", "Arc Beta", arc_beta),
        browser("brave-origin", "Brave Origin", brave_origin),
        browser("brave-origin-beta", "Brave Origin Beta", brave_origin_beta),
        browser("brave-origin-nightly", "Brave Origin Nightly", brave_origin_nightly),
        browser("chrome-remote-desktop", "Chrome in Chrome Remote Desktop", chrome_remote_desktop),
    };
    return family;
}

}  // namespace unstick
