// GNOME Web (Epiphany) on Linux. Paths as Epiphany 43 and 48 with WebKitGTK 2.50 make them: newer ones keep all storage
// in `storage`, older ones a folder for each kind.

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

constexpr std::array stores{
    StoreSpec{.kind = Kind::cache,
              .label = "HTTP cache",
              .base = Base::cache,
              .path = "WebKitCache",
              .find = find_webkit_cache},
    StoreSpec{.kind = Kind::cache,
              .label = "Pictures of pages",
              .base = Base::cache,
              .path = "thumbnails",
              .find = find_epiphany_thumbnails},
    StoreSpec{.kind = Kind::storage, .label = "Site storage", .path = "storage", .find = find_webkit_origins},
    StoreSpec{.kind = Kind::storage,
              .label = "Cache Storage",
              .base = Base::cache,
              .path = "CacheStorage",
              .find = find_webkit_cache_storage},
    StoreSpec{.kind = Kind::storage,
              .label = "Service workers",
              .path = "serviceworkers",
              .find = find_webkit_service_workers},
    StoreSpec{
        .kind = Kind::storage, .label = "Local storage", .path = "localstorage", .find = find_webkit_local_storage},
    StoreSpec{
        .kind = Kind::storage, .label = "IndexedDB", .path = "databases/indexeddb", .find = find_webkit_indexed_db},
    StoreSpec{.kind = Kind::storage,
              .label = "Tracking prevention",
              .path = "itp/observations.db",
              .find = find_rows_of<webkit::observations>},
    StoreSpec{.kind = Kind::cookies,
              .label = "Cookies",
              .path = "cookies.sqlite",
              .find = find_rows_of<webkit::soup_cookies>,
              .read_jar = read_soup_jar},
    StoreSpec{.kind = Kind::network,
              .label = "HSTS",
              .base = Base::cache,
              .path = "hsts-storage.sqlite",
              .find = find_rows_of<webkit::soup_hsts>},
    StoreSpec{.kind = Kind::network,
              .label = "HSTS",
              .base = Base::cache,
              .path = "HSTS/hsts-storage.sqlite",
              .find = find_rows_of<webkit::soup_hsts>},
};

constexpr std::array roots{
    Root{.os = Os::linux_os, .data = "{data}/epiphany", .cache = "{cache}/epiphany"},
    Root{.os = Os::linux_os,
         .data = "{home}/.var/app/org.gnome.Epiphany/data/epiphany",
         .cache = "{home}/.var/app/org.gnome.Epiphany/cache/epiphany"},
};

LockState in_use(const Profile&, const Processes& processes)
{
    constexpr std::array<std::string_view, 2> programs{"epiphany", "epiphany-browser"};
    return used_by_process(processes, programs);
}

// Of whatever shows pages by WebKitGTK.
constexpr std::array<std::string_view, 1> helpers{"WebKitNetworkProcess"};

constexpr std::array family{Adapter{
    .id = "epiphany",
    .label = "GNOME Web",
    .roots = roots,
    .stores = stores,
    .list_profiles = list_epiphany,
    .in_use = in_use,
    .straggling = std::chrono::seconds(3),
    .helpers = helpers,
}};

}  // namespace

std::span<const Adapter> epiphany_family()
{
    return family;
}

}  // namespace unstick
