#pragma once
// A blockfile cache as a whole: the table of buckets, the entries, and the lists in order of use.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "containers/blockfile/blocks.h"
#include "containers/blockfile/cache.h"
#include "containers/blockfile/records.h"

namespace unstick::blockfile_cache {

/// An entry, without what it says. Small: there may be a hundred thousand.
struct Record {
    Address address;
    Address node;
    Address next = {};                      ///< in its chain
    std::uint32_t hash = 0;                 ///< of its key
    std::uint32_t kept = 0;                 ///< 1 + index in what the structure keeps of entries; 0: nothing
    std::uint8_t list = index_file::lists;  ///< `lists`: in none
    bool in_table : 1 = false;              ///< a look-up finds it; not so if the browser was about to delete it
    bool removed : 1 = false;
};

/// The key that an entry belongs to: its own, or that of the entry of which it holds a piece
/// (`Range_<key>:<hex>:<hex>`). A view into `key`.
std::string_view owner_of(std::string_view key, bool is_child);

/// An open cache: all of it was walked and checked, so that every address in it can be followed.
class Structure {
public:
    /// Errors: corrupt, unsupported (as BlockFiles::open, or the index is wrong, a record's hash is, an address leads
    /// nowhere or where another does, a list or chain goes round or does not fit, or the number of entries differs),
    /// denied, not_found, io. All mean: hands off; `hint` says what the user can do.
    /// For looking, only entries with a key whose owner is wanted stay in memory, and no data.
    static Result<Structure> open(const files::fs::path& folder, Purpose purpose, Wanted wanted = {});

    const std::vector<Record>& records() const { return records_; }
    /// What an entry says is there for changing and, for looking, if it is wanted.
    bool has_bytes(const Record& record) const { return purpose_ == Purpose::changing || record.kept > 0; }
    /// Of a record that `has_bytes`; valid until something changes.
    std::string_view entry_bytes(const Record& record) const;
    std::string_view key(const Record& record) const;
    std::string_view owner(const Record& record) const { return owner_of(key(record), is_child(entry_bytes(record))); }
    /// Only for changing.
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

    /// Where a chain goes on.
    struct Step {
        std::uint32_t bucket = 0;
        Address entry;
    };

    /// Of an entry, what does not stay in the block files: for looking its bytes, and a key that does not fit into it.
    struct Kept {
        std::string entry;
        std::string long_key;
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
    Result<void> walk_list(std::uint8_t list);
    Result<void> read_entries();
    Result<void> walk_table();
    Result<void> follow(std::vector<Step>& steps);
    Result<std::size_t> reach_unlisted(Address address);
    Result<void> take(Record& record, std::string_view entry);
    Result<std::string> read_long_key(std::string_view entry, std::uint32_t hash);
    void keep_if_wanted(Record& record, std::string_view entry, std::string_view key);
    bool claim_entry(Address address);
    bool claim_stream(Address address, std::uint32_t size);
    bool claim_external(Address address);

    std::uint32_t table_length() const { return number_at<std::uint32_t>(index_, index_file::at_table_length); }
    Address bucket(std::uint32_t number) const;
    std::uint32_t bucket_of(const Record& record) const { return record.hash & (table_length() - 1); }
    std::optional<std::size_t> index_of(Address address) const;
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
    std::vector<Kept> kept_;
    /// For each block file, for each block: 1 + index of the record that begins there. A hash map took a third of the
    /// time.
    std::array<std::vector<std::uint32_t>, block_file::files> by_block_;
    std::unordered_set<std::uint32_t> externals_;
    std::unique_ptr<std::mutex> sharing_ = std::make_unique<std::mutex>();  ///< of what was kept, and of externals
    std::vector<Address> to_delete_;
    std::array<std::vector<Node>, index_file::lists> lists_;     ///< for changing
    std::array<std::vector<Node>, index_file::lists> added_;     ///< not yet in their places
    std::array<std::size_t, index_file::lists> list_lengths_{};  ///< as they were read
};

}  // namespace unstick::blockfile_cache
