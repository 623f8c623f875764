// GNOME Web (Epiphany) on Linux. Paths as Epiphany 43 and 48 with WebKitGTK 2.50 make them: newer ones keep all storage
// in `storage`, older ones a folder for each kind.

#include <array>

#include "../src/formats/profile_lists.h"
#include "../src/formats/webkit_cache.h"
#include "../src/formats/webkit_named.h"
#include "../src/formats/webkit_origins.h"
#include "profiles.h"
#include "webkit_sql.h"

namespace unstick {

namespace {

constexpr std::array stores{
    StoreSpec{Kind::cache, "HTTP cache", Base::cache, "WebKitCache", find_webkit_cache},
    StoreSpec{Kind::storage, "Site storage", Base::profile, "storage", find_webkit_origins},
    StoreSpec{Kind::storage, "Cache Storage", Base::cache, "CacheStorage", find_webkit_cache_storage},
    StoreSpec{Kind::storage, "Service workers", Base::profile, "serviceworkers", find_webkit_service_workers},
    StoreSpec{Kind::storage, "Local storage", Base::profile, "localstorage", find_webkit_local_storage},
    StoreSpec{Kind::storage, "IndexedDB", Base::profile, "databases/indexeddb/v1", find_webkit_indexed_db},
    StoreSpec{Kind::storage, "Tracking prevention", Base::profile, "itp/observations.db",
              find_rows_of<webkit::observations>},
    StoreSpec{Kind::cookies, "Cookies", Base::profile, "cookies.sqlite", find_rows_of<webkit::soup_cookies>, false,
              When::always, read_soup_jar},
    StoreSpec{Kind::network, "HSTS", Base::cache, "hsts-storage.sqlite", find_rows_of<webkit::soup_hsts>},
    StoreSpec{Kind::network, "HSTS", Base::cache, "HSTS/hsts-storage.sqlite", find_rows_of<webkit::soup_hsts>},
};

constexpr std::array roots{
    Root{Os::linux_os, "{data}/epiphany", "{cache}/epiphany"},
    Root{Os::linux_os, "{home}/.var/app/org.gnome.Epiphany/data/epiphany",
         "{home}/.var/app/org.gnome.Epiphany/cache/epiphany"},
};

Use in_use(const Profile&, const Host& host)
{
    constexpr std::array<std::string_view, 2> programs{"epiphany", "epiphany-browser"};
    return used_by_process(host, programs);
}

constexpr std::array family{Adapter{"epiphany", "GNOME Web", roots, stores, list_epiphany, in_use, {}, {}}};

}  // namespace

std::span<const Adapter> epiphany_family()
{
    return family;
}

}  // namespace unstick
