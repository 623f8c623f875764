// `HTTPStorages/<program>/httpstorages.sqlite`: what CFNetwork keeps for a program on macOS 12 and newer. People name
// alternative services as what is in it, and CFNetwork has one table for them; no file of Safari's was at hand.

#include <fmt/format.h>

#include "finders/sql_table.h"
#include "profiles/webkit/finders.h"
#include "profiles/webkit/sql.h"

namespace unstick {

Found find_http_storages(const fs::path& file, const Site& site)
{
    Found found = find_sql_rows(file, site, webkit::alternative_services);
    const auto unknown = std::erase_if(found.problems, [](const Error& problem) {
        return problem.code == Code::unsupported;  // nobody says that it has to have this table
    });
    if (unknown > 0) {
        found.notes.push_back(fmt::format("{} is of a form that unstick does not know: it was left.", file.string()));
    }
    return found;
}

}  // namespace unstick
