#pragma once
// Which keys of a database do not stay.

#include <string>
#include <string_view>
#include <vector>

namespace unstick::pairs {

/// Keys from `first` on until before `end`.
struct KeyRange {
    std::string first;
    std::string end;

    bool operator==(const KeyRange&) const = default;
};

/// That key alone.
KeyRange range_of(std::string_view key);

/// All keys in some ranges, but for those that are excepted.
class KeySet {
public:
    /// `except` is sorted.
    explicit KeySet(std::vector<KeyRange> ranges, std::vector<std::string> except = {});

    bool has(std::string_view key) const;
    /// In order; none overlaps or touches another one.
    const std::vector<KeyRange>& ranges() const { return ranges_; }
    /// The first range that ends behind this key.
    std::vector<KeyRange>::const_iterator first_behind(std::string_view key) const;

private:
    std::vector<KeyRange> ranges_;
    std::vector<std::string> except_;
};

}  // namespace unstick::pairs
