// Profiles made to harm: whatever lies in them, `fix` ends soon with a documented exit code, says what and where, and
// touches nothing outside of the profile and nothing of other sites; `undo` works. docs/security.md lists the promises.

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

#include "base/text.h"
#include "journal/journal.h"
#include "tests/contract/hostile_profile.h"
#include "tests/fixtures/chromium_databases.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/swapping.h"

using namespace unstick;
using testing::CacheKind;
using testing::get;
using testing::Home;
using testing::put;
using testing::snapshot;
using namespace testing::hostile;

namespace {

/// Files that are to be replaced: all but those without which there is no profile, or no hold on it.
bool is_replaceable(const fs::path& file)
{
    return file.filename() != "Preferences" && file.filename() != "LOCK";
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
