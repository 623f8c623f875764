#pragma once
// A blockfile cache as a whole: the table of buckets, the entries, and the lists in order of use.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "containers/blockfile/blocks.h"
#include "containers/blockfile/cache.h"

namespace unstick::blockfile_cache {

/// What is wrong with an entry, as far as it tells itself.
enum class Fault : std::uint8_t { none, entry, key };

/// An entry, without its key and its data. Small: there may be a hundred thousand.
struct Record {
    Address address;
    Address node;
    Address next = {};  ///< in its chain
    Address long_key = {};
    std::array<Address, entry_record::streams> streams = {};
    std::array<std::uint32_t, entry_record::streams> sizes = {};
    std::uint32_t hash = 0;  ///< of its key
    std::uint32_t key_length = 0;
    std::uint32_t key = 0;  ///< 1 + index in the structure's keys; 0: it is not kept there
    Fault fault = Fault::none;
    std::uint8_t list = index_file::lists;  ///< `lists`: in none
    bool is_reached : 1 = false;            ///< by a list or a chain
    bool in_table : 1 = false;              ///< a look-up finds it; not so if the browser was about to delete it
    bool removed : 1 = false;
    bool has_sound_node : 1 = false;  ///< as far as its hash tells
    bool is_child : 1 = false;        ///< holds a piece of another entry

    /// Of a stream, 0 to 3; 0 if it has no data.
    std::uint32_t stream_size(std::size_t stream) const { return streams[stream].is_set() ? sizes[stream] : 0; }
};

/// What an entry says, which stands at this address.
Record record_of(Address address, std::string_view entry);

/// The key that an entry belongs to: its own, or that of the entry of which it holds a piece
/// (`Range_<key>:<hex>:<hex>`). A view into `key`.
std::string_view owner_of(std::string_view key, bool is_child);

/// An open cache: all of it was walked and checked, so that every address in it can be followed.
class Structure {
public:
    /// Errors: corrupt, unsupported (as BlockFiles::open, or the index is wrong, a record's hash is, an address leads
    /// nowhere or where another does, a list or chain goes round or does not fit, or the number of entries differs),
    /// denied, not_found, io. All mean: hands off; `hint` says what the user can do.
    /// For looking, only keys whose owner is wanted stay in memory, and no data.
    static Result<Structure> open(const files::fs::path& folder, Purpose purpose, Wanted wanted = {});

    const std::vector<Record>& records() const { return records_; }
    bool has_key(const Record& record) const { return purpose_ == Purpose::changing || record.key > 0; }
    /// Of a record that `has_key`; valid until something changes.
    std::string_view key(const Record& record) const;
    std::string_view owner(const Record& record) const { return owner_of(key(record), record.is_child); }
    /// Only for changing.
    std::string_view entry_bytes(const Record& record) const { return blocks_.view(record.address); }
    std::string_view node_bytes(const Record& record) const { return blocks_.view(record.node); }
    /// The browser was cut off while it changed it, and throws it away when it meets it.
    bool is_dirty(const Record& record) const;
    const BlockFiles& blocks() const { return blocks_; }
    const files::fs::path& folder() const { return folder_; }
    bool one_list() const;  ///< oldest version: the first list only

    /// Takes records out; `finish` must follow.
    void remove(const std::vector<std::size_t>& indexes);

    /// What a new entry is made of.
    struct NewEntry {
        std::string_view key;
        std::string entry;  ///< record as on disk; hash, links, key and addresses are filled in
        std::string node;   ///< the same
        std::uint8_t list = 0;
        std::array<std::string_view, entry_record::streams> streams;  ///< contents; empty if none or external
        std::array<Address, entry_record::streams> external;          ///< files that are already in the folder
    };
    /// Errors: unsupported (no room), io. `finish` must follow.
    Result<void> insert(const NewEntry& entry);
    /// The address of a file in the folder that is not there yet. Errors: unsupported.
    Result<Address> new_external();

    /// Writes lists, index and block files, and deletes external files of removed entries. Errors: io.
    Result<void> finish();

private:
    /// A place in a list. A node without contents is what Chromium leaves of an entry that it gave up.
    struct Node {
        Address address;
        std::uint64_t last_used = 0;
    };

    Structure(files::fs::path folder, std::string index, BlockFiles blocks, Purpose purpose, Wanted wanted)
        : folder_(std::move(folder)),
          index_(std::move(index)),
          blocks_(std::move(blocks)),
          purpose_(purpose),
          wanted_(std::move(wanted))
    {
    }
    tl::unexpected<Error> corrupt(std::string what) const;
    Result<void> read_records();
    Result<void> walk_list(std::uint8_t list);
    Result<void> walk_table();
    Result<void> walk_bucket(std::uint32_t bucket, std::optional<std::size_t> first);
    Result<std::size_t> reach_unlisted(Address address);
    Result<std::size_t> reach(Address address);
    bool is_sound_node(Address node) const;
    bool is_kept(std::string_view key, const Record& record) const;
    void keep_key(Record& record, std::string_view key);
    Result<void> read_long_key(Record& record);
    bool claim_stream(Address address, std::uint32_t size);
    void forget_unreached();
    bool claim_external(Address address);

    std::uint32_t table_length() const { return number_at<std::uint32_t>(index_, index_file::at_table_length); }
    Address bucket(std::uint32_t number) const;
    std::uint32_t bucket_of(const Record& record) const { return record.hash & (table_length() - 1); }
    std::optional<std::size_t> index_of(Address address) const;
    std::optional<std::size_t> reached_at(Address address) const;
    void remember(Address address, std::size_t index);
    void set_bucket(std::uint32_t number, Address address);
    void release(Address address);
    void relink_bucket(std::uint32_t number);
    void merge_added(std::uint8_t list);
    void relink_list(std::uint8_t list);
    void count(std::int32_t entries, std::int64_t bytes);
    Result<Address> store(std::string_view bytes);

    files::fs::path folder_;
    std::string index_;
    BlockFiles blocks_;
    Purpose purpose_;
    Wanted wanted_;
    std::vector<Record> records_;
    std::size_t reached_ = 0;  ///< so many of them
    std::vector<std::string>
        keys_;  // for looking, those that are wanted; else those that do not fit into their entries
    /// For each block file, for each block: 1 + index of the record that begins there. A hash map took a third of the
    /// time.
    std::array<std::vector<std::uint32_t>, block_file::files> by_block_;
    std::unordered_set<std::uint32_t> externals_;
    std::vector<Address> to_delete_;
    std::array<std::vector<Node>, index_file::lists> lists_;     ///< for changing
    std::array<std::vector<Node>, index_file::lists> added_;     ///< not yet in their places
    std::array<std::size_t, index_file::lists> list_lengths_{};  ///< as they were read
};

}  // namespace unstick::blockfile_cache
