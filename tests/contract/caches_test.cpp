// HTTP caches in a whole profile: what is written to when something is taken out, and the way out of one that is
// damaged.

#include <algorithm>
#include <array>
#include <sstream>

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

TEST_CASE("other sites' files of a blockfile cache are never written to or copied, and all keep their modes",
          "[not-windows]")
{
    Home home("chrome", {"stuck.test", "other.test"}, CacheKind::blockfile);
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
    Home home("chrome", {"stuck.test", "other.test"}, CacheKind::blockfile);
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
    Home home("chrome", testing::all_hosts(), kind);
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
        const Report undone = home.go(Command::undo);
        CHECK(undone.exit_code == Exit::ok);
        CHECK(undone.verdict.text.find("1 newer kept") != std::string::npos);
        CHECK(testing::get(cache / "index") == "new");
    }
}
