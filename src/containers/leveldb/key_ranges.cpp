#include "containers/leveldb/key_ranges.h"

#include <algorithm>

namespace unstick::pairs {

KeyRange range_of(std::string_view key)
{
    std::string end(key);
    end += '\0';  // no other key is between a key and this one
    return {std::string(key), std::move(end)};
}

KeySet::KeySet(std::vector<KeyRange> ranges, std::vector<std::string> except) : except_(std::move(except))
{
    std::erase_if(ranges, [](const KeyRange& range) { return range.end <= range.first; });
    std::sort(ranges.begin(), ranges.end(), [](const KeyRange& a, const KeyRange& b) { return a.first < b.first; });
    for (KeyRange& range : ranges) {
        if (ranges_.empty() || ranges_.back().end < range.first) {
            ranges_.push_back(std::move(range));
        } else if (ranges_.back().end < range.end) {
            ranges_.back().end = std::move(range.end);
        }
    }
}

std::vector<KeyRange>::const_iterator KeySet::first_behind(std::string_view key) const
{
    return std::upper_bound(ranges_.begin(), ranges_.end(), key,
                            [](std::string_view wanted, const KeyRange& range) { return wanted < range.end; });
}

bool KeySet::has(std::string_view key) const
{
    const auto range = first_behind(key);
    return range != ranges_.end() && range->first <= key && !std::binary_search(except_.begin(), except_.end(), key);
}

}  // namespace unstick::pairs
