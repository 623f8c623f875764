#pragma once
// The browsers that unstick knows. A family is a folder here, and one line in all.cpp.

#include <span>

#include "model/adapter.h"

namespace unstick {

/// All adapters, in the order in which users see them. Explicit: no registration by side effect.
std::span<const Adapter> adapters();

}  // namespace unstick
