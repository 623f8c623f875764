#pragma once
// What the HTTP cache of Chromium knows about an answer, from the record that it keeps with it.
// Source: docs/formats-chromium.md, "Cached answers".

#include <string_view>

#include "model/traits.h"

namespace unstick {

/// `record` is the stream 0 of an entry: a pickled net::HttpResponseInfo, version 3. Never fails; what is
/// not understood stays empty.
CachedResponse read_cached_response(std::string_view record);

}  // namespace unstick
