// The contract of every adapter, on every layout: finds its fixture, leaves no trace while looking, removes only the
// site's items, finds nothing afterwards, and undo puts everything back. A new adapter is picked up by itself.

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "../profiles/profiles.h"
#include "../src/discover.h"
#include "../src/files.h"
#include "../src/journal.h"
#include "../src/plan.h"
#include "blockfile_cache.h"
#include "chromium_profile.h"
#include "home.h"

using namespace unstick;
using testing::CacheKind;
using testing::Home;
using testing::snapshot;
using testing::TempFolder;

namespace {

/// An address of another site, in which ours is named.
constexpr const char* others_address = "last_known_google_url";

/// Is a line of Home::seen() about something that stays unless it is asked for: form logins, settings, network memory?
bool stays_unasked(const std::string& line)
{
    constexpr std::array marks{others_address,
                               "form-password",
                               "Preferences profile content_settings exceptions geolocation",
                               "Preferences profile content_settings exceptions site_engagement",
                               "Preferences partition",
                               "TransportSecurity",
                               "Network Persistent State",
                               "Reporting and NEL",
                               "_hsts_",
                               "HSTS.plist",
                               "AlternativeService.sqlite"};
    return std::any_of(marks.begin(), marks.end(), [&](const char* mark) { return line.find(mark) != line.npos; });
}

/// A number that goes down when rows go.
bool is_total(const std::string& line)
{
    return line.find(" meta: total_dict_size ") != line.npos || line.find(" meta: EntryCount ") != line.npos ||
           line.find(" meta: TotalSize ") != line.npos;
}

/// Finds its fixture, leaves no trace while looking, removes only the site's items, and undo brings them back.
void check_contract(Home& home)
{
    const auto before = home.seen();

    Request dry = home.request(Command::fix);
    dry.dry_run = true;
    const std::string bytes = snapshot(home.folder / "home");
    const Report shown = home.go(dry);
    CHECK(snapshot(home.folder / "home") == bytes);
    REQUIRE(shown.profiles.size() == home.expected.profiles);
    CHECK(shown.exit_code == Exit::ok);
    CHECK(shown.profiles[0].name == home.expected.name);

    const Report fixed = home.go(Command::fix);
    for (const Error& problem : fixed.problems) {
        FAIL_CHECK(problem.where << ": " << problem.what);
    }
    CHECK(fixed.exit_code == Exit::ok);
    REQUIRE(fixed.profiles.size() == home.expected.profiles);
    CHECK(fixed.profiles[0].stores.size() == home.expected.stores);
    const auto after = home.seen();
    for (const std::string& line : after) {
        CAPTURE(line);
        CHECK((before.contains(line) || is_total(line)));
    }
    for (const std::string& line : before) {
        CAPTURE(line);
        // Some rows hold only numbers: whose they are is not said.
        if (line.find(".test") != line.npos) {
            CHECK(after.contains(line) == (stays_unasked(line) || !testing::is_about_ours(line)));
        }
    }
    CHECK(testing::holding(home.profile, "SECRET-stuck.test-") == home.expected.keeps);

    CHECK(home.go(Command::fix).exit_code == Exit::nothing_found);
    const Report undone = home.go(Command::undo);
    CHECK(undone.exit_code == Exit::ok);
    CHECK(undone.problems.empty());
    CHECK(home.seen() == before);
}

}  // namespace

TEST_CASE("every browser on every layout: only the site's items go, and undo brings them back", "[layouts]")
{
    for (const Adapter& adapter : adapters()) {
        for (const Root& root : adapter.roots) {
            DYNAMIC_SECTION(adapter.id << " at " << root.data << " on " << name_of(root.os))
            {
                Home home(adapter, root);
                check_contract(home);
            }
        }
    }
}

TEST_CASE("a profile with a blockfile cache: only the site's items go, and undo brings them back")
{
    for (const Root& root : adapters()[0].roots) {
        DYNAMIC_SECTION(root.data << " on " << name_of(root.os))
        {
            Home home(adapters()[0], root, testing::all_hosts(), CacheKind::blockfile);
            check_contract(home);
        }
    }
}

TEST_CASE("when all is asked for, all goes, and undo brings all back")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    const bool in_network = GENERATE(false, true);
    if (in_network) {
        fs::create_directories(home.profile / "Network");
        for (const char* name : {"Cookies", "TransportSecurity", "Network Persistent State"}) {
            fs::rename(home.profile / name, home.profile / "Network" / name);
        }
    }
    const auto before = home.seen();
    const Report fixed = home.go(home.request(Command::fix, all_kinds()));
    CHECK(fixed.exit_code == Exit::ok);
    CHECK(fixed.problems.empty());
    CHECK(fixed.profiles.at(0).stores.size() == 34);
    const auto after = home.seen();
    for (const std::string& line : before) {
        CAPTURE(line);
        if (line.find(".test") != line.npos) {
            const bool is_theirs = line.find(others_address) != line.npos || !testing::is_about_ours(line);
            CHECK(after.contains(line) == is_theirs);
        }
    }
    for (const std::string& host : testing::ours) {
        CHECK(testing::holding(home.profile, "SECRET-" + host + "-").empty());
    }
    CHECK(home.go(home.request(Command::fix, all_kinds())).exit_code == Exit::nothing_found);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("hosts that only hashes name are found by the names in other stores, whatever is asked for")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    for (const char* name : {"Network Persistent State", "Reporting and NEL"}) {
        fs::remove(home.profile / name);  // asked for too, and they name hosts
    }
    const Report fixed = home.go(home.request(Command::fix, {Kind::network}));
    CHECK(fixed.exit_code == Exit::ok);
    REQUIRE(fixed.profiles.at(0).stores.size() == 1);
    CHECK(fixed.profiles[0].stores[0].store == "HTTPS-only hosts (HSTS)");
    CHECK(fixed.profiles[0].stores[0].removed == 2);
    CHECK(testing::holding(home.profile, "SECRET-app.stuck.test-sts").empty());
    CHECK(testing::holding(home.profile, "SECRET-other.test-sts").size() == 1);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key = 'app.stuck.test'") > 0);
}

TEST_CASE("files keep their private modes", "[not-windows]")
{
    constexpr auto for_owner = fs::perms::owner_all;
    Home home(adapters()[0], adapters()[0].roots[0]);
    for (const auto& entry : fs::recursive_directory_iterator(home.profile)) {
        fs::permissions(entry.path(), entry.is_directory() ? for_owner : fs::perms{0600});
    }
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    REQUIRE(home.go(Command::undo).exit_code == Exit::ok);
    for (const auto& entry : fs::recursive_directory_iterator(home.profile)) {
        CAPTURE(entry.path());
        CHECK(entry.symlink_status().permissions() == (entry.is_directory() ? for_owner : fs::perms{0600}));
    }
}

TEST_CASE("a cached file that came back is left as it is, and the others are put back")
{
    Home home(adapters()[0], adapters()[0].roots[0], {"stuck.test", "other.test"}, CacheKind::blockfile);
    home.kinds = {Kind::cache};
    const fs::path cache = home.cache / "Cache/Cache_Data";
    const auto before = home.seen();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    const auto key = GENERATE(as<std::string>{}, "/page?token=SECRET-stuck.test-url", "/large", "/evicted");
    auto again = testing::blockfile_entry(testing::cache_key("https://stuck.test" + key, "https://stuck.test"), 9999);
    again.streams[1].bytes.resize(blockfile_cache::longest_saved_inline + 50, 'n');
    again.streams[1].size = static_cast<std::uint32_t>(again.streams[1].bytes.size());
    REQUIRE(blockfile_cache::insert(cache, std::vector{again}, cache));
    const auto with_new = home.seen();
    const Report undone = home.go(Command::undo);
    CHECK(undone.exit_code == Exit::partial);
    const auto after = home.seen();
    for (const std::string& line : with_new) {
        CHECK((after.contains(line) || is_total(line)));
    }
    CHECK(blockfile_cache::save(cache, std::vector{again.key})->at(0).streams[1].size == again.streams[1].size);
    // All others are there as before.
    for (const std::string& line : before) {
        if (line.find(again.key) == line.npos) {
            CHECK(after.contains(line));
        }
    }
}

TEST_CASE("what is in place already is neither refused nor put back twice")
{
    Home home(adapters()[0], adapters()[0].roots[0], {"stuck.test", "other.test"}, CacheKind::blockfile);
    home.kinds = {Kind::cache};
    const auto before = home.seen();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    REQUIRE(home.go(Command::undo).exit_code == Exit::ok);
    {  // as if the undo had been cut off after its last change
        auto journal = Journal::open(home.folder / "state", list_runs(home.folder / "state").value().at(0).id);
        REQUIRE(journal);
        REQUIRE(journal->set_state(Journal::State::undoing));
    }
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("other sites' files of a blockfile cache are never written to or copied, and all keep their modes",
          "[not-windows]")
{
    Home home(adapters()[0], adapters()[0].roots[0], {"stuck.test", "other.test"}, CacheKind::blockfile);
    home.kinds = {Kind::cache};
    const fs::path cache = home.cache / "Cache/Cache_Data";
    fs::permissions(cache, fs::perms::owner_all);
    for (const auto& file : fs::directory_iterator(cache)) {
        fs::permissions(file.path(), fs::perms::owner_read | fs::perms::owner_write);
    }
    fs::permissions(cache / "index", fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
    // A second name for each shows what is written to the file, and whether the cache still has that very file.
    const fs::path names = home.folder / "names";
    fs::create_directory(names);
    for (const auto& file : fs::directory_iterator(cache)) {
        fs::create_hard_link(file.path(), names / file.path().filename());
    }
    const std::string before = snapshot(names);
    const auto modes = [&] {
        std::ostringstream text;
        for (const auto& file : fs::directory_iterator(cache)) {
            const std::string name = file.path().filename().string();
            const auto wanted = name == "index" ? 0640 : 0600;
            if (static_cast<int>(file.status().permissions()) != wanted) {
                text << name << ' ' << std::oct << static_cast<int>(file.status().permissions()) << '\n';
            }
        }
        return text.str();
    };
    std::set<std::string> theirs;
    const auto all = blockfile_cache::list(cache);
    for (const auto& entry : *all) {
        if (entry.key.find("other.test") != std::string::npos) {
            theirs.insert(entry.files.begin(), entry.files.end());
        }
    }
    REQUIRE(theirs.size() == 2);
    for (const Command command : {Command::fix, Command::undo}) {
        REQUIRE(home.go(command).exit_code == Exit::ok);
        CHECK(snapshot(names) == before);
        for (const std::string& name : theirs) {
            CHECK(fs::equivalent(cache / name, names / name));
        }
        CHECK_FALSE(fs::equivalent(cache / "data_1", names / "data_1"));
        CHECK(modes() == "");
        CHECK(static_cast<int>(fs::status(cache).permissions()) == 0700);
    }
}

TEST_CASE("a blockfile cache with something strange in it is not changed", "[not-windows]")
{
    Home home(adapters()[0], adapters()[0].roots[0], {"stuck.test", "other.test"}, CacheKind::blockfile);
    home.kinds = {Kind::cache};
    const fs::path cache = home.cache / "Cache/Cache_Data";
    SECTION("a link")
    {
        fs::create_symlink("/etc/passwd", cache / "f_abcdef");
    }
    SECTION("a folder")
    {
        fs::create_directory(cache / "folder");
    }
    const std::string before = snapshot(cache);
    CHECK(home.go(Command::fix).exit_code == Exit::partial);
    CHECK(snapshot(cache) == before);
    CHECK_FALSE(fs::exists(cache.string() + ".unstick-new"));
}

TEST_CASE("the whole HTTP cache goes only when asked for, whatever it is, and comes back")
{
    const auto kind = GENERATE(CacheKind::simple, CacheKind::blockfile);
    Home home(adapters()[0], adapters()[0].roots[0], testing::all_hosts(), kind);
    home.kinds = {Kind::cache};
    const fs::path cache = home.cache / "Cache/Cache_Data";
    testing::put(home.cache / "Cache/No_Vary_Search/journal.baj", "hints");
    const bool damaged = GENERATE(false, true);
    if (damaged) {
        testing::put(cache / "index", kind == CacheKind::simple ? "unknown" : "\xc3\xca\x03\xc1 damaged");
        const Report report = home.go(Command::fix);
        CHECK(report.exit_code == Exit::partial);
        CHECK(report.problems.at(0).hint == "remove the whole cache with --only cache --whole-cache");
    }
    const std::string before = snapshot(home.folder / "home");
    const std::string cache_before = snapshot(cache);
    Request whole = home.request(Command::fix);
    whole.whole_cache = true;
    whole.dry_run = true;
    const Report plan = home.go(whole);
    CHECK(snapshot(home.folder / "home") == before);
    REQUIRE(plan.profiles.size() == 1);
    REQUIRE(plan.profiles[0].stores.size() == (damaged ? 1 : 3));  // the run before has removed the site's other ones
    CHECK(plan.profiles[0].stores[0].store == "Whole HTTP cache, of all sites");
    CHECK(plan.profiles[0].stores[0].labels == std::vector<std::string>{"the whole HTTP cache, of all sites"});
    CHECK(plan.profiles[0].stores[0].bytes > 1000);
    whole.dry_run = false;
    const Report report = home.go(whole);
    CHECK(report.exit_code == Exit::ok);
    CHECK(report.problems.empty());
    CHECK(fs::is_empty(home.cache / "Cache"));
    CHECK(home.go(whole).exit_code == Exit::nothing_found);
    SECTION("undo puts it back")
    {
        CHECK(home.go(Command::undo).exit_code == Exit::ok);
        CHECK(snapshot(cache) == cache_before);
        CHECK(testing::get(home.cache / "Cache/No_Vary_Search/journal.baj") == "hints");
    }
    SECTION("the browser has made a new one: that is left")
    {
        testing::put(cache / "index", "new");
        CHECK(home.go(Command::undo).exit_code == Exit::partial);
        CHECK(testing::get(cache / "index") == "new");
    }
}

TEST_CASE("a broken store is a problem, and the others are cleaned all the same", "[not-windows]")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    const auto break_it = GENERATE(0, 1, 2, 3, 4, 5, 6, 7, 8);
    CAPTURE(break_it);
    switch (break_it) {
        case 0:
            testing::put(home.profile / "Cookies", "this is not a database");
            break;
        case 1:
            fs::resize_file(home.profile / "Cookies", 5000);
            break;
        case 2:
            fs::remove(home.profile / "Cookies");
            fs::create_symlink("/etc/passwd", home.profile / "Cookies");
            break;
        case 3:
            fs::remove_all(home.profile / "Cookies");
            testing::write_cookies(home.profile / "Cookies", {{"stuck.test", "session", ""}}, 25);
            break;
        case 4:
            testing::put(home.profile / "Local Storage/leveldb/CURRENT", "MANIFEST-999999\n");
            break;
        case 5:
            fs::rename(home.profile / "Service Worker", home.folder / "elsewhere");
            fs::create_directory_symlink(home.folder / "elsewhere", home.profile / "Service Worker");
            break;
        case 6:
            testing::write_pairs(home.profile / "Session Storage", {{"version", "7"}});
            break;
        case 7:
            testing::put(home.cache / "Cache/Cache_Data/index", "neither this nor that");
            break;
        case 8:
            testing::put(home.profile / "Preferences", R"({"profile":)");
            break;
        default:
            break;
    }
    const std::string elsewhere = fs::exists(home.folder / "elsewhere") ? snapshot(home.folder / "elsewhere") : "";
    const Report report = home.go(Command::fix);
    CHECK(report.exit_code == Exit::partial);
    CHECK_FALSE(report.problems.empty());
    REQUIRE(report.profiles.size() == 1);
    CHECK(report.profiles[0].stores.size() >= 8);
    for (const StoreReport& store : report.profiles[0].stores) {
        CHECK(store.removed == store.found);
    }
    if (!elsewhere.empty()) {
        CHECK(snapshot(home.folder / "elsewhere") == elsewhere);
    }
}

TEST_CASE("absent stores are no problem")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    for (const char* name : {"Cookies", "Login Data", "Local Storage", "Service Worker", "WebStorage", "IndexedDB"}) {
        fs::remove_all(home.profile / name);
    }
    const Report report = home.go(Command::fix);
    CHECK(report.problems.empty());
    CHECK(report.exit_code == Exit::ok);
}

TEST_CASE("a profile in use is not touched, is told, and can be asked to close", "[not-windows]")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    fs::create_symlink(home.host.name + "-4711", home.profile.parent_path() / "SingletonLock");
    const std::string before = snapshot(home.folder / "home");
    SECTION("a live process of this computer")
    {
        home.host.processes.insert(4711);
        const Report report = home.go(Command::fix);
        CHECK(report.exit_code == Exit::in_use);
        CHECK(report.profiles.at(0).in_use);
        CHECK(snapshot(home.folder / "home") == before);
    }
    SECTION("a crash left the lock")
    {
        CHECK(home.go(Command::fix).exit_code == Exit::ok);
    }
    SECTION("another computer's lock")
    {
        fs::remove(home.profile.parent_path() / "SingletonLock");
        fs::create_symlink("some-other-host-12", home.profile.parent_path() / "SingletonLock");
        const std::string locked = snapshot(home.folder / "home");
        const Report report = home.go(Command::fix);
        CHECK(report.exit_code == Exit::in_use);
        CHECK(report.problems.at(0).what.find("some-other-host") != std::string::npos);
        CHECK(snapshot(home.folder / "home") == locked);
    }
    SECTION("it answers on its socket, and quits when asked")
    {
        home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        CHECK(home.go(Command::fix).exit_code == Exit::in_use);
        CHECK(home.host.asked_to_quit.empty());
        Request close = home.request(Command::fix);
        close.close = true;
        CHECK(home.go(close).exit_code == Exit::ok);
        CHECK(home.host.asked_to_quit == std::vector<std::int64_t>{99});
    }
    SECTION("it is started again at the end, with its own switches and its tabs")
    {
        home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        home.host.started_with[99] = {"/opt/browser", "--proxy-server=x"};
        Request close = home.request(Command::fix);
        close.close = close.reopen = true;
        SECTION("after fix") {}
        SECTION("if the question was answered with no")
        {
            close.yes = false;
        }
        SECTION("after undo")
        {
            const auto listeners = std::exchange(home.host.listeners, {});
            CHECK(home.go(Command::fix).exit_code == Exit::ok);
            home.host.listeners = listeners;
            close.command = Command::undo;
            close.site.reset();
        }
        home.go(close);
        CHECK(home.host.asked_to_quit == std::vector<std::int64_t>{99});
        CHECK(home.host.commands == std::vector<std::string>{"/opt/browser --proxy-server=x --restore-last-session"});
    }
    SECTION("nobody knows how to start it again")
    {
        home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        Request close = home.request(Command::fix);
        close.close = close.reopen = true;
        const Report report = home.go(close);
        CHECK(report.exit_code == Exit::partial);
        CHECK(report.problems.at(0).hint == "start it by hand");
        CHECK(home.host.commands.empty());
    }
    SECTION("it is asked and does not quit")
    {
        home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
        home.host.obeys = false;
        Request close = home.request(Command::fix);
        close.close = true;
        const Report report = home.go(close);
        CHECK(report.exit_code == Exit::in_use);
        CHECK(home.host.slept >= std::chrono::seconds(20));
        CHECK(snapshot(home.folder / "home") == before);
    }
}

TEST_CASE("a browser that is open and holds nothing of the site is left alone, and keeps nothing from being complete")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    home.host.listeners[home.profile.parent_path() / "SingletonSocket"] = 99;
    Request request = home.request(Command::fix);
    request.site = *Site::parse("never-seen.test");
    request.close = true;
    SECTION("all of it can be read")
    {
        const Report report = home.go(request);
        CHECK(report.exit_code == Exit::nothing_found);
        CHECK(report.problems.empty());
        CHECK(report.profiles.at(0).in_use);
        CHECK(report.profiles.at(0).stores.empty());
        CHECK(report.next.at(0).find("has not written yet") != std::string::npos);
        CHECK(home.host.asked_to_quit.empty());
    }
    SECTION("a part of it cannot be read: nobody knows")
    {
        testing::put(home.profile / "Cookies", "no database");
        request.close = false;
        CHECK(home.go(request).exit_code == Exit::in_use);
    }
}

TEST_CASE("a profile whose LevelDB is open elsewhere is not touched")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    const auto held = files::Lock::take(home.profile / "Local Storage/leveldb/LOCK");
    REQUIRE(held);
    const std::string before = snapshot(home.folder / "home");
    CHECK(home.go(Command::fix).exit_code == Exit::in_use);
    CHECK(snapshot(home.folder / "home") == before);
}

TEST_CASE("without --yes and without a terminal nothing is changed")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    const std::string before = snapshot(home.folder / "home");
    Request request = home.request(Command::fix);
    request.yes = false;
    CHECK(home.go(request).exit_code == Exit::usage);
    Console console;
    bool asked = false;
    console.confirm = [&](const Report& plan) {
        asked = plan.profiles.size() == 1;
        return false;
    };
    CHECK(run(request, home.host, adapters(), console).exit_code == Exit::cancelled);
    CHECK(asked);
    CHECK(snapshot(home.folder / "home") == before);
    CHECK(home.go(Command::undo).exit_code == Exit::usage);  // there is nothing to undo
    console.confirm = [&](const Report&) {                   // the browser ran while the question waited
        testing::write_pairs(home.profile / "Local Storage/leveldb",
                             {{std::string("_https://stuck.test\0\1new", 24), "\1value"}});
        return true;
    };
    const Report changed = run(request, home.host, adapters(), console);
    CHECK(changed.exit_code == Exit::partial);
    CHECK(changed.problems.at(0).code == Code::changed);
    CHECK(testing::rows(home.profile / "Cookies", "cookies", "host_key = 'stuck.test'") == 2);
}

TEST_CASE("runs are listed, purged by age, and expire after seven days")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    const auto runs = home.go(Command::runs).runs;
    REQUIRE(runs.size() == 1);
    std::uint64_t bytes = 0;  // as du counts what would be free without it
    for (const auto& entry : fs::recursive_directory_iterator(home.folder / "state/runs")) {
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    }
    CHECK(runs[0].bytes == bytes);
    Request purge = home.request(Command::runs);
    purge.purge = true;
    purge.older_than = std::chrono::hours(1);
    CHECK(home.go(purge).runs.size() == 1);
    home.host.clock += 2 * 3600;
    CHECK(home.go(purge).purged == 1);
    CHECK(home.go(Command::undo).exit_code == Exit::usage);

    testing::write_cookies(home.profile / "Network/Cookies", {{"stuck.test", "session", ""}});
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    CHECK(home.go(Command::runs).runs.size() == 1);
    home.host.clock += keep_runs_for_s + 1;
    CHECK(home.go(Command::fix).exit_code == Exit::nothing_found);
    CHECK(home.go(Command::runs).runs.empty());
}

TEST_CASE("a run whose journal is damaged is named by undo, not passed over, and expires as all do")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    const std::string earlier = home.go(Command::fix).run;
    testing::write_cookies(home.profile / "Network/Cookies", {{"stuck.test", "session", ""}});
    const std::string damaged = home.go(Command::fix).run;
    testing::put(home.folder / "state/runs" / damaged / "journal.db", "no database");
    Request undo = home.request(Command::undo);
    const Report refused = home.go(undo);
    CHECK(refused.exit_code == Exit::partial);
    REQUIRE(refused.problems.size() == 1);
    CHECK(refused.problems[0].where.find(damaged) != std::string::npos);
    CHECK(refused.problems[0].what == "the journal of this run is damaged");
    CHECK(refused.problems[0].hint.find("browser") == std::string::npos);
    undo.run = earlier;
    CHECK(home.go(undo).exit_code == Exit::ok);
    home.host.clock += keep_runs_for_s + 1;
    CHECK(home.go(Command::fix).exit_code == Exit::ok);
    const auto runs = home.go(Command::runs).runs;
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].state == "done");
}

TEST_CASE("with --no-undo no copy is left of what was removed")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    Request request = home.request(Command::fix);
    request.no_undo = true;
    const Report report = home.go(request);
    CHECK(report.exit_code == Exit::ok);
    CHECK(report.run.empty());
    CHECK(testing::holding(home.folder / "state", "SECRET").empty());
    CHECK(home.go(Command::runs).runs.empty());
}

TEST_CASE("a run that was cut off is named at the next start, and undo completes it backwards")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    const auto before = home.seen();
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    {
        auto journal = Journal::open(home.folder / "state", list_runs(home.folder / "state").value().at(0).id);
        REQUIRE(journal);
        REQUIRE(journal->set_state(Journal::State::applying));
    }
    // As a crash in the middle leaves it: some files are still in place.
    const Report next = home.go(Command::fix);
    CHECK(next.exit_code == Exit::partial);
    CHECK(next.problems.at(0).hint.find("unstick undo") != std::string::npos);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("looking again names exactly what is still there")
{
    Home home(adapters()[0], adapters()[0].roots[0]);
    const Site site = Site::parse("stuck.test").value();
    const Profile profile{"chrome", "Default", "", home.profile.parent_path(), home.profile, home.cache};
    const ProfilePlan plan = plan_profile(home.adapter, profile, site, default_kinds());
    REQUIRE(plan.stores.size() >= 10);
    for (const StorePlan& store : plan.stores) {
        CAPTURE(store.spec->label);
        CHECK(look_again(store, plan.site).items.size() == store.found.items.size());
    }
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    for (const StorePlan& store : plan.stores) {
        CAPTURE(store.spec->label);
        CHECK(look_again(store, plan.site).items.empty());
    }
    // One cached file that comes back is one item that is there.
    const auto cache = std::find_if(plan.stores.begin(), plan.stores.end(),
                                    [](const StorePlan& store) { return store.spec->label == "HTTP cache"; });
    REQUIRE(cache != plan.stores.end());
    const Piece& piece = cache->found.items.at(0).pieces.at(0);
    testing::put(fs::path(piece.container) / piece.key, "something");
    CHECK(look_again(*cache, plan.site).items.size() == 1);
}
