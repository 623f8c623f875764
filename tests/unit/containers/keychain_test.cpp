// Saved sign-ins of Safari in the login keychain, by a tool that answers as /usr/bin/security does. The tool itself
// never ran here.

#include "containers/keychain.h"
#include "tests/fixtures/catch.h"
#include "tests/fixtures/fake_keychain.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using testing::credential;
using testing::Credential;
using testing::FakeMac;
using testing::Home;

namespace {

const Adapter& safari()
{
    return testing::adapter_named("safari");
}

/// A Mac with a profile and a keychain, both with things of many hosts.
struct Mac : Home {
    FakeMac mac;

    Mac() : Home(safari(), safari().roots[0])
    {
        testing::put(folder / "home/Library/Keychains/login.keychain-db", "kych");
        mac.credentials = {credential("stuck.test", "ann", "http", "htps", "Staff \"only\""),
                           credential("app.stuck.test", "b\\n", "httd", "http", "Caf\xc3\xa9"),
                           credential("stuck.test", "ann", "form"),
                           credential("stuck.test", "git", "dflt"),
                           credential("stuck.test", "mail", "http", "imap"),
                           credential("notstuck.test", "ann", "http"),
                           credential("other.test", "ann", "http")};
        mac.credentials[1].attributes["port"] = std::string("\0\0\x1f\x90", 4);
        mac.credentials[1].password = "SECRET\xe2\x82\xac \"\\";
    }

    Report go(Command command, const std::set<Kind>& wanted = {Kind::auth}) { return go(request(command, wanted)); }
    Report go(const Request& request) { return run(request, mac, adapters(), {}); }

    /// "server account kind" of all entries.
    std::vector<std::string> left() const
    {
        std::vector<std::string> names;
        for (const Credential& one : mac.credentials) {
            names.push_back(one.attributes.at("srvr") + " " + one.attributes.at("acct") + " " +
                            one.attributes.at("atyp"));
        }
        std::sort(names.begin(), names.end());
        return names;
    }
};

std::vector<std::string> without(std::vector<std::string> names, const std::set<std::string>& gone)
{
    std::erase_if(names, [&](const std::string& name) { return gone.contains(name); });
    return names;
}

std::map<std::string, std::string> by_label(const std::vector<Credential>& credentials)
{
    std::map<std::string, std::string> texts;
    for (const Credential& one : credentials) {
        texts[one.attributes.at("0x00000007") + one.attributes.at("atyp")] = printed(one, "") + one.password;
    }
    return texts;
}

}  // namespace

TEST_CASE("what the tool prints is read: texts, bytes, numbers, nothing")
{
    const auto entries = keychain::parse(R"dump(keychain: "/Users/test/Library/Keychains/login.keychain-db"
version: 512
class: "inet"
attributes:
    0x00000007 <blob>="bugs.example (test@example.com)"
    0x00000008 <blob>=<NULL>
    "acct"<blob>=0x74C3A974  "t\303\251t"
    "atyp"<blob>="form"
    "cdat"<timedate>=0x32303039303832353233353231365A00  "20090825235216Z\000"
    "crtr"<uint32>=<NULL>
    "desc"<blob>="Web "form" password"
    "path"<blob>=
    "port"<uint32>=0x00000050  "\000\000\000P"
    "ptcl"<uint32>="htps"
    "sdmn"<blob>=<NULL>
    "srvr"<blob>="bugs.example"
keychain: "/Users/test/Library/Keychains/login.keychain-db"
version: 512
class: 0x80001000 
attributes:
    "srvr"<blob>="no.password"
keychain: "/Users/test/Library/Keychains/login.keychain-db"
class: "inet"
attributes:
    "port"<uint32>=0x00000000 
    "srvr"<blob>="second.example"
)dump");
    REQUIRE(entries.size() == 2);
    const auto& first = entries[0];
    CHECK(first.value("srvr") == "bugs.example");
    CHECK(first.value("0x00000007") == "bugs.example (test@example.com)");
    CHECK(first.value("acct") == "t\xc3\xa9t");
    CHECK(first.value("desc") == "Web \"form\" password");
    CHECK(first.value("path") == "");
    CHECK_FALSE(first.value("sdmn"));
    CHECK_FALSE(first.value("none"));
    CHECK(first.port() == 80);
    CHECK(entries[1].port() == 0);
    CHECK(first.primary_key().find("srvr") != std::string::npos);
    CHECK(first.primary_key().find("cdat") == std::string::npos);
    CHECK(keychain::parse("").empty());
    CHECK(keychain::parse("class: \"inet\"\n    \"srvr\"<blob>=\"cut").size() == 1);
}

TEST_CASE("sign-ins that the browser sends by itself leave the keychain, and undo brings them back")
{
    Mac home;
    const auto before = home.left();
    const auto texts = by_label(home.mac.credentials);
    const Report fixed = home.go(Command::fix);
    CAPTURE(to_text(fixed, {}));
    CHECK(fixed.exit_code == Exit::ok);
    REQUIRE(fixed.profiles.size() == 1);
    CHECK(fixed.profiles[0].profile == "Default");
    CHECK(fixed.profiles[0].stores.at(0).removed == 2);
    CHECK(home.left() == without(before, {"stuck.test ann http", "app.stuck.test b\\n httd"}));
    CHECK(home.go(Command::fix).exit_code == Exit::nothing_found);

    const Report undone = home.go(Command::undo);
    CAPTURE(to_text(undone, {}));
    CHECK(undone.exit_code == Exit::ok);
    CHECK(by_label(home.mac.credentials) == texts);

    // Nobody but the tool's input sees a password, and nothing that is shown.
    for (const std::string& line : home.mac.commands) {
        CHECK(line.find("SECRET") == std::string::npos);
    }
    for (const Report& report : {fixed, undone}) {
        CHECK((to_json(report) + to_text(report, {false, true})).find("SECRET") == std::string::npos);
    }
}

TEST_CASE("form logins go only when passwords are named")
{
    Mac home;
    const auto before = home.left();
    CHECK(home.go(Command::fix, {Kind::passwords}).exit_code == Exit::ok);
    CHECK(home.left() == without(before, {"stuck.test ann form"}));
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    CHECK(home.left() == before);
}

TEST_CASE("what may not be read stays, and everything else goes")
{
    Mac home;
    home.mac.refusal = GENERATE(128, 51, 36);
    CAPTURE(home.mac.refusal);
    const auto before = home.left();
    const Report fixed = home.go(Command::fix, default_kinds());
    CHECK(fixed.exit_code == Exit::partial);
    REQUIRE(fixed.problems.size() == 1);
    CHECK(fixed.problems[0].code == Code::denied);
    CHECK(home.left() == before);
    CHECK(testing::holding(home.profile, "SECRET-stuck.test-").empty());
    CHECK(home.go(Command::undo).exit_code == Exit::ok);
    // Nothing else is wanted, and nothing is done.
    const Report alone = home.go(Command::fix);
    CHECK(alone.exit_code == Exit::denied);
    CHECK(alone.run.empty());
}

TEST_CASE("an entry that the tool takes for another one stays")
{
    Mac home;
    // No option can say "without a realm": the tool would take the first one.
    home.mac.credentials = {credential("stuck.test", "ann", "form", "htps", "first"),
                            credential("stuck.test", "ann", "form")};
    home.mac.credentials[0].attributes["atyp"] = "http";
    home.mac.credentials[1].attributes["atyp"] = "http";
    home.mac.credentials[0].attributes["path"] = "/a";
    const auto before = by_label(home.mac.credentials);
    const Report fixed = home.go(Command::fix);
    CHECK(fixed.exit_code == Exit::partial);
    CHECK(fixed.problems.at(0).code == Code::unsupported);
    CHECK(by_label(home.mac.credentials) == before);
}

TEST_CASE("a sign-in that was saved anew is kept by an undo")
{
    Mac home;
    REQUIRE(home.go(Command::fix).exit_code == Exit::ok);
    Credential renewed = credential("stuck.test", "ann", "http", "htps", "Staff \"only\"");
    renewed.attributes["mdat"] = "20260101000000Z";
    renewed.password = "new";
    home.mac.credentials.push_back(renewed);
    const Report undone = home.go(Command::undo);
    CHECK(undone.exit_code == Exit::ok);
    CHECK(undone.problems.empty());
    CHECK(undone.verdict.text.find("1 newer kept") != std::string::npos);
    CHECK(home.mac.credentials.size() == 7);
    CHECK(std::count_if(home.mac.credentials.begin(), home.mac.credentials.end(),
                        [](const Credential& one) { return one.password == "new"; }) == 1);
}

TEST_CASE("away from the Mac the step says that it needs one, and the rest is done")
{
    Mac home;
    const Report fixed = home.Home::go(home.request(Command::fix, default_kinds()));
    CHECK(fixed.exit_code == Exit::ok);
    CHECK(fixed.problems.empty());
    CHECK(std::any_of(fixed.next.begin(), fixed.next.end(),
                      [](const std::string& text) { return text.find("on that Mac only") != std::string::npos; }));
}

TEST_CASE("why looks at saved sign-ins without asking for a password")
{
    Mac home;
    home.mac.refusal = 128;
    const Report why = home.go(Command::why);
    CHECK(why.problems.empty());
    CHECK(std::any_of(why.profiles.begin(), why.profiles.end(), [](const ProfileReport& profile) {
        return std::any_of(profile.stores.begin(), profile.stores.end(),
                           [](const StoreReport& store) { return store.kind == Kind::auth && store.found == 2; });
    }));
    for (const std::string& line : home.mac.commands) {
        CHECK(line.find("dump-keychain") != std::string::npos);
    }
}
