#include "containers/snappy_block.h"

#include <snappy.h>

namespace unstick {

std::optional<std::string> from_snappy_block(std::string_view block, std::size_t most)
{
    std::size_t size = 0;
    std::string content;
    const bool is_good = snappy::GetUncompressedLength(block.data(), block.size(), &size) && size <= most &&
                         snappy::Uncompress(block.data(), block.size(), &content);
    return is_good ? std::optional(std::move(content)) : std::nullopt;
}

}  // namespace unstick
