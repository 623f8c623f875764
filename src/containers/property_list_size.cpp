#include "containers/property_list_size.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace unstick {

namespace {

constexpr std::uint64_t node_cost = 160;  // a node of libplist, its data and its place among others
constexpr std::size_t trailer_size = 32;

/// The places of objects, as the trailer says.
class Layout {
public:
    explicit Layout(std::string_view list) : list_(list)
    {
        if (list.size() < trailer_size) {
            return;
        }
        const std::size_t trailer = list.size() - trailer_size;
        offset_size_ = number_at(trailer + 6, 1).value_or(0);
        reference_size_ = number_at(trailer + 7, 1).value_or(0);
        count_ = number_at(trailer + 8, 8).value_or(0);
        root_ = number_at(trailer + 16, 8).value_or(0);
        table_ = number_at(trailer + 24, 8).value_or(list.size());
    }

    std::uint64_t root() const { return root_; }
    std::uint64_t reference_size() const { return reference_size_; }

    /// A number of `size` bytes, the highest first; std::nullopt if it is not within the list.
    std::optional<std::uint64_t> number_at(std::uint64_t place, std::uint64_t size) const
    {
        if (size == 0 || size > 8 || place > list_.size() || size > list_.size() - place) {
            return std::nullopt;
        }
        std::uint64_t number = 0;
        for (const char byte : list_.substr(static_cast<std::size_t>(place), static_cast<std::size_t>(size))) {
            number = number << 8U | static_cast<unsigned char>(byte);
        }
        return number;
    }

    std::optional<std::uint64_t> place_of(std::uint64_t object) const
    {
        if (object >= count_ || count_ > list_.size() || table_ > list_.size()) {
            return std::nullopt;
        }
        return number_at(table_ + object * offset_size_, offset_size_);
    }

private:
    std::string_view list_;
    std::uint64_t offset_size_ = 0;
    std::uint64_t reference_size_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t root_ = 0;
    std::uint64_t table_ = 0;
};

/// What an object becomes, with all that is in it.
struct Size {
    std::uint64_t bytes = 0;
    std::size_t height = 0;  ///< levels below it
};

/// Looks at each object once; one that holds itself is seen by its depth.
class Sizes {
public:
    Sizes(std::string_view list, const PropertyListLimits& limits)
        : layout_(list), length_(list.size()), limits_(limits)
    {
    }

    /// std::nullopt: beyond the limits, or not within the list.
    std::optional<Size> of(std::uint64_t object, std::size_t depth)
    {
        if (const auto known = known_.find(object); known != known_.end()) {
            return depth + known->second.height <= limits_.depth ? std::optional(known->second) : std::nullopt;
        }
        const auto place = layout_.place_of(object);
        const auto marker = place ? layout_.number_at(*place, 1) : std::nullopt;
        if (!marker || depth > limits_.depth) {
            return std::nullopt;
        }
        const std::uint64_t type = *marker >> 4U;
        std::uint64_t at = *place + 1;
        const auto count = count_in(*marker, at);
        if (!count || *count > length_) {
            return std::nullopt;
        }
        auto size = type >= 0xa ? of_members(at, type == 0xd ? 2 * *count : *count, depth)
                                : std::optional(Size{*count * (type == 6 ? 4 : 1)});  // UTF-16 becomes UTF-8
        if (!size || size->bytes + node_cost > limits_.bytes) {
            return std::nullopt;
        }
        size->bytes += node_cost;
        return known_.emplace(object, *size).first->second;
    }

private:
    /// How many bytes or members follow; `at` goes behind it where it stands in a number of its own.
    std::optional<std::uint64_t> count_in(std::uint64_t marker, std::uint64_t& at) const
    {
        const std::uint64_t low = marker & 0xfU;
        if (low != 0xf) {
            return low;
        }
        const auto number = layout_.number_at(at, 1);
        const std::uint64_t width = number ? std::uint64_t{1} << (*number & 0xfU) : 0;
        const auto count = layout_.number_at(at + 1, width);
        at += 1 + width;
        return count;
    }

    std::optional<Size> of_members(std::uint64_t at, std::uint64_t count, std::size_t depth)
    {
        Size all;
        for (; count > 0; --count, at += layout_.reference_size()) {
            const auto object = layout_.number_at(at, layout_.reference_size());
            const auto size = object ? of(*object, depth + 1) : std::nullopt;
            if (!size || all.bytes + size->bytes > limits_.bytes) {
                return std::nullopt;
            }
            all = {all.bytes + size->bytes, std::max(all.height, size->height + 1)};
        }
        return all;
    }

    Layout layout_;
    std::size_t length_;
    PropertyListLimits limits_;
    std::unordered_map<std::uint64_t, Size> known_;
};

}  // namespace

bool is_within(std::string_view binary_list, const PropertyListLimits& limits)
{
    Sizes sizes(binary_list, limits);
    return sizes.of(Layout(binary_list).root(), 0).has_value();
}

}  // namespace unstick
