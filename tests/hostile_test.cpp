// Profiles made to harm: whatever lies in them, `fix` ends soon with a documented exit code, says what and where, and
// touches nothing outside of the profile and nothing of other sites; `undo` works. docs/security.md lists the promises.

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>

#include "../src/journal.h"
#include "../src/text.h"
#include "chromium_databases.h"
#include "chromium_profile.h"
#include "forged_leveldb.h"
#include "home.h"
#include "swapping.h"

using namespace unstick;
namespace forged = testing::forged;
using testing::CacheKind;
using testing::get;
using testing::Home;
using testing::put;
using testing::snapshot;

namespace {

const std::vector<std::string> two_sites{"stuck.test", "other.test"};

Home hostile_home(CacheKind cache = CacheKind::simple)
{
    return Home(adapters()[0], adapters()[0].roots[0], two_sites, cache);
}

std::vector<fs::path> files_below(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path());
        }
    }
    return files;
}

std::vector<fs::path> databases_in(const Home& home)
{
    auto files = files_below(home.profile);
    std::erase_if(files, [](const fs::path& file) { return !get(file).starts_with("SQLite format 3"); });
    return files;
}

/// The report is valid JSON in valid UTF-8, and sends no control character to a terminal.
void check_clean(const Report& report)
{
    TextOptions options;
    options.verbose = true;
    const std::string text = to_text(report, options);
    CHECK(std::none_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }));
    std::string line = text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    CHECK(printable(line) == line);
    CHECK(nlohmann::json::parse(to_json(report), nullptr, false).is_object());
}

/// Runs a command, which must end soon, with a documented code and clean words.
Report go(Home& home, Command command)
{
    constexpr auto longest = std::chrono::seconds(20);  // with sanitizers, on a busy machine
    const auto start = std::chrono::steady_clock::now();
    const Report report = home.go(home.request(command, all_kinds()));
    CHECK(std::chrono::steady_clock::now() - start < longest);
    CHECK(report.exit_code != Exit::internal);
    for (const Error& problem : report.problems) {
        CHECK_FALSE(problem.where.empty());
        CHECK_FALSE(problem.what.empty());
    }
    check_clean(report);
    return report;
}

/// Files that are to be replaced: all but those without which there is no profile, or no hold on it.
bool is_replaceable(const fs::path& file)
{
    return file.filename() != "Preferences" && file.filename() != "LOCK";
}

bool names(const Report& report, std::string_view place)
{
    return std::any_of(report.problems.begin(), report.problems.end(),
                       [&](const Error& problem) { return problem.where.find(place) != std::string::npos; });
}

/// A folder outside of the home folder that shows whether anything in it was changed or read.
class Outside {
public:
    explicit Outside(const Home& home) : path_(home.folder / "outside")
    {
        fs::copy(home.profile, path_, fs::copy_options::recursive);
        for (const fs::path& file : files_below(path_)) {
            const std::array<timespec, 2> times{timespec{1, 0}, timespec{1'700'000'000, 0}};  // read long ago
            REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times.data(), 0) == 0);
        }
        before_ = snapshot_without_reading();
    }
    const fs::path& path() const { return path_; }
    bool is_untouched() const { return snapshot_without_reading() == before_; }

private:
    std::string snapshot_without_reading() const
    {
        std::vector<std::string> lines;
        for (const auto& entry : fs::recursive_directory_iterator(path_)) {
            struct stat st {};
            ::lstat(entry.path().c_str(), &st);
            lines.push_back(fmt::format("{} {} {} {} {}\n", entry.path().string(), st.st_mode, st.st_size, st.st_mtime,
                                        S_ISREG(st.st_mode) ? st.st_atime : 0));
        }
        std::sort(lines.begin(), lines.end());
        return fmt::format("{}", fmt::join(lines, ""));
    }

    fs::path path_;
    std::string before_;
};

void make_pipe(const fs::path& path)
{
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
}

/// A device whose content never ends, /dev/zero; a pipe where only root may make one.
void make_endless_device(const fs::path& path)
{
    if (::mknod(path.c_str(), S_IFCHR | 0600, makedev(1, 5)) != 0) {
        WARN("no device could be made: a pipe in its place");
        make_pipe(path);
    }
}

void make_socket(const fs::path& path)
{
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string link = fs::temp_directory_path() / fmt::format("unstick-{}", ::getpid());  // a short name
    fs::create_directory_symlink(path.parent_path(), link);
    const std::string name = link + "/s";
    std::copy(name.begin(), name.end(), address.sun_path);
    REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    ::close(socket);
    fs::remove(link);
    fs::rename(path.parent_path() / "s", path);
}

/// Lines of Home::seen() that name the other site.
std::set<std::string> of_others(const Home& home)
{
    std::set<std::string> lines;
    for (const std::string& line : home.seen()) {
        if (line.find("other.test") != std::string::npos && !testing::is_about_ours(line)) {
            lines.insert(line);
        }
    }
    return lines;
}

}  // namespace

TEST_CASE("links to outside are not followed: folders, files, and those below")
{
    Home home = hostile_home(GENERATE(CacheKind::simple, CacheKind::blockfile));
    const Outside outside(home);
    const bool folders = GENERATE(true, false);
    if (folders) {
        for (const auto& entry : fs::directory_iterator(home.profile)) {
            if (entry.is_directory()) {
                const fs::path name = entry.path();
                fs::remove_all(name);
                fs::create_directory_symlink(outside.path() / name.filename(), name);
            }
        }
    } else {
        for (const fs::path& file : files_below(home.profile)) {
            if (is_replaceable(file)) {
                fs::remove(file);
                fs::create_symlink(outside.path() / fs::relative(file, home.profile), file);
            }
        }
    }
    const Report report = go(home, Command::fix);
    CHECK(report.exit_code == Exit::partial);
    CHECK(names(report, folders ? "Local Storage" : "Cookies"));
    CHECK(outside.is_untouched());
    go(home, Command::undo);
    CHECK(outside.is_untouched());
}

TEST_CASE("folders that are exchanged for links to outside while unstick works lead nowhere")
{
    const char* const folder =
        GENERATE("Local Storage", "IndexedDB", "Service Worker", "File System", "Cache/Cache_Data");
    const Command command = GENERATE(Command::fix, Command::undo);
    Home home = hostile_home(GENERATE(CacheKind::simple, CacheKind::blockfile));
    const fs::path base = std::string_view(folder).starts_with("Cache") ? home.cache : home.profile;
    if (!fs::exists(base / folder)) {
        return;
    }
    const Outside outside(home);
    if (command == Command::undo) {
        go(home, Command::fix);
    }
    const fs::path link = home.folder / "link";
    fs::create_directory_symlink(outside.path() / folder, link);
    {
        const testing::Swapping swapping(base / folder, link);
        for (int i = 0; i < 3; ++i) {
            go(home, command);
        }
    }
    CHECK(outside.is_untouched());
    if (fs::is_symlink(base / folder)) {
        fs::remove(base / folder);
        fs::rename(link, base / folder);
    }
    while (go(home, Command::undo).exit_code != Exit::usage) {
    }
    CHECK(outside.is_untouched());
}

TEST_CASE("links that go round, and folders that are very deep")
{
    Home home = hostile_home();
    fs::path deep = home.profile / "IndexedDB/https_stuck.test_0.indexeddb.leveldb";
    for (int i = 0; i < 300; ++i) {
        deep /= "d";
    }
    fs::create_directories(deep);
    put(deep / "file", "SECRET");
    const auto others = of_others(home);
    const fs::path up = home.profile / "IndexedDB/https_stuck.test_0.indexeddb.blob/up";
    fs::create_directory_symlink("..", up);
    const fs::path round = home.cache / "Cache/Cache_Data/a";
    fs::create_symlink("a", round);
    CHECK(go(home, Command::fix).problems.empty());
    CHECK_FALSE(fs::exists(home.profile / "IndexedDB/https_stuck.test_0.indexeddb.leveldb"));
    CHECK(fs::is_symlink(round));
    fs::remove(round);
    CHECK(of_others(home) == others);
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
    CHECK(get(deep / "file") == "SECRET");
    CHECK(fs::is_symlink(up));
    Request last = home.request(Command::fix, all_kinds());
    last.no_undo = true;
    CHECK(home.go(last).problems.empty());
    CHECK(list_runs(home.request(Command::fix).state_dir).value().size() ==
          1);  // the first: the last one could be erased
}

TEST_CASE("pipes, sockets and devices in place of files stop nothing")
{
    const auto make = GENERATE(as<void (*)(const fs::path&)>{}, make_pipe, make_socket, make_endless_device);
    Home home = hostile_home(GENERATE(CacheKind::simple, CacheKind::blockfile));
    for (const fs::path& file : files_below(home.profile)) {
        if (is_replaceable(file)) {
            fs::remove(file);
            make(file);
        }
    }
    const Report report = go(home, Command::fix);
    CHECK(report.exit_code == Exit::partial);
    CHECK(names(report, "Cookies"));
    CHECK(names(report, "TransportSecurity"));
    CHECK(names(report, "Local Storage"));
    go(home, Command::undo);
}

TEST_CASE("files with a second name elsewhere are not changed under that name; databases not at all")
{
    Home home = hostile_home(GENERATE(CacheKind::simple, CacheKind::blockfile));
    const auto before = home.seen();
    const fs::path copies = home.folder / "backup";
    for (const fs::path& file : files_below(home.folder / "home")) {
        const fs::path copy = copies / fs::relative(file, home.folder / "home");
        fs::create_directories(copy.parent_path());
        fs::create_hard_link(file, copy);
    }
    const auto contents = [&] {
        std::map<fs::path, std::string> seen;
        for (const fs::path& file : files_below(copies)) {
            seen[file] = get(file);
        }
        return seen;
    };
    const auto copied = contents();
    const Report report = go(home, Command::fix);
    CHECK(report.exit_code == Exit::partial);
    CHECK(names(report, "Cookies"));
    CHECK((home.seen() != before));
    CHECK((contents() == copied));
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
    CHECK((home.seen() == before));
    CHECK((contents() == copied));
}

namespace {

std::string big_endian(std::size_t number)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(number >> shift);
    }
    return bytes;
}

/// A rollback journal of a database, without pages, that names a super-journal.
std::string journal_naming(const fs::path& file, const fs::path& database)
{
    const std::string magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
    const std::string header = get(database).substr(16, 2);
    const std::size_t page =
        (std::size_t{static_cast<unsigned char>(header[0])} << 8U) + static_cast<unsigned char>(header[1]);
    std::string bytes = magic + big_endian(0) + big_endian(0) + big_endian(fs::file_size(database) / page) +
                        big_endian(512) + big_endian(page);
    bytes.resize(512);
    std::size_t sum = 0;
    for (const char c : file.string()) {
        sum += static_cast<unsigned char>(c);
    }
    return bytes + big_endian((1U << 30U) / page + 1) + file.string() + big_endian(file.string().size()) +
           big_endian(sum) + magic;
}

}  // namespace

TEST_CASE("a rollback journal that names a file elsewhere makes nobody delete it")
{
    Home home = hostile_home();
    const fs::path victim = home.folder / "victim";
    put(victim, "theirs");
    // SQLite by itself deletes it, or this test shows nothing.
    fs::copy(home.profile / "Cookies", home.folder / "copy");
    put(home.folder / "copy-journal", journal_naming(victim, home.profile / "Cookies"));
    testing::run_sql(home.folder / "copy", "SELECT count(*) FROM cookies");
    CHECK_FALSE(fs::exists(victim));

    put(victim, "theirs");
    const bool before_undo = GENERATE(false, true);
    if (before_undo) {
        CHECK(go(home, Command::fix).exit_code == Exit::ok);
    }
    put(home.profile / "Cookies-journal", journal_naming(victim, home.profile / "Cookies"));
    const Report report = go(home, before_undo ? Command::undo : Command::fix);
    CHECK(report.exit_code == Exit::partial);
    CHECK(names(report, "Cookies-journal"));
    CHECK(fs::exists(victim));
    fs::remove(home.profile / "Cookies-journal");
    go(home, Command::undo);
    CHECK(home.seen().size() > 0);
}

TEST_CASE("hostile names and texts are shown as what they are")
{
    Home home = hostile_home();
    const std::string bad = "x\x1b[31m\n\r\x9b\xff\xe2\x80\xae";
    fs::rename(home.profile, home.profile.parent_path() / bad);
    home.profile = home.profile.parent_path() / bad;
    for (const char* folder : {"IndexedDB", "File System", "Service Worker/CacheStorage"}) {
        fs::create_directories(home.profile / folder / bad);
    }
    testing::run_sql(home.profile / "Cookies",
                     "UPDATE cookies SET name = CAST(x'1b5b33316d0a9bffe280ae' AS TEXT), path = CAST(x'00ff' AS TEXT)"
                     " WHERE host_key = 'stuck.test'");
    put(home.profile / "Local Storage/leveldb/" / bad, "?");
    const Report listed = go(home, Command::profiles);
    CHECK(to_text(listed, {}).find("\\x1B[31m") != std::string::npos);
    Request dry = home.request(Command::fix, all_kinds());
    dry.dry_run = true;
    check_clean(home.go(dry));
    CHECK(go(home, Command::fix).profiles.size() == 1);
    go(home, Command::undo);
}

TEST_CASE("files that claim to hold a terabyte take no time and no memory")
{
    constexpr std::uintmax_t terabyte = std::uintmax_t{1} << 40U;
    const auto cache = GENERATE(CacheKind::simple, CacheKind::blockfile);
    Home home = hostile_home(cache);
    const bool beside = GENERATE(false, true);
    if (beside) {
        for (const fs::path& file : databases_in(home)) {
            put(file.string() + "-wal", "x");
            fs::resize_file(file.string() + "-wal", terabyte);
        }
    } else {
        for (const fs::path& file : files_below(home.profile)) {
            if (is_replaceable(file)) {
                fs::resize_file(file, terabyte);
            }
        }
    }
    const Report report = go(home, Command::fix);
    CHECK(report.exit_code == Exit::partial);
    CHECK(names(report, beside ? "Cookies" : "TransportSecurity"));
    go(home, Command::undo);
}

TEST_CASE("JSON that is very deep, or very wide, is left")
{
    Home home = hostile_home();
    std::string wide = "{";
    for (int i = 0; i < 200'000; ++i) {
        wide += fmt::format("\"{}\":0,", i);
    }
    const auto content = GENERATE_REF(std::string(100'000, '['), "{\"sts\":" + std::string(100'000, '['),
                                      std::string(100'000, '[') + std::string(100'000, ']'), wide + "\"\":0}");
    for (const char* file : {"TransportSecurity", "Network Persistent State", "Preferences"}) {
        put(home.profile / file, content);
    }
    put(home.profile.parent_path() / "Local State", content);
    const Report report = go(home, Command::fix);
    CHECK(report.exit_code == Exit::partial);
    CHECK(names(report, "TransportSecurity"));
    CHECK((get(home.profile / "Preferences") == content));
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
}

namespace {

/// Changes the schema of a database as `change` says for each of its tables.
void change_schema(const fs::path& file, const std::function<std::string(const std::string& table)>& change)
{
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    std::vector<std::string> tables;
    SQLite::Statement query(database,
                            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    while (query.executeStep()) {
        tables.push_back(query.getColumn(0).getString());
    }
    query.reset();
    for (const std::string& table : tables) {
        database.exec(change(table));
    }
}

}  // namespace

TEST_CASE("triggers of a profile's databases do not run")
{
    Home home = hostile_home();
    const auto databases = databases_in(home);
    REQUIRE(databases.size() >= 10);
    for (const fs::path& file : databases) {
        change_schema(file, [](const std::string& table) {
            std::string sql;
            for (const char* event :
                 {"BEFORE DELETE", "AFTER DELETE", "BEFORE INSERT", "AFTER INSERT", "AFTER UPDATE"}) {
                sql += fmt::format("CREATE TRIGGER \"{0} {1}\" {1} ON {0} BEGIN DELETE FROM {0}; END;", table, event);
            }
            return sql;
        });
    }
    const auto others = of_others(home);
    const auto before = home.seen();
    REQUIRE_FALSE(others.empty());
    CHECK(go(home, Command::fix).exit_code == Exit::ok);
    CHECK(of_others(home) == others);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key = 'stuck.test'") == 0);
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
    CHECK((home.seen() == before));
}

TEST_CASE("what is no table of a known form is left, and named")
{
    Home home = hostile_home();
    const auto form = GENERATE(as<std::string>{}, "view", "endless view", "virtual table");
    CAPTURE(form);
    const auto databases = databases_in(home);
    for (const fs::path& file : databases) {
        change_schema(file, [&](const std::string& table) {
            const std::string start = fmt::format("ALTER TABLE {0} RENAME TO old_{0};", table);
            if (form == "view") {
                return start + fmt::format("CREATE VIEW {0} AS SELECT * FROM old_{0}", table);
            }
            if (form == "endless view") {
                return start + fmt::format(
                                   "CREATE VIEW {} AS WITH RECURSIVE n(key, value, host_key) AS (SELECT 'version', "
                                   "24, 'stuck.test' UNION ALL SELECT * FROM n) SELECT * FROM n",
                                   table);
            }
            return start + fmt::format("CREATE VIRTUAL TABLE {} USING fts5(key, value, host_key)", table);
        });
    }
    std::map<fs::path, std::string> before;
    for (const fs::path& file : databases) {
        before[file] = get(file);
    }
    const Report report = go(home, Command::fix);
    CHECK(report.exit_code == Exit::partial);
    for (const fs::path& file : databases) {
        CAPTURE(file);
        CHECK((get(file) == before[file]));
        if (file.parent_path().filename() != "pc") {
            CHECK(names(report, file.string()));
        }
    }
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
}

TEST_CASE("columns of another type, computed columns and tables without rowids lose nothing of others")
{
    Home home = hostile_home();
    const auto form = GENERATE(as<std::string>{}, "GENERATED ALWAYS AS (length(host_key)) STORED",
                               "GENERATED ALWAYS AS (printf('%.*c', 1000000, 'x')) VIRTUAL", "BLOB DEFAULT x'00'");
    const fs::path file = home.profile / "Cookies";
    {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
        SQLite::Statement query(database, "SELECT sql FROM sqlite_schema WHERE name = 'cookies'");
        REQUIRE(query.executeStep());
        std::string sql = query.getColumn(0).getString();
        query.reset();
        sql.replace(sql.rfind(')'), 1, ", extra " + form + ")");
        sql.replace(sql.find("TABLE cookies"), 13, "TABLE changed");
        database.exec(sql);
        const std::string columns =
            "creation_utc, host_key, top_frame_site_key, name, value, encrypted_value, path, expires_utc, is_secure, "
            "is_httponly, last_access_utc, has_expires, is_persistent, priority, samesite, source_scheme, source_port, "
            "last_update_utc, source_type, has_cross_site_ancestor";
        database.exec(
            fmt::format("INSERT INTO changed({0}) SELECT {0} FROM cookies; DROP TABLE cookies;"
                        "ALTER TABLE changed RENAME TO cookies",
                        columns));
        database.exec("INSERT INTO cookies(" + columns +
                      ") VALUES(x'00', x'737475636b2e74657374', 7, 1.5, x'ff', 'text', -1, 'never', 'yes', x'01', "
                      "9223372036854775807, 0, 0, 0, 0, 0, 0, 0, 0, 0)");
    }
    const auto before = home.seen();
    const auto others = of_others(home);
    const Report report = go(home, Command::fix);
    CHECK(of_others(home) == others);
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
    CHECK((home.seen() == before));
}

TEST_CASE("LevelDB files with lying sizes or impossible numbers are problems, and are left")
{
    Home home = hostile_home();
    const fs::path folder = home.profile / "Local Storage/leveldb";
    const auto damage = GENERATE(as<std::string>{}, "log", "manifest", "current", "many", "numbers");
    CAPTURE(damage);
    const std::string lie("\0\0\0\0\xff\xff\1lie", 10);
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if ((damage == "log" && name.ends_with(".log")) || (damage == "manifest" && name.starts_with("MANIFEST"))) {
            put(entry.path(), lie + get(entry.path()));
        }
    }
    if (damage == "current") {
        put(folder / "CURRENT", "MANIFEST-../../../outside\n");
    } else if (damage == "numbers") {  // whole, with the right sums
        put(folder / "CURRENT", "MANIFEST-000999\n");
        put(folder / "MANIFEST-000999", forged::log_of({forged::beginning(1, 1000, std::uint64_t{1} << 56U)}));
    } else if (damage == "many") {
        for (int i = 100; i < 2000; ++i) {
            put(folder / fmt::format("{:06}.log", i), lie);
        }
    }
    const std::string before = snapshot(folder);
    const Report report = go(home, Command::fix);
    CHECK(report.exit_code != Exit::nothing_found);
    CHECK((report.exit_code == Exit::partial || damage != "numbers"));
    if (report.exit_code == Exit::partial) {
        CHECK(names(report, "Local Storage"));
        CHECK(snapshot(folder) == before);
    }
    CHECK(go(home, Command::undo).exit_code == Exit::ok);
}
