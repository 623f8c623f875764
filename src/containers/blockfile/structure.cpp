// Reading: walking and checking.

#include "containers/blockfile/structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <mutex>

#include "containers/blockfile/records.h"

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

std::string text_of(Fault fault)
{
    return fault == Fault::key ? "the key of an entry of the cache is damaged" : "an entry of the cache is damaged";
}

/// The key that stands in an entry; empty if it is longer, or the entry damaged.
std::string_view inner_key(const Record& record, std::string_view entry)
{
    const bool is_inner = record.fault == Fault::none && record.key_length <= entry_record::longest_inner_key;
    return is_inner ? entry.substr(entry_record::at_key, record.key_length) : std::string_view();
}

Fault fault_of(const Record& record, std::string_view entry)
{
    using namespace entry_record;
    const std::size_t length = record.key_length;
    const auto state = number_at<std::int32_t>(entry, at_state);
    if (length == 0 || length > longest_key || blocks_for(length) != record.address.blocks() || state < normal ||
        state > doomed) {
        return Fault::entry;
    }
    if (length > longest_inner_key) {
        return is_hashed(entry, at_self_hash) ? Fault::none : Fault::entry;
    }
    const auto [own, of_key] = hashes_of(entry.substr(0, at_self_hash), entry.substr(at_key, length));
    const auto self_hash = number_at<std::uint32_t>(entry, at_self_hash);
    if (!is_hash(self_hash, own) || record.long_key.value != 0 || entry[at_key + length] != '\0') {
        return Fault::entry;
    }
    return of_key == record.hash ? Fault::none : Fault::key;
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

Record record_of(Address address, std::string_view entry)
{
    using namespace entry_record;
    Record record{address, address_at(entry, at_node), address_at(entry, at_next), address_at(entry, at_long_key)};
    for (std::size_t stream = 0; stream < streams; ++stream) {
        record.streams[stream] = stream_of(entry, stream);
        record.sizes[stream] = size_of(entry, stream);
    }
    record.hash = number_at<std::uint32_t>(entry, at_hash);
    record.key_length = key_length_of(entry);
    record.is_child = (number_at<std::uint32_t>(entry, at_flags) & flag_child) != 0;
    record.fault = fault_of(record, entry);
    return record;
}

Result<Structure> Structure::open(const files::fs::path& folder, Purpose purpose, Wanted wanted)
{
    TRY_ASSIGN(auto index, read_index(folder));
    TRY_ASSIGN(auto blocks, BlockFiles::open(folder, purpose));
    Structure cache(folder, std::move(index), std::move(blocks), purpose, std::move(wanted));
    const auto entries = static_cast<std::size_t>(number_at<std::int32_t>(cache.index_, index_file::at_entries));
    if (entries > std::size_t{block_file::files} * block_file::most_blocks_in_file) {
        return cache.corrupt("the index counts more entries than there can be");
    }
    TRY(cache.read_records());
    const Address stats = address_at(cache.index_, index_file::at_stats);
    if (stats.value != 0 && !cache.blocks_.claim(stats)) {
        return cache.corrupt("the statistics of the cache are not where the index says");
    }
    for (std::uint8_t list = 0; list < index_file::lists; ++list) {
        TRY(cache.walk_list(list));
    }
    TRY(cache.walk_table());
    cache.forget_unreached();
    if (cache.records_.size() != entries) {
        return cache.corrupt(
            fmt::format("{} entries were found where the index counts {}", cache.records_.size(), entries));
    }
    if (!cache.blocks_.counts_agree()) {
        return cache.corrupt("a block file counts fewer blocks than are in use");
    }
    return cache;
}

/// Reads all that may be an entry once, in the order in which it lies: to read each when a list leads to it, here and
/// there in memory or on the disk, took three times as long.
Result<void> Structure::read_records()
{
    const auto places = blocks_.contents();
    records_.resize(places.size());
    std::mutex mutex;
    TRY(blocks_.visit(places, [&](std::size_t number, std::string_view entry) {
        Record& record = records_[number];
        record = record_of(places[number], entry);
        record.has_sound_node = is_sound_node(record.node);
        if (const auto key = inner_key(record, entry); is_kept(key, record)) {
            const std::lock_guard lock(mutex);
            keep_key(record, key);
        }
    }));
    for (std::size_t i = 0; i < records_.size(); ++i) {
        remember(records_[i].address, i);
    }
    return {};
}

bool Structure::is_sound_node(Address node) const
{
    return blocks_.is_place(node) && node.kind() == Kind::rankings &&
           is_hashed(blocks_.view(node), node_record::at_self_hash);
}

/// For changing, keys are in memory with their entries, but for long ones.
bool Structure::is_kept(std::string_view key, const Record& record) const
{
    const bool is_of_use = purpose_ == Purpose::changing ? record.key_length > entry_record::longest_inner_key
                                                         : !wanted_ || wanted_(owner_of(key, record.is_child));
    return !key.empty() && is_of_use;
}

void Structure::keep_key(Record& record, std::string_view key)
{
    keys_.emplace_back(key);
    record.key = static_cast<std::uint32_t>(keys_.size());
}

/// What the browser has left: a place that was not cleared when its entry went.
void Structure::forget_unreached()
{
    if (reached_ == records_.size()) {
        return;
    }
    std::erase_if(records_, [](const Record& record) { return !record.is_reached; });
    by_block_ = {};
    for (std::size_t i = 0; i < records_.size(); ++i) {
        remember(records_[i].address, i);
    }
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
        if (address_at(node, at_previous) != previous) {
            return corrupt("a list of the cache is not the same in both directions");
        }
        ++list_lengths_[list];
        if (purpose_ == Purpose::changing) {
            lists_[list].push_back({current, number_at<std::uint64_t>(node, at_last_used)});
        }
        const Address next = address_at(node, at_next);
        bool is_sound = false;
        if (const Address contents = address_at(node, at_contents); contents.value != 0) {
            TRY_ASSIGN(const auto index, reach(contents));
            Record& record = records_[index];
            if (record.node != current) {
                return corrupt("a place in a list and its entry do not belong together");
            }
            record.list = list;
            is_sound = record.has_sound_node;
        } else {
            is_sound = is_hashed(node, at_self_hash);
        }
        if (!is_sound) {
            return corrupt("a place in a list of the cache is damaged");
        }
        if (next == current) {
            return current == tail ? Result<void>() : corrupt("a list of the cache ends where it should not");
        }
        previous = current;
        current = next;
    }
}

/// From each entry that is the first of its chain: so they are met in the order in which they lie in memory. The table
/// has them in none, and to follow it took a third of the time.
Result<void> Structure::walk_table()
{
    std::size_t chains = 0;
    for (std::uint32_t number = 0; number < table_length(); ++number) {
        chains += bucket(number).value != 0 ? 1U : 0U;
    }
    std::size_t walked = 0;
    for (std::size_t index = 0, known = records_.size(); index < known; ++index) {
        const std::uint32_t number = bucket_of(records_[index]);
        if (records_[index].is_reached && bucket(number) == records_[index].address) {
            TRY(walk_bucket(number, index));
            ++walked;
        }
    }
    // Others begin with an entry that is in no list, or that belongs elsewhere.
    for (std::uint32_t number = 0; walked < chains && number < table_length(); ++number) {
        const auto first = reached_at(bucket(number));
        if (bucket(number).value != 0 && (!first || bucket_of(records_[*first]) != number)) {
            TRY(walk_bucket(number, first));
            ++walked;
        }
    }
    return {};
}

/// `first`: the record of the first entry, if there is one yet.
Result<void> Structure::walk_bucket(std::uint32_t number, std::optional<std::size_t> first)
{
    std::optional<std::size_t> index = first;
    for (Address current = bucket(number); current.value != 0;) {
        if (!index) {
            TRY_ASSIGN(index, reach_unlisted(current));
        }
        Record& record = records_[*index];
        if (record.in_table) {
            return corrupt("a chain of the cache goes round");
        }
        if (bucket_of(record) != number) {
            return corrupt("an entry of the cache is in a chain where it does not belong");
        }
        record.in_table = true;
        current = record.next;
        index = current.value != 0 ? reached_at(current) : std::nullopt;
    }
    return {};
}

/// An entry in no list: the browser was cut off when it made it.
Result<std::size_t> Structure::reach_unlisted(Address address)
{
    using namespace node_record;
    TRY_ASSIGN(const auto index, reach(address));
    const Address node = records_[index].node;
    if (node.kind() != Kind::rankings || node.blocks() != 1 || !blocks_.claim(node)) {
        return corrupt("an entry of the cache has lost its place in the lists");
    }
    const std::string_view place = blocks_.view(node);
    if (!records_[index].has_sound_node || address_at(place, at_next).value != 0 ||
        address_at(place, at_previous).value != 0) {
        return corrupt("an entry of the cache is not in the list where it should be");
    }
    return index;
}

/// Something refers to an entry: claims all that this refers to but its node. Returns the index of its record.
Result<std::size_t> Structure::reach(Address address)
{
    if (address.kind() != Kind::block_256 || !blocks_.claim(address)) {
        return corrupt("an address in the cache leads nowhere, or where another one leads");
    }
    auto index = index_of(address);
    if (!index) {  // in no list, or no place in one names it
        TRY_ASSIGN(const std::string entry, blocks_.read(address, address.capacity()));
        index = records_.size();
        records_.push_back(record_of(address, entry));
        records_.back().has_sound_node = is_sound_node(records_.back().node);
        remember(address, *index);
        if (const auto key = inner_key(records_.back(), entry); is_kept(key, records_.back())) {
            keep_key(records_.back(), key);
        }
    }
    Record& record = records_[*index];
    if (record.fault != Fault::none) {
        return corrupt(text_of(record.fault));
    }
    if (record.key_length > entry_record::longest_inner_key) {
        TRY(read_long_key(record));
    }
    for (std::size_t stream = 0; stream < entry_record::streams; ++stream) {
        if (!claim_stream(record.streams[stream], record.sizes[stream])) {
            return corrupt("the data of an entry of the cache are not where it says");
        }
    }
    record.is_reached = true;
    ++reached_;
    return *index;
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

Result<void> Structure::read_long_key(Record& record)
{
    const Address address = record.long_key;
    if (address.is_external() ? !claim_external(address)
                              : address.kind() == Kind::rankings || !blocks_.claim(address)) {
        return corrupt("a long key in the cache is not where its entry says");
    }
    std::string key;
    if (address.is_external()) {
        auto bytes = files::read_file(folder_ / external_name(address), longest_key + 1);
        if (!bytes || bytes->size() != record.key_length + std::size_t{1}) {
            return corrupt("a long key in the cache cannot be read");
        }
        bytes->pop_back();
        key = std::move(*bytes);
    } else {
        TRY_ASSIGN(key, blocks_.read(address, record.key_length));
    }
    if (hash_of(key) != record.hash) {
        return corrupt(text_of(Fault::key));
    }
    if (is_kept(key, record)) {
        keep_key(record, key);
    }
    return {};
}

std::string_view Structure::key(const Record& record) const
{
    if (record.key > 0) {
        return keys_[record.key - 1];
    }
    return entry_bytes(record).substr(entry_record::at_key, record.key_length);
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

std::optional<std::size_t> Structure::reached_at(Address address) const
{
    const auto index = index_of(address);
    return index && records_[*index].is_reached ? index : std::nullopt;
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
