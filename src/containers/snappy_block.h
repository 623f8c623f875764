#pragma once
// Snappy's block format: what is compressed is one block, its length first.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace unstick {

/// What was compressed; std::nullopt if it is no such block, or is more than `most` bytes.
std::optional<std::string> from_snappy_block(std::string_view block, std::size_t most);

}  // namespace unstick
