// Safari, Safari Technology Preview, and web apps in the Dock. They keep their data in a sandbox, whose `Library` is
// laid out like the one in the home folder; there are the data of Safari 12 and older, which an update leaves behind. A
// profile of Safari 17 and newer has all in one folder. The paths are those of WebKit's sources and of people's
// reports.

#include <array>

#include "finders/process_use.h"
#include "profiles/webkit/family.h"
#include "profiles/webkit/finders.h"
#include "profiles/webkit/legacy_storage.h"
#include "profiles/webkit/network_cache.h"
#include "profiles/webkit/origins.h"
#include "profiles/webkit/profiles.h"
#include "profiles/webkit/sql.h"

namespace unstick {

namespace {

/// What differs between the browsers.
struct Paths {
    std::string_view web_cache;
    std::string_view own_cache;
    std::string_view http_storages;  ///< of CFNetwork, from macOS 12 on
    std::string_view http_jar;       ///< its cookies, where the browser is in no sandbox
};

constexpr StoreSpec jar_at(std::string_view path)
{
    return {.kind = Kind::cookies,
            .label = "Cookies",
            .path = path,
            .find = find_binary_cookies,
            .read_jar = read_binary_jar};
}

/// A named profile has the short paths, the default one the long ones. Which of them a version of Safari uses is not
/// sure for all: each is looked at.
constexpr auto stores_at(const Paths& paths)
{
    return std::array{
        StoreSpec{.kind = Kind::cache, .label = "HTTP cache", .path = paths.web_cache, .find = find_webkit_cache},
        StoreSpec{.kind = Kind::cache,
                  .label = "HTTP cache",
                  .path = "Caches/WebKit/NetworkCache",
                  .find = find_webkit_cache},
        StoreSpec{.kind = Kind::cache, .label = "HTTP cache", .path = "NetworkCache", .find = find_webkit_cache},
        StoreSpec{.kind = Kind::cache,
                  .label = "Safari's own cache",
                  .path = paths.own_cache,
                  .find = find_rows_of<webkit::cfnetwork_cache>},
        StoreSpec{.kind = Kind::storage,
                  .label = "Site storage",
                  .path = "WebKit/WebsiteData/Default",
                  .find = find_webkit_origins},
        StoreSpec{.kind = Kind::storage, .label = "Site storage", .path = "Origins", .find = find_webkit_origins},
        StoreSpec{.kind = Kind::storage,
                  .label = "Cache Storage",
                  .path = "Caches/WebKit/CacheStorage",
                  .find = find_webkit_cache_storage},
        StoreSpec{
            .kind = Kind::storage, .label = "Cache Storage", .path = "CacheStorage", .find = find_webkit_cache_storage},
        StoreSpec{.kind = Kind::storage,
                  .label = "Service workers",
                  .path = "Caches/WebKit/ServiceWorkers",
                  .find = find_webkit_service_workers},
        StoreSpec{.kind = Kind::storage,
                  .label = "Service workers",
                  .path = "ServiceWorkers",
                  .find = find_webkit_service_workers},
        StoreSpec{.kind = Kind::storage,
                  .label = "Local storage",
                  .path = "Safari/LocalStorage",
                  .find = find_webkit_local_storage},
        StoreSpec{
            .kind = Kind::storage, .label = "Local storage", .path = "LocalStorage", .find = find_webkit_local_storage},
        StoreSpec{.kind = Kind::storage,
                  .label = "Local storage",
                  .path = "WebKit/WebsiteData/LocalStorage",
                  .find = find_webkit_local_storage},
        StoreSpec{.kind = Kind::storage,
                  .label = "IndexedDB",
                  .path = "Safari/Databases/___IndexedDB",
                  .find = find_webkit_indexed_db},
        StoreSpec{.kind = Kind::storage,
                  .label = "IndexedDB",
                  .path = "WebKit/WebsiteData/IndexedDB",
                  .find = find_webkit_indexed_db},
        StoreSpec{.kind = Kind::storage, .label = "IndexedDB", .path = "IndexedDB", .find = find_webkit_indexed_db},
        StoreSpec{.kind = Kind::storage,
                  .label = "Enhanced security",
                  .path = "WebKit/WebsiteData/EnhancedSecurity/EnhancedSecuritySites.db",
                  .find = find_rows_of<webkit::enhanced_security>},
        StoreSpec{.kind = Kind::storage,
                  .label = "Enhanced security",
                  .path = "EnhancedSecurity/EnhancedSecuritySites.db",
                  .find = find_rows_of<webkit::enhanced_security>},
        StoreSpec{.kind = Kind::storage,
                  .label = "Tracking prevention",
                  .path = "WebKit/WebsiteData/ResourceLoadStatistics/observations.db",
                  .find = find_rows_of<webkit::observations>},
        StoreSpec{.kind = Kind::storage,
                  .label = "Tracking prevention",
                  .path = "ResourceLoadStatistics/observations.db",
                  .find = find_rows_of<webkit::observations>},
        jar_at("Cookies/Cookies.binarycookies"),
        jar_at("WebKit/WebsiteData/Cookies/Cookies.binarycookies"),
        jar_at("WebKit/WebsiteData/Default/Cookies/Cookies.binarycookies"),
        jar_at("WebsiteData/Cookies/Cookies.binarycookies"),
        jar_at(paths.http_jar),
        StoreSpec{.kind = Kind::auth,
                  .label = "Saved HTTP sign-ins",
                  .base = Base::keychains,
                  .path = "login.keychain-db",
                  .find = find_keychain_http},
        StoreSpec{.kind = Kind::passwords,
                  .label = "Saved form logins",
                  .base = Base::keychains,
                  .path = "login.keychain-db",
                  .find = find_keychain_forms},
        StoreSpec{
            .kind = Kind::network, .label = "HSTS", .path = "Caches/WebKit/HSTS/HSTS.plist", .find = find_hsts_plist},
        StoreSpec{.kind = Kind::network, .label = "HSTS", .path = "HSTS/HSTS.plist", .find = find_hsts_plist},
        StoreSpec{.kind = Kind::network, .label = "HSTS", .path = "Cookies/HSTS.plist", .find = find_hsts_plist},
        StoreSpec{.kind = Kind::network,
                  .label = "Alternative services",
                  .path = "Caches/WebKit/AlternativeServices/AlternativeService.sqlite",
                  .find = find_rows_of<webkit::alternative_services>},
        StoreSpec{.kind = Kind::network,
                  .label = "Alternative services",
                  .path = "AlternativeServices/AlternativeService.sqlite",
                  .find = find_rows_of<webkit::alternative_services>},
        StoreSpec{.kind = Kind::network,
                  .label = "Alternative services",
                  .path = paths.http_storages,
                  .find = find_http_storages},
    };
}

constexpr auto safari_stores = stores_at({
    .web_cache = "Caches/com.apple.Safari/WebKitCache",
    .own_cache = "Caches/com.apple.Safari/Cache.db",
    .http_storages = "HTTPStorages/com.apple.Safari/httpstorages.sqlite",
    .http_jar = "HTTPStorages/com.apple.Safari.binarycookies",
});
constexpr auto preview_stores = stores_at({
    .web_cache = "Caches/com.apple.SafariTechnologyPreview/WebKitCache",
    .own_cache = "Caches/com.apple.SafariTechnologyPreview/Cache.db",
    .http_storages = "HTTPStorages/com.apple.SafariTechnologyPreview/httpstorages.sqlite",
    .http_jar = "HTTPStorages/com.apple.SafariTechnologyPreview.binarycookies",
});
constexpr auto web_app_stores = stores_at({
    .web_cache = "Caches/com.apple.Safari.WebApp/WebKitCache",
    .own_cache = "Caches/com.apple.Safari.WebApp/Cache.db",
    .http_storages = "HTTPStorages/com.apple.Safari.WebApp/httpstorages.sqlite",
    .http_jar = "HTTPStorages/com.apple.Safari.WebApp.binarycookies",
});

constexpr std::array safari_roots{
    Root{.os = Os::macos, .data = "{home}/Library/Containers/com.apple.Safari/Data/Library"},
    Root{.os = Os::macos, .data = "{home}/Library/Safari"},
    Root{.os = Os::macos, .data = "{home}/Library/Cookies"},
};
// It runs on no system on which it would not be in its sandbox; and the old cookie jar is Safari's.
constexpr std::array preview_roots{
    Root{.os = Os::macos, .data = "{home}/Library/Containers/com.apple.SafariTechnologyPreview/Data/Library"},
};
constexpr std::array web_app_roots{
    Root{.os = Os::macos, .data = "{home}/Library/Containers/com.apple.Safari.WebApp/Data/Library"},
};

Result<std::vector<Profile>> list_safari(const fs::path& root, const fs::path&)
{
    const bool is_classic = root.filename() == "Safari" || root.filename() == "Cookies";
    return is_classic ? list_safari_classic(root) : list_safari_container(root, "Safari");
}
Result<std::vector<Profile>> list_preview(const fs::path& root, const fs::path&)
{
    return list_safari_container(root, "SafariTechnologyPreview");
}

// Nothing is locked: that the browser runs must be enough.
LockState safari_use(const Profile&, const Processes& processes)
{
    constexpr std::array<std::string_view, 1> programs{"Safari"};
    return used_by_process(processes, programs);
}
LockState preview_use(const Profile&, const Processes& processes)
{
    constexpr std::array<std::string_view, 1> programs{"Safari Technology Preview"};
    return used_by_process(processes, programs);
}
Result<std::vector<Profile>> list_web_apps(const fs::path& root, const fs::path&)
{
    return list_safari_web_apps(root);
}
LockState web_app_use(const Profile&, const Processes& processes)
{
    constexpr std::array<std::string_view, 1> programs{"Web App"};
    return used_by_process(processes, programs);
}

constexpr std::string_view full_disk_access =
    "macOS keeps Safari's data from other programs, also from root: allow your terminal Full Disk Access and start it "
    "anew; the settings open with: open \"x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles\"";

// WebKit's own processes have one name for all programs that show pages; they end soon after theirs.
constexpr std::chrono::seconds straggling{3};
constexpr std::array<std::string_view, 1> helpers{"com.apple.WebKit.Networking"};

constexpr Adapter browser(std::string_view id, std::string_view label, std::span<const Root> roots,
                          std::span<const StoreSpec> stores, decltype(Adapter::list_profiles) list,
                          decltype(Adapter::in_use) use)
{
    return {
        .id = id,
        .label = label,
        .roots = roots,
        .stores = stores,
        .list_profiles = list,
        .in_use = use,
        .denied_hint = full_disk_access,
        .straggling = straggling,
        .helpers = helpers,
    };
}

constexpr std::array family{
    browser("safari", "Safari", safari_roots, safari_stores, list_safari, safari_use),
    browser("safari-preview", "Safari Technology Preview", preview_roots, preview_stores, list_preview, preview_use),
    browser("safari-web-apps", "Safari web apps", web_app_roots, web_app_stores, list_web_apps, web_app_use),
};

}  // namespace

std::span<const Adapter> safari_family()
{
    return family;
}

}  // namespace unstick
