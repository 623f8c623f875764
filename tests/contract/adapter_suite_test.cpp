// The contract of every adapter, on every layout: finds its fixture, leaves no trace while looking, removes only the
// site's items, finds nothing afterwards, and undo puts everything back. A new adapter is picked up by itself.

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "inventory/discover.h"
#include "inventory/plan.h"
#include "journal/journal.h"
#include "platform/files.h"
#include "profiles/all.h"
#include "tests/fixtures/blockfile_cache.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/home.h"

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
                               "AlternativeService.sqlite",
                               "httpstorages.sqlite",
                               "SiteSecurityServiceState.bin",
                               "AlternateServices.bin",
                               "ClientAuthRememberList.bin",
                               "cert_override.txt",
                               "permissions.sqlite",
                               "content-prefs.sqlite",
                               " entries [0] url: ",
                               "ephy-history.db"};
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

struct Layout {
    const Adapter* adapter;
    const Root* root;
};

/// What UNSTICK_SAMPLE, a number, chooses: of browsers that keep the same stores on the same system the first one, as
/// they differ in nothing but paths, and every eighth of the others. All of them without a number.
std::vector<Layout> sampled_layouts()
{
    constexpr std::size_t every = 8;
    const char* const text = std::getenv("UNSTICK_SAMPLE");
    const std::size_t seed = text != nullptr ? std::strtoull(text, nullptr, 10) : 0;
    std::vector<Layout> layouts;
    std::set<std::pair<const StoreSpec*, Os>> kinds;
    std::size_t others = 0;
    for (const Adapter& adapter : testing::all_adapters()) {
        for (const Root& root : adapter.roots) {
            const bool is_first = kinds.emplace(adapter.stores.data(), root.os).second;
            if (is_first || seed == 0 || (others++ + seed) % every == 0) {
                layouts.push_back({.adapter = &adapter, .root = &root});
            }
        }
    }
    return layouts;
}

}  // namespace

TEST_CASE("every browser on every layout: only the site's items go, and undo brings them back", "[layouts]")
{
    for (const Layout& layout : sampled_layouts()) {
        DYNAMIC_SECTION(layout.adapter->id << " at " << layout.root->data << " on " << name_of(layout.root->os))
        {
            Home home(*layout.adapter, *layout.root);
            check_contract(home);
        }
    }
}

TEST_CASE("an adapter without a fixture fails the suite")
{
    const Adapter stranger{.id = "stranger",
                           .label = "Stranger",
                           .roots = testing::adapter_named("toy").roots,
                           .stores = testing::adapter_named("toy").stores,
                           .list_profiles = testing::adapter_named("toy").list_profiles,
                           .in_use = testing::adapter_named("toy").in_use};
    CHECK_THROWS_WITH(Home(stranger, stranger.roots[0]), "no fixture for the adapter stranger");
}

TEST_CASE("every browser's profiles are listed", "[layouts]")
{
    for (const Adapter& adapter : testing::all_adapters()) {
        DYNAMIC_SECTION(adapter.id)
        {
            Home home(adapter, adapter.roots[0]);
            const Report listed = home.go(Command::profiles);
            for (const Error& problem : listed.problems) {
                UNSCOPED_INFO(problem.where << ": " << problem.what);
            }
            CHECK(listed.problems.empty());
            REQUIRE(listed.profiles.size() == home.expected.profiles);
            CHECK(listed.profiles[0].browser == adapter.id);
            CHECK(listed.profiles[0].name == home.expected.name);
        }
    }
}

TEST_CASE("a profile with partitions: the site goes from them too, and undo brings it back", "[not-windows]")
{
    const std::string partition = GENERATE("Storage/ext/application/def", "Partitions/guest");
    Home home("chrome");
    const auto copy = [&](const fs::path& from) {
        const fs::path whole = home.folder / "whole";
        fs::copy(from, whole, fs::copy_options::recursive);
        fs::create_directories((from / partition).parent_path());
        fs::rename(whole, from / partition);
    };
    const bool is_apart = home.cache != home.profile;
    copy(home.profile);
    fs::remove(home.profile / partition / "Preferences");  // partitions have none
    if (is_apart) {
        copy(home.cache);
    }
    home.expected.stores = 2 * home.expected.stores - 1;
    std::vector<std::string> keeps = home.expected.keeps;
    for (const std::string& name : home.expected.keeps) {
        if (name != "Preferences") {
            keeps.push_back(partition + "/" + name);
        }
    }
    std::sort(keeps.begin(), keeps.end());
    home.expected.keeps = keeps;
    check_contract(home);
}

TEST_CASE("a partition that is open elsewhere is not touched", "[not-windows]")
{
    Home home("chrome");
    const fs::path partition = home.profile / "Storage/ext/application/def/Local Storage/leveldb";
    fs::create_directories(partition.parent_path());
    fs::copy(home.profile / "Local Storage/leveldb", partition, fs::copy_options::recursive);
    const auto held = files::Lock::take(partition / "LOCK");
    REQUIRE(held);
    CHECK(home.go(Command::fix).exit_code == Exit::in_use);
}

TEST_CASE("a lock of this system is respected, one of another is not looked for", "[not-windows]")
{
    Home home("toy");
    const std::string before = snapshot(home.folder / "home");
    const bool ours = GENERATE(true, false);
    const auto lock = files::Lock::take(home.profile / (ours ? "lock.posix" : "lock.win"));
    REQUIRE(lock);
    CHECK(home.go(Command::fix).exit_code == (ours ? Exit::in_use : Exit::ok));
    CHECK((snapshot(home.folder / "home") == before) == ours);
}

TEST_CASE("a data folder that the user names is known by what is in it")
{
    const auto [browser, found] = GENERATE(table<std::string, std::string>({{"vivaldi", "chromium"}, {"toy", "toy"}}));
    Home home(browser);
    fs::rename(home.profile.parent_path(), home.folder / "elsewhere");
    Request request = home.request(Command::profiles);
    request.browsers.clear();
    request.user_data_dir = home.folder / "elsewhere";
    const Report listed = home.go(request);
    REQUIRE(listed.profiles.size() == 1);
    CHECK(listed.profiles[0].browser == found);
}

TEST_CASE("a profile with a blockfile cache: only the site's items go, and undo brings them back")
{
    for (const Root& root : testing::adapter_named("chrome").roots) {
        DYNAMIC_SECTION(root.data << " on " << name_of(root.os))
        {
            Home home(testing::adapter_named("chrome"), root, testing::all_hosts(), CacheKind::blockfile);
            check_contract(home);
        }
    }
}

namespace {

void check_nothing_found(Home& home)
{
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
    CHECK(snapshot(home.folder / "home") == before);
}

/// Calls `change` with each file of the profile that begins with these bytes.
template <class Change>
std::size_t for_files_with(const fs::path& profile, std::string_view start, const Change& change)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(profile)) {
        if (entry.is_regular_file() && testing::get(entry.path()).starts_with(start)) {
            files.push_back(entry.path());
        }
    }
    std::for_each(files.begin(), files.end(), change);
    return files.size();
}

}  // namespace

TEST_CASE("a profile whose files are all empty, after a power cut, holds nothing of the site and is no problem")
{
    Home home("chrome", testing::theirs, GENERATE(CacheKind::simple, CacheKind::blockfile));
    CHECK(for_files_with(home.folder / "home", "", [](const fs::path& file) { fs::resize_file(file, 0); }) > 100);
    check_nothing_found(home);
}

TEST_CASE("databases in which the browser had not come further than to make them are no problem")
{
    Home home("chrome", {});
    const bool with_meta = GENERATE(true, false);
    CHECK(for_files_with(home.profile, "SQLite format 3", [&](const fs::path& file) {
              fs::remove(file);
              SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
              database.exec("PRAGMA user_version = 99");
              if (with_meta) {
                  database.exec("CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR)");
              }
          }) > 10);
    CHECK(for_files_with(home.profile, "{", [](const fs::path& file) { testing::put(file, "{}"); }) > 2);
    CHECK(for_files_with(home.profile, "MANIFEST-", [](const fs::path& current) {
              const fs::path folder = current.parent_path();
              fs::remove_all(folder);
              testing::put(folder / "LOCK", "");
              testing::put(folder / "LOG", "made");
              testing::put(folder / "MANIFEST-000001", "half");
              testing::put(folder / "000001.dbtmp", "MANIFEST-0000");
              testing::put(folder / "000003.log", "");
          }) > 3);
    testing::put(home.profile / "Cookies-journal", "");
    testing::put(home.profile / "Preferences.tmp", "{");
    check_nothing_found(home);
}

TEST_CASE("when all is asked for, all goes, and undo brings all back")
{
    Home home("chrome");
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

TEST_CASE("when all is asked for, all goes from Firefox, too, but for its tabs, and undo brings all back")
{
    Home home("firefox");
    const auto before = home.seen();
    const Report fixed = home.go(home.request(Command::fix, all_kinds()));
    for (const Error& problem : fixed.problems) {
        FAIL_CHECK(problem.where << ": " << problem.what);
    }
    CHECK(fixed.exit_code == Exit::ok);
    CHECK(fixed.profiles.at(0).stores.size() == 27);
    const auto after = home.seen();
    for (const std::string& line : before) {
        CAPTURE(line);
        if (line.find(".test") != line.npos) {
            const bool is_tab = line.find(" entries [0] url: ") != line.npos;
            CHECK(after.contains(line) == (is_tab || !testing::is_about_ours(line)));
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
    Home home("chrome");
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
    Home home("chrome");
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
    Home home("chrome", {"stuck.test", "other.test"}, CacheKind::blockfile);
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
    CHECK(undone.exit_code == Exit::ok);
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
    Home home("chrome", {"stuck.test", "other.test"}, CacheKind::blockfile);
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

TEST_CASE("a broken store is a problem, and the others are cleaned all the same", "[not-windows]")
{
    Home home("chrome");
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
    Home home("chrome");
    for (const char* name : {"Cookies", "Login Data", "Local Storage", "Service Worker", "WebStorage", "IndexedDB"}) {
        fs::remove_all(home.profile / name);
    }
    const Report report = home.go(Command::fix);
    CHECK(report.problems.empty());
    CHECK(report.exit_code == Exit::ok);
}

namespace {

/// Does a line of Home::seen() name this host with this port, as an origin, in a file's name, or as WebKit's `origin`
/// files do?
bool names_origin(const std::string& line, const std::string& host, std::uint16_t port)
{
    const std::string little{'\1', static_cast<char>(port & 0xffU), static_cast<char>(port >> 8U)};
    return line.find(host + ":" + std::to_string(port)) != line.npos ||
           line.find(host + "_" + std::to_string(port)) != line.npos || line.find(host + little) != line.npos;
}

/// Is a line, though it names a host, about something whose host stands in another one, or (reports, network memory)
/// in a column without the port; or about what never goes (history)?
bool is_told_elsewhere(const std::string& line)
{
    return line.find("source_destinations") != line.npos || line.find("Reporting and NEL") != line.npos ||
           line.find("ephy-history.db") != line.npos;
}

const std::vector<std::string> ports_of_one_host{"127.0.0.1:8080", "127.0.0.1:9090", "127.0.0.1", "localhost:8080"};

}  // namespace

TEST_CASE("one port of a host: what is another's stays, and so does what they share, where nobody is asked")
{
    const std::string browser = GENERATE("chrome", "safari", "epiphany");
    CAPTURE(browser);
    Home home(browser, ports_of_one_host);
    const auto before = home.seen();
    Request request = home.request(Command::fix, all_kinds());
    request.site = Site::parse("https://127.0.0.1:8080/").value();

    const Report fixed = home.go(request);
    CHECK(fixed.problems.empty());
    CHECK(fixed.exit_code == Exit::ok);
    CHECK(fixed.site == "https://127.0.0.1:8080");
    REQUIRE_FALSE(fixed.next.empty());
    const bool says_how = std::any_of(fixed.next.begin(), fixed.next.end(), [](const std::string& step) {
        return step.find("--all-ports") != step.npos && step.find("cookies") != step.npos;
    });
    CHECK(says_how);
    const auto after = home.seen();
    for (const std::string& line : before) {
        CAPTURE(line);
        const bool says_whose = line.find("127.0.0.1") != line.npos || line.find("localhost") != line.npos;
        if (says_whose && !is_told_elsewhere(line)) {
            CHECK((after.contains(line) != names_origin(line, "127.0.0.1", 8080) || is_total(line)));
        }
    }
    const Report again = home.go(request);
    CHECK(again.exit_code == Exit::nothing_found);
    CHECK(again.verdict.text.find("other ports share") != std::string::npos);
    CHECK(home.seen() == after);

    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
}

TEST_CASE("what the ports of a host share goes with --all-ports, or when the question has said so")
{
    const std::string browser = GENERATE("chrome", "safari", "epiphany");
    const bool is_asked = GENERATE(false, true);
    CAPTURE(browser, is_asked);
    Home home(browser, ports_of_one_host);
    Request request = home.request(Command::fix);
    request.site = Site::parse("https://127.0.0.1:8080/").value();
    request.yes = !is_asked;
    if (!is_asked) {
        request.site = request.site->all_ports();
    }
    Console console;
    std::uint64_t shared = 0;
    console.confirm = [&](const Report& plan) {
        for (const ProfileReport& profile : plan.profiles) {
            for (const StoreReport& store : profile.stores) {
                shared += store.shared;
            }
        }
        return true;
    };
    const auto before = home.seen();
    const Report fixed = run(request, home.host, testing::all_adapters(), console);
    CHECK(fixed.problems.empty());
    CHECK(fixed.exit_code == Exit::ok);
    CHECK((shared > 0) == is_asked);
    const auto after = home.seen();
    for (const std::string& line : before) {
        CAPTURE(line);
        if (line.find("SECRET-127.0.0.1-") != line.npos && line.find("ookie") != line.npos) {
            CHECK_FALSE(after.contains(line));
        }
        if (line.find("localhost") != line.npos) {
            CHECK((after.contains(line) || is_total(line)));
        }
        if (names_origin(line, "127.0.0.1", 9090) && !stays_unasked(line)) {
            CHECK(after.contains(line) == is_asked);
        }
    }
}
