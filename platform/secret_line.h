#pragma once
// A line that nobody else may see, byte by byte as a system gives it.

#include <functional>
#include <optional>

#include "base/secret.h"

namespace unstick {

enum class Next { byte, end, broken_off };

/// Reads up to the end of a line, or of what there is. `next` gives a byte, if there is one. std::nullopt: nothing is
/// there (any more), it was broken off, or it is longer than any password.
std::optional<Secret> read_line(const std::function<Next(char&)>& next);

}  // namespace unstick
