#include "containers/leveldb/check_log.h"

#include <charconv>
#include <cstdint>

#include "containers/leveldb/log_batches.h"
#include "containers/leveldb/log_records.h"
#include "containers/leveldb/manifest.h"

namespace unstick::pairs {

bool is_readable_log(std::string_view content)
{
    std::uint64_t next = 0;
    return each_record(content, [&](std::string_view record) {
        const auto batch = read_batch(record);
        if (!batch) {
            return true;
        }
        const bool grows = batch->sequence >= next && batch->sequence <= largest_sequence;
        next = batch->end();
        std::uint64_t count = 0;
        const bool whole = each_change(batch->changes, [&](std::string_view, std::string_view) { ++count; });
        return grows && next - 1 <= largest_sequence && whole && count == batch->count;
    });
}

bool is_readable_manifest(std::string_view content)
{
    return read_manifest(content).has_value();
}

bool is_readable_name(std::string_view name)
{
    constexpr std::string_view ending = ".log";
    if (!name.ends_with(ending)) {
        return true;
    }
    name.remove_suffix(ending.size());
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool is_number = code == std::errc() && end == name.data() + name.size();
    return !is_number || (number > 0 && number < largest_file_number);
}

}  // namespace unstick::pairs
