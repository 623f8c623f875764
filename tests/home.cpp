#include "home.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../src/media/jars.h"
#include "../src/media/property_list.h"
#include "blockfile_cache.h"
#include "chromium_profile.h"
#include "safari_profile.h"

namespace unstick::testing {

namespace {

bool is_database(const fs::path& file)
{
    constexpr std::string_view magic = "SQLite format 3";
    std::string start(magic.size(), '\0');
    std::ifstream(file, std::ios::binary).read(start.data(), static_cast<std::streamsize>(start.size()));
    return start == magic;
}

/// Every member and every array element, in whatever order: browsers do not care for it. Empty objects and arrays are
/// nothing.
void add_json(const nlohmann::json& value, const std::string& name, std::set<std::string>& seen)
{
    if (value.is_object()) {
        for (const auto& [key, member] : value.items()) {
            add_json(member, name + " " + key, seen);
        }
    } else if (value.is_array()) {
        for (const auto& element : value) {
            seen.insert(name + " [] " + element.dump());
        }
    } else {
        seen.insert(name + ": " + value.dump());
    }
}

/// What SQLite keeps beside a database: part of what it reads from the database.
bool is_companion(const std::string& file)
{
    const auto base_is_database = [&](std::string_view suffix) {
        return file.ends_with(suffix) && is_database(file.substr(0, file.size() - suffix.size()));
    };
    return file.ends_with("-journal") || base_is_database("-wal") || base_is_database("-shm");
}

/// Every row of every table, all columns.
void add_rows(const fs::path& file, const std::string& name, std::set<std::string>& seen)
{
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);  // so that what a crash left is rolled back
    std::vector<std::string> tables;
    SQLite::Statement query(database, "SELECT name FROM sqlite_master WHERE type = 'table'");
    while (query.executeStep()) {
        tables.push_back(query.getColumn(0).getString());
    }
    for (const std::string& table : tables) {
        SQLite::Statement rows(database, "SELECT * FROM " + table);
        while (rows.executeStep()) {
            std::string line = name + " " + table + ":";
            for (int i = 0; i < rows.getColumnCount(); ++i) {
                line += " " + rows.getColumn(i).getString();
            }
            seen.insert(line);
        }
    }
}

/// Every cookie of a Safari jar.
void add_cookies(const fs::path& file, const std::string& name, std::set<std::string>& seen)
{
    const auto jar = jars::read(file).value();
    for (const auto& page : jar.pages) {
        for (const auto& record : page) {
            seen.insert(name + " cookie: " + record.bytes);
        }
    }
}

bool is_blockfile(const fs::path& folder)
{
    return fs::exists(folder / "index") && get(folder / "index").starts_with("\xc3\xca\x03\xc1");
}

/// Every member of the inner dictionaries of a property list.
void add_properties(const fs::path& file, const std::string& name, std::set<std::string>& seen)
{
    const PropertyList list = PropertyList::read(file).value();
    for (const std::string& dictionary : list.dictionaries()) {
        for (const std::string& member : list.names_in(dictionary)) {
            seen.insert(name + " " + dictionary + " " + member + ": " + list.value(dictionary, member).value());
        }
    }
}

/// Every entry with all that is in it; keys of which nothing else is left; files that belong to no entry.
void add_entries(const fs::path& folder, const std::string& name, std::set<std::string>& seen)
{
    const auto entries = blockfile_cache::list(folder);
    if (!entries) {
        seen.insert(name + "damaged cache: " + entries.error().what);
        return;
    }
    std::vector<std::string> keys;
    std::set<std::string> files;
    for (const auto& entry : *entries) {
        keys.push_back(entry.key);
        files.insert(entry.files.begin(), entry.files.end());
        seen.insert(name + "key: " + entry.key);
    }
    auto all = blockfile_cache::save(folder, keys);
    for (auto& saved : all.value()) {
        std::string large;
        for (auto& stream : saved.streams) {
            if (!stream.file.empty()) {  // its name does not matter
                large += get(folder / stream.file).substr(0, stream.size);
                stream.file = "f_000000";
            }
        }
        seen.insert(name + "entry: " + pack(saved) + large);
    }
    for (const auto& file : fs::directory_iterator(folder)) {
        const std::string file_name = file.path().filename().string();
        if (file_name.starts_with("f_") && !files.contains(file_name)) {
            seen.insert(name + "of no entry: " + file_name);
        }
    }
}

void add_bytes(const fs::path& path, const std::string& name, std::set<std::string>& seen)
{
    if (!fs::is_directory(path)) {
        seen.insert(name + ": " + get(path));
        return;
    }
    for (const auto& entry : fs::directory_iterator(path)) {
        const std::string file = entry.path().filename().string();
        if (file != "LOG" && file != "LOG.old") {  // in these LevelDB notes that we have just looked, and when
            add_bytes(entry.path(), name + file, seen);
        }
    }
}

/// What can be read of a store; of one that is damaged, its bytes too.
template <class Add>
void add_or_bytes(Add add, const fs::path& path, const std::string& name, std::set<std::string>& seen)
{
    try {
        add(path, name, seen);
    } catch (const std::exception&) {
        seen.insert(name + " is damaged");
        add_bytes(path, name, seen);
    }
}

void add_pairs(const fs::path& folder, const std::string& name, std::set<std::string>& seen)
{
    for (const auto& [key, value] : get_pairs(folder)) {
        seen.insert(name + "pair: " + key + " = " + value);
    }
}

void add_folder(const fs::path& folder, const std::string& name, std::set<std::string>& seen)
{
    if (fs::exists(folder / "CURRENT")) {
        add_or_bytes(add_pairs, folder, name, seen);
        return;
    }
    if (is_blockfile(folder)) {
        add_or_bytes(add_entries, folder, name, seen);
        return;
    }
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string below = name + entry.path().filename().string();
        if (is_companion(entry.path().string())) {
            continue;
        }
        if (entry.is_directory()) {
            add_folder(entry.path(), below + "/", seen);
        } else if (is_database(entry.path())) {
            add_or_bytes(add_rows, entry.path(), below, seen);
        } else if (const auto json = nlohmann::json::parse(get(entry.path()), nullptr, false); json.is_object()) {
            add_json(json, below, seen);
        } else if (below.ends_with(".binarycookies")) {
            add_or_bytes(add_cookies, entry.path(), below, seen);
        } else if (below.ends_with(".plist")) {
            add_or_bytes(add_properties, entry.path(), below, seen);
        } else {
            seen.insert(below + ": " + get(entry.path()));
        }
    }
}

}  // namespace

std::vector<std::string> all_hosts()
{
    auto all = ours;
    all.insert(all.end(), theirs.begin(), theirs.end());
    return all;
}

int rows(const fs::path& file, const std::string& table, const std::string& where)
{
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    return database.execAndGet("SELECT count(*) FROM " + table + " WHERE " + where).getInt();
}

Home::Home(const Adapter& browser, const Root& root, const std::vector<std::string>& hosts, CacheKind cache_kind)
    : adapter(browser), os(root.os)
{
    const Machine machine = Machine::at_home(folder / "home", os);
    const fs::path data = machine.expand(root.data).value();
    if (browser.id == "epiphany") {
        profile = data;
        cache = machine.expand(root.cache).value();
        write_epiphany(profile, cache, hosts);
        expected = {1, "", 8, {}};
        return;
    }
    if (browser.id == "safari-web-apps") {
        profile = cache = data;
        write_safari_web_app(data, hosts);
        expected = {2, "", 2, {}};
        return;
    }
    if (browser.id.starts_with("safari")) {
        const bool classic = data.filename() == "Safari";
        profile = cache = classic ? data.parent_path() : data;
        if (classic) {
            write_safari_classic(profile, hosts);
            expected = {1, "", 5, {}};
        } else {
            const bool preview = browser.id == "safari-preview";
            write_safari_container(data, preview ? "com.apple.SafariTechnologyPreview" : "com.apple.Safari",
                                   preview ? "SafariTechnologyPreview" : "Safari", hosts);
            expected = {2, "", 7, {}};
        }
        return;
    }
    profile = data / "Default";
    cache = root.cache.empty() ? profile : machine.expand(root.cache).value() / "Default";
    write_profile(profile, cache, hosts, cache_kind);
}

Request Home::request(Command command, const std::set<Kind>& wanted) const
{
    Request request;
    request.command = command;
    request.site = Site::parse("stuck.test").value();
    request.home = folder / "home";
    request.os = os;
    request.browsers = {std::string(adapter.id)};
    request.state_dir = folder / "state";
    request.kinds = wanted;
    request.yes = true;
    request.retest = Retest::none;
    return request;
}

std::set<std::string> seen_in(const fs::path& home)
{
    const TempFolder copies;
    fs::copy(home, copies / "home", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    std::set<std::string> seen;
    add_folder(copies / "home", "", seen);
    return seen;
}

bool is_about_ours(std::string_view line)
{
    constexpr std::string_view site = "stuck.test";
    for (auto at = line.find(site); at != line.npos; at = line.find(site, at + 1)) {
        const auto letter = [&](std::size_t i) { return i < line.size() && std::isalnum(line[i]) != 0; };
        const std::size_t end = at + site.size();
        const bool goes_on = letter(end) || (end < line.size() && line[end] == '.' && letter(end + 1));
        if (!goes_on && (at == 0 || !letter(at - 1))) {
            return true;
        }
    }
    return false;
}

std::vector<std::string> holding(const fs::path& folder, const std::string& text)
{
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && get(entry.path()).find(text) != std::string::npos) {
            files.push_back(fs::relative(entry.path(), folder).string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace unstick::testing
