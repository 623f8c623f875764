// Compiled scripts. `js`, `wasm` and `webui_js` are Simple caches. Key: `_key<URL> \n<lock>/`, where the lock is the
// site or origin of the process that ran the script. A small script's code is in that entry. For a large one the entry
// holds, after 12 bytes, the 64 upper-case hex digits of the code's SHA-256, which are the key of a second entry; equal
// code under two keys has one second entry. As seen in files of Chromium 156.

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "finders/listing.h"
#include "finders/sql_table.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/simple_cache.h"
#include "web/url.h"

namespace unstick {

namespace {

constexpr std::size_t digits = 64;
constexpr std::size_t reference_size = 12 + digits;

bool is_code_name(std::string_view text)
{
    return text.size() == digits && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

struct CodeKey {
    std::string_view url;
    std::string_view lock;  ///< without '/' at the end; empty if there is none
};

/// std::nullopt if it is not the key of a script.
std::optional<CodeKey> parse_key(std::string_view key)
{
    constexpr std::string_view start = "_key";
    constexpr std::string_view separator = " \n";
    if (!key.starts_with(start)) {
        return std::nullopt;
    }
    key.remove_prefix(start.size());
    const std::size_t end = key.find(separator);
    if (end == key.npos) {
        return CodeKey{key, {}};
    }
    std::string_view lock = key.substr(end + separator.size());
    lock = lock.substr(0, lock.find(separator));
    if (lock.ends_with('/')) {
        lock.remove_suffix(1);
    }
    return CodeKey{key.substr(0, end), lock};
}

/// A lock is a site, rarely an origin. A site is not one host's.
bool owns_lock(const Site& site, std::string_view lock)
{
    const std::string_view host = host_of(lock);
    return site.owns_partition(lock) || (registrable_domain(host) != host && site.owns_url(lock));
}

/// The name of the entry with the code, if the entry holds a reference; else empty. Errors: denied, io.
Result<std::string> reference_in(const simple_cache::Entry& entry)
{
    auto content = entry.files.front().ends_with("_0") ? entry.record : std::string();
    return std::move(content).map([](std::string text) {
        text.erase(0, text.size() == reference_size ? reference_size - digits : 0);
        return is_code_name(text) ? text : std::string();
    });
}

void add_pieces(Item& item, const fs::path& folder, const simple_cache::Entry& entry)
{
    item.bytes += entry.bytes;
    for (const std::string& file : entry.files) {
        item.pieces.push_back({Medium::file, folder.string(), {}, file});
    }
}

void find_in_files(const fs::path& path, const Site& site, Found& found)
{
    const auto entries = simple_cache::find_entries(
        path,
        {.wanted = [](std::string_view key) { return parse_key(key).has_value() || is_code_name(key); },
         .largest_record = reference_size,
         .most = entries_to_look_at(site)},
        found.problems);
    if (!entries && entries.error().code == Code::not_found) {
        return;
    }
    found.present = true;
    if (!entries) {
        found.problems.push_back(entries.error());
        return;
    }
    std::vector<const simple_cache::Entry*> ours;
    std::vector<const simple_cache::Entry*> others;
    std::multimap<std::string_view, const simple_cache::Entry*> code;  // by its name; removed ones beside live ones
    for (const auto& entry : *entries) {
        const auto key = parse_key(entry.key);
        if (key) {
            (site.owns_url(key->url) || owns_lock(site, key->lock) ? ours : others).push_back(&entry);
        } else {
            code.emplace(entry.key, &entry);
        }
    }
    std::set<std::string> kept;  // code that scripts of others name; of no interest where nothing is ours
    if (!ours.empty() && !code.empty()) {
        for (const auto* entry : others) {
            auto reference = reference_in(*entry);
            if (!reference) {  // it may name any of the code
                found.problems.push_back(reference.error());
                return;
            }
            kept.insert(std::move(*reference));
        }
    }
    for (const auto* entry : ours) {
        const auto key = parse_key(entry->key);
        Item item;
        item.label = "compiled script " + bare_url(key->url);
        item.host = host_of(key->url);
        item.partition = key->lock;
        add_pieces(item, path, *entry);
        const auto name = code.empty() ? std::string() : reference_in(*entry);
        if (!name) {  // without it, its code would stay
            found.problems.push_back(name.error());
            continue;
        }
        if (!name->empty() && kept.insert(*name).second) {
            const auto [first, last] = code.equal_range(*name);
            std::for_each(first, last, [&](const auto& named) { add_pieces(item, path, *named.second); });
        }
        found.items.push_back(std::move(item));
    }
}

constexpr std::array row_owners{SqlColumn{"key", owns_code_key}};
constexpr std::array row_tables{SqlTable{
    .table = "entries",
    .owners = row_owners,
    .bytes = "length(content)",
    .noun = "compiled script",
}};
constexpr SqlDatabase rows_by_lock{row_tables, 3, 3, VersionIn::user_version};

/// `pc`: a database for each lock, `<name>.db`, with its rollback journal under the name `<name>.journal`. A lock's
/// name is a cipher; the keys are not: `_key<URL>`.
void find_in_databases(const fs::path& path, const Site& site, Found& found)
{
    for (const std::string& name : to_look_at(files_in(path, found), site)) {
        constexpr std::string_view ending = ".db";
        if (!name.ends_with(ending)) {
            continue;
        }
        const auto journal = files::info(path / (name.substr(0, name.size() - ending.size()) + ".journal"));
        if (journal ? journal->size > 0 : journal.error().code != Code::not_found) {
            found.problems.push_back({Code::unsupported, (path / name).string(),
                                      "the browser was cut off while it wrote this database; it was left as it is",
                                      "start and close the browser, then run unstick again"});
            continue;
        }
        Found in_one = find_sql_rows(path / name, site, rows_by_lock);
        std::move(in_one.items.begin(), in_one.items.end(), std::back_inserter(found.items));
        std::move(in_one.problems.begin(), in_one.problems.end(), std::back_inserter(found.problems));
    }
}

}  // namespace

std::string_view url_of_code_key(std::string_view key)
{
    const auto parsed = parse_key(key);
    return parsed ? parsed->url : std::string_view();
}

Found find_code_cache(const fs::path& folder, const Site& site)
{
    Found found;
    for (const char* name : {"js", "wasm", "webui_js"}) {
        find_in_files(folder / name, site, found);
    }
    find_in_databases(folder / "pc", site, found);
    return found;
}

bool owns_code_key(const Site& site, std::string_view key)
{
    return site.owns_url(url_of_code_key(key));
}

}  // namespace unstick
