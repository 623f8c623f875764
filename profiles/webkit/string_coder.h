#pragma once
// How WebKit writes texts into its own files: length (0xffffffff = null), 1 for 8 bits a character, then Latin-1 or
// UTF-16. Plain ASCII is at times written as UTF-16: a search for bytes misses names. Source: WTF's PersistentCoders of
// WebKitGTK 2.50, and the files of real browsers.

#include <optional>
#include <string>

#include "base/byte_reader.h"

namespace unstick::webkit {

/// The next text in UTF-8 (half a surrogate pair becomes U+FFFD). std::nullopt for null, and if the reader failed.
std::optional<std::string> read_string(ByteReader& reader);

}  // namespace unstick::webkit
