#pragma once
// Firefox's "data storage" files, for example `SiteSecurityServiceState.bin`: slots of one size, each of them free (all
// zeros) or a key with a value. Source: docs/formats-firefox.md, "Slots".

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace unstick::data_storage {

/// The most slots that a file has: Firefox takes no more.
inline constexpr std::size_t most_slots = 2048;

/// Of all its slots a file has a value of the same number of bytes.
struct Layout {
    std::size_t value_size = 0;
    std::size_t slot_size() const;
};

/// `SiteSecurityServiceState.bin`.
inline constexpr Layout small_values{24};
/// All others.
inline constexpr Layout large_values{1024};

/// A slot that is taken.
struct Slot {
    std::string key;
    std::string value;
    std::string bytes;  ///< as it stands in the file
};

/// The slots that are taken and whose checksum is right: others count as free. Errors: corrupt if the size is not that
/// of whole slots, or of more than a file has.
Result<std::vector<Slot>> slots_in(std::string_view file, Layout layout);

/// The file with these slots, named by their bytes, free. What is not there is passed over.
std::string without(std::string_view file, Layout layout, const std::vector<std::string>& slots);

/// The file with these slots, each in the first free place or at the end. Errors: io if it would have more than a file
/// has.
Result<std::string> with(std::string_view file, Layout layout, const std::vector<std::string>& slots);

/// A slot as Firefox writes it; for tests. Key and value are cut to what fits.
std::string make_slot(Layout layout, std::string_view key, std::string_view value);

}  // namespace unstick::data_storage
