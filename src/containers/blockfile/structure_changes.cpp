// Changing: removing and inserting entries, and writing all that back.

#include <algorithm>
#include <limits>

#include "containers/blockfile/records.h"
#include "containers/blockfile/structure.h"

namespace unstick::blockfile_cache {

void Structure::set_bucket(std::uint32_t number, Address address)
{
    put_number(index_.data(), index_file::header_size + std::size_t{number} * 4, address.value);
}

void Structure::release(Address address)
{
    if (address.is_external()) {
        to_delete_.push_back(address);
    } else if (address.is_set()) {
        blocks_.release(address);
    }
}

void Structure::count(std::int32_t entries, std::int64_t bytes)
{
    using namespace index_file;
    put_number(index_.data(), at_entries, number_at<std::int32_t>(index_, at_entries) + entries);
    if (number_at<std::uint32_t>(index_, at_version) == version_3_0) {
        const auto sum = number_at<std::int64_t>(index_, at_bytes);
        put_number(index_.data(), at_bytes, std::max<std::int64_t>(0, sum + bytes));
    } else {
        const auto sum = number_at<std::int32_t>(index_, at_old_bytes) + bytes;
        put_number(
            index_.data(), at_old_bytes,
            static_cast<std::int32_t>(std::clamp<std::int64_t>(sum, 0, std::numeric_limits<std::int32_t>::max())));
    }
}

/// Leaves what was removed out of a chain.
void Structure::relink_bucket(std::uint32_t number)
{
    using namespace entry_record;
    std::vector<Address> kept;
    for (Address current = bucket(number); current.value != 0;) {
        const Record& record = records_[*index_of(current)];
        if (!record.removed) {
            kept.push_back(current);
        }
        current = address_at(entry_bytes(record), at_next);
    }
    set_bucket(number, kept.empty() ? Address{} : kept.front());
    for (std::size_t i = 0; i < kept.size(); ++i) {
        char* entry = blocks_.edit(kept[i]);
        put_number(entry, at_next, i + 1 < kept.size() ? kept[i + 1].value : 0);
        rehash(entry, at_self_hash);
    }
}

/// Puts new nodes where their last use belongs: Chromium reads a list up to the first that is too old.
void Structure::merge_added(std::uint8_t list)
{
    auto& added = added_[list];
    std::stable_sort(added.begin(), added.end(),
                     [](const Node& a, const Node& b) { return a.last_used > b.last_used; });
    std::vector<Node> merged;
    auto next = added.begin();
    for (const Node& node : lists_[list]) {
        for (; next != added.end() && next->last_used > node.last_used; ++next) {
            merged.push_back(*next);
        }
        merged.push_back(node);
    }
    merged.insert(merged.end(), next, added.end());
    lists_[list] = std::move(merged);
    added.clear();
}

/// Writes a list as it is in memory. The counter moves with it, unless it is one that Chromium does not keep.
void Structure::relink_list(std::uint8_t list)
{
    using namespace node_record;
    const auto& nodes = lists_[list];
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        char* node = blocks_.edit(nodes[i].address);
        put_number(node, at_previous, nodes[i == 0 ? 0 : i - 1].address.value);
        put_number(node, at_next, nodes[std::min(i + 1, nodes.size() - 1)].address.value);
        rehash(node, at_self_hash);
    }
    put_number(index_.data(), index_file::at_heads + 4U * list, nodes.empty() ? 0U : nodes.front().address.value);
    put_number(index_.data(), index_file::at_tails + 4U * list, nodes.empty() ? 0U : nodes.back().address.value);
    const std::size_t at_size = index_file::at_list_sizes + 4U * list;
    const std::int64_t size = number_at<std::int32_t>(index_, at_size);
    const auto before = static_cast<std::int64_t>(list_lengths_[list]);
    const auto now = static_cast<std::int64_t>(nodes.size());
    if (size != 0 || before == 0) {
        put_number(index_.data(), at_size, static_cast<std::int32_t>(std::max<std::int64_t>(0, size + now - before)));
    }
    list_lengths_[list] = nodes.size();
}

void Structure::remove(const std::vector<std::size_t>& indexes)
{
    using namespace entry_record;
    std::unordered_set<std::uint32_t> buckets;
    std::unordered_set<std::uint32_t> nodes;
    for (const std::size_t index : indexes) {
        Record& record = records_[index];
        record.removed = true;
        nodes.insert(record.node.value);
        if (record.in_table) {
            buckets.insert(bucket_of(record));
        }
    }
    for (const std::uint32_t number : buckets) {
        relink_bucket(number);
    }
    for (auto& list : lists_) {
        std::erase_if(list, [&](const Node& node) { return nodes.contains(node.address.value); });
    }
    for (const std::size_t index : indexes) {
        const Record& record = records_[index];
        const std::string entry(entry_bytes(record));  // which is cleared, too
        std::int64_t bytes = key_length_of(entry);
        for (std::size_t stream = 0; stream < streams; ++stream) {
            bytes += used_size_of(entry, stream);
            release(stream_of(entry, stream));
        }
        count(-1, -bytes);
        release(address_at(entry, at_long_key));
        release(record.node);
        release(record.address);
        by_block_[record.address.file()][record.address.block()] = 0;
    }
}

/// Puts bytes where Chromium would.
Result<Address> Structure::store(std::string_view bytes)
{
    const Kind kind = kind_for(bytes.size());
    if (kind != Kind::external) {
        const auto address =
            blocks_.allocate(kind, static_cast<unsigned>((bytes.size() + block_size(kind) - 1) / block_size(kind)));
        if (address) {
            blocks_.write(*address, bytes);
        }
        return address;
    }
    const auto address = new_external();
    if (address) {
        TRY_ASSIGN(auto output, files::Output::create(folder_ / external_name(*address)));
        TRY(output.write(0, bytes));
    }
    return address;
}

Result<Address> Structure::new_external()
{
    const auto last = number_at<std::uint32_t>(index_, index_file::at_last_file);
    for (std::uint32_t step = 1; step <= last_external; ++step) {
        const std::uint32_t number = (last + step) & last_external;
        const auto address = Address::of_external(number);
        if (number == 0 || externals_.contains(address.value)) {
            continue;
        }
        const auto info = files::info(folder_ / external_name(address));
        if (!info && info.error().code == Code::not_found) {
            externals_.insert(address.value);
            put_number(index_.data(), index_file::at_last_file, number);
            return address;
        }
        TRY(info);
    }
    return fail(Code::unsupported, folder_.string(), "the cache has no room for what should come back");
}

Result<void> Structure::insert(const NewEntry& from)
{
    using namespace entry_record;
    const bool is_long = from.key.size() > longest_inner_key;
    std::string entry = from.entry;
    entry.resize(blocks_for(from.key.size()) * std::size_t{256});
    const auto place = [&](std::size_t at, const Result<Address>& address) {
        put_number(entry.data(), at, address ? address->value : 0);
        return address.map([](Address) {});
    };
    std::int64_t bytes = static_cast<std::int64_t>(from.key.size());
    for (std::size_t stream = 0; stream < streams; ++stream) {
        const std::size_t at = at_addresses + 4 * stream;
        put_number(entry.data(), at, from.external[stream].value);
        if (!from.streams[stream].empty()) {
            put_number(entry.data(), at_sizes + 4 * stream, static_cast<std::uint32_t>(from.streams[stream].size()));
            TRY(place(at, store(from.streams[stream])));
        }
        bytes += size_of(entry, stream);
    }
    put_number(entry.data(), at_long_key, 0U);
    if (is_long) {
        TRY(place(at_long_key, store(std::string(from.key) + '\0')));
    } else {
        std::memcpy(entry.data() + at_key, from.key.data(), from.key.size());
    }
    const auto address = blocks_.allocate(Kind::block_256, blocks_for(from.key.size()));
    const auto node_address = blocks_.allocate(Kind::rankings, 1);
    if (!address || !node_address) {
        return tl::unexpected<Error>((address ? node_address : address).error());
    }
    const std::uint32_t hash = hash_of(from.key);
    put_number(entry.data(), at_hash, hash);
    put_number(entry.data(), at_key_length, static_cast<std::uint32_t>(from.key.size()));
    put_number(entry.data(), at_node, node_address->value);
    put_number(entry.data(), at_next, bucket(hash & (table_length() - 1)).value);
    rehash(entry.data(), at_self_hash);
    blocks_.write(*address, entry);
    set_bucket(hash & (table_length() - 1), *address);

    std::string node = from.node;
    put_number(node.data(), node_record::at_contents, address->value);
    put_number(node.data(), node_record::at_dirty, 0U);
    blocks_.write(*node_address, node);  // linked and hashed by `finish`
    added_[from.list].push_back({*node_address, number_at<std::uint64_t>(node, node_record::at_last_used)});
    Record record{.address = *address, .node = *node_address, .hash = hash, .list = from.list, .in_table = true};
    keep_if_wanted(record, entry, from.key);
    records_.push_back(record);
    remember(*address, records_.size() - 1);
    count(1, bytes);
    return {};
}

Result<void> Structure::finish()
{
    for (std::uint8_t list = 0; list < index_file::lists; ++list) {
        merge_added(list);
        relink_list(list);
    }
    TRY(blocks_.flush());
    const auto written =
        files::Output::open(folder_ / "index").and_then([&](auto output) { return output.write(0, index_); });
    if (!written) {
        return written;
    }
    for (const Address address : to_delete_) {
        TRY(files::remove_tree(folder_ / external_name(address)));
    }
    to_delete_.clear();
    return {};
}

}  // namespace unstick::blockfile_cache
