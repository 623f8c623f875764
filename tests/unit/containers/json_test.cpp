// JSON files: the medium that changes them, and the finders of the stores that are JSON files or name hosts by hashes.

#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "containers/json_file.h"
#include "finders/sql_table.h"
#include "journal/apply.h"
#include "journal/journal.h"
#include "journal/undo.h"
#include "profiles/chromium/finders.h"
#include "profiles/webkit/finders.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::get;
using testing::put;
using testing::site;
using testing::TempFolder;

namespace {

Result<void> free_to_go()
{
    return {};
}

Piece member(const fs::path& file, const std::string& pointer)
{
    return {Medium::json, file.string(), {}, pointer};
}

Piece element(const fs::path& file, const std::string& pointer, const std::string& identity)
{
    return {Medium::json, file.string(), identity, pointer};
}

/// One JSON file of a profile, and a run that takes pieces out of it: each an item.
struct Fixture {
    TempFolder folder;
    Profile profile{"chrome", "Default", "Person 1", folder / "udd", folder / "udd/Default", folder / "udd/Default"};
    fs::path file = profile.path / "Preferences";
    std::optional<Journal> journal;
    HeldLocks locks;

    explicit Fixture(const std::string& content) { put(file, content); }

    Result<void> record(const std::vector<Piece>& pieces)
    {
        std::vector<Item> items;
        for (const Piece& piece : pieces) {
            items.push_back({});
            items.back().label = piece.key;
            items.back().pieces = {piece};
        }
        journal = Journal::create(folder / "state", "stuck.test", 1'800'000'000).value();
        return journal->record(profile, Kind::permissions, "Site settings", items).and_then([&] {
            return journal->seal();
        });
    }
    std::vector<Error> erase() { return carry_out(*journal, profile, free_to_go, locks); }
    ProfileUndone undo() { return undo_profile(*journal, 1, profile, free_to_go, locks); }
};

nlohmann::json parsed(const std::string& text)
{
    return nlohmann::json::parse(text);
}

/// JSON without the blanks between its tokens.
std::string without_blanks(const std::string& json)
{
    std::string text;
    bool in_string = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (in_string && json[i] == '\\') {
            text += json[i++];
        } else if (json[i] == '"') {
            in_string = !in_string;
        } else if (!in_string && (json[i] == ' ' || json[i] == '\n')) {
            continue;
        }
        text += json[i];
    }
    return text;
}

std::vector<std::string> labels(const Found& found)
{
    std::vector<std::string> labels;
    for (const Item& item : found.items) {
        labels.push_back(item.label);
    }
    std::sort(labels.begin(), labels.end());
    return labels;
}

}  // namespace

TEST_CASE("JSON medium: members go, the rest stays byte for byte, and undo brings them back")
{
    const std::string before = R"({"z":{"a/b~c":{"setting":1},"keep":[1,2]},"big":18446744073709551615,)"
                               R"("low":-9223372036854775808,"time":1.34e+16,"half":0.5,"one":1.0,"text":"ü\u0000é",)"
                               R"("a":null})";
    Fixture fixture(before);
    REQUIRE(fixture.record({member(fixture.file, "/z/a~1b~0c"), member(fixture.file, "/half")}));
    CHECK(get(fixture.file) == before);
    CHECK(fixture.erase().empty());
    CHECK(get(fixture.file) == R"({"z":{"keep":[1,2]},"big":18446744073709551615,)"
                               R"("low":-9223372036854775808,"time":1.34e+16,"one":1.0,"text":"ü\u0000é","a":null})");
    const ProfileUndone undone = fixture.undo();
    CHECK(undone.problems.empty());
    CHECK(undone.stores.at(0).restored == 2);
    CHECK(parsed(get(fixture.file)) == parsed(before));

    const std::string restored = get(fixture.file);
    CHECK(fixture.undo().problems.empty());  // once more: all is in place
    CHECK(get(fixture.file) == restored);
}

TEST_CASE("JSON medium: the file keeps its mode", "[not-windows]")
{
    Fixture fixture(R"({"a":1,"b":2})");
    fs::permissions(fixture.file, fs::perms{0640});
    REQUIRE(fixture.record({member(fixture.file, "/a")}));
    CHECK(fixture.erase().empty());
    CHECK(fs::status(fixture.file).permissions() == fs::perms{0640});
    CHECK(fixture.undo().problems.empty());
    CHECK(fs::status(fixture.file).permissions() == fs::perms{0640});
}

TEST_CASE("JSON medium: elements are found again wherever they are")
{
    Fixture fixture(R"({"sts":[{"host":"A","n":1},{"host":"B"},{"host":"C","k":[]},{"host":"A","n":2}],"version":2})");
    REQUIRE(fixture.record(
        {element(fixture.file, "/sts", R"({"host":"A"})"), element(fixture.file, "/sts", R"({"host":"C","x":null})")}));
    put(fixture.file, R"({"sts":[{"host":"new"},{"k":[],"host":"C"},{"host":"A","n":1},{"host":"A","n":2},7,)"
                      R"({"host":"C","x":1},{"host":"B"}],"version":2})");
    CHECK(fixture.erase().empty());
    CHECK(get(fixture.file) == R"({"sts":[{"host":"new"},7,{"host":"C","x":1},{"host":"B"}],"version":2})");
    CHECK(fixture.undo().stores.at(0).restored == 2);
    CHECK(get(fixture.file) == R"({"sts":[{"host":"new"},7,{"host":"C","x":1},{"host":"B"},{"host":"A","n":1},)"
                               R"({"host":"A","n":2},{"host":"C","k":[]}],"version":2})");
}

TEST_CASE("JSON medium: what has changed since it was recorded is left alone, and all beside it")
{
    Fixture fixture(R"({"a":{"x":1,"y":2},"list":[{"id":1,"v":1}]})");
    REQUIRE(fixture.record(
        {member(fixture.file, "/a/x"), member(fixture.file, "/a/y"), element(fixture.file, "/list", R"({"id":1})")}));
    const std::string now =
        GENERATE(as<std::string>{}, R"({"a":{"x":1,"y":3},"list":[{"id":1,"v":1}]})", R"({"a":{"x":1}})", R"([1])",
                 R"({"a":{"x":1,"y":2},"list":[{"id":1,"v":2}]})", R"({"a":{"x":1,"y":2},"list":[]})",
                 R"({"a":{"x":1,"y":2},"list":[{"id":1,"v":1},{"id":1,"v":1}]})");
    put(fixture.file, now);
    const auto problems = fixture.erase();
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].code == Code::changed);
    CHECK(get(fixture.file) == now);
}

TEST_CASE("JSON medium: what is not there cannot be recorded")
{
    Fixture fixture(R"({"a":{"x":1},"list":[{"id":1}]})");
    for (const Piece& piece :
         {member(fixture.file, "/a/y"), member(fixture.file, "/a/x/y"), member(fixture.file, "/list/0"),
          element(fixture.file, "/list", R"({"id":2})"), element(fixture.file, "/a", R"({"x":1})"),
          element(fixture.file, "/none", R"({"x":1})")}) {
        CAPTURE(piece.key, piece.table);
        const auto recorded = fixture.record({piece});
        REQUIRE_FALSE(recorded);
        CHECK(recorded.error().code == Code::changed);
    }
}

TEST_CASE("JSON medium: undo does not overwrite what came back, and makes what was dropped")
{
    Fixture fixture(R"({"a":{"x":{"v":1},"y":{"w":2}},"list":[{"id":1,"v":1}]})");
    REQUIRE(fixture.record({member(fixture.file, "/a/x/v"), member(fixture.file, "/a/y/w"),
                            element(fixture.file, "/list", R"({"id":1})")}));
    REQUIRE(fixture.erase().empty());
    SECTION("other values")
    {
        put(fixture.file, R"({"a":{"x":{"v":7},"y":{}},"list":[{"id":1,"v":9}]})");
        const ProfileUndone undone = fixture.undo();
        CHECK(undone.stores.at(0).refused == std::vector<std::string>{"/a/x/v", "/list"});
        CHECK(undone.stores.at(0).restored == 1);
        CHECK(get(fixture.file) == R"({"a":{"x":{"v":7},"y":{"w":2}},"list":[{"id":1,"v":9}]})");
    }
    SECTION("empty objects and arrays were dropped")
    {
        put(fixture.file, "{}");
        CHECK(fixture.undo().stores.at(0).restored == 3);
        CHECK(get(fixture.file) == R"({"a":{"x":{"v":1},"y":{"w":2}},"list":[{"id":1,"v":1}]})");
    }
    SECTION("something bars the way")
    {
        put(fixture.file, R"({"a":{"x":"text","y":{}},"list":{}})");
        CHECK(fixture.undo().stores.at(0).refused == std::vector<std::string>{"/a/x/v", "/list"});
        CHECK(get(fixture.file) == R"({"a":{"x":"text","y":{"w":2}},"list":{}})");
    }
    SECTION("the file cannot be read any more")
    {
        put(fixture.file, "{");
        CHECK(fixture.undo().problems.at(0).code == Code::corrupt);
        CHECK(get(fixture.file) == "{");
    }
    SECTION("a run was cut off before the new file had its name")
    {
        put(fixture.file.string() + ".unstick-abc123", "half of it");
        put(fixture.file.string() + ".unstick-abc", "somebody else's");
        CHECK(fixture.undo().problems.empty());
        CHECK_FALSE(fs::exists(fixture.file.string() + ".unstick-abc123"));
        CHECK(fs::exists(fixture.file.string() + ".unstick-abc"));
    }
}

TEST_CASE("JSON files that would be too much for the reader are refused")
{
    TempFolder folder;
    const fs::path file = folder / "file";
    const auto code_of = [&](const std::string& text) {
        put(file, text);
        const auto document = json_file::read(file);
        return document ? std::string("read") : document.error().code == Code::unsupported ? "unsupported" : "corrupt";
    };
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(code_of(nested(200)) == "read");
    CHECK(code_of(nested(201)) == "unsupported");
    CHECK(code_of(std::string(1'000'000, '[')) == "unsupported");
    CHECK(code_of("\"" + nested(300) + "\"") == "read");
    CHECK(code_of(R"("\"[[[\\")") == "read");
    std::string members = "{\"n\":0";
    for (int i = 0; i < 40000; ++i) {
        members += ",\"" + std::to_string(i) + "\":0";
    }
    CHECK(code_of(members + "}") == "unsupported");
    for (const char* text :
         {"", "{", "{}}", "nonsense", "{\"a\":\"\xff\"}", R"({"a":"\ud800"})", "{\"a\":01}", "]]]"}) {
        CAPTURE(text);
        CHECK(code_of(text) == "corrupt");
    }
    CHECK(json_file::read(folder / "none").error().code == Code::not_found);
    CHECK(json_file::read(folder.path()).error().code == Code::unsupported);
}

TEST_CASE("JSON pointers")
{
    CHECK(json_file::pointer_to("/a", "b/c~d") == "/a/b~1c~0d");
    CHECK(json_file::names_in("/a/b~1c~0d//") == std::vector<std::string>{"a", "b/c~d", "", ""});
    CHECK(json_file::names_in("").empty());
    CHECK(json_file::names_in("/~").at(0) == "~");
}

TEST_CASE("base64")
{
    for (const auto& [bytes, text] : {std::pair<std::string, std::string>{"", ""},
                                      {"f", "Zg=="},
                                      {"fo", "Zm8="},
                                      {"foo", "Zm9v"},
                                      {std::string("\0\xff", 2), "AP8="}}) {
        CHECK(base64(bytes) == text);
        CHECK(from_base64(text) == bytes);
    }
    for (const char* text : {"Zg", "Zg=", "Z===", "====", "Zm8 ", "Zm\n8", "Z=g=", "Zm9v="}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64(text));
    }
}

TEST_CASE("names that a site is known by")
{
    Site known = site("https://login.app.stuck.test/x");
    CHECK(known.known_hosts() ==
          std::set<std::string>{"stuck.test", "www.stuck.test", "login.app.stuck.test", "app.stuck.test"});
    for (const char* host : {".A.b.Stuck.test", "https://c.stuck.test:8443/Realm", "other.test", "notstuck.test", ""}) {
        known.know(host);
    }
    CHECK(known.known_hosts() == std::set<std::string>{"stuck.test", "www.stuck.test", "login.app.stuck.test",
                                                       "app.stuck.test", "a.b.stuck.test", "b.stuck.test",
                                                       "c.stuck.test"});
    Site one = site("app.stuck.test").only_host();
    one.know("stuck.test");
    one.know("x.app.stuck.test");
    CHECK(one.known_hosts() == std::set<std::string>{"app.stuck.test"});
    CHECK(site("[::1]:80").known_hosts() == std::set<std::string>{"::1"});
    CHECK(site("127.0.0.1").known_hosts() == std::set<std::string>{"127.0.0.1"});
    CHECK(Site().known_hosts().empty());
    Site hostile = site("stuck.test");
    std::string deep;
    for (int i = 0; i < 200; ++i) {
        deep += "a.";
    }
    hostile.know(deep + "stuck.test");
    CHECK(hostile.known_hosts().size() == 2);
}

TEST_CASE("HSTS: only hosts that are known, by the hash of their name")
{
    TempFolder folder;
    const fs::path file = folder / "TransportSecurity";
    // SHA-256 of 03 app 05 alpha 04 test 00, as Chromium writes it
    put(file, R"({"sts":[{"expiry":1793456000.5,"host":"AiONT3ye5NoxGziHO9U0vpZpt1FuWYS8HXjFVeIC5h0=",)"
              R"("mode":"force-https","sts_include_subdomains":true,"sts_observed":1760000000.25},)"
              R"({"expiry":-1e300,"host":"GM0J6LAg3M0phtN5QRsKBH+JEGIxcxDFcnvkMhng4gs="},{"host":7},7,null,)"
              R"({"host":"GM0J6LAg3M0phtN5QRsKBH+JEGIxcxDFcnvkMhng4gs=","mode":"again"},)"
              R"({"host":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}],"version":2})");
    Found found = find_transport_security(file, site("alpha.test"));
    CHECK(found.problems.empty());
    CHECK(found.version == "2");
    CHECK(labels(found) == std::vector<std::string>{"order to use HTTPS for www.alpha.test"});
    CHECK_FALSE(found.items[0].expires);

    Site known = site("alpha.test");
    known.know("app.alpha.test");
    found = find_transport_security(file, known);
    REQUIRE(found.items.size() == 2);
    CHECK(found.items[0].host == "app.alpha.test");
    CHECK(found.items[0].created == 1760000000);
    CHECK(found.items[0].expires == 1793456000);

    for (const char* other : {R"({"sts":[],"version":3})", R"({"sts":[]})", "[]"}) {
        put(file, other);
        CHECK(find_transport_security(file, known).problems.at(0).code == Code::unsupported);
    }
    for (const char* nothing : {"", "{}"}) {  // the browser had not come further
        put(file, nothing);
        CHECK(find_transport_security(file, known).present);
        CHECK(find_transport_security(file, known).problems.empty());
    }
    put(file, R"({"sts":{},"version":2})");
    CHECK(find_transport_security(file, known).items.empty());
    CHECK_FALSE(find_transport_security(folder / "none", known).present);
}

TEST_CASE("network state: servers of the site, and others under it")
{
    TempFolder folder;
    const fs::path file = folder / "Network Persistent State";
    const std::string alpha = R"("anonymization":["GAAAABIAAABodHRwczovL2FscGhhLnRlc3QAAA==",false,0])";
    put(file, R"({"net":{"http_server_properties":{"servers":[{"server":"https://app.alpha.test:8443",)" + alpha +
                  R"(,"supports_spdy":true},{"server":"https://cdn.test",)" + alpha +
                  R"(},{"server":"https://cdn.test","anonymization":[]},{"server":"https://notalpha.test"},)"
                  R"({"server":"https://beta.test","anonymization":["GAAAAP///39odHRwczovL2FscGhhLnRlc3QAAA=="]},)"
                  R"({"server":"https://beta.test","anonymization":["GAAAABIAAABodHRw"]}],)"
                  R"("broken_alternative_services":[{"host":"alpha.test","port":443,"protocol_str":"h3"},)"
                  R"({"host":"beta.test","port":443}],"quic_servers":[{"server_id":"https://alpha.test:443"},)"
                  R"({"server_id":"https://alpha.test.beta.test:443"}],"version":5}}})");
    const Found found = find_network_state(file, site("alpha.test"));
    CHECK(found.problems.empty());
    CHECK(labels(found) == std::vector<std::string>{
                               "QUIC handshake with https://alpha.test:443", "broken alternative service alpha.test",
                               "what is known of the server https://app.alpha.test:8443 under https://alpha.test",
                               "what is known of the server https://cdn.test under https://alpha.test"});
    put(file, R"({"net":{"network_qualities":{}}})");
    CHECK(find_network_state(file, site("alpha.test")).problems.empty());
    put(file, R"({"net":{"http_server_properties":{"version":6}}})");
    CHECK(find_network_state(file, site("alpha.test")).problems.at(0).code == Code::unsupported);
}

TEST_CASE("base64 for URLs has its own two digits and no padding")
{
    CHECK(base64url("\xfb\xff\xfe") == "-__-");
    CHECK(base64url("f") == "Zg");
    CHECK(from_base64url("-__-") == "\xfb\xff\xfe");
    CHECK(from_base64url("Zg") == "f");
    CHECK(from_base64url("Zm9vY") == "foo");  // cut off in the middle
    CHECK(from_base64url("").value_or("none").empty());
    CHECK_FALSE(from_base64url("Zg==").has_value());
    CHECK_FALSE(from_base64url("+/").has_value());
}

TEST_CASE("preferences: patterns are parsed, federated sign-in is apart")
{
    TempFolder folder;
    const fs::path file = folder / "Preferences";
    put(file, R"({"profile":{"content_settings":{"exceptions":{"has_migrated_local_network_access":true,"geolocation":{
        "https://app.alpha.test:443,*":{"setting":1}, "[*.]alpha.test,*":{}, "*,[*.]alpha.test":{}, "*,*":{},
        "https://[*.]alpha.test:8443,https://beta.test":{}, "http://alpha.test,*":1,
        "https://notalpha.test:443,*":{}, "[*.]alpha.test.beta.test,*":{}, "https://beta.test,https://gamma.test":{},
        "chrome-extension://alpha.test,*":{}, "file:///a,[*.]alpha.test/x,*":{}, "alpha.test":{}, "[*.],*":{},
        "https://beta.test/?u=https://alpha.test,*":{}, "https://[::1]:80,*":{}, "[,*":{}},
        "brand_new_type":{"https://alpha.test,*":{}}, "site_engagement":{"https://alpha.test:443,*":{}},
        "fedcm_idp_signin":{"https://alpha.test:443,*":{}, "https://beta.test:443,*":{}}, "durable_storage":7}}},
        "partition":{"per_host_zoom_levels":{"x":{"app.alpha.test":{"zoom_level":1.0},"notalpha.test":1.0},"y":3}}})");
    const Found settings = find_site_settings(file, site("alpha.test"));
    CHECK(settings.problems.empty());
    CHECK(labels(settings) ==
          std::vector<std::string>{"setting brand_new_type of https://alpha.test",
                                   "setting geolocation of * on [*.]alpha.test",
                                   "setting geolocation of [*.]alpha.test", "setting geolocation of http://alpha.test",
                                   "setting geolocation of https://[*.]alpha.test:8443 on https://beta.test",
                                   "setting geolocation of https://app.alpha.test:443",
                                   "setting site_engagement of https://alpha.test:443", "zoom of app.alpha.test"});
    CHECK(labels(find_federated_sign_in(file, site("alpha.test"))) ==
          std::vector<std::string>{"setting fedcm_idp_signin of https://alpha.test:443"});
    CHECK(labels(find_site_settings(file, site("[::1]"))) ==
          std::vector<std::string>{"setting geolocation of https://[::1]:80"});
    for (const char* odd : {"{}", R"({"profile":7})", R"({"profile":{"content_settings":{"exceptions":[1]}}})", "[]"}) {
        put(file, odd);
        CHECK(find_site_settings(file, site("alpha.test")).items.empty());
        CHECK(find_federated_sign_in(file, site("alpha.test")).items.empty());
    }
}

TEST_CASE("tab statistics: only hosts that are known, by the hash of their name")
{
    TempFolder folder;
    testing::put_pairs(folder / "db", {{"database_metadata", "1"},
                                       {"66b65c7d0f305cf7a266d1451c86b870", "app"},
                                       {"874cd22e09edae9d0491c746335faa3d", "www"}});
    Site known = site("alpha.test");
    CHECK(labels(find_site_characteristics(folder / "db", known)) ==
          std::vector<std::string>{"how tabs of www.alpha.test behave"});
    known.know("app.alpha.test");
    CHECK(find_site_characteristics(folder / "db", known).items.size() == 2);
    testing::put_pairs(folder / "other", {{"database_metadata", "2"}});
    CHECK(find_site_characteristics(folder / "other", known).problems.at(0).code == Code::unsupported);
}

TEST_CASE("real preferences come out as they were", "[realdata]")
{
    const fs::path folder = testing::real_data();
    if (folder.empty()) {
        return;
    }
    Fixture fixture(get(folder / "plaso/chrome-Preferences"));
    const auto before = parsed(get(fixture.file));
    const std::string exceptions = "/profile/content_settings/exceptions";
    std::set<std::string> hosts;
    for (const auto& [type, pairs] : before.at(nlohmann::json::json_pointer(exceptions)).items()) {
        for (const auto& [pair, value] : pairs.items()) {
            const std::string host(host_of(pair));
            if (const auto one = Site::parse(host)) {
                hosts.insert(one->name());
            }
        }
    }
    REQUIRE(hosts.size() >= 2);
    for (const std::string& host : hosts) {
        Fixture one(get(folder / "plaso/chrome-Preferences"));
        Found found = find_site_settings(one.file, site(host.c_str()));
        Found records = find_federated_sign_in(one.file, site(host.c_str()));
        std::vector<Piece> pieces;
        auto expected = before;
        for (const auto& items : {found.items, records.items}) {
            for (const Item& item : items) {
                pieces.push_back(item.pieces.at(0));
                const nlohmann::json::json_pointer place(item.pieces.at(0).key);
                expected.at(place.parent_pointer()).erase(place.back());
            }
        }
        const bool some = !pieces.empty();
        REQUIRE(some);
        REQUIRE(one.record(pieces));
        REQUIRE(one.erase().empty());
        // Comparisons only: their values are somebody's.
        const bool only_ours_went = parsed(get(one.file)) == expected;
        CHECK(only_ours_went);
        CHECK(one.undo().problems.empty());
        const bool all_is_back = parsed(get(one.file)) == before;
        CHECK(all_is_back);
    }
    // Even the text is the same but for blanks: every number as it was written.
    const std::string text = without_blanks(get(fixture.file));
    const auto document = json_file::read(fixture.file);
    REQUIRE(document);
    REQUIRE(json_file::write(fixture.file, *document));
    const bool same_text = get(fixture.file) == text;
    CHECK(same_text);
}
