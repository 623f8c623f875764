#include "containers/leveldb/internal_key.h"

#include <leveldb/slice.h>

#include "base/byte_reader.h"
#include "containers/leveldb/encoding.h"

namespace unstick::pairs {

namespace {

std::uint64_t version_of(std::string_view bytes)
{
    return ByteReader(bytes.substr(bytes.size() - version_size)).little<std::uint64_t>();
}

class Order : public leveldb::Comparator {
public:
    int Compare(const leveldb::Slice& a, const leveldb::Slice& b) const override
    {
        const std::string_view one(a.data(), a.size());
        const std::string_view other(b.data(), b.size());
        if (const int users = user_of(one).compare(user_of(other)); users != 0) {
            return users;
        }
        const auto version = version_of(one);
        const auto other_version = version_of(other);
        return version == other_version ? 0 : version > other_version ? -1 : 1;
    }
    const char* Name() const override { return "leveldb.InternalKeyComparator"; }
    void FindShortestSeparator(std::string*, const leveldb::Slice&) const override {}
    void FindShortSuccessor(std::string*) const override {}
};

}  // namespace

std::optional<InternalKey> parse_internal_key(std::string_view bytes)
{
    if (bytes.size() < version_size) {
        return std::nullopt;
    }
    return InternalKey{std::string(user_of(bytes)), version_of(bytes)};
}

std::string bytes_of(const InternalKey& key)
{
    std::string bytes = key.user;
    append_little(bytes, key.sequence_and_type, version_size);
    return bytes;
}

InternalKey setting(std::string_view user, std::uint64_t sequence)
{
    return {std::string(user), sequence << 8U | 1U};
}

InternalKey before_all_of(std::string_view user)
{
    return {std::string(user), ~std::uint64_t{0}};
}

const leveldb::Comparator& internal_order()
{
    static const Order order;
    return order;
}

}  // namespace unstick::pairs
