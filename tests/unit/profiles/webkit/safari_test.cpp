// Safari and GNOME Web: the cookie jar, whose profile it is, who holds it, and what real browsers wrote.

#include <SQLiteCpp/Database.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "containers/binary_cookies_file.h"
#include "finders/sql_table.h"
#include "inventory/discover.h"
#include "platform/this_host.h"
#include "profiles/chromium/finders.h"
#include "profiles/webkit/finders.h"
#include "profiles/webkit/legacy_storage.h"
#include "profiles/webkit/network_cache.h"
#include "profiles/webkit/origins.h"
#include "tests/fixtures/home.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/safari_profile.h"
#include "tests/fixtures/webkit_files.h"

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
    return testing::adapter_named(id);
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
    REQUIRE(found.items[0].as<Cookie>() != nullptr);
    CHECK(found.items[0].as<Cookie>()->value_size > 0U);
    for (const Item& item : found.items) {
        CHECK(item.label.find("SECRET") == std::string::npos);
        REQUIRE(item.pieces.size() == 1);
        CHECK(item.pieces[0].key.size() == 64);
        CHECK(item.pieces[0].key.find_first_not_of("0123456789abcdef") == std::string::npos);
    }
}

TEST_CASE("a jar says whether all cookies are blocked")
{
    const auto jar_with = [](char policy) {
        const std::string list = std::string("bplist00\xD1\1\2\x5F\x10\x18", 14) + "NSHTTPCookieAcceptPolicy\x10" +
                                 policy + "\x08\x0B\x26" + std::string("\0\0\0\0\0\0\1\1", 8) +
                                 std::string("\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x28", 24);
        binary_cookies::Jar jar;
        jar.trailer = std::string("\x07\x17\x20\x05\0\0\0\x4B", 8) + list;
        return binary_cookies::write(jar);
    };
    const TempFolder home;
    const char policy = GENERATE('\0', '\1', '\2');  // always, never, only of the page itself
    testing::put(home / "jar", jar_with(policy));
    const Found found = find_binary_cookies(home / "jar", site("stuck.test"));
    CHECK(found.problems.empty());
    REQUIRE(found.bans.size() == (policy == '\1' ? 1U : 0U));
    CHECK(std::all_of(found.bans.begin(), found.bans.end(), [](const CookieBan& ban) { return !ban.third_party; }));
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
    CHECK(undone.exit_code == Exit::ok);
    CHECK(undone.verdict.text.find("1 newer kept") != std::string::npos);
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

TEST_CASE("what an upgrade left, and a browser that was cut off, is no problem")
{
    Home home(browser("safari"), browser("safari").roots[0], {});
    testing::write_safari_leftovers(home.profile, "com.apple.Safari");
    const std::string before = snapshot(home.folder / "home");
    const Report checked = home.go(Command::doctor);
    for (const Error& problem : checked.problems) {
        FAIL_CHECK(problem.where << ": " << problem.what);
    }
    CHECK(checked.exit_code == Exit::ok);
    const Report fixed = home.go(home.request(Command::fix, all_kinds()));
    for (const Error& problem : fixed.problems) {
        FAIL_CHECK(problem.where << ": " << problem.what);
    }
    CHECK(fixed.exit_code == Exit::nothing_found);
    const auto notes = std::count_if(fixed.next.begin(), fixed.next.end(), [](const std::string& text) {
        return text.find("none of today reads it") != std::string::npos;
    });
    CHECK(notes == 3);  // records, rows and registrations, of older versions
    CHECK(snapshot(home.folder / "home") == before);
}

TEST_CASE("an HSTS list of an older form is a note")
{
    Home home = safari();
    const fs::path file = home.profile / "Caches/WebKit/HSTS/HSTS.plist";
    std::string bytes = get(file);
    const std::string name = "HSTS Store Schema Version";
    const std::size_t at = bytes.find(name);
    REQUIRE(at != std::string::npos);
    const std::size_t version = bytes.find(std::string("\x10\x03", 2));
    REQUIRE(version != std::string::npos);
    bytes[version + 1] = '\x02';
    put(file, bytes);
    const Found found = find_hsts_plist(file, site("stuck.test"));
    CHECK(found.items.empty());
    CHECK(found.problems.empty());
    CHECK(found.notes.size() == 1);
}

TEST_CASE("real data of WebKitGTK: of each site only its own goes, and undo brings it back", "[realdata]")
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

TEST_CASE("real data of Safari: of each site only its own goes, and undo brings it back", "[realdata]")
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
