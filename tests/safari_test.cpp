// Safari and GNOME Web: the cookie jar, whose profile it is, who holds it, and what real browsers wrote.

#include <SQLiteCpp/Database.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "../platform/platform.h"
#include "../src/discover.h"
#include "../src/formats/finders.h"
#include "../src/formats/webkit_named.h"
#include "../src/media/jars.h"
#include "home.h"
#include "looking.h"
#include "safari_profile.h"
#include "webkit_files.h"

namespace fs = std::filesystem;

using namespace unstick;
using testing::cookie_record;
using testing::get;
using testing::Home;
using testing::put;
using testing::site;
using testing::snapshot;
using testing::TempFolder;

namespace {

const Adapter& browser(std::string_view id)
{
    return *std::find_if(adapters().begin(), adapters().end(), [&](const Adapter& one) { return one.id == id; });
}

Home safari()
{
    return {browser("safari"), browser("safari").roots[0]};
}

fs::path jar_of(const Home& home)
{
    return home.profile / "Cookies/Cookies.binarycookies";
}

/// The cookies of a jar, by what a person calls them, with their bytes.
std::multimap<std::string, std::string> cookies_in(const binary_cookies::Jar& jar)
{
    std::multimap<std::string, std::string> cookies;
    for (const auto& page : jar.pages) {
        for (const auto& record : page) {
            cookies.emplace(record.cookie.domain + " " + record.cookie.name, record.bytes);
        }
    }
    return cookies;
}

std::multimap<std::string, std::string> cookies_in(const fs::path& file)
{
    return cookies_in(jars::read(file).value());
}

void add_cookie(const fs::path& file, const std::string& bytes)
{
    auto jar = jars::read(file).value();
    binary_cookies::put(jar, binary_cookies::parse_record(bytes).value());
    REQUIRE(jars::write(file, jar));
}

std::set<std::string> keys_of(const Found& found)
{
    std::set<std::string> keys;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            CHECK(keys.insert(piece.medium == Medium::file ? piece.key : piece.table + piece.key).second);
        }
    }
    return keys;
}

/// Is a file in Cache Storage in a folder whose file `origin` names the host? Frames of others under the host are so.
bool is_in_folder_of(const std::set<std::string>& lines, const std::string& line, const std::string& host)
{
    constexpr std::string_view storage = "CacheStorage/";
    const std::size_t at = line.find(storage);
    if (at == std::string::npos) {
        return false;
    }
    const std::string origin = line.substr(0, line.find('/', at + storage.size())) + "/origin: ";
    const auto found = lines.lower_bound(origin);
    return found != lines.end() && found->starts_with(origin) && found->find(host) != std::string::npos;
}

}  // namespace

TEST_CASE("a jar without the site's cookies is otherwise the same, and has its mode")
{
    Home home = safari();
    chmod(jar_of(home).c_str(), 0640);
    const auto before = cookies_in(jar_of(home));
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    TempFolder expected;
    testing::write_jar(expected / "jar", testing::theirs);
    CHECK(get(jar_of(home)) == get(expected / "jar"));
    struct stat st {};
    stat(jar_of(home).c_str(), &st);
    CHECK((st.st_mode & 0777) == 0640);
    REQUIRE(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(cookies_in(jar_of(home)) == before);
}

TEST_CASE("what is said of a cookie has no value in it")
{
    const TempFolder home;
    testing::write_jar(home / "jar", {"stuck.test"});
    const Found found = find_binary_cookies(home / "jar", site("stuck.test"));
    REQUIRE(found.items.size() == 3);
    CHECK(found.items[0].label == "cookie session of stuck.test");
    CHECK(found.items[0].host == "stuck.test");
    CHECK(found.items[0].expires == 800000000 + 978307200);
    CHECK(found.items[2].host == ".stuck.test");
    CHECK(found.items[0].type == ItemType::cookie);
    CHECK(found.items[0].value_size > 0U);
    for (const Item& item : found.items) {
        CHECK(item.label.find("SECRET") == std::string::npos);
        REQUIRE(item.pieces.size() == 1);
        CHECK(item.pieces[0].key.size() == 64);
        CHECK(item.pieces[0].key.find_first_not_of("0123456789abcdef") == std::string::npos);
    }
}

TEST_CASE("why sees the cookies of Safari and GNOME Web")
{
    const std::string id = GENERATE("safari", "epiphany");
    CAPTURE(id);
    Home home{browser(id), browser(id).roots[0]};
    home.host.clock = 1'750'000'000;  // before the jar's cookies end
    const Report why = home.go(Command::why);
    CAPTURE(to_text(why, {}));
    CHECK(std::any_of(why.findings.begin(), why.findings.end(),
                      [](const Finding& finding) { return finding.rule == "shadowed-cookie"; }));
}

TEST_CASE("a cookie that came back is not replaced by an undo, the others come back")
{
    Home home = safari();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    const std::string renewed = cookie_record("stuck.test", "session", "new");
    add_cookie(jar_of(home), renewed);
    add_cookie(jar_of(home), cookie_record("other.test", "later", "new"));
    const Report undone = home.go(Command::undo);
    CHECK(undone.exit_code == Exit::partial);
    REQUIRE(undone.problems.size() == 1);
    CHECK(undone.problems[0].code == Code::exists);
    const auto after = cookies_in(jar_of(home));
    CHECK(after.count("stuck.test session") == 1);
    CHECK(after.find("stuck.test session")->second == renewed);
    CHECK(after.count("stuck.test csrf") == 1);
    CHECK(after.count(".app.stuck.test shared") == 1);
    CHECK(after.count("other.test later") == 1);
}

TEST_CASE("a cookie that was renewed while a question waited is not removed")
{
    Home home = safari();
    Request request = home.request(Command::fix);
    request.yes = false;
    Console console;
    std::string changed;
    console.confirm = [&](const Report&) {
        auto jar = jars::read(jar_of(home)).value();
        binary_cookies::take(jar, [](const auto& record) { return record.cookie.domain == "stuck.test"; });
        binary_cookies::put(jar, binary_cookies::parse_record(cookie_record("stuck.test", "session", "new")).value());
        REQUIRE(jars::write(jar_of(home), jar));
        changed = get(jar_of(home));
        return true;
    };
    CHECK(run(request, home.host, adapters(), console).problems.at(0).code == Code::changed);
    CHECK(get(jar_of(home)) == changed);
}

TEST_CASE("a jar that is not understood stays as it is, and is a problem")
{
    Home home = safari();
    std::string bytes = get(jar_of(home));
    SECTION("checksum")
    {
        const std::size_t at = bytes.find("\x07\x17\x20\x05") - 1;
        bytes[at] = static_cast<char>(bytes[at] + 1);
    }
    SECTION("magic")
    {
        bytes[0] = 'k';
    }
    SECTION("cut off")
    {
        bytes.resize(bytes.size() / 2);
    }
    SECTION("empty")
    {
        bytes.clear();
    }
    put(jar_of(home), bytes);
    const Report report = home.go(Command::fix);
    CHECK(report.exit_code == Exit::partial);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].where == jar_of(home));
    CHECK(get(jar_of(home)) == bytes);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
}

TEST_CASE("a jar in which both sides changed since is still restored after a run that was cut off")
{
    Home home = safari();
    const auto before = cookies_in(jar_of(home));
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    // As if the run had been cut off when only some cookies were gone, and a copy was left beside the jar.
    add_cookie(jar_of(home), before.find("stuck.test csrf")->second);
    put(jar_of(home).string() + ".unstick-abc123", "half");
    put(jar_of(home).string() + ".unstick-notes.txt", "somebody's");
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(cookies_in(jar_of(home)) == before);
    CHECK_FALSE(fs::exists(jar_of(home).string() + ".unstick-abc123"));
    CHECK(fs::exists(jar_of(home).string() + ".unstick-notes.txt"));
}

TEST_CASE("Safari's profiles have the names that people gave them")
{
    Home home = safari();
    fs::create_directories(home.profile / "WebKit/WebsiteDataStore/not-a-profile");
    Request request = home.request(Command::fix);
    request.profile = "Work";
    const std::string other = get(jar_of(home));
    const Report report = home.go(request);
    CHECK(report.exit_code == Exit::ok);
    REQUIRE(report.profiles.size() == 1);
    CHECK(report.profiles[0].name == "Work");
    CHECK(get(jar_of(home)) == other);
    CHECK(home.go(Command::profiles).profiles.size() == 2);
    put(home.profile / "Safari/SafariTabs.db", "no database");
    const Report unnamed = home.go(Command::profiles);
    REQUIRE(unnamed.profiles.size() == 2);
    CHECK(unnamed.profiles[1].name.empty());
}

TEST_CASE("the folder that newer Safaris keep outside their sandbox is no profile")
{
    const TempFolder home;
    put(home / "Library/Safari/Bookmarks.plist", "");
    const Machine machine = Machine::at_home(home.path(), Os::macos);
    CHECK(discover(machine, adapters(), {})->profiles.empty());
    put(home / "Library/Safari/LocalStorage/https_a.test_0.localstorage", "");
    CHECK(discover(machine, adapters(), {})->profiles.size() == 1);
}

TEST_CASE("while the browser runs nothing is touched, and it can be asked to quit")
{
    const auto [id, program, stranger] = GENERATE(
        table<std::string, std::string, std::string>({{"safari", "Safari", "Safari Technology Preview"},
                                                      {"safari-preview", "Safari Technology Preview", "Safari"},
                                                      {"safari-web-apps", "Web App", "Safari"},
                                                      {"epiphany", "epiphany", "Safari"}}));
    Home home(browser(id), browser(id).roots[0]);
    home.host.programs.emplace(program, 4711);
    const std::string before = snapshot(home.folder / "home");
    const Report busy = home.go(Command::fix);
    CHECK(busy.exit_code == Exit::in_use);
    CHECK(snapshot(home.folder / "home") == before);
    Request close = home.request(Command::fix);
    close.close = true;
    CHECK(home.go(close).exit_code == Exit::ok);
    CHECK(home.host.asked_to_quit == std::vector<std::int64_t>{4711});
    home.host.programs.emplace(stranger, 12);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
}

TEST_CASE("all of several processes are asked to quit, one after the other")
{
    Home home(browser("safari-web-apps"), browser("safari-web-apps").roots[0]);
    home.host.programs = {{"Web App", 11}, {"Web App", 12}, {"Safari", 13}};
    Request close = home.request(Command::fix);
    close.close = true;
    CHECK(home.go(close).exit_code == Exit::ok);
    CHECK(home.host.asked_to_quit == std::vector<std::int64_t>{11, 12});
}

TEST_CASE("what a browser that was closed wrote afterwards is told")
{
    Home home = safari();
    /// Writes the jar anew two seconds after it was told to quit.
    struct Straggler : testing::FakeHost {
        fs::path jar;
        std::string bytes;
        void sleep(std::chrono::milliseconds time) override
        {
            FakeHost::sleep(time);
            if (time >= std::chrono::seconds(2)) {
                put(jar, bytes);
            }
        }
    } host;
    host.jar = jar_of(home);
    host.bytes = get(host.jar);
    host.programs.emplace("Safari", 4711);
    Request close = home.request(Command::fix);
    close.close = true;
    const Report report = run(close, host, adapters(), {});
    CHECK(report.exit_code == Exit::partial);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].code == Code::changed);
    CHECK(report.problems[0].where == host.jar);
    CHECK(report.problems[0].what.find("came back") != std::string::npos);
    // Nobody waits for a browser that was not to be closed.
    Home other = safari();
    CHECK(other.go(Command::fix).exit_code == Exit::ok);
    CHECK(other.host.slept.count() == 0);
}

TEST_CASE("bytes of a cookie that nobody understands are told, and carried along")
{
    Home home = safari();
    std::string partitioned = cookie_record("widget.test", "sid", "SECRET");
    partitioned += "bplist00-and-more";
    const auto size = static_cast<char>(partitioned.size());
    REQUIRE(partitioned.size() < 128);
    partitioned[0] = size;
    add_cookie(jar_of(home), partitioned);
    const Report report = home.go(Command::fix);
    CHECK(report.exit_code == Exit::ok);
    CHECK(std::any_of(report.next.begin(), report.next.end(), [](const std::string& text) {
        return text.find("1 cookie in ") == 0 && text.find("judged by their own domain") != std::string::npos;
    }));
    CHECK(cookies_in(jar_of(home)).find("widget.test sid")->second == partitioned);
}

TEST_CASE("a process of this computer is found by its program's name")
{
    const auto host = this_host();
    const auto found = host->processes_named("safari_test");
    CHECK(std::find(found.begin(), found.end(), ::getpid()) != found.end());
    CHECK(host->processes_named("safari_tes").empty());
    CHECK(host->processes_named("").empty());
}

TEST_CASE("without Full Disk Access nothing is found, and the way to get it is told")
{
    Home home = safari();
    const fs::path closed = GENERATE(as<std::string>(), ".", "Cookies", "WebKit/WebsiteData/Default");
    Request request = home.request(Command::fix);
    request.kinds = {closed == "Cookies" ? Kind::cookies : Kind::storage};
    request.profile = closed == "." ? "" : "Default";
    chmod(home.folder.path().c_str(), 0755);
    chmod((home.profile / closed).c_str(), 0);
    const bool root = ::geteuid() == 0;
    constexpr uid_t nobody = 65534;
    REQUIRE((!root || ::seteuid(nobody) == 0));
    request.dry_run = true;
    const Report report = home.go(request);
    REQUIRE((!root || ::seteuid(0) == 0));
    chmod((home.profile / closed).c_str(), 0755);
    REQUIRE_FALSE(report.problems.empty());
    CHECK(report.problems[0].code == Code::denied);
    CHECK(report.problems[0].hint.find("Privacy_AllFiles") != std::string::npos);
    const bool some_is_elsewhere = report.verdict.code == "dry-run";
    CHECK(report.exit_code == (some_is_elsewhere ? Exit::partial : Exit::denied));
}

TEST_CASE("storage by kind: a site's origins, and frames in both directions")
{
    const TempFolder home;
    put(home / "v1/https_example.com_0/AB/IndexedDB.sqlite3", "12345");
    put(home / "v1/https_other.org_0/AB/IndexedDB.sqlite3", "");
    put(home / "v1/https_other.org_0/http_app.example.com_8080/AB/IndexedDB.sqlite3", "");
    put(home / "v1/https_notexample.com_0/AB/IndexedDB.sqlite3", "");
    const Found databases = find_webkit_indexed_db(home / "v1", site("example.com"));
    CHECK(keys_of(databases) ==
          std::set<std::string>{"https_example.com_0", "https_other.org_0/http_app.example.com_8080"});
    REQUIRE(databases.items.size() == 2);
    CHECK(databases.items[0].bytes == 5);
    CHECK(databases.items[1].label == "databases of http://app.example.com:8080 under https://other.org");

    for (const char* name :
         {"https_example.com_0.localstorage", "https_example.com_0.localstorage-shm",
          "https_example.com.evil.org_0.localstorage", "https_example.com_0", "StorageTracker.db", ".localstorage"}) {
        put(home / "local" / name, "");
    }
    const Found local = find_webkit_local_storage(home / "local", site("example.com"));
    REQUIRE(local.items.size() == 1);
    CHECK(keys_of(local) ==
          std::set<std::string>{"https_example.com_0.localstorage", "https_example.com_0.localstorage-shm"});
    for (const auto find : {find_webkit_indexed_db, find_webkit_local_storage, find_webkit_service_workers}) {
        CHECK_FALSE(find(home / "absent", site("example.com")).present);
        CHECK(find(home / "absent", site("example.com")).problems.empty());
    }
}

TEST_CASE("registrations of service workers of an unknown version stay")
{
    const TempFolder home;
    put(home / "ServiceWorkerRegistrations-9.sqlite3", "");
    const Found found = find_webkit_service_workers(home.path(), site("example.com"));
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].code == Code::unsupported);
}

TEST_CASE("registrations of service workers of every known version are read")
{
    const int version = GENERATE(4, 5, 6, 7, 8);
    CAPTURE(version);
    const TempFolder home;
    {
        SQLite::Database database(
            (home / ("ServiceWorkerRegistrations-" + std::to_string(version) + ".sqlite3")).string(),
            SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec(
            "CREATE TABLE Records(key TEXT NOT NULL UNIQUE, origin TEXT NOT NULL, scopeURL TEXT NOT NULL,"
            " topOrigin TEXT NOT NULL, scriptURL TEXT NOT NULL);"
            "INSERT INTO Records VALUES('1', 'https://example.com', '/', 'https_example.com_0', 'a');"
            "INSERT INTO Records VALUES('2', 'https://other.org', '/', 'https_app.example.com_0', 'b');"
            "INSERT INTO Records VALUES('3', 'https://example.com:8443', '/', 'https_other.org_0', 'c');"
            "INSERT INTO Records VALUES('4', 'https://other.org', '/', 'https_other.org_0', 'd');");
    }
    const Found found = find_webkit_service_workers(home.path(), site("example.com"));
    CHECK(found.problems.empty());
    CHECK(found.version == std::to_string(version));
    CHECK(found.items.size() == 3);
}

TEST_CASE("registrations of version 4 that Safari wrote")
{
    const fs::path data = testing::real_data();
    if (data.empty()) {
        return;
    }
    const TempFolder home;
    fs::copy_file(data / "safari/webkit-testapi/BadServiceWorkerRegistrations-4.sqlite3",
                  home / "ServiceWorkerRegistrations-4.sqlite3");
    const Found found = find_webkit_service_workers(home.path(), site("mdn.github.io"));
    CHECK(found.problems.empty());
    REQUIRE(found.items.size() == 1);
    CHECK(found.items[0].label == "service worker of https://mdn.github.io");
    CHECK(find_webkit_service_workers(home.path(), site("other.github.io")).items.empty());
}

TEST_CASE("service workers of real browsers, with their scripts")
{
    const TempFolder unpacked;
    if (!testing::webkit::unpack_webkitgtk(unpacked.path())) {
        return;
    }
    const std::string before = snapshot(unpacked.path());
    for (const std::string data : {"webkitgtk-6.0/data", "minibrowser-4.1/data"}) {
        const Found found = find_webkit_service_workers(unpacked.path() / data / "serviceworkers", site("alpha.test"));
        CHECK(found.problems.empty());
        CHECK(found.version == "8");
        REQUIRE(found.items.size() == 2);
        for (const Item& item : found.items) {
            REQUIRE(item.pieces.size() == 2);
            CHECK(item.pieces[1].medium == Medium::file);
            CHECK(item.label == "service worker of https://" + item.host);
            CHECK(item.bytes > 0);
        }
    }
    CHECK(snapshot(unpacked.path()) == before);
}

TEST_CASE("real data of WebKitGTK: of each site only its own goes, and undo brings it back")
{
    const TempFolder unpacked;
    if (!testing::webkit::unpack_webkitgtk(unpacked.path())) {
        return;
    }
    struct Source {
        std::string data, cache, cookies;
    };
    const auto source =
        GENERATE(Source{"epiphany/profile", "epiphany/profile/cache", ""},
                 Source{"webkitgtk-6.0/data", "webkitgtk-6.0/cache", ""},
                 Source{"minibrowser-4.1/data", "minibrowser-4.1/cache", "minibrowser-4.1/cookies.sqlite"});
    const std::string name = GENERATE("alpha.test", "beta.test", "app.alpha.test", "absent.test");
    CAPTURE(source.data, name);
    Home home(browser("epiphany"), browser("epiphany").roots[0], {});
    const auto copy = fs::copy_options::recursive | fs::copy_options::overwrite_existing;
    fs::remove_all(home.folder / "home");
    fs::create_directories(home.cache.parent_path());
    fs::create_directories(home.profile.parent_path());
    fs::copy(unpacked.path() / source.cache, home.cache, copy);
    fs::copy(unpacked.path() / source.data, home.profile, copy);
    fs::remove_all(home.profile / "cache");
    if (!source.cookies.empty()) {
        fs::copy(unpacked.path() / source.cookies, home.profile / "cookies.sqlite");
    }
    const auto before = home.seen();
    Request request = home.request(Command::fix);
    request.kinds = all_kinds();
    request.site = name.starts_with("app.") ? site(name).only_host() : site(name);
    const Report fixed = home.go(request);
    for (const Error& problem : fixed.problems) {
        FAIL_CHECK(problem.where << ": " << problem.what);
    }
    CHECK(fixed.exit_code == (name == "absent.test" ? Exit::nothing_found : Exit::ok));
    const auto after = home.seen();
    CHECK(std::includes(before.begin(), before.end(), after.begin(), after.end()));
    if (name == "absent.test") {
        CHECK((after == before));
        return;
    }
    CHECK(fixed.profiles.at(0).stores.size() >= 5);
    std::size_t gone = 0;
    for (const std::string& line : before) {
        if (!after.contains(line)) {
            ++gone;
            const bool is_named = line.find(name.substr(0, name.find('.'))) != line.npos;
            const bool other = line.find(name == "beta.test" ? "alpha" : "beta") != line.npos;
            CAPTURE(line.substr(0, line.find(':')));
            CHECK((is_named || !other || is_in_folder_of(before, line, name)));
        }
    }
    CHECK(gone > 5);
    CHECK(home.go(request).exit_code == Exit::nothing_found);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK((home.seen() == before));  // without showing what is in it
}

TEST_CASE("real data of Safari: of each site only its own goes, and undo brings it back")
{
    const fs::path data = testing::real_data();
    if (data.empty()) {
        return;
    }
    const std::string jar = GENERATE("plaso/Cookies.binarycookies", "safari/cixtor-test1.binarycookies",
                                     "safari/ytdlp-safari-localhost.binarycookies");
    CAPTURE(jar);
    Home home(browser("safari"), browser("safari").roots[0], {"stuck.test", "webkit.org"});
    fs::remove_all(home.profile / "WebKit");
    const auto copy = fs::copy_options::overwrite_existing;
    fs::copy_file(data / jar, jar_of(home), copy);
    const fs::path written = data / "safari/webkit-testapi";
    const fs::path origin = home.profile / "WebKit/WebsiteData/Default/a/b";
    fs::create_directories(origin / "LocalStorage");
    fs::copy_file(written / "general-storage-directory.origin", origin / "origin");
    fs::copy_file(written / "general-storage-directory-localstorage.sqlite3",
                  origin / "LocalStorage/localstorage.sqlite3");
    const fs::path tracking = home.profile / "WebKit/WebsiteData/ResourceLoadStatistics";
    fs::create_directories(tracking);
    fs::copy_file(written / "basicITPDatabase.db", tracking / "observations.db");
    const auto before = home.seen();
    const auto all = jars::read(jar_of(home)).value();
    std::set<std::string> sites{"webkit.org"};
    for (const auto& page : all.pages) {
        for (const auto& record : page) {
            sites.insert(registrable_domain(
                host_of("https://" + record.cookie.domain.substr(record.cookie.domain.starts_with('.') ? 1 : 0))));
        }
    }
    std::size_t done = 0;
    for (const std::string& name : sites) {
        Request request = home.request(Command::fix);
        const auto parsed = Site::parse(name);
        if (!parsed || ++done > 6) {  // a jar also has cookies of files
            continue;
        }
        request.site = *parsed;
        const Report fixed = home.go(request);
        CHECK(fixed.problems.empty());
        CHECK(fixed.exit_code == Exit::ok);
        const auto kept = cookies_in(jar_of(home));
        for (const auto& [cookie, bytes] : cookies_in(all)) {
            const bool ours = parsed->owns_host(cookie.substr(0, cookie.find(' ')));
            const auto range = kept.equal_range(cookie);
            CHECK((range.first == range.second) == ours);
        }
        CHECK(home.go(Command::undo).exit_code == Exit::ok);
        CHECK((home.seen() == before));
    }
    CHECK(done > 1);
}
