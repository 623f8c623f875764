#pragma once
// The block files data_0, data_1, ... of a blockfile cache: which blocks are in use, by whom, and what stands in them.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "containers/blockfile/layout.h"
#include "platform/files.h"

namespace unstick::blockfile_cache {

/// The error for a cache that is not as it must be, with the way out for the user.
tl::unexpected<Error> broken(Code code, const files::fs::path& folder, std::string what);

/// What is done with a cache.
enum class Purpose { looking, changing };

/// All block files of a cache. Rankings are held in memory and, for changing, the 256-byte blocks, too. Of the others,
/// which hold what web sites sent, the headers only. Changes reach the disk with `flush`.
class BlockFiles {
public:
    /// Opens data_0 to data_3 and those chained to them. Errors: corrupt (a file is missing, too short, half written,
    /// in two chains, or its header contradicts itself), unsupported (magic, version), denied, io.
    static Result<BlockFiles> open(const files::fs::path& folder, Purpose purpose);

    /// Are there blocks at this address, in use or not?
    bool is_place(Address address) const;

    /// Called with the number of a place, and what stands there.
    using Visit = std::function<Result<void>(std::size_t number, std::string_view bytes)>;
    /// Calls `visit` for each of these places, several at once, until one fails. They are 256-byte blocks, in the order
    /// in which they lie. Errors: corrupt, denied, io, and what `visit` fails with.
    Result<void> visit(std::span<const Address> places, const Visit& visit) const;

    /// Notes that something refers to these blocks; several threads may. False if the address makes no sense, the
    /// blocks are not in use, or something else refers to them already: so a second claim also finds every cycle.
    /// Before anything is changed.
    bool claim(Address address);
    /// Does a claim begin there?
    bool is_claimed(Address address) const;
    /// What has been claimed of a kind, in the order in which it lies.
    std::vector<Address> claimed(Kind kind) const;
    /// Whether every file counts at least as many allocations as were claimed in it.
    bool counts_agree() const;

    /// The bytes of claimed rankings or, for changing, 256-byte blocks. Valid until the next `allocate`.
    std::string_view view(Address address) const;
    char* edit(Address address);

    /// The first `size` bytes of claimed blocks of any kind. Errors: corrupt if there are fewer, io.
    Result<std::string> read(Address address, std::size_t size) const;
    /// Writes the beginning of claimed or allocated blocks of any kind.
    void write(Address address, std::string_view bytes);

    /// Gives claimed blocks back, filled with zeros as Chromium does.
    void release(Address address);
    /// Takes blocks, where Chromium would take them; lets a file grow or adds one if all are full.
    /// Errors: unsupported (the format allows no more).
    Result<Address> allocate(Kind kind, unsigned blocks);

    /// Writes all changes in place. Errors: io.
    Result<void> flush();

private:
    struct Patch {
        std::uint64_t offset = 0;
        std::string bytes;
        std::size_t zeros = 0;  ///< instead of bytes
    };
    struct File {
        bool present = false;
        bool is_new = false;
        bool changed = false;
        Kind kind = Kind::rankings;
        std::string bytes;  ///< all of it, or the header
        /// For each byte of the header's bitmap: which of its blocks are claimed and, 8 bits higher, where a claim
        /// begins.
        std::vector<std::atomic<std::uint16_t>> claims;
        std::vector<Patch> patches;                ///< beyond `bytes`
        std::array<unsigned, most_blocks> from{};  ///< no group of n+1 free blocks before this one
        unsigned max_blocks() const { return number_at<std::uint32_t>(bytes, block_file::at_max_blocks); }
        bool is_whole = false;  ///< `bytes` is all of it
        bool in_memory() const { return is_whole; }
        std::size_t count_claims() const;
    };

    BlockFiles(files::fs::path folder, Purpose purpose)
        : folder_(std::move(folder)), purpose_(purpose), files_(block_file::files)
    {
    }
    bool is_in_use(Address address) const;
    Result<unsigned> open_file(const files::Folder& folder, unsigned number, Kind kind);
    Result<void> visit_near(std::span<const Address> places, std::size_t first, std::string& buffer,
                            const files::Input* input, const Visit& visit) const;
    static std::optional<unsigned> find_free(File& file, unsigned blocks);
    static bool grow(File& file);
    Result<unsigned> next_file(unsigned number);
    Result<void> flush_file(unsigned number);

    files::fs::path folder_;
    Purpose purpose_;
    std::vector<File> files_;
};

}  // namespace unstick::blockfile_cache
