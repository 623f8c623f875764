#pragma once
// The Chromium family: Chrome, Chromium, Edge, Brave, Vivaldi, Opera, Arc.

#include <span>

#include "model/adapter.h"

namespace unstick {

std::span<const Adapter> chromium_family();

}  // namespace unstick
