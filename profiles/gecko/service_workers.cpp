// `serviceworker.txt`: the registrations of service workers. Their scripts are among the caches of their origin.

#include <fmt/format.h>

#include "containers/service_worker_list.h"
#include "finders/listing.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/origin.h"
#include "web/url.h"

namespace unstick {

Found find_gecko_service_workers(const fs::path& file, const Site& site)
{
    Found found;
    const auto list = service_worker_list::read_file(file);
    if (!list) {
        const bool is_absent = list.error().code == Code::not_found;
        found.present = !is_absent || is_empty_file(file);
        if (!is_absent) {
            found.problems.push_back(list.error());
        }
        return found;
    }
    found.present = true;
    found.version = std::to_string(list->version);
    for (const service_worker_list::Record& record : list->records) {
        if (!site.owns_url(record.scope) && !gecko::owns_suffix(site, record.attributes)) {
            continue;
        }
        Item item;
        item.host = host_of(record.scope);
        item.name = bare_url(record.scope);
        item.partition = gecko::partition_of_suffix(record.attributes);
        item.label =
            fmt::format("service worker of {}{}", item.name, item.partition.empty() ? "" : " under " + item.partition);
        item.bytes = record.bytes.size();
        item.traits =
            ServiceWorker{.script = record.script, .checked = record.checked, .answers_pages = record.handles_fetch};
        item.pieces.push_back({Medium::worker, file.string(), {}, record.key()});
        found.items.push_back(std::move(item));
    }
    return found;
}

}  // namespace unstick
