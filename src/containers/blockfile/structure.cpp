// Reading: walking and checking.

#include "containers/blockfile/structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "containers/blockfile/records.h"

namespace unstick::blockfile_cache {

namespace {

constexpr auto damaged_entry = "an entry of the cache is damaged";
constexpr auto damaged_key = "the key of an entry of the cache is damaged";
constexpr auto damaged_node = "a place in a list of the cache is damaged";
constexpr auto not_an_entry = "an address in the cache leads nowhere, or where another one leads";

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

/// As far as an entry tells itself, but for its hashes.
bool makes_sense(Address address, std::string_view entry)
{
    using namespace entry_record;
    const std::size_t length = key_length_of(entry);
    const auto state = number_at<std::int32_t>(entry, at_state);
    const bool is_inner = length <= longest_inner_key;
    return length > 0 && length <= longest_key && blocks_for(length) == address.blocks() && state >= normal &&
           state <= doomed &&
           (!is_inner || (address_at(entry, at_long_key).value == 0 && entry[at_key + length] == '\0'));
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

Result<Structure> Structure::open(const files::fs::path& folder, Purpose purpose, Wanted wanted)
{
    TRY_ASSIGN(auto index, read_index(folder));
    TRY_ASSIGN(auto blocks, BlockFiles::open(folder, purpose));
    Structure cache(folder, std::move(index), std::move(blocks), purpose, std::move(wanted));
    const auto entries = static_cast<std::size_t>(number_at<std::int32_t>(cache.index_, index_file::at_entries));
    if (entries > std::size_t{block_file::files} * block_file::most_blocks_in_file) {
        return cache.corrupt("the index counts more entries than there can be");
    }
    for (std::uint8_t list = 0; list < index_file::lists; ++list) {
        TRY(cache.walk_list(list));
    }
    TRY(cache.read_entries());
    const Address stats = address_at(cache.index_, index_file::at_stats);
    if (stats.value != 0 && !cache.blocks_.claim(stats)) {
        return cache.corrupt("the statistics of the cache are not where the index says");
    }
    TRY(cache.walk_table());
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

/// From head to tail. Each node must be linked both ways; the ends point at themselves. What they name is only noted.
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
        if (const Address contents = address_at(node, at_contents);
            contents.value == 0 ? !is_hashed(node, at_self_hash) : !claim_entry(contents)) {
            return corrupt(contents.value == 0 ? damaged_node : not_an_entry);
        }
        const Address next = address_at(node, at_next);
        if (next == current) {
            return current == tail ? Result<void>() : corrupt("a list of the cache ends where it should not");
        }
        previous = current;
        current = next;
    }
}

/// All that lists name, in the order in which it lies: to read each when a list leads to it, here and there in memory
/// or on the disk, took three times as long.
Result<void> Structure::read_entries()
{
    const std::vector<Address> places = blocks_.claimed(Kind::block_256);
    records_.resize(places.size());
    TRY(blocks_.visit(places, [&](std::size_t number, std::string_view entry) {
        Record& record = records_[number];
        record.address = places[number];
        record.node = address_at(entry, entry_record::at_node);
        if (record.node.kind() != Kind::rankings || !blocks_.is_claimed(record.node) ||
            address_at(blocks_.view(record.node), node_record::at_contents) != record.address) {
            return Result<void>(corrupt("a place in a list and its entry do not belong together"));
        }
        return take(record, entry);
    }));
    for (std::size_t i = 0; i < records_.size(); ++i) {
        remember(records_[i].address, i);
    }
    for (std::uint8_t list = 0; list < index_file::lists; ++list) {
        for (const Node& node : lists_[list]) {
            if (const auto index = index_of(address_at(blocks_.view(node.address), node_record::at_contents))) {
                records_[*index].list = list;
            }
        }
    }
    return {};
}

/// Follows some chains at once, an entry of each at a time: the next entry of a chain is anywhere in memory, and while
/// it comes, others are looked at.
Result<void> Structure::walk_table()
{
    constexpr std::uint32_t at_once = 4096;
    std::vector<Step> steps;
    steps.reserve(at_once);
    for (std::uint32_t number = 0; number < table_length(); ++number) {
        if (bucket(number).value != 0) {
            steps.push_back({number, bucket(number)});
        }
        if (steps.size() == at_once || number + 1 == table_length()) {
            TRY(follow(steps));
        }
    }
    return {};
}

/// To the ends of these chains; leaves none.
Result<void> Structure::follow(std::vector<Step>& steps)
{
    while (!steps.empty()) {
        std::size_t going_on = 0;
        for (const Step step : steps) {
            auto index = index_of(step.entry);
            if (!index) {
                TRY_ASSIGN(index, reach_unlisted(step.entry));
            }
            Record& record = records_[*index];
            if (record.in_table) {
                return corrupt("a chain of the cache goes round");
            }
            if (bucket_of(record) != step.bucket) {
                return corrupt("an entry of the cache is in a chain where it does not belong");
            }
            record.in_table = true;
            steps[going_on] = {step.bucket, record.next};
            going_on += record.next.value != 0 ? 1U : 0U;
        }
        steps.resize(going_on);
    }
    return {};
}

/// An entry in no list: the browser was cut off when it made it.
Result<std::size_t> Structure::reach_unlisted(Address address)
{
    using namespace node_record;
    if (!claim_entry(address)) {
        return corrupt(not_an_entry);
    }
    TRY_ASSIGN(const std::string entry, blocks_.read(address, address.capacity()));
    const Address node = address_at(entry, entry_record::at_node);
    if (node.kind() != Kind::rankings || node.blocks() != 1 || !blocks_.claim(node)) {
        return corrupt("an entry of the cache has lost its place in the lists");
    }
    if (address_at(blocks_.view(node), at_next).value != 0 || address_at(blocks_.view(node), at_previous).value != 0) {
        return corrupt("an entry of the cache is not in the list where it should be");
    }
    Record record{.address = address, .node = node};
    TRY(take(record, entry));
    remember(address, records_.size());
    records_.push_back(record);
    return records_.size() - 1;
}

bool Structure::claim_entry(Address address)
{
    return address.kind() == Kind::block_256 && blocks_.claim(address);
}

/// Checks an entry, and claims all that it refers to but its node. Several threads at once.
Result<void> Structure::take(Record& record, std::string_view entry)
{
    using namespace entry_record;
    if (!makes_sense(record.address, entry)) {
        return corrupt(damaged_entry);
    }
    const std::size_t length = key_length_of(entry);
    const std::string_view inner_key = length <= longest_inner_key ? entry.substr(at_key, length) : std::string_view();
    record.hash = number_at<std::uint32_t>(entry, at_hash);
    record.next = address_at(entry, at_next);
    const auto [own, of_key] = hashes_of(entry.substr(0, at_self_hash), inner_key);
    if (!is_hash(number_at<std::uint32_t>(entry, at_self_hash), own)) {
        return corrupt(damaged_entry);
    }
    if (!inner_key.empty() && of_key != record.hash) {
        return corrupt(damaged_key);
    }
    if (!is_hashed(blocks_.view(record.node), node_record::at_self_hash)) {
        return corrupt(damaged_node);
    }
    for (std::size_t stream = 0; stream < streams; ++stream) {
        if (!claim_stream(stream_of(entry, stream), size_of(entry, stream))) {
            return corrupt("the data of an entry of the cache are not where it says");
        }
    }
    if (inner_key.empty()) {
        TRY_ASSIGN(const auto key, read_long_key(entry, record.hash));
        keep_if_wanted(record, entry, key);
    } else {
        keep_if_wanted(record, entry, inner_key);
    }
    return {};
}

/// For changing, entries are in memory, but for long keys.
void Structure::keep_if_wanted(Record& record, std::string_view entry, std::string_view key)
{
    const bool is_long = key.size() > entry_record::longest_inner_key;
    if (purpose_ == Purpose::changing ? !is_long : wanted_ && !wanted_(owner_of(key, is_child(entry)))) {
        return;
    }
    const std::lock_guard lock(*sharing_);
    kept_.push_back({std::string(purpose_ == Purpose::changing ? std::string_view() : entry),
                     std::string(is_long ? key : std::string_view())});
    record.kept = static_cast<std::uint32_t>(kept_.size());
}

bool Structure::claim_external(Address address)
{
    const std::lock_guard lock(*sharing_);
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

Result<std::string> Structure::read_long_key(std::string_view entry, std::uint32_t hash)
{
    const Address address = address_at(entry, entry_record::at_long_key);
    const std::size_t length = key_length_of(entry);
    if (address.is_external() ? !claim_external(address)
                              : address.kind() == Kind::rankings || !blocks_.claim(address)) {
        return corrupt("a long key in the cache is not where its entry says");
    }
    std::string key;
    if (address.is_external()) {
        auto bytes = files::read_file(folder_ / external_name(address), longest_key + 1);
        if (!bytes || bytes->size() != length + 1) {
            return corrupt("a long key in the cache cannot be read");
        }
        bytes->pop_back();
        key = std::move(*bytes);
    } else {
        TRY_ASSIGN(key, blocks_.read(address, length));
    }
    return hash_of(key) == hash ? Result<std::string>(std::move(key)) : corrupt(damaged_key);
}

std::string_view Structure::entry_bytes(const Record& record) const
{
    return purpose_ == Purpose::changing ? blocks_.view(record.address) : kept_[record.kept - 1].entry;
}

std::string_view Structure::key(const Record& record) const
{
    const std::string_view entry = entry_bytes(record);
    const std::size_t length = key_length_of(entry);
    return length > entry_record::longest_inner_key ? std::string_view(kept_[record.kept - 1].long_key)
                                                    : entry.substr(entry_record::at_key, length);
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
