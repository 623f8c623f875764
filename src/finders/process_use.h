#pragma once
// Who holds a profile, told by the processes that run.

#include <span>
#include <string_view>

#include "model/adapter.h"

namespace unstick {

/// A browser that locks nothing: any process of one of these names may have the profile open.
LockState used_by_process(const Processes& processes, std::span<const std::string_view> names);

}  // namespace unstick
