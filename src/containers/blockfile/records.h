#pragma once
// Fields of entries and nodes, as reading and changing a cache both need them. Callers know that the record is whole.

#include "containers/blockfile/layout.h"

namespace unstick::blockfile_cache {

inline Address address_at(std::string_view record, std::size_t offset)
{
    return {number_at<std::uint32_t>(record, offset)};
}
inline Address stream_of(std::string_view entry, std::size_t stream)
{
    return address_at(entry, entry_record::at_addresses + 4 * stream);
}
inline std::uint32_t size_of(std::string_view entry, std::size_t stream)
{
    return number_at<std::uint32_t>(entry, entry_record::at_sizes + 4 * stream);
}
/// 0 if it has no data.
inline std::uint32_t used_size_of(std::string_view entry, std::size_t stream)
{
    return stream_of(entry, stream).is_set() ? size_of(entry, stream) : 0;
}
/// Does it hold a piece of another entry?
inline bool is_child(std::string_view entry)
{
    return (number_at<std::uint32_t>(entry, entry_record::at_flags) & entry_record::flag_child) != 0;
}
inline std::uint32_t key_length_of(std::string_view entry)
{
    return number_at<std::uint32_t>(entry, entry_record::at_key_length);
}

/// Is this the hash that a record has? Those that old versions wrote have none.
inline bool is_hash(std::uint32_t self_hash, std::uint32_t computed)
{
    return self_hash == 0 || self_hash == computed;
}
inline bool is_hashed(std::string_view record, std::size_t at_hash)
{
    return is_hash(number_at<std::uint32_t>(record, at_hash), hash_of(record.substr(0, at_hash)));
}
inline void rehash(char* record, std::size_t at_hash)
{
    put_number(record, at_hash, hash_of({record, at_hash}));
}

}  // namespace unstick::blockfile_cache
