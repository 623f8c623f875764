// Property lists of macOS: HSTS.plist, its finder, and the medium that changes it; and what goes with it in Safari.

#include "containers/property_list.h"
#include "finders/sql_table.h"
#include "journal/apply.h"
#include "journal/journal.h"
#include "profiles/chromium/finders.h"
#include "profiles/webkit/finders.h"
#include "tests/fixtures/home.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/safari_profile.h"

using namespace unstick;
using testing::get;
using testing::Home;
using testing::put;
using testing::site;
using testing::TempFolder;

namespace {

constexpr const char* session = "com.apple.CFNetwork.defaultStorageSession";

Home safari()
{
    return Home("safari");
}

fs::path list_of(const Home& home)
{
    return home.profile / "Caches/WebKit/HSTS/HSTS.plist";
}

Request network(const Home& home)
{
    return home.request(Command::fix, {Kind::network});
}

/// Gives a host another order than it had.
void renew(const fs::path& file, const std::string& from, const std::string& host)
{
    PropertyList list = PropertyList::read(file).value();
    list.take(session, host);
    REQUIRE(list.put(session, host, list.value(session, from).value()));
    REQUIRE(list.write(file));
}

}  // namespace

TEST_CASE("orders to use HTTPS and alternative services go when asked for, the rest of the files stays")
{
    Home home = safari();
    const auto before = home.seen();
    const Report fixed = home.go(network(home));
    CHECK(fixed.exit_code == Exit::ok);
    CHECK(fixed.problems.empty());
    CHECK(fixed.profiles.at(0).stores.size() == 3);  // these of HTTPStorages, too
    CHECK(std::count_if(fixed.next.begin(), fixed.next.end(), [](const std::string& text) {
              return text.find("killall nsurlstoraged") != std::string::npos;
          }) == 1);

    CHECK(get(list_of(home)).starts_with("bplist00"));
    const PropertyList left = PropertyList::read(list_of(home)).value();
    CHECK(left.names_in(session) == testing::theirs);
    CHECK(left.number("HSTS Store Schema Version") == 3);
    CHECK(left.number("HSTS Content Version") == 10);
    const auto after = home.seen();
    for (const std::string& line : after) {
        CAPTURE(line);
        CHECK(before.contains(line));
    }
    for (const std::string& line : before) {
        const bool is_network = line.find("HSTS.plist") != line.npos || line.find("alt_services") != line.npos;
        CAPTURE(line);
        CHECK(after.contains(line) == !(is_network && testing::is_about_ours(line)));
    }
    CHECK(home.go(network(home)).exit_code == Exit::nothing_found);
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.seen() == before);
    CHECK(PropertyList::read(list_of(home)).value().number("HSTS Content Version") == 10);
}

TEST_CASE("an order that came back is not replaced by an undo, the others come back")
{
    Home home = safari();
    const auto old = PropertyList::read(list_of(home)).value();
    REQUIRE(home.go(network(home)).exit_code == Exit::ok);
    PropertyList list = PropertyList::read(list_of(home)).value();
    const std::string newer = old.value(session, testing::ours[0]).value();
    REQUIRE(list.put(session, testing::ours[1], newer));
    REQUIRE(list.write(list_of(home)));
    const Report undone = home.go(Command::undo);
    CHECK(undone.exit_code == Exit::ok);
    CHECK(undone.problems.empty());
    CHECK(undone.verdict.text.find("1 newer kept") != std::string::npos);
    const PropertyList after = PropertyList::read(list_of(home)).value();
    CHECK(after.value(session, testing::ours[0]) == old.value(session, testing::ours[0]));
    CHECK(after.value(session, testing::ours[1]) == newer);
}

TEST_CASE("an order that was renewed while a question waited is not removed")
{
    Home home = safari();
    Request request = network(home);
    request.yes = false;
    Console console;
    console.confirm = [&](const Report&) {
        renew(list_of(home), testing::theirs[0], testing::ours[0]);
        return true;
    };
    CHECK(run(request, home.host, adapters(), console).problems.at(0).code == Code::changed);
    CHECK(PropertyList::read(list_of(home)).value().value(session, testing::ours[0]));
}

TEST_CASE("an order that was renewed after it was recorded is not removed")
{
    Home home = safari();
    const Profile profile{"safari", "Default", "", home.profile, home.profile, home.profile};
    const Found found = find_hsts_plist(list_of(home), site("stuck.test"));
    TempFolder state;
    Journal journal = Journal::create(state.path(), "stuck.test", 1'800'000'000).value();
    REQUIRE(journal.record(profile, Kind::network, "HSTS", found.items).and_then([&] { return journal.seal(); }));
    renew(list_of(home), testing::theirs[0], testing::ours[0]);
    const std::string renewed = get(list_of(home));
    HeldLocks locks;
    const auto problems = carry_out(
        journal, profile, [] { return Result<void>(); }, locks);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].code == Code::changed);
    CHECK(get(list_of(home)) == renewed);
}

TEST_CASE("a property list that is not understood stays as it is, and is a problem")
{
    Home home = safari();
    std::string bytes = get(list_of(home));
    SECTION("cut off")
    {
        bytes.resize(bytes.size() / 2);
    }
    SECTION("XML")
    {
        bytes = "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict/></plist>";
    }
    SECTION("without a version")
    {
        bytes.replace(bytes.find("HSTS Store"), 4, "hsts");
    }
    put(list_of(home), bytes);
    const Report report = home.go(network(home));
    CHECK(report.exit_code == Exit::partial);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].where == list_of(home));
    CHECK(get(list_of(home)) == bytes);
}

TEST_CASE("an order says when it was made and when it ends, if it ever does")
{
    const TempFolder home;
    testing::write_hsts(home / "HSTS.plist", {"example.com", "app.example.com", "notexample.com"});
    const Found found = find_hsts_plist(home / "HSTS.plist", site("example.com"));
    CHECK(found.version == "3");
    CHECK(found.problems.empty());
    REQUIRE(found.items.size() == 2);
    CHECK(found.items[0].host == "example.com");
    CHECK(found.items[0].created == 466237831 + 978307200);
    CHECK(found.items[0].expires == 800000000 + 978307200);
    CHECK(found.items[1].host == "app.example.com");
    CHECK_FALSE(found.items[1].expires);
    CHECK_FALSE(find_hsts_plist(home / "absent", site("example.com")).present);
}
