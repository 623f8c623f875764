#pragma once
// What browsers of the Gecko family keep of sites, store by store.

#include <span>

#include "model/adapter.h"

namespace unstick {

/// In the order of removal (docs/formats-firefox.md, "Order").
std::span<const StoreSpec> gecko_stores();

}  // namespace unstick
