#pragma once
// Names that a person may have meant.

#include <string>

#include "web/site.h"

namespace unstick {

/// The sites whose names differ from this one in one letter: one more, one less, another, or two exchanged. Owns
/// nothing for names of over 63 letters and for such as are not all ASCII (punycode: a letter there is none).
Site near_misses(const std::string& name);

}  // namespace unstick
