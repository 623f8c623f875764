#pragma once
// The stores of a Chromium profile: where each is, and what finds a site in it.

#include <span>

#include "model/adapter.h"

namespace unstick {

/// In the order of removal.
std::span<const StoreSpec> chromium_stores();

}  // namespace unstick
