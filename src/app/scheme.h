#pragma once
// By which scheme the site is asked. A browser that gets a name without one tries https and then http; one that was
// told to use https only for a host (HSTS) never asks by http.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/context.h"
#include "inventory/discover.h"
#include "net/probe.h"

namespace unstick {

/// The re-test before anything is changed.
struct SiteAnswer {
    Probe met;
    std::vector<std::string> notes;  ///< why it was not asked as it was typed; a sentence each
    bool is_held_to_https = false;   ///< as the function below says; known once http was asked, too
};

/// Asks the target, as follows. An address with `http:` is asked by https if one of the profiles has an order to use
/// that. One without a scheme is asked by https; where that gives no answer, by http: if no profile has such an order,
/// and the public cannot have the name, or a profile has something of the host that came by http.
SiteAnswer ask_target(const Context& context, std::span<const Discovered> profiles);

/// Does https give no answer and http one, and has one of the profiles an order to use https only? `met`: as `compare`
/// leaves it.
bool is_held_to_https(const Probe& met, std::span<const Discovered> profiles, std::int64_t now);

}  // namespace unstick
