#include "containers/blockfile/cache.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "containers/blockfile/structure.h"

namespace unstick::blockfile_cache {

namespace {

using KeySet = std::unordered_set<std::string_view>;

/// Indexes of the records that belong to the keys.
std::vector<std::size_t> find(const Structure& cache, std::span<const std::string> keys)
{
    const KeySet wanted(keys.begin(), keys.end());
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < cache.records().size(); ++i) {
        if (wanted.contains(cache.owner(cache.records()[i]))) {
            found.push_back(i);
        }
    }
    return found;
}

void add_to(Entry& entry, std::string_view record)
{
    const auto add_file = [&](Address address) {
        if (address.is_external()) {
            entry.files.push_back(external_name(address));
        }
    };
    entry.bytes += key_length_of(record);
    for (std::size_t stream = 0; stream < entry_record::streams; ++stream) {
        entry.bytes += used_size_of(record, stream);
        add_file(stream_of(record, stream));
    }
    add_file(address_at(record, entry_record::at_long_key));
}

/// False if the browser could not read it either.
Result<bool> save_stream(const Structure& cache, std::string_view entry, std::size_t number, Saved::Stream& stream)
{
    const Address address = stream_of(entry, number);
    stream.size = used_size_of(entry, number);
    if (!address.is_set()) {
        return true;
    }
    if (!address.is_external()) {
        TRY_ASSIGN(auto bytes, cache.blocks().read(address, stream.size));
        stream.bytes = std::move(bytes);
        return true;
    }
    const std::string name = external_name(address);
    const auto folder = files::Folder::open(cache.folder());
    TRY_ASSIGN(const auto info,
               if_there(folder.and_then([&](const files::Folder& opened) { return opened.info(name.c_str()); })));
    if (!info || info->type != files::Type::file || info->size < stream.size) {
        return false;
    }
    if (stream.size > longest_saved_inline) {
        stream.file = name;
        return true;
    }
    stream.bytes.resize(stream.size);
    TRY_ASSIGN(const auto read, folder->read(name.c_str(), 0, stream.bytes));
    return read == stream.size;
}

/// False if the browser would throw it away.
Result<bool> save_record(const Structure& cache, const Record& record, Saved& saved)
{
    using namespace entry_record;
    const std::string_view entry = cache.entry_bytes(record);
    const std::string_view node = cache.node_bytes(record);
    if (!record.in_table || cache.is_dirty(record) || number_at<std::int32_t>(entry, at_state) == doomed) {
        return false;
    }
    saved.key = cache.key(record);
    saved.reuse_count = number_at<std::int32_t>(entry, at_reuse);
    saved.refetch_count = number_at<std::int32_t>(entry, at_refetch);
    saved.state = number_at<std::int32_t>(entry, at_state);
    saved.flags = number_at<std::uint32_t>(entry, at_flags);
    saved.created = number_at<std::uint64_t>(entry, at_created);
    saved.last_used = number_at<std::uint64_t>(node, node_record::at_last_used);
    saved.last_modified = number_at<std::uint64_t>(node, node_record::at_modified);
    saved.list = record.list;
    for (std::size_t number = 0; number < streams; ++number) {
        if (const auto whole = save_stream(cache, entry, number, saved.streams[number]); !whole || !*whole) {
            return whole;
        }
    }
    return true;
}

/// Those of the keys under which a look-up would find something.
std::unordered_set<std::string> find_live(const Structure& cache, const KeySet& keys)
{
    std::unordered_set<std::string> live;
    for (const Record& record : cache.records()) {
        const auto state = number_at<std::int32_t>(cache.entry_bytes(record), entry_record::at_state);
        if (record.in_table && state == entry_record::normal && !cache.is_dirty(record) &&
            keys.contains(cache.owner(record))) {
            live.emplace(cache.owner(record));
        }
    }
    return live;
}

/// The list for an entry that was in none, or of which the list does not exist in this version.
std::uint8_t list_for(const Structure& cache, const Saved& saved)
{
    constexpr std::int32_t much_used = 10;
    if (cache.one_list()) {
        return 0;
    }
    if (saved.list < index_file::lists) {
        return saved.list;
    }
    return saved.reuse_count <= 0 ? 0 : saved.reuse_count < much_used ? 1 : 2;
}

Result<void> insert_one(Structure& cache, const Saved& saved, const files::fs::path& kept)
{
    using namespace entry_record;
    Structure::NewEntry made;
    made.key = saved.key;
    made.list = list_for(cache, saved);
    made.entry.resize(at_key);
    put_number(made.entry.data(), at_reuse, saved.reuse_count);
    put_number(made.entry.data(), at_refetch, saved.refetch_count);
    put_number(made.entry.data(), at_state, saved.state);
    put_number(made.entry.data(), at_created, saved.created);
    put_number(made.entry.data(), at_flags, saved.flags);
    made.node.resize(block_size(Kind::rankings));
    put_number(made.node.data(), node_record::at_last_used, saved.last_used);
    put_number(made.node.data(), node_record::at_modified, saved.last_modified);
    for (std::size_t number = 0; number < streams; ++number) {
        const Saved::Stream& stream = saved.streams[number];
        made.streams[number] = stream.bytes;
        if (stream.file.empty()) {
            continue;
        }
        TRY_ASSIGN(const auto address, cache.new_external());
        TRY(files::copy_file(kept / stream.file, cache.folder() / external_name(address)));
        made.external[number] = address;
        put_number(made.entry.data(), at_sizes + 4 * number, stream.size);
    }
    return cache.insert(made);
}

// --- Bytes of our own form ---

constexpr std::string_view packed_magic = "blockfile entry 1";

template <class Number>
void append(std::string& bytes, Number number)
{
    const std::size_t offset = bytes.size();
    bytes.resize(offset + sizeof(number));
    put_number(bytes.data(), offset, number);
}
void append_text(std::string& bytes, std::string_view text)
{
    append(bytes, static_cast<std::uint32_t>(text.size()));
    bytes += text;
}

/// Reads what `append` wrote; after the end, zeros and `good` false.
struct Reader {
    std::string_view bytes;
    bool good = true;

    template <class Number>
    void take(Number& number)
    {
        good = good && bytes.size() >= sizeof(Number);
        if (good) {
            number = number_at<Number>(bytes, 0);
            bytes.remove_prefix(sizeof(Number));
        }
    }
    void take(std::string& text)
    {
        std::uint32_t size = 0;
        take(size);
        good = good && bytes.size() >= size;
        if (good) {
            text = bytes.substr(0, size);
            bytes.remove_prefix(size);
        }
    }
};

/// Whether `insert` can rely on it.
bool is_sound(const Saved& saved)
{
    return !saved.key.empty() && saved.list <= index_file::lists && saved.state >= entry_record::normal &&
           saved.state <= entry_record::evicted &&
           std::all_of(saved.streams.begin(), saved.streams.end(), [](const Saved::Stream& stream) {
               return stream.file.empty()
                          ? stream.size == stream.bytes.size()
                          : stream.bytes.empty() && stream.size > largest_in_blocks && stream.file.starts_with("f_") &&
                                stream.file.find_first_not_of("0123456789abcdef", 2) == std::string::npos;
           });
}

}  // namespace

std::string_view owner_of(const Saved& saved)
{
    return owner_of(saved.key, (saved.flags & entry_record::flag_child) != 0);
}

Result<std::vector<Entry>> list(const files::fs::path& folder, const Wanted& wanted)
{
    TRY_ASSIGN(const auto cache, Structure::open(folder, Purpose::looking, wanted));
    std::vector<Entry> entries;
    std::unordered_map<std::string_view, std::size_t> places;
    for (const Record& record : cache.records()) {
        if (!cache.has_bytes(record)) {
            continue;
        }
        const auto owner = cache.owner(record);
        const auto [place, is_new] = places.emplace(owner, entries.size());
        if (is_new) {
            entries.push_back({std::string(owner), 0, {}});
        }
        add_to(entries[place->second], cache.entry_bytes(record));
    }
    return entries;
}

Result<std::size_t> remove(const files::fs::path& folder, std::span<const std::string> keys)
{
    TRY_ASSIGN(auto cache, Structure::open(folder, Purpose::changing));
    const auto found = find(cache, keys);
    KeySet owners;
    for (const std::size_t index : found) {
        owners.insert(cache.owner(cache.records()[index]));
    }
    const std::size_t count = owners.size();
    cache.remove(found);
    TRY(cache.finish());
    return count;
}

Result<std::vector<Saved>> save(const files::fs::path& folder, std::span<const std::string> keys)
{
    TRY_ASSIGN(const auto cache, Structure::open(folder, Purpose::changing));  // their data lie there, too
    std::vector<Saved> all;
    for (const std::size_t index : find(cache, keys)) {
        Saved saved;
        TRY_ASSIGN(const auto whole, save_record(cache, cache.records()[index], saved));
        if (whole) {
            all.push_back(std::move(saved));
        }
    }
    return all;
}

Result<Inserted> insert(const files::fs::path& folder, std::span<const Saved> entries, const files::fs::path& kept)
{
    TRY_ASSIGN(auto cache, Structure::open(folder, Purpose::changing));
    if (!std::all_of(entries.begin(), entries.end(), is_sound)) {
        return fail(Code::corrupt, folder.string(), "a saved cache entry is damaged");
    }
    KeySet wanted;
    for (const Saved& saved : entries) {
        wanted.insert(owner_of(saved));
    }
    const auto back = find_live(cache, wanted);
    // What is left of an evicted, deleted or half-written entry gives way to what was saved.
    std::vector<std::size_t> traces;
    for (std::size_t i = 0; i < cache.records().size(); ++i) {
        const auto owner = cache.owner(cache.records()[i]);
        if (wanted.contains(owner) && !back.contains(std::string(owner))) {
            traces.push_back(i);
        }
    }
    cache.remove(traces);
    Inserted inserted;
    KeySet done_keys;
    for (const Saved& saved : entries) {
        if (back.contains(std::string(owner_of(saved))) || !done_keys.insert(saved.key).second) {
            continue;
        }
        TRY(insert_one(cache, saved, kept));
        ++inserted.count;
    }
    inserted.came_back.assign(back.begin(), back.end());
    std::sort(inserted.came_back.begin(), inserted.came_back.end());
    TRY(cache.finish());
    return inserted;
}

std::string pack(const Saved& saved)
{
    std::string bytes(packed_magic);
    append_text(bytes, saved.key);
    append(bytes, saved.reuse_count);
    append(bytes, saved.refetch_count);
    append(bytes, saved.state);
    append(bytes, saved.flags);
    append(bytes, saved.created);
    append(bytes, saved.last_used);
    append(bytes, saved.last_modified);
    append(bytes, saved.list);
    for (const Saved::Stream& stream : saved.streams) {
        append(bytes, stream.size);
        append_text(bytes, stream.bytes);
        append_text(bytes, stream.file);
    }
    return bytes;
}

Result<Saved> unpack(std::string_view bytes)
{
    Saved saved;
    Reader reader{bytes};
    reader.good = bytes.starts_with(packed_magic);
    reader.bytes.remove_prefix(reader.good ? packed_magic.size() : 0);
    reader.take(saved.key);
    reader.take(saved.reuse_count);
    reader.take(saved.refetch_count);
    reader.take(saved.state);
    reader.take(saved.flags);
    reader.take(saved.created);
    reader.take(saved.last_used);
    reader.take(saved.last_modified);
    reader.take(saved.list);
    for (Saved::Stream& stream : saved.streams) {
        reader.take(stream.size);
        reader.take(stream.bytes);
        reader.take(stream.file);
    }
    if (!reader.good || !reader.bytes.empty() || !is_sound(saved)) {
        return fail(Code::corrupt, "", "a saved cache entry is damaged");
    }
    return saved;
}

}  // namespace unstick::blockfile_cache
