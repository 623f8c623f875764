#include "blockfile_cache.h"

#include <fmt/format.h>

#include "testing.h"

namespace unstick::testing {

using namespace blockfile_cache;

void make_empty_blockfile(const std::filesystem::path& folder, std::uint32_t blocks, std::uint32_t version)
{
    std::string index(index_file::header_size + std::size_t{index_file::smallest_table} * 4, '\0');
    put_number(index.data(), index_file::at_magic, index_file::magic);
    put_number(index.data(), index_file::at_version, version);
    put_number(index.data(), index_file::at_table_length, index_file::smallest_table);
    put(folder / "index", index);
    for (unsigned number = 0; number < 4; ++number) {
        const auto size = static_cast<std::uint32_t>(block_sizes[number + 1]);
        std::string file(block_file::header_size + std::size_t{blocks} * size, '\0');
        put_number(file.data(), block_file::at_magic, block_file::magic);
        put_number(file.data(), block_file::at_version, block_file::version);
        put_number(file.data(), block_file::at_this, static_cast<std::int16_t>(number));
        put_number(file.data(), block_file::at_block_size, size);
        put_number(file.data(), block_file::at_max_blocks, blocks);
        put(folder / fmt::format("data_{}", number), file);
    }
}

Saved blockfile_entry(std::string key, std::uint64_t last_used, std::vector<std::size_t> sizes)
{
    Saved saved;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const auto letter = static_cast<char>('a' + (key.size() + i) % 26);
        saved.streams[i].bytes = std::string(sizes[i], letter);
        saved.streams[i].size = static_cast<std::uint32_t>(sizes[i]);
    }
    saved.key = std::move(key);
    saved.last_used = saved.last_modified = last_used;
    saved.created = 7;
    return saved;
}

}  // namespace unstick::testing
