#pragma once
// What a cached answer's headers say that rules have to tell, for any cache that keeps them as HTTP/1.1 writes them.

#include <cstdint>
#include <string_view>

#include "model/traits.h"

namespace unstick {

/// The status in a status line; 0 if it is none.
int status_of_line(std::string_view line);

/// Adds what a header line ("Location: /login") says. `received`: when the answer came, Unix seconds. What is not
/// understood adds nothing.
void add_header(std::string_view line, std::int64_t received, CachedResponse& response);

}  // namespace unstick
