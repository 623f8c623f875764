// Real files of real browsers (docs/testing.md says where they are from): one site at a time is removed from a copy,
// and an independent reader compares what is left. Nothing of their content is printed: only counts and truths.

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "app/commands/run.h"
#include "profiles/all.h"
#include "tests/fixtures/fake_host.h"
#include "tests/fixtures/home.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::TempFolder;

namespace {

/// A real file or folder; empty, after a warning, if it is not there.
fs::path real(const std::string& name)
{
    const fs::path folder = testing::real_data();
    if (!folder.empty() && !fs::exists(folder / name)) {
        WARN(name << " is not in UNSTICK_REALDATA: this test did not run with it");
        return {};
    }
    return folder.empty() ? folder : folder / name;
}

/// A Chromium profile with a copy of a real file or folder in it.
struct Home {
    TempFolder folder;
    fs::path profile = folder / "data/Default";
    fs::path store;
    testing::FakeHost host;

    Home(const fs::path& real_store, const std::string& place) : store(profile / place)
    {
        testing::put(profile / "Preferences", "{}");
        if (fs::is_directory(real_store)) {
            for (const auto& entry : fs::recursive_directory_iterator(real_store)) {
                if (entry.is_regular_file()) {
                    testing::put(store / fs::relative(entry.path(), real_store), testing::get(entry.path()));
                }
            }
        } else {
            testing::put(store, testing::get(real_store));
        }
    }

    Report go(Command command, const std::string& site, std::set<Kind> kinds)
    {
        Request request;
        request.command = command;
        request.site = Site::parse(site).value();
        request.user_data_dir = folder / "data";
        request.state_dir = folder / "state";
        request.kinds = std::move(kinds);
        request.yes = true;
        request.retest = Retest::none;
        return run(request, host, adapters(), {});
    }
};

/// What sqlite3 says of a table: every row as a hash of all its columns, sorted. Compared, never printed.
using Rows = std::multiset<std::size_t>;

Rows rows_of(const fs::path& file, const std::string& table, const std::string& where = "1")
{
    SQLite::Database database("file:" + file.string() + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    SQLite::Statement query(database, "SELECT * FROM " + table + " WHERE " + where);
    Rows rows;
    while (query.executeStep()) {
        std::string row;
        for (int i = 0; i < query.getColumnCount(); ++i) {
            const SQLite::Column column = query.getColumn(i);
            row +=
                std::to_string(column.getType()) + ':' + std::to_string(column.getBytes()) + ':' + column.getString();
        }
        rows.insert(std::hash<std::string>{}(row));
    }
    return rows;
}

bool has(const fs::path& file, const std::string& table, const std::string& column = "rowid")
{
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    SQLite::Statement query(database,
                            "SELECT count(*) FROM sqlite_schema s, pragma_table_info(s.name) i"
                            " WHERE s.name = ? AND (i.name = ? OR 'rowid' = ?)");
    query.bind(1, table);
    query.bind(2, column);
    query.bind(3, column);
    return query.executeStep() && query.getColumn(0).getInt() > 0;
}

/// The sites in a column that holds hosts (".www.example.com") or URLs.
std::set<std::string> sites_in(const fs::path& file, const std::string& table, const std::string& column)
{
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    SQLite::Statement query(database, "SELECT DISTINCT ltrim(" + column + ", '.') FROM " + table);
    std::set<std::string> sites;
    while (query.executeStep()) {
        if (const auto site = Site::parse(query.getColumn(0).getString())) {
            sites.insert(site->name());
        }
    }
    return sites;
}

/// SQL: is the host in this expression the site's?
std::string host_is(const std::string& host, const std::string& site)
{
    const std::string dotted = "'." + site + "'";
    return "(substr('.' || ltrim(" + host + ", '.'), -length(" + dotted + ")) = " + dotted + ")";
}

/// SQL: is the host of the URL in this column the site's? For URLs without user name.
std::string url_is(const std::string& column, const std::string& site)
{
    const std::string rest = "substr(" + column + ", instr(" + column + ", '://') + 3)";
    const std::string until_slash = "substr(" + rest + ", 1, instr(" + rest + " || '/', '/') - 1)";
    return host_is("substr(" + until_slash + ", 1, instr(" + until_slash + " || ':', ':') - 1)", site);
}

}  // namespace

TEST_CASE("real cookies: each site alone goes, whatever the schema, and comes back", "[realdata]")
{
    const std::string name = GENERATE("chromium-cookie-schemas/Cookies-v9", "chromium-cookie-schemas/Cookies-v10",
                                      "chromium-cookie-schemas/Cookies-v11", "chromium-cookie-schemas/Cookies-v12",
                                      "chromium-cookie-schemas/Cookies-v13", "chromium-cookie-schemas/Cookies-v15",
                                      "chromium-cookie-schemas/Cookies-v16", "chromium-cookie-schemas/Cookies-v17",
                                      "chromium-cookie-schemas/Cookies-v18", "chromium-cookie-schemas/Cookies-v20",
                                      "chromium-cookie-schemas/Cookies-v21", "chromium-cookie-schemas/Cookies-v22",
                                      "chromium-cookie-schemas/Cookies-v23", "plaso/Cookies-68.0.3440.106");
    const fs::path file = real(name);
    if (file.empty()) {
        return;
    }
    CAPTURE(name);
    const bool partitioned = has(file, "cookies", "top_frame_site_key");
    auto sites = sites_in(file, "cookies", "host_key");
    if (partitioned) {
        sites.merge(sites_in(file, "cookies", "top_frame_site_key"));
    }
    REQUIRE(sites.size() >= 3);
    const Rows all = rows_of(file, "cookies");
    for (const std::string& site : sites) {
        Home home(file, "Cookies");
        std::string ours = host_is("host_key", site);
        if (partitioned) {
            ours += " OR top_frame_site_key IN ('https://" + site + "', 'http://" + site + "')";
        }
        const Rows others = rows_of(file, "cookies", "NOT (" + ours + ")");
        REQUIRE(others.size() < all.size());
        const Report fixed = home.go(Command::fix, site, {Kind::cookies});
        CHECK(fixed.problems.empty());
        CHECK(fixed.exit_code == Exit::ok);
        CHECK((rows_of(home.store, "cookies") == others));
        CHECK(home.go(Command::fix, site, {Kind::cookies}).exit_code == Exit::nothing_found);
        CHECK(home.go(Command::undo, site, {Kind::cookies}).exit_code == Exit::ok);
        CHECK((rows_of(home.store, "cookies") == all));
    }
}

TEST_CASE("real cookies of a schema that is too old are not touched", "[realdata]")
{
    const fs::path file = real("plaso/chrome-cookies-v5.db");
    if (file.empty()) {
        return;
    }
    const auto sites = sites_in(file, "cookies", "host_key");
    REQUIRE(sites.size() > 50);
    Home home(file, "Cookies");
    const std::string before = testing::snapshot(home.profile);
    int looked = 0;
    for (const std::string& site : sites) {
        if (++looked > 10) {
            break;
        }
        const Report report = home.go(Command::fix, site, {Kind::cookies});
        CHECK(report.exit_code == Exit::partial);
        REQUIRE(report.problems.size() == 1);
        CHECK(report.problems[0].code == Code::unsupported);
    }
    CHECK((testing::snapshot(home.profile) == before));
}

TEST_CASE("real logins: only what was asked for, with what refers to it, and it comes back", "[realdata]")
{
    const auto [name, http, forms] = GENERATE(table<std::string, std::size_t, std::size_t>({
        {"chromium-login-db/login_db_v22.sqlite", 1, 2},
        {"chromium-login-db/login_db_v24_broken.sqlite", 1, 2},
        {"chromium-login-db/login_db_v28.sqlite", 1, 2},
        {"chromium-login-db/login_db_v35.sqlite", 1, 2},
        {"chromium-login-db/login_db_v43.sqlite", 1, 2},
        {"duckduckgo/v32/Login Data", 0, 3},
    }));
    const fs::path file = real(name);
    if (file.empty()) {
        return;
    }
    const Kind kind = GENERATE(Kind::auth, Kind::passwords);
    CAPTURE(name, kind == Kind::auth);
    const Rows all = rows_of(file, "logins");
    std::size_t removed = 0;
    for (const std::string& site : sites_in(file, "logins", "origin_url")) {
        Home home(file, "Login Data");
        const std::string ours = std::string(kind == Kind::auth ? "scheme <> 0" : "scheme = 0") + " AND (" +
                                 url_is("origin_url", site) + " OR " + url_is("signon_realm", site) + ")";
        const Rows others = rows_of(file, "logins", "NOT (" + ours + ")");
        const bool some = others.size() < all.size();
        removed += all.size() - others.size();
        const Report fixed = home.go(Command::fix, site, {kind});
        CHECK(fixed.problems.empty());
        // Older schemas keep warnings of leaked passwords apart from logins.
        const bool warns = kind == Kind::passwords && has(file, "compromised_credentials", "url") &&
                           !rows_of(file, "compromised_credentials", url_is("url", site)).empty();
        CHECK(fixed.exit_code == (some || warns ? Exit::ok : Exit::nothing_found));
        CHECK((rows_of(home.store, "logins") == others));
        for (const std::string child : {"insecure_credentials", "password_notes"}) {
            if (has(file, child, "parent_id")) {
                const std::string kept = "parent_id NOT IN (SELECT id FROM logins WHERE " + ours + ")";
                CHECK((rows_of(home.store, child) == rows_of(file, child, kept)));
            }
        }
        if (some) {
            CHECK(home.go(Command::undo, site, {kind}).exit_code == Exit::ok);
        }
        for (const std::string table : {"logins", "insecure_credentials", "password_notes", "stats", "meta"}) {
            if (has(file, table)) {
                CHECK((rows_of(home.store, table) == rows_of(file, table)));
            }
        }
    }
    CHECK(removed == (kind == Kind::auth ? http : forms));
}

TEST_CASE("a real Simple cache: the entries of one host go, all others stay, and they come back", "[realdata]")
{
    const fs::path cache = real("schorlet-simplecache/testdata");
    if (cache.empty()) {
        return;
    }
    const auto [site, count] = GENERATE(table<std::string, std::size_t>({{"golang.org", 17},

                                                                         {"ajax.googleapis.com", 1},
                                                                         {"google-analytics.com", 1},
                                                                         {"go.org", 0}}));
    CAPTURE(site);
    Home home(cache, "Cache/Cache_Data");
    const std::string before = testing::snapshot(home.store);
    const auto named = [&, &host = site](const fs::path& file) {  // a bare URL is at the same place in each
        const std::string start = testing::get(file).substr(20, 200);
        return start.starts_with("https://" + host + "/") || start.starts_with("https://ssl." + host + "/");
    };
    std::map<std::string, std::size_t> others;
    for (const auto& entry : fs::directory_iterator(home.store)) {
        if (entry.is_regular_file() && !named(entry.path())) {
            others[entry.path().filename()] = std::hash<std::string>{}(testing::get(entry.path()));
        }
    }
    REQUIRE(others.size() == 20 - count);  // 19 entries and the index
    const Report fixed = home.go(Command::fix, site, {Kind::cache});
    CHECK(fixed.problems.empty());
    CHECK(fixed.exit_code == (count > 0 ? Exit::ok : Exit::nothing_found));
    std::map<std::string, std::size_t> left;
    for (const auto& entry : fs::directory_iterator(home.store)) {
        if (entry.is_regular_file()) {
            left[entry.path().filename()] = std::hash<std::string>{}(testing::get(entry.path()));
        }
    }
    CHECK((left == others));
    if (count > 0) {
        CHECK(home.go(Command::undo, site, {Kind::cache}).exit_code == Exit::ok);
    }
    CHECK((testing::snapshot(home.store) == before));
}

TEST_CASE("a real blockfile cache is left as it is, and said so", "[realdata]")
{
    const fs::path cache = real("plaso/blockfile-v2.1");
    if (cache.empty()) {
        return;
    }
    Home home(cache, "Cache/Cache_Data");
    const std::string before = testing::snapshot(home.store);
    const Report report = home.go(Command::fix, "example.com", {Kind::cache});
    CHECK(report.exit_code == Exit::partial);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].code == Code::corrupt);  // one of its files is missing
    CHECK((testing::snapshot(home.store) == before));
}

namespace {

/// Real Firefox 153, with data of alpha.test, beta.test and look-alikes, ordinary, in a container, and in each other's
/// frames.
struct FirefoxHome {
    TempFolder folder;
    fs::path profile = folder / "profile";
    testing::FakeHost host;
    bool is_there = false;

    FirefoxHome()
    {
        const fs::path archive = real("firefox/firefox-153.tar.xz");
        const std::string command = "tar -xJf '" + archive.string() + "' -C '" + folder.path().string() + "'";
        is_there = !archive.empty() && std::system(command.c_str()) == 0;
    }

    Report go(Command command, const std::set<Kind>& kinds)
    {
        Request request;
        request.command = command;
        request.site = Site::parse("alpha.test").value();
        request.user_data_dir = profile;
        request.state_dir = folder / "state";
        request.kinds = kinds;
        request.yes = true;
        request.retest = Retest::none;
        return run(request, host, adapters(), {});
    }

    /// What names other sites and not alpha.test: rows, records, entries, a line each. Some rows hold only numbers:
    /// whose they are is not said.
    std::set<std::string> others() const
    {
        std::set<std::string> lines;
        for (const std::string& line : testing::seen_in(profile)) {
            if (!is_about_alpha(line) && (line.find(".test") != line.npos || line.find(".github.io") != line.npos)) {
                lines.insert(line);
            }
        }
        return lines;
    }

    static bool is_about_alpha(const std::string& line)
    {
        constexpr std::string_view site = "alpha.test";
        const auto letter = [&](std::size_t i) { return i < line.size() && std::isalnum(line[i]) != 0; };
        for (auto at = line.find(site); at != line.npos; at = line.find(site, at + 1)) {
            const std::size_t end = at + site.size();
            const bool goes_on = letter(end) || (end < line.size() && line[end] == '.' && letter(end + 1));
            const bool is_encoded = at > 1 && line[at - 2] == '2' && line[at - 1] == 'C';  // %2Calpha.test
            if (!goes_on && (at == 0 || is_encoded || !letter(at - 1))) {
                return true;
            }
        }
        return false;
    }
};

std::map<std::string, std::uint64_t> found_in(const Report& report)
{
    std::map<std::string, std::uint64_t> found;
    for (const StoreReport& store : report.profiles.at(0).stores) {
        found[store.store] = store.found;
    }
    return found;
}

}  // namespace

TEST_CASE("real Firefox: what is found is what Firefox and another reader found; undo leaves all as it was",
          "[realdata]")
{
    FirefoxHome home;
    if (!home.is_there) {
        return;
    }
    const auto before = testing::seen_in(home.profile);
    const auto others = home.others();
    const Report fixed = home.go(Command::fix, all_kinds());
    for (const Error& problem : fixed.problems) {
        FAIL_CHECK(problem.where << ": " << problem.what);
    }
    CHECK(fixed.exit_code == Exit::ok);
    REQUIRE(fixed.profiles.size() == 1);
    const auto found = found_in(fixed);
    const std::map<std::string, std::uint64_t> expected{{"Cookies", 40},
                                                        {"Saved HTTP sign-ins", 2},
                                                        {"Saved form logins", 1},
                                                        {"HTTPS-only hosts (HSTS)", 2},
                                                        {"Alternative services", 4},
                                                        {"Client certificates", 2},
                                                        {"Certificate exceptions", 2},
                                                        {"Site settings", 12},
                                                        {"Zoom and more", 2},
                                                        {"Bounce tracking records", 1},
                                                        {"Service workers", 4},
                                                        {"HTTP cache", 42}};
    for (const auto& [store, count] : expected) {
        CAPTURE(store);
        CHECK(found.count(store) == 1);
        CHECK((found.count(store) == 1 ? found.at(store) : 0) == count);
    }
    CHECK(found.at("Session cookies") + found.at("Session storage") == 17);
    for (const std::string& line : testing::seen_in(home.profile)) {
        CHECK(before.contains(line));  // nothing was added or changed
    }
    const auto left = home.others();
    CHECK(std::includes(left.begin(), left.end(), others.begin(), others.end()));

    CHECK(home.go(Command::fix, all_kinds()).exit_code == Exit::nothing_found);
    CHECK(home.go(Command::undo, all_kinds()).exit_code == Exit::ok);
    const auto after = testing::seen_in(home.profile);
    CHECK(after.size() == before.size());
    CHECK(after == before);
}

TEST_CASE("real Firefox: looking leaves no trace, and the jar is read with its values", "[realdata]")
{
    FirefoxHome home;
    if (!home.is_there) {
        return;
    }
    const std::string bytes = testing::snapshot(home.profile);
    CHECK(home.go(Command::why, all_kinds()).problems.empty());
    CHECK(testing::snapshot(home.profile) == bytes);
}
