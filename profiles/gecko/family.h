#pragma once
// The Gecko family.

#include <span>

#include "model/adapter.h"

namespace unstick {

/// Firefox, LibreWolf, Waterfox, Zen, Floorp and Mullvad Browser.
std::span<const Adapter> gecko_family();

}  // namespace unstick
