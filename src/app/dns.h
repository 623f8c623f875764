#pragma once
// --flush-dns: a name that this computer remembers with an old address leads to a server that knows nobody.

#include <optional>
#include <vector>

#include "cli/request.h"
#include "platform/network.h"
#include "report/report.h"

namespace unstick {

struct FlushedNames {
    std::optional<NameFlush> names;  ///< none without --flush-dns
    std::vector<Error> problems;
};

/// Empties this computer's cache of host names, and looks the target up before and after; in a dry run it only looks.
/// Does nothing without --flush-dns. Before the re-test, which then asks the address that is true now.
FlushedNames flush_names(const Request& request, Network& network);

}  // namespace unstick
