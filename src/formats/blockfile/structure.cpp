#include "structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <fstream>
#include <limits>

namespace unstick::blockfile_cache {

namespace {

constexpr std::size_t longest_key = 4U << 20U;  // a URL in Chromium has 2 MiB at most

Address address_at(std::string_view record, std::size_t offset)
{
    return {number_at<std::uint32_t>(record, offset)};
}
Address stream_of(std::string_view entry, std::size_t stream)
{
    return address_at(entry, entry_record::at_addresses + 4 * stream);
}
std::uint32_t size_of(std::string_view entry, std::size_t stream)
{
    return number_at<std::uint32_t>(entry, entry_record::at_sizes + 4 * stream);
}
std::uint32_t key_length_of(std::string_view entry)
{
    return number_at<std::uint32_t>(entry, entry_record::at_key_length);
}

/// Records that old versions wrote have no hash.
bool is_hashed(std::string_view record, std::size_t at_hash)
{
    const auto hash = number_at<std::uint32_t>(record, at_hash);
    return hash == 0 || hash == hash_of(record.substr(0, at_hash));
}
void rehash(char* record, std::size_t at_hash)
{
    put_number(record, at_hash, hash_of({record, at_hash}));
}

/// What is wrong with the index; empty if nothing.
std::string wrong_with(std::string_view index)
{
    using namespace index_file;
    const auto length = number_at<std::uint32_t>(index, at_table_length);
    if (!std::has_single_bit(length) || length < smallest_table || length > largest_table ||
        index.size() < header_size + std::size_t{length} * 4) {
        return "the index of the cache is shorter than it says";
    }
    if (number_at<std::int32_t>(index, at_crash) != 0 || number_at<std::uint32_t>(index, at_transaction) != 0) {
        return "the browser did not close this cache: it crashed or still runs";
    }
    const bool wide = number_at<std::uint32_t>(index, at_version) == version_3_0;
    if (wide && number_at<std::uint32_t>(index, at_corruption) != 0) {
        return "the browser has marked this cache as damaged";
    }
    if (number_at<std::int32_t>(index, at_entries) < 0) {
        return "the index of the cache contradicts itself";
    }
    return {};
}

Result<std::string> read_index(const files::fs::path& folder)
{
    using namespace index_file;
    auto index = files::read_file(folder / "index", header_size + std::uint64_t{largest_table} * 4 + 4096);
    if (!index) {
        return index;
    }
    if (index->size() < header_size || number_at<std::uint32_t>(*index, at_magic) != magic) {
        return broken(Code::corrupt, folder, "the index is not that of a blockfile cache");
    }
    const auto version = number_at<std::uint32_t>(*index, at_version);
    if (version != version_2_0 && version != version_2_1 && version != version_3_0) {
        return broken(Code::unsupported, folder, fmt::format("version {:x} of the cache is not known", version));
    }
    if (std::string wrong = wrong_with(*index); !wrong.empty()) {
        return broken(Code::corrupt, folder, std::move(wrong));
    }
    return index;
}

/// True for at least one hex digit and nothing else.
bool is_hex(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string_view owner_of(std::string_view key, bool is_child)
{
    constexpr std::string_view prefix = "Range_";
    const std::size_t second = key.rfind(':');
    const std::size_t first = second == key.npos || second == 0 ? key.npos : key.rfind(':', second - 1);
    if (!is_child || !key.starts_with(prefix) || first == key.npos || first <= prefix.size() ||
        !is_hex(key.substr(first + 1, second - first - 1)) || !is_hex(key.substr(second + 1))) {
        return key;
    }
    return key.substr(prefix.size(), first - prefix.size());
}

// --- Reading ---

Result<Structure> Structure::open(const files::fs::path& folder)
{
    auto index = read_index(folder);
    if (!index) {
        return tl::unexpected<Error>(index.error());
    }
    auto blocks = BlockFiles::open(folder);
    if (!blocks) {
        return tl::unexpected<Error>(blocks.error());
    }
    Structure cache(folder, std::move(*index), std::move(*blocks));
    const auto entries = static_cast<std::size_t>(number_at<std::int32_t>(cache.index_, index_file::at_entries));
    if (entries > std::size_t{block_file::files} * block_file::most_blocks_in_file) {
        return cache.corrupt("the index counts more entries than there can be");
    }
    cache.records_.reserve(entries);
    const Address stats = address_at(cache.index_, index_file::at_stats);
    if (stats.value != 0 && !cache.blocks_.claim(stats)) {
        return cache.corrupt("the statistics of the cache are not where the index says");
    }
    for (std::uint8_t list = 0; list < index_file::lists; ++list) {
        if (const auto walked = cache.walk_list(list); !walked) {
            return tl::unexpected<Error>(walked.error());
        }
    }
    if (const auto walked = cache.walk_table(); !walked) {
        return tl::unexpected<Error>(walked.error());
    }
    if (cache.records_.size() != entries) {
        return cache.corrupt(
            fmt::format("{} entries were found where the index counts {}", cache.records_.size(), entries));
    }
    if (!cache.blocks_.counts_agree()) {
        return cache.corrupt("a block file counts fewer blocks than are in use");
    }
    return cache;
}

tl::unexpected<Error> Structure::corrupt(std::string what) const
{
    return broken(Code::corrupt, folder_, std::move(what));
}

/// From head to tail. Each node must be linked both ways; the ends point at themselves.
Result<void> Structure::walk_list(std::uint8_t list)
{
    using namespace node_record;
    const Address head = address_at(index_, index_file::at_heads + 4U * list);
    const Address tail = address_at(index_, index_file::at_tails + 4U * list);
    if (head.value == 0 && tail.value == 0) {
        return {};
    }
    for (Address current = head, previous = head;;) {
        if (current.kind() != Kind::rankings || current.blocks() != 1 || !blocks_.claim(current)) {
            return corrupt("a list of the cache leads nowhere or goes round");
        }
        const std::string_view node = blocks_.view(current);
        if (!is_hashed(node, at_self_hash)) {
            return corrupt("a place in a list of the cache is damaged");
        }
        if (address_at(node, at_previous) != previous) {
            return corrupt("a list of the cache is not the same in both directions");
        }
        lists_[list].push_back({current, number_at<std::uint64_t>(node, at_last_used)});
        const Address next = address_at(node, at_next);
        if (const Address contents = address_at(node, at_contents); contents.value != 0) {
            const auto record = read_record(contents);
            if (!record) {
                return tl::unexpected<Error>(record.error());
            }
            if (records_[*record].node != current) {
                return corrupt("a place in a list and its entry do not belong together");
            }
            records_[*record].list = list;
        }
        if (next == current) {
            break;
        }
        previous = current;
        current = next;
    }
    if (lists_[list].back().address != tail) {
        return corrupt("a list of the cache ends where it should not");
    }
    list_lengths_[list] = lists_[list].size();
    return {};
}

Result<void> Structure::walk_table()
{
    for (std::uint32_t number = 0; number < table_length(); ++number) {
        if (bucket(number).value != 0) {
            if (const auto walked = walk_bucket(number); !walked) {
                return walked;
            }
        }
    }
    return {};
}

Result<void> Structure::walk_bucket(std::uint32_t number)
{
    using namespace entry_record;
    for (Address current = bucket(number); current.value != 0;) {
        const auto known = index_of(current);
        std::size_t index = known.value_or(0);
        if (!known) {
            // In no list: the browser was cut off when it made this entry.
            const auto record = read_record(current);
            if (!record) {
                return tl::unexpected<Error>(record.error());
            }
            index = *record;
            const Address node = records_[index].node;
            if (node.kind() != Kind::rankings || node.blocks() != 1 || !blocks_.claim(node)) {
                return corrupt("an entry of the cache has lost its place in the lists");
            }
            const std::string_view place = blocks_.view(node);
            if (!is_hashed(place, node_record::at_self_hash) || address_at(place, node_record::at_next).value != 0 ||
                address_at(place, node_record::at_previous).value != 0) {
                return corrupt("an entry of the cache is not in the list where it should be");
            }
        }
        Record& record = records_[index];
        const std::string_view entry = entry_bytes(record);
        if (record.in_table) {
            return corrupt("a chain of the cache goes round");
        }
        if ((number_at<std::uint32_t>(entry, at_hash) & (table_length() - 1)) != number) {
            return corrupt("an entry of the cache is in a chain where it does not belong");
        }
        record.in_table = true;
        current = address_at(entry, at_next);
    }
    return {};
}

/// Checks an entry, claims all that it refers to but its node, and adds it to the records.
Result<std::size_t> Structure::read_record(Address address)
{
    using namespace entry_record;
    if (address.kind() != Kind::block_256 || !blocks_.claim(address)) {
        return corrupt("an address in the cache leads nowhere, or where another one leads");
    }
    const std::string_view entry = blocks_.view(address);
    const auto length = key_length_of(entry);
    const auto state = number_at<std::int32_t>(entry, at_state);
    if (!is_hashed(entry, at_self_hash) || length == 0 || length > longest_key ||
        blocks_for(length) != address.blocks() || state < normal || state > doomed) {
        return corrupt("an entry of the cache is damaged");
    }
    auto key = read_key(entry);
    if (!key) {
        return tl::unexpected<Error>(key.error());
    }
    if (hash_of(*key) != number_at<std::uint32_t>(entry, at_hash)) {
        return corrupt("the key of an entry of the cache is damaged");
    }
    for (std::size_t stream = 0; stream < streams; ++stream) {
        if (!claim_stream(stream_of(entry, stream), size_of(entry, stream))) {
            return corrupt("the data of an entry of the cache are not where it says");
        }
    }
    const bool is_child = (number_at<std::uint32_t>(entry, at_flags) & flag_child) != 0;
    records_.push_back(
        {address, address_at(entry, at_node), std::move(*key), false, false, is_child, index_file::lists});
    remember(address, records_.size() - 1);
    return records_.size() - 1;
}

bool Structure::claim_external(Address address)
{
    return address.is_external() && externals_.insert(address.value).second;
}

/// An entry that the browser was cut off from may have a size, but no data yet.
bool Structure::claim_stream(Address address, std::uint32_t size)
{
    constexpr std::uint32_t largest = 0x7fffffff;
    if (address.value == 0) {
        return size <= largest;
    }
    if (address.is_external()) {
        return size > largest_in_blocks && size <= largest && claim_external(address);
    }
    return size > 0 && address.kind() != Kind::rankings && blocks_.claim(address) && size <= address.capacity();
}

Result<std::string> Structure::read_key(std::string_view entry)
{
    using namespace entry_record;
    const std::size_t length = key_length_of(entry);
    const Address elsewhere = address_at(entry, at_long_key);
    if (length <= longest_inner_key) {
        if (elsewhere.value != 0 || entry[at_key + length] != '\0') {
            return corrupt("an entry of the cache is damaged");
        }
        return std::string(entry.substr(at_key, length));
    }
    if (elsewhere.is_external()) {
        return read_external_key(elsewhere, length);
    }
    if (elsewhere.kind() == Kind::rankings || !blocks_.claim(elsewhere)) {
        return corrupt("a long key in the cache is not where its entry says");
    }
    return blocks_.read(elsewhere, length);
}

Result<std::string> Structure::read_external_key(Address address, std::size_t length)
{
    if (!claim_external(address)) {
        return corrupt("a long key in the cache is not where its entry says");
    }
    auto key = files::read_file(folder_ / external_name(address), longest_key + 1);
    if (!key || key->size() != length + 1) {
        return corrupt("a long key in the cache cannot be read");
    }
    key->pop_back();
    return key;
}

Address Structure::stream_address(const Record& record, std::size_t stream) const
{
    return stream_of(entry_bytes(record), stream);
}

std::uint32_t Structure::stream_size(const Record& record, std::size_t stream) const
{
    return stream_address(record, stream).is_set() ? size_of(entry_bytes(record), stream) : 0;
}

bool Structure::is_dirty(const Record& record) const
{
    return number_at<std::uint32_t>(node_bytes(record), node_record::at_dirty) != 0;
}

bool Structure::one_list() const
{
    return number_at<std::uint32_t>(index_, index_file::at_version) == index_file::version_2_0;
}

Address Structure::bucket(std::uint32_t number) const
{
    return address_at(index_, index_file::header_size + std::size_t{number} * 4);
}

/// Of the record with exactly this address.
std::optional<std::size_t> Structure::index_of(Address address) const
{
    const auto& blocks = by_block_[address.file()];
    const std::size_t place = address.block() < blocks.size() ? blocks[address.block()] : 0;
    if (place == 0 || records_[place - 1].address != address) {
        return std::nullopt;
    }
    return place - 1;
}

void Structure::remember(Address address, std::size_t index)
{
    auto& blocks = by_block_[address.file()];
    blocks.resize(std::max<std::size_t>(blocks.size(), block_file::most_blocks_in_file));
    blocks[address.block()] = static_cast<std::uint32_t>(index + 1);
}

// --- Changing ---

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
            buckets.insert(number_at<std::uint32_t>(entry_bytes(record), at_hash) & (table_length() - 1));
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
        std::int64_t bytes = key_length_of(entry_bytes(record));
        for (std::size_t stream = 0; stream < streams; ++stream) {
            bytes += stream_size(record, stream);
            release(stream_address(record, stream));
        }
        count(-1, -bytes);
        release(address_at(entry_bytes(record), at_long_key));
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
        const files::fs::path path = folder_ / external_name(*address);
        std::ofstream stream(path, std::ios::binary);
        stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        stream.close();
        if (!stream) {
            return fail(Code::io, path.string(), "the cache could not be written");
        }
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
        if (!info) {
            return tl::unexpected<Error>(info.error());
        }
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
        return address.has_value() ? Result<void>() : Result<void>(tl::unexpected<Error>(address.error()));
    };
    std::int64_t bytes = static_cast<std::int64_t>(from.key.size());
    for (std::size_t stream = 0; stream < streams; ++stream) {
        const std::size_t at = at_addresses + 4 * stream;
        put_number(entry.data(), at, from.external[stream].value);
        if (!from.streams[stream].empty()) {
            put_number(entry.data(), at_sizes + 4 * stream, static_cast<std::uint32_t>(from.streams[stream].size()));
            if (const auto placed = place(at, store(from.streams[stream])); !placed) {
                return placed;
            }
        }
        bytes += size_of(entry, stream);
    }
    put_number(entry.data(), at_long_key, 0U);
    if (is_long) {
        if (const auto placed = place(at_long_key, store(std::string(from.key) + '\0')); !placed) {
            return placed;
        }
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
    const bool is_child = (number_at<std::uint32_t>(entry, at_flags) & flag_child) != 0;
    records_.push_back({*address, *node_address, std::string(from.key), true, false, is_child, from.list});
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
    if (const auto flushed = blocks_.flush(); !flushed) {
        return flushed;
    }
    const files::fs::path path = folder_ / "index";
    std::fstream stream(path, std::ios::binary | std::ios::in | std::ios::out);
    stream.write(index_.data(), static_cast<std::streamsize>(index_.size()));
    stream.close();
    if (!stream) {
        return fail(Code::io, path.string(), "the cache could not be written");
    }
    for (const Address address : to_delete_) {
        if (const auto gone = files::remove_tree(folder_ / external_name(address)); !gone) {
            return gone;
        }
    }
    to_delete_.clear();
    return {};
}

}  // namespace unstick::blockfile_cache
