// What the family's own media put back when the browser has been there in between.

#include "containers/data_storage.h"
#include "containers/moz_lz4.h"
#include "inventory/profile_lock.h"
#include "journal/apply.h"
#include "journal/journal.h"
#include "journal/undo.h"
#include "profiles/gecko/family.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/records.h"
#include "profiles/gecko/session_file.h"
#include "tests/fixtures/gecko_profile.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace testing::looking;
using testing::get;
using testing::put;
using testing::TempFolder;

namespace {

Result<void> free_to_go()
{
    return {};
}

/// A profile with one file of which a finder's items are taken out and put back.
struct Work {
    TempFolder folder;
    Profile profile{.browser = "firefox",
                    .id = "a",
                    .name = "",
                    .root = folder / "root",
                    .path = folder / "root/a",
                    .cache = folder / "root/a"};
    std::optional<Journal> journal;

    /// Removes what the finder finds in a file with this content.
    void remove(Found (*find)(const fs::path&, const Site&), const std::string& name, const std::string& content)
    {
        put(profile.path / name, content);
        const Found found = find(profile.path / name, stuck());
        REQUIRE_FALSE(found.items.empty());
        auto made = Journal::create(folder / "state", "stuck.test", 1'800'000'000, nullptr, media_of(gecko_family()));
        REQUIRE(made);
        journal = std::move(*made);
        REQUIRE(journal->record(profile, Kind::network, "Store", found.items));
        REQUIRE(journal->seal());
        HeldLocks locks;
        REQUIRE(carry_out(*journal, profile, free_to_go, locks).empty());
        REQUIRE(find(profile.path / name, stuck()).items.empty());
    }

    StoreUndone undo()
    {
        HeldLocks locks;
        const auto profiles = journal->profiles();
        const auto undone = undo_profile(*journal, profiles.at(0).first, profiles.at(0).second, free_to_go, locks);
        for (const Error& problem : undone.problems) {
            FAIL_CHECK(problem.where << ": " << problem.what);
        }
        return undone.stores.at(0);
    }
    std::string content(const std::string& name) const { return get(profile.path / name); }
};

constexpr auto small = data_storage::small_values;

std::string slot(const std::string& key, const std::string& value = "1890000000000,1,1")
{
    return data_storage::make_slot(small, key, value);
}

}  // namespace

TEST_CASE("slots go back into free places; one that came back stays, and others are as they are")
{
    Work work;
    const std::string name = "SiteSecurityServiceState.bin";
    work.remove(find_gecko_hsts, name, slot("stuck.test") + slot("other.test") + slot("app.stuck.test"));
    CHECK(work.content(name) ==
          std::string(small.slot_size(), '\0') + slot("other.test") + std::string(small.slot_size(), '\0'));
    SECTION("nothing has happened")
    {
        CHECK(work.undo().restored == 2);
        CHECK(work.content(name) == slot("stuck.test") + slot("other.test") + slot("app.stuck.test"));
        CHECK(work.undo().restored == 2);
    }
    SECTION("the browser has written")
    {
        const std::string now = slot("new.test") + slot("stuck.test", "1900000000000,1,0");
        put(work.profile.path / name, now);
        const auto undone = work.undo();
        CHECK(undone.restored == 1);
        CHECK(undone.refused.size() == 1);
        CHECK(work.content(name) == now + slot("app.stuck.test"));
    }
    SECTION("the file is gone")
    {
        fs::remove(work.profile.path / name);
        CHECK(work.undo().restored == 2);
        CHECK(work.content(name) == slot("stuck.test") + slot("app.stuck.test"));
    }
}

TEST_CASE("lines go, and are put back at the end")
{
    Work work;
    const std::string name = "cert_override.txt";
    work.remove(find_gecko_certificate_exceptions, name,
                "# remark\nstuck.test:443:\tOID\tAA\t\nother.test:443:\tOID\tBB\t\n");
    CHECK(work.content(name) == "# remark\nother.test:443:\tOID\tBB\t\n");
    SECTION("nothing has happened")
    {
        CHECK(work.undo().restored == 1);
        CHECK(work.content(name) == "# remark\nother.test:443:\tOID\tBB\t\nstuck.test:443:\tOID\tAA\t\n");
    }
    SECTION("it came back, with another certificate")
    {
        put(work.profile.path / name, "stuck.test:443:\tOID\tCC\t");
        CHECK(work.undo().refused.size() == 1);
        CHECK(work.content(name) == "stuck.test:443:\tOID\tCC\t");
    }
}

TEST_CASE("salts are put back into a file that Firefox reads")
{
    Work work;
    const std::string name = "enumerate_devices.txt";
    work.remove(find_gecko_device_salts, name, "1\nAAAA 17 https://stuck.test\nBBBB 18 https://other.test\n");
    CHECK(work.content(name) == "1\nBBBB 18 https://other.test\n");
    SECTION("it was made anew, with another salt")
    {
        put(work.profile.path / name, "1\nCCCC 19 https://stuck.test\n");
        CHECK(work.undo().refused.size() == 1);
        CHECK(work.content(name) == "1\nCCCC 19 https://stuck.test\n");
    }
    SECTION("the file is gone")
    {
        fs::remove(work.profile.path / name);
        CHECK(work.undo().restored == 1);
        CHECK(work.content(name) == "1\nAAAA 17 https://stuck.test\n");
    }
}

TEST_CASE("session storage goes back into its own tab only")
{
    Work work;
    const std::string name = "sessionstore.jsonlz4";
    const std::string session = testing::gecko_session({"stuck.test", "other.test"});
    const auto document = [](const std::string& content) { return gecko::session_in(content).value(); };
    work.remove(find_gecko_session_storage, name, session);
    CHECK(document(work.content(name))["windows"][0]["tabs"].size() == 2);
    SECTION("nothing has happened")
    {
        CHECK(work.undo().restored == 4);
        CHECK(json_file::equal(document(work.content(name)), document(session)));
        CHECK(work.undo().restored == 4);
    }
    SECTION("the tabs are others")
    {
        auto changed = document(work.content(name));
        auto& tabs = changed["windows"][0]["tabs"];
        std::swap(tabs[0], tabs[1]);
        REQUIRE(gecko::write_session(work.profile.path / name, changed));
        const auto undone = work.undo();
        CHECK(undone.restored == 2);  // those of the closed tab
        CHECK(undone.refused.size() == 2);
        auto now = document(work.content(name));
        CHECK(json_file::equal(now["windows"][0]["tabs"], changed["windows"][0]["tabs"]));
    }
    SECTION("the session is gone")
    {
        fs::remove(work.profile.path / name);
        CHECK(work.undo().refused.size() == 4);
        CHECK_FALSE(fs::exists(work.profile.path / name));
    }
}

TEST_CASE("cookies of a session go back into a newer session; a newer cookie of the same name stays")
{
    Work work;
    const std::string name = "sessionstore.jsonlz4";
    work.remove(find_gecko_session_cookies, name, testing::gecko_session({"stuck.test", "other.test"}));
    auto newer = gecko::session_in(testing::gecko_session({"other.test"})).value();
    newer["cookies"].push_back({{"host", "stuck.test"},
                                {"name", "session-stuck.test"},
                                {"path", "/"},
                                {"value", "newer"},
                                {"originAttributes", gecko::Json::object()}});
    REQUIRE(gecko::write_session(work.profile.path / name, newer));
    const auto undone = work.undo();
    CHECK(undone.restored == 1);
    CHECK(undone.refused.size() == 1);
    const auto now = gecko::session_in(work.content(name)).value();
    CHECK(now["cookies"].size() == newer["cookies"].size() + 1);
    CHECK(now.dump().find("newer") != std::string::npos);
    CHECK(json_file::equal(now["windows"], newer["windows"]));
}
