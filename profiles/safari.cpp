// Safari, Safari Technology Preview, and web apps in the Dock. They keep their data in a sandbox, whose `Library` is
// laid out like the one in the home folder; there are the data of Safari 12 and older, which an update leaves behind. A
// profile of Safari 17 and newer has all in one folder. The paths are those of WebKit's sources and of people's
// reports.

#include <array>

#include "../src/formats/profile_lists.h"
#include "../src/formats/webkit_cache.h"
#include "../src/formats/webkit_named.h"
#include "../src/formats/webkit_origins.h"
#include "profiles.h"
#include "webkit_sql.h"

namespace unstick {

namespace {

/// What differs between the browsers.
struct Paths {
    std::string_view web_cache;
    std::string_view own_cache;
};

/// A named profile has the short paths, the default one the long ones. Which of them a version of Safari uses is not
/// sure for all: each is looked at.
constexpr auto stores_at(const Paths& paths)
{
    return std::array{
        StoreSpec{Kind::cache, "HTTP cache", Base::profile, paths.web_cache, find_webkit_cache},
        StoreSpec{Kind::cache, "HTTP cache", Base::profile, "Caches/WebKit/NetworkCache", find_webkit_cache},
        StoreSpec{Kind::cache, "HTTP cache", Base::profile, "NetworkCache", find_webkit_cache},
        StoreSpec{Kind::cache, "Safari's own cache", Base::profile, paths.own_cache,
                  find_rows_of<webkit::cfnetwork_cache>},
        StoreSpec{Kind::storage, "Site storage", Base::profile, "WebKit/WebsiteData/Default", find_webkit_origins},
        StoreSpec{Kind::storage, "Site storage", Base::profile, "Origins", find_webkit_origins},
        StoreSpec{Kind::storage, "Cache Storage", Base::profile, "Caches/WebKit/CacheStorage",
                  find_webkit_cache_storage},
        StoreSpec{Kind::storage, "Cache Storage", Base::profile, "CacheStorage", find_webkit_cache_storage},
        StoreSpec{Kind::storage, "Service workers", Base::profile, "Caches/WebKit/ServiceWorkers",
                  find_webkit_service_workers},
        StoreSpec{Kind::storage, "Service workers", Base::profile, "ServiceWorkers", find_webkit_service_workers},
        StoreSpec{Kind::storage, "Local storage", Base::profile, "Safari/LocalStorage", find_webkit_local_storage},
        StoreSpec{Kind::storage, "Local storage", Base::profile, "LocalStorage", find_webkit_local_storage},
        StoreSpec{Kind::storage, "IndexedDB", Base::profile, "Safari/Databases/___IndexedDB/v1",
                  find_webkit_indexed_db},
        StoreSpec{Kind::storage, "IndexedDB", Base::profile, "IndexedDB/v1", find_webkit_indexed_db},
        StoreSpec{Kind::storage, "Tracking prevention", Base::profile,
                  "WebKit/WebsiteData/ResourceLoadStatistics/observations.db", find_rows_of<webkit::observations>},
        StoreSpec{Kind::storage, "Tracking prevention", Base::profile, "ResourceLoadStatistics/observations.db",
                  find_rows_of<webkit::observations>},
        StoreSpec{Kind::cookies, "Cookies", Base::profile, "Cookies/Cookies.binarycookies", find_binary_cookies, false,
                  When::always, read_binary_jar},
        StoreSpec{Kind::auth, "Saved HTTP sign-ins", Base::keychains, "login.keychain-db", find_keychain_http},
        StoreSpec{Kind::passwords, "Saved form logins", Base::keychains, "login.keychain-db", find_keychain_forms},
        StoreSpec{Kind::network, "HSTS", Base::profile, "Caches/WebKit/HSTS/HSTS.plist", find_hsts_plist},
        StoreSpec{Kind::network, "HSTS", Base::profile, "HSTS/HSTS.plist", find_hsts_plist},
        StoreSpec{Kind::network, "HSTS", Base::profile, "Cookies/HSTS.plist", find_hsts_plist},
        StoreSpec{Kind::network, "Alternative services", Base::profile,
                  "Caches/WebKit/AlternativeServices/AlternativeService.sqlite",
                  find_rows_of<webkit::alternative_services>},
        StoreSpec{Kind::network, "Alternative services", Base::profile, "AlternativeServices/AlternativeService.sqlite",
                  find_rows_of<webkit::alternative_services>},
    };
}

constexpr auto safari_stores = stores_at({"Caches/com.apple.Safari/WebKitCache", "Caches/com.apple.Safari/Cache.db"});
constexpr auto preview_stores = stores_at(
    {"Caches/com.apple.SafariTechnologyPreview/WebKitCache", "Caches/com.apple.SafariTechnologyPreview/Cache.db"});

constexpr auto web_app_stores =
    stores_at({"Caches/com.apple.Safari.WebApp/WebKitCache", "Caches/com.apple.Safari.WebApp/Cache.db"});

constexpr std::array safari_roots{
    Root{Os::macos, "{home}/Library/Containers/com.apple.Safari/Data/Library"},
    Root{Os::macos, "{home}/Library/Safari"},
};
// It runs on no system on which it would not be in its sandbox; and the old cookie jar is Safari's.
constexpr std::array preview_roots{
    Root{Os::macos, "{home}/Library/Containers/com.apple.SafariTechnologyPreview/Data/Library"},
};
constexpr std::array web_app_roots{
    Root{Os::macos, "{home}/Library/Containers/com.apple.Safari.WebApp/Data/Library"},
};

Result<std::vector<Profile>> list_safari(const fs::path& root, const fs::path&)
{
    return root.filename() == "Safari" ? list_safari_classic(root) : list_safari_container(root, "Safari");
}
Result<std::vector<Profile>> list_preview(const fs::path& root, const fs::path&)
{
    return list_safari_container(root, "SafariTechnologyPreview");
}

// Nothing is locked: that the browser runs must be enough.
Use safari_use(const Profile&, const Host& host)
{
    constexpr std::array<std::string_view, 1> programs{"Safari"};
    return used_by_process(host, programs);
}
Use preview_use(const Profile&, const Host& host)
{
    constexpr std::array<std::string_view, 1> programs{"Safari Technology Preview"};
    return used_by_process(host, programs);
}
Result<std::vector<Profile>> list_web_apps(const fs::path& root, const fs::path&)
{
    return list_safari_web_apps(root);
}
Use web_app_use(const Profile&, const Host& host)
{
    constexpr std::array<std::string_view, 1> programs{"Web App"};
    return used_by_process(host, programs);
}

constexpr std::string_view full_disk_access =
    "macOS keeps Safari's data from other programs, also from root: allow your terminal Full Disk Access and start it "
    "anew; the settings open with: open \"x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles\"";

// WebKit's own processes have one name for all programs that show pages; they end soon after theirs.
constexpr std::chrono::seconds straggling{2};

constexpr Adapter browser(std::string_view id, std::string_view label, std::span<const Root> roots,
                          std::span<const StoreSpec> stores, decltype(Adapter::list_profiles) list,
                          decltype(Adapter::in_use) use)
{
    return {id, label, roots, stores, list, use, {}, full_disk_access, {}, straggling};
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
