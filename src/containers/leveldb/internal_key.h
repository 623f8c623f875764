#pragma once
// Keys as LevelDB's tables and manifests have them: the user's key, and behind it eight bytes that say which change of
// the database this version is, and whether it sets the key or removes it. (LevelDB's dbformat.h)

#include <leveldb/comparator.h>
#include <leveldb/slice.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace unstick::pairs {

inline std::string_view view_of(const leveldb::Slice& slice)
{
    return {slice.data(), slice.size()};
}

inline constexpr std::size_t version_size = 8;  ///< what is behind the user's key
inline constexpr std::uint64_t largest_sequence = (std::uint64_t{1} << 56U) - 1;

/// Of two with the same `user` the newer one comes first.
struct InternalKey {
    std::string user;
    std::uint64_t sequence_and_type = 0;

    bool operator<(const InternalKey& other) const
    {
        return user == other.user ? sequence_and_type > other.sequence_and_type : user < other.user;
    }
    bool operator==(const InternalKey&) const = default;
};

/// Nothing if it is too short for one.
std::optional<InternalKey> parse_internal_key(std::string_view bytes);
std::string bytes_of(const InternalKey& key);
/// One that sets `user` as the change with this number.
InternalKey setting(std::string_view user, std::uint64_t sequence);

/// Comes before all that there are of a user's key.
InternalKey before_all_of(std::string_view user);

/// The user's key in one that is long enough.
inline std::string_view user_of(std::string_view internal_key)
{
    return internal_key.substr(0, internal_key.size() - version_size);
}

/// Their order in a table. It gives names of blocks no shorter keys than they have: LevelDB reads either.
const leveldb::Comparator& internal_order();

}  // namespace unstick::pairs
