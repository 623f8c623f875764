// Reading: walking and checking.

#include "structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "records.h"

namespace unstick::blockfile_cache {

namespace {

constexpr std::size_t longest_key = 4U << 20U;  // a URL in Chromium has 2 MiB at most

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
    if (!is_child || !key.starts_with(prefix)) {
        return key;
    }
    const std::size_t second = key.rfind(':');
    const std::size_t first = second == key.npos || second == 0 ? key.npos : key.rfind(':', second - 1);
    if (first == key.npos || first <= prefix.size() || !is_hex(key.substr(first + 1, second - first - 1)) ||
        !is_hex(key.substr(second + 1))) {
        return key;
    }
    return key.substr(prefix.size(), first - prefix.size());
}

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
    Record record{address, address_at(entry, at_node)};
    record.is_child = (number_at<std::uint32_t>(entry, at_flags) & flag_child) != 0;
    if (const auto read = read_key(record); !read) {
        return tl::unexpected<Error>(read.error());
    }
    if (hash_of(key(record)) != number_at<std::uint32_t>(entry, at_hash)) {
        return corrupt("the key of an entry of the cache is damaged");
    }
    for (std::size_t stream = 0; stream < streams; ++stream) {
        if (!claim_stream(stream_of(entry, stream), size_of(entry, stream))) {
            return corrupt("the data of an entry of the cache are not where it says");
        }
    }
    records_.push_back(record);
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

/// Most keys stay where they are: copies of them took a third of the time.
Result<void> Structure::read_key(Record& record)
{
    using namespace entry_record;
    const std::string_view entry = entry_bytes(record);
    const std::size_t length = key_length_of(entry);
    if (length <= longest_inner_key) {
        const bool sound = address_at(entry, at_long_key).value == 0 && entry[at_key + length] == '\0';
        return sound ? Result<void>() : corrupt("an entry of the cache is damaged");
    }
    auto key = read_long_key(entry);
    if (!key) {
        return tl::unexpected<Error>(key.error());
    }
    long_keys_.push_back(std::move(*key));
    record.long_key = static_cast<std::uint32_t>(long_keys_.size());
    return {};
}

Result<std::string> Structure::read_long_key(std::string_view entry)
{
    const std::size_t length = key_length_of(entry);
    const Address address = address_at(entry, entry_record::at_long_key);
    if (address.is_external() ? !claim_external(address)
                              : address.kind() == Kind::rankings || !blocks_.claim(address)) {
        return corrupt("a long key in the cache is not where its entry says");
    }
    if (!address.is_external()) {
        return blocks_.read(address, length);
    }
    auto key = files::read_file(folder_ / external_name(address), longest_key + 1);
    if (!key || key->size() != length + 1) {
        return corrupt("a long key in the cache cannot be read");
    }
    key->pop_back();
    return key;
}

std::string_view Structure::key(const Record& record) const
{
    if (record.long_key > 0) {
        return long_keys_[record.long_key - 1];
    }
    const std::string_view entry = entry_bytes(record);
    return entry.substr(entry_record::at_key, key_length_of(entry));
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

}  // namespace unstick::blockfile_cache
