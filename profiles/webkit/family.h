#pragma once
// The WebKit family.

#include <span>

#include "model/adapter.h"

namespace unstick {

/// Safari, Safari Technology Preview and web apps in the Dock (safari.cpp).
std::span<const Adapter> safari_family();

/// GNOME Web (epiphany.cpp).
std::span<const Adapter> epiphany_family();

}  // namespace unstick
