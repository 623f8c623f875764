#include "containers/blockfile/blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <map>
#include <numeric>

#include "base/side_by_side.h"

namespace unstick::blockfile_cache {

namespace {

using namespace block_file;

std::string name_of(unsigned number)
{
    return fmt::format("data_{}", number);
}

/// The bits of an allocation within its byte of a bitmap: blocks never cross a group of four.
struct Bits {
    std::size_t byte = 0;
    unsigned mask = 0;
};
Bits bits_of(Address address)
{
    return {address.block() / 8U, ((1U << address.blocks()) - 1U) << (address.block() % 8U)};
}
/// And, 8 bits higher, where it begins.
std::uint16_t claim_bits(Address address)
{
    return static_cast<std::uint16_t>(bits_of(address).mask | 1U << (8 + address.block() % 8U));
}
bool has(char byte, unsigned mask)
{
    return (static_cast<unsigned char>(byte) & mask) == mask;
}
void set_bits(char& byte, unsigned mask)
{
    byte = static_cast<char>(static_cast<unsigned char>(byte) | mask);
}
void clear_bits(char& byte, unsigned mask)
{
    byte = static_cast<char>(static_cast<unsigned char>(byte) & ~mask);
}

std::uint64_t offset_of(Address address)
{
    return header_size + std::uint64_t{address.block()} * block_size(address.kind());
}

/// Free blocks at the end of a group of four: all that can be taken from it.
unsigned free_in(std::string_view header, unsigned group)
{
    const auto byte = number_at<std::uint8_t>(header, at_bitmap + group / 2);
    const unsigned used = (group % 2 == 0 ? byte : byte >> 4U) & 0xfU;
    return static_cast<unsigned>(std::countl_zero(used << 28U | 1U << 27U));
}

void add_allocations(std::string& header, std::int32_t change)
{
    put_number(header.data(), at_allocations, number_at<std::int32_t>(header, at_allocations) + change);
}

/// Counts the groups by their free blocks anew, and drops the hints where to look for one.
void recount(std::string& header)
{
    std::array<std::int32_t, most_blocks> empty{};
    for (unsigned group = 0; group < number_at<std::uint32_t>(header, at_max_blocks) / most_blocks; ++group) {
        if (const unsigned free = free_in(header, group); free > 0) {
            ++empty[free - 1];
        }
    }
    std::memcpy(header.data() + at_empty, empty.data(), sizeof(empty));
    std::memset(header.data() + at_hints, 0, sizeof(empty));
}

std::string new_header(unsigned number, Kind kind)
{
    std::string header(header_size, '\0');
    put_number(header.data(), at_magic, magic);
    put_number(header.data(), at_version, version);
    put_number(header.data(), at_this, static_cast<std::int16_t>(number));
    put_number(header.data(), at_block_size, static_cast<std::int32_t>(block_size(kind)));
    return header;
}

/// What is wrong with the header of a block file; empty if nothing.
std::string wrong_with(std::string_view header, std::uint64_t file_size, unsigned number, Kind kind)
{
    const auto max_blocks = number_at<std::uint32_t>(header, at_max_blocks);
    if (number_at<std::uint32_t>(header, at_block_size) != block_size(kind) ||
        number_at<std::uint16_t>(header, at_this) != number) {
        return "is not the file that it should be";
    }
    if (max_blocks > most_blocks_in_file || max_blocks % 32 != 0 ||
        file_size < header_size + std::uint64_t{max_blocks} * block_size(kind)) {
        return "is shorter than it says";
    }
    if (number_at<std::int32_t>(header, at_updating) != 0) {
        return "was being changed when the browser ended";
    }
    if (number_at<std::uint32_t>(header, at_allocations) > max_blocks) {
        return "counts more blocks than it has";
    }
    return {};
}

}  // namespace

tl::unexpected<Error> broken(Code code, const files::fs::path& folder, std::string what)
{
    return fail(code, folder.string(), std::move(what), "remove the whole cache with --only cache --whole-cache");
}

Result<BlockFiles> BlockFiles::open(const files::fs::path& folder_path, Purpose purpose)
{
    TRY_ASSIGN(const auto folder, files::Folder::open(folder_path));
    BlockFiles all(folder_path, purpose);
    for (unsigned first = 0; first < first_additional; ++first) {
        for (unsigned number = first;;) {
            TRY_ASSIGN(const auto next, all.open_file(folder, number, static_cast<Kind>(first + 1)));
            if (next == 0) {
                break;
            }
            if (next < first_additional || next >= block_file::files || all.files_[next].present) {
                return broken(Code::corrupt, folder_path,
                              name_of(number) + " continues in a file that cannot be right");
            }
            number = next;
        }
    }
    return all;
}

/// Reads and checks one file; returns the number of the next one in its chain, or 0.
Result<unsigned> BlockFiles::open_file(const files::Folder& folder, unsigned number, Kind kind)
{
    const std::string name = name_of(number);
    const auto info = folder.info(name.c_str());
    if (!info && info.error().code == Code::not_found) {
        return broken(Code::corrupt, folder_, name + " is missing");
    }
    TRY(info);
    File file;
    file.present = true;
    file.kind = kind;
    file.is_whole = kind == Kind::rankings || (kind == Kind::block_256 && purpose_ == Purpose::changing);
    const std::uint64_t largest = header_size + std::uint64_t{most_blocks_in_file} * block_size(kind);
    const std::uint64_t wanted = file.in_memory() ? std::min(info->size, largest) : header_size;
    file.bytes.resize(wanted);
    TRY_ASSIGN(const auto read, folder.read(name.c_str(), 0, file.bytes));
    if (read < wanted || wanted < header_size) {
        return broken(Code::corrupt, folder_, name + " is too short");
    }
    if (number_at<std::uint32_t>(file.bytes, at_magic) != magic ||
        number_at<std::uint32_t>(file.bytes, at_version) != version) {
        return broken(Code::unsupported, folder_, name + " is of a version that is not known");
    }
    if (const std::string wrong = wrong_with(file.bytes, info->size, number, kind); !wrong.empty()) {
        return broken(Code::corrupt, folder_, name + " " + wrong);
    }
    file.claims = std::vector<std::atomic<std::uint16_t>>(header_size - at_bitmap);
    const unsigned next = number_at<std::uint16_t>(file.bytes, at_next);
    files_[number] = std::move(file);
    return next;
}

bool BlockFiles::is_place(Address address) const
{
    constexpr std::uint32_t reserved_bits = 0x0c000000;
    if (!address.is_set() || address.is_external() || (address.value & reserved_bits) != 0) {
        return false;
    }
    const File& file = files_[address.file()];
    return file.present && file.kind == address.kind() && address.block() + address.blocks() <= file.max_blocks() &&
           address.block() % most_blocks + address.blocks() <= most_blocks;
}

Result<void> BlockFiles::visit(std::span<const Address> places, const Visit& visit) const
{
    // In large steps: so much at once costs hardly more than a block, and what lies between two places is mostly less.
    // Not larger: memory that a thread has for the first time costs more than what it reads there.
    constexpr unsigned step = 256;  // blocks
    constexpr std::size_t most_readers = 8;
    TRY_ASSIGN(const auto folder, files::Folder::open(folder_));
    std::map<unsigned, files::Input> inputs;
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const bool is_first = i == 0 || places[i].file() != places[i - 1].file();
        if (is_first && !files_[places[i].file()].in_memory()) {
            TRY_ASSIGN(auto input, folder.open_file(name_of(places[i].file()).c_str()));
            inputs.emplace(places[i].file(), std::move(input));
        }
        if (is_first || places[i].block() / step != places[i - 1].block() / step) {
            starts.push_back(i);
        }
    }
    std::vector<Result<void>> done(starts.size());
    std::atomic<std::size_t> next = 0;
    side_by_side(std::min(starts.size(), most_readers), [&](std::size_t) {
        std::string buffer;
        for (std::size_t i = next++; i < starts.size(); i = next++) {
            const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : places.size();
            const auto input = inputs.find(places[starts[i]].file());
            done[i] = visit_near(places.subspan(starts[i], end - starts[i]), starts[i], buffer,
                                 input == inputs.end() ? nullptr : &input->second, visit);
        }
    });
    const auto failed = std::find_if(done.begin(), done.end(), [](const Result<void>& one) { return !one; });
    return failed == done.end() ? Result<void>() : *failed;
}

/// Places of one file, near each other, in one read; `first` is the number of the first one, and `buffer` for any use.
/// Without `input` they are in memory.
Result<void> BlockFiles::visit_near(std::span<const Address> places, std::size_t first, std::string& buffer,
                                    const files::Input* input, const Visit& visit) const
{
    std::string_view bytes = files_[places.front().file()].bytes;
    std::uint64_t start = 0;  // of `bytes` in the file
    if (input != nullptr) {
        start = offset_of(places.front());
        const std::size_t size = offset_of(places.back()) + places.back().capacity() - start;
        buffer.resize(std::max(buffer.size(), size));
        TRY_ASSIGN(const auto read, input->read(start, {buffer.data(), size}));
        if (read < size) {
            return broken(Code::corrupt, folder_, "a block file is shorter than it says");
        }
        bytes = std::string_view(buffer).substr(0, size);
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        TRY(visit(first + i, bytes.substr(offset_of(places[i]) - start, places[i].capacity())));
    }
    return {};
}

std::size_t BlockFiles::File::count_claims() const
{
    std::size_t count = 0;
    for (const auto& eight : claims) {
        count += static_cast<std::size_t>(std::popcount(unsigned{eight.load(std::memory_order_relaxed)} >> 8U));
    }
    return count;
}

bool BlockFiles::is_in_use(Address address) const
{
    const Bits bits = bits_of(address);
    return is_place(address) && has(files_[address.file()].bytes[at_bitmap + bits.byte], bits.mask);
}

bool BlockFiles::claim(Address address)
{
    const Bits bits = bits_of(address);
    return is_in_use(address) &&
           (files_[address.file()].claims[bits.byte].fetch_or(claim_bits(address), std::memory_order_relaxed) &
            bits.mask) == 0;
}

bool BlockFiles::is_claimed(Address address) const
{
    return is_place(address) && (files_[address.file()].claims[address.block() / 8].load(std::memory_order_relaxed) &
                                 claim_bits(address)) == claim_bits(address);
}

std::vector<Address> BlockFiles::claimed(Kind kind) const
{
    std::vector<Address> all;
    all.reserve(std::accumulate(files_.begin(), files_.end(), std::size_t{0}, [&](std::size_t sum, const File& file) {
        return sum + (file.kind == kind ? file.count_claims() : 0);
    }));
    for (unsigned number = 0; number < files_.size(); ++number) {
        const auto& claims = files_[number].claims;
        for (unsigned byte = 0; byte < claims.size() && files_[number].kind == kind; ++byte) {
            const unsigned bits = claims[byte].load(std::memory_order_relaxed);
            for (unsigned block = 0; block < 8 && bits != 0; ++block) {
                const auto is = [&](unsigned which) { return (bits >> which & 1U) != 0; };
                if (!is(8 + block)) {
                    continue;
                }
                unsigned blocks = 1;
                while ((block + blocks) % most_blocks != 0 && is(block + blocks) && !is(8 + block + blocks)) {
                    ++blocks;
                }
                all.push_back(Address::of_blocks(kind, blocks, number, byte * 8 + block));
            }
        }
    }
    return all;
}

bool BlockFiles::counts_agree() const
{
    return std::all_of(files_.begin(), files_.end(), [](const File& file) {
        return !file.present || file.count_claims() <= number_at<std::uint32_t>(file.bytes, at_allocations);
    });
}

std::string_view BlockFiles::view(Address address) const
{
    return std::string_view(files_[address.file()].bytes).substr(offset_of(address), address.capacity());
}

char* BlockFiles::edit(Address address)
{
    File& file = files_[address.file()];
    file.changed = true;
    return file.bytes.data() + offset_of(address);
}

Result<std::string> BlockFiles::read(Address address, std::size_t size) const
{
    if (size > address.capacity()) {
        return broken(Code::corrupt, folder_, "something is longer than its place");
    }
    if (files_[address.file()].in_memory()) {
        return std::string(view(address).substr(0, size));
    }
    TRY_ASSIGN(const auto folder, files::Folder::open(folder_));
    std::string bytes(size, '\0');
    TRY_ASSIGN(const auto read, folder.read(name_of(address.file()).c_str(), offset_of(address), bytes));
    if (read < size) {
        return broken(Code::corrupt, folder_, name_of(address.file()) + " is shorter than it says");
    }
    return bytes;
}

void BlockFiles::write(Address address, std::string_view bytes)
{
    if (files_[address.file()].in_memory()) {
        std::memcpy(edit(address), bytes.data(), bytes.size());
    } else {
        files_[address.file()].patches.push_back({offset_of(address), std::string(bytes), 0});
    }
}

void BlockFiles::release(Address address)
{
    File& file = files_[address.file()];
    if (file.in_memory()) {
        std::memset(edit(address), 0, address.capacity());
    } else {
        file.patches.push_back({offset_of(address), {}, address.capacity()});
    }
    const Bits bits = bits_of(address);
    clear_bits(file.bytes[at_bitmap + bits.byte], bits.mask);
    add_allocations(file.bytes, -1);
    file.from = {};
    file.changed = true;
}

/// The first of that many free blocks, from the fullest group that has them, as Chromium does.
std::optional<unsigned> BlockFiles::find_free(File& file, unsigned blocks)
{
    const unsigned groups = file.max_blocks() / most_blocks;
    for (unsigned size = blocks; size <= most_blocks; ++size) {
        for (unsigned& group = file.from[size - 1]; group < groups; ++group) {
            if (free_in(file.bytes, group) == size) {
                return (group + 1) * most_blocks - size;
            }
        }
    }
    return std::nullopt;
}

/// False if the file is as large as the format allows.
bool BlockFiles::grow(File& file)
{
    const unsigned wanted = std::min(file.max_blocks() + growth, most_blocks_in_file);
    if (wanted == file.max_blocks()) {
        return false;
    }
    put_number(file.bytes.data(), at_max_blocks, wanted);
    if (file.in_memory()) {
        file.bytes.resize(std::max(file.bytes.size(), header_size + wanted * block_size(file.kind)));
    }
    return true;
}

/// Makes the file that continues a full one. Returns its number.
Result<unsigned> BlockFiles::next_file(unsigned number)
{
    for (unsigned next = first_additional; next < block_file::files; ++next) {
        if (files_[next].present || files::info(folder_ / name_of(next))) {
            continue;
        }
        File file;
        file.present = file.is_new = file.changed = true;
        file.kind = files_[number].kind;
        file.is_whole = files_[number].is_whole;
        file.bytes = new_header(next, file.kind);
        files_[next] = std::move(file);
        put_number(files_[number].bytes.data(), at_next, static_cast<std::int16_t>(next));
        files_[number].changed = true;
        return next;
    }
    return fail(Code::unsupported, folder_.string(), "the cache has no room for what should come back");
}

Result<Address> BlockFiles::allocate(Kind kind, unsigned blocks)
{
    for (unsigned number = static_cast<unsigned>(kind) - 1;;) {
        File& file = files_[number];
        auto block = find_free(file, blocks);
        if (!block) {
            const unsigned next = number_at<std::uint16_t>(file.bytes, at_next);
            if (next == 0 && grow(file)) {
                continue;
            }
            TRY_ASSIGN(const auto created, next != 0 ? Result<unsigned>(next) : next_file(number));
            number = created;
            continue;
        }
        const auto address = Address::of_blocks(kind, blocks, number, *block);
        const Bits bits = bits_of(address);
        set_bits(file.bytes[at_bitmap + bits.byte], bits.mask);
        add_allocations(file.bytes, 1);
        const auto left = most_blocks - *block % most_blocks - blocks;
        if (left > 0) {  // its group may now be the first with so few free blocks
            file.from[left - 1] = std::min(file.from[left - 1], *block / most_blocks);
        }
        file.changed = true;
        return address;
    }
}

Result<void> BlockFiles::flush()
{
    for (unsigned number = 0; number < files_.size(); ++number) {
        if (files_[number].changed) {
            TRY(flush_file(number));
        }
    }
    return {};
}

Result<void> BlockFiles::flush_file(unsigned number)
{
    File& file = files_[number];
    recount(file.bytes);
    const files::fs::path path = folder_ / name_of(number);
    TRY_ASSIGN(auto output, file.is_new ? files::Output::create(path) : files::Output::open(path));
    auto written = output.write(0, file.bytes);
    const std::string zeros(largest_in_blocks, '\0');
    for (auto patch = file.patches.begin(); written && patch != file.patches.end(); ++patch) {
        written = output.write(patch->offset,
                               patch->zeros > 0 ? std::string_view(zeros).substr(0, patch->zeros) : patch->bytes);
    }
    const std::uint64_t needed = header_size + std::uint64_t{file.max_blocks()} * block_size(file.kind);
    if (written = written.and_then([&] { return output.extend(needed); }); !written) {
        return written;
    }
    file.patches.clear();
    file.changed = file.is_new = false;
    return {};
}

}  // namespace unstick::blockfile_cache
