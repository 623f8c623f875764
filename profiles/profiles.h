#pragma once
// The browsers that unstick knows. A browser is a table; see chromium.cpp.

#include <span>

#include "../src/adapter.h"

namespace unstick {

/// All adapters, in the order in which users see them. Explicit: no registration by side effect.
std::span<const Adapter> adapters();

/// The Chromium family (chromium.cpp).
std::span<const Adapter> chromium_family();

/// Safari and Safari Technology Preview (safari.cpp).
std::span<const Adapter> safari_family();

/// GNOME Web (epiphany.cpp).
std::span<const Adapter> epiphany_family();

}  // namespace unstick
