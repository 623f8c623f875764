#include "home.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

#include "chromium_profile.h"

namespace unstick::testing {

namespace {

bool is_database(const fs::path& file)
{
    return get(file).starts_with("SQLite format 3");
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

void add_folder(const fs::path& folder, const std::string& name, std::set<std::string>& seen)
{
    if (fs::exists(folder / "CURRENT")) {
        for (const auto& [key, value] : get_pairs(folder)) {
            seen.insert(name + "pair: " + key + " = " + value);
        }
        return;
    }
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string below = name + entry.path().filename().string();
        if (entry.is_directory()) {
            add_folder(entry.path(), below + "/", seen);
        } else if (is_database(entry.path())) {
            add_rows(entry.path(), below, seen);
        } else if (!below.ends_with("-journal")) {
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

Home::Home(const Adapter& browser, const Root& root, const std::vector<std::string>& hosts)
    : adapter(browser), os(root.os)
{
    const Machine machine = Machine::at_home(folder / "home", os);
    const fs::path data = machine.expand(root.data).value();
    profile = data / "Default";
    cache = root.cache.empty() ? profile : machine.expand(root.cache).value() / "Default";
    write_profile(profile, cache, hosts);
}

Request Home::request(Command command) const
{
    Request request;
    request.command = command;
    request.site = Site::parse("stuck.test").value();
    request.home = folder / "home";
    request.os = os;
    request.browsers = {std::string(adapter.id)};
    request.state_dir = folder / "state";
    request.kinds = default_kinds();
    request.kinds.insert(Kind::network);
    request.yes = true;
    request.retest = Retest::none;
    return request;
}

std::set<std::string> Home::seen() const
{
    const TempFolder copies;
    fs::copy(folder / "home", copies / "home", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
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
    return files;
}

}  // namespace unstick::testing
