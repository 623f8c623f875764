// Firefox's own stores: whose a record is, and which versions are read.

#include <SQLiteCpp/SQLiteCpp.h>

#include "containers/data_storage.h"
#include "containers/moz_lz4.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/sql.h"
#include "tests/fixtures/gecko_profile.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace testing::looking;
using testing::put;
using testing::TempFolder;

namespace {

/// The hosts, with partitions, of what is found.
Strings found_hosts(const Found& found)
{
    Strings hosts;
    for (const Item& item : found.items) {
        hosts.push_back(item.host + (item.partition.empty() ? "" : " under " + item.partition));
    }
    return sorted(hosts);
}

std::string slots(data_storage::Layout layout, const Strings& keys, const std::string& value = "value")
{
    std::string file;
    for (const std::string& key : keys) {
        file += data_storage::make_slot(layout, key, value);
    }
    return file;
}

}  // namespace

TEST_CASE("cookies of every version that is known are read, with times in the unit of that version")
{
    const TempFolder folder;
    const int version = GENERATE(6, 9, 12, 13, 15, 16, 17);
    CAPTURE(version);
    testing::write_gecko_cookies(folder / "cookies.sqlite", {"stuck.test", "notstuck.test"}, version);
    const Found found = find_sql_rows(folder / "cookies.sqlite", stuck(), gecko::cookies);
    CHECK(found.problems.empty());
    CHECK(found_hosts(found) == Strings{"frame.test under https://stuck.test", "stuck.test",
                                        "stuck.test under container 2", "stuck.test under https://other.test"});
    for (const Item& item : found.items) {
        CHECK(item.expires == 4'000'000'000);
        CHECK(item.created == 1'780'000'000);
        REQUIRE(item.as<Cookie>() != nullptr);
        CHECK(item.as<Cookie>()->secure);
    }
}

TEST_CASE("cookies of a version that is not known are left, and that is a problem")
{
    const TempFolder folder;
    testing::write_gecko_cookies(folder / "cookies.sqlite", {"stuck.test"}, GENERATE(5, 18));
    check_hands_off(find_sql_rows(folder / "cookies.sqlite", stuck(), gecko::cookies), Code::unsupported);
}

TEST_CASE("the re-test gets the cookies of an ordinary tab, and no others")
{
    const TempFolder folder;
    const int version = GENERATE(15, 17);
    testing::write_gecko_cookies(folder / "cookies.sqlite", {"stuck.test", "notstuck.test"}, version);
    const auto cookies = read_gecko_jar(folder / "cookies.sqlite", stuck());
    REQUIRE(cookies.size() == 1);
    CHECK(cookies[0].name.host == "stuck.test");
    CHECK(cookies[0].expires == 4'000'000'000);
    CHECK(read_gecko_jar(folder / "none.sqlite", stuck()).empty());
    testing::write_gecko_cookies(folder / "newer.sqlite", {"stuck.test"}, 18);
    CHECK(read_gecko_jar(folder / "newer.sqlite", stuck()).empty());
}

TEST_CASE("orders to use HTTPS belong to their host, and to the site under which they were given")
{
    const TempFolder folder;
    const fs::path file = folder / "SiteSecurityServiceState.bin";
    put(file, slots(data_storage::small_values,
                    {"stuck.test^partitionKey=%28https%2Cstuck.test%29", "app.stuck.test:HSTS", "other.test",
                     "frame.test^partitionKey=%28https%2Cstuck.test%29", "notstuck.test",
                     "stuck.test.evil.test^partitionKey=%28https%2Cevil.test%29"},
                    "1890000000000,1,1"));
    const Found found = look(find_gecko_hsts, file);
    CHECK(found_hosts(found) ==
          Strings{"app.stuck.test", "frame.test under https://stuck.test", "stuck.test under https://stuck.test"});
    REQUIRE(found.items[0].as<Hsts>() != nullptr);
    CHECK(found.items[0].as<Hsts>()->include_subdomains);
    CHECK(found.items[0].expires == 1'890'000'000);

    put(file, slots(data_storage::small_values, {"stuck.test"}, "1890000000000,2,0"));
    CHECK(look(find_gecko_hsts, file).items.at(0).as<Hsts>() == nullptr);  // that there is to be none
    put(file, "cut");
    check_hands_off(look(find_gecko_hsts, file), Code::corrupt);
    check_absent(look(find_gecko_hsts, folder / "none.bin"));
}

TEST_CASE("alternative services name scheme, host and port")
{
    const TempFolder folder;
    const fs::path file = folder / "AlternateServices.bin";
    put(file,
        slots(data_storage::large_values,
              {"https:stuck.test:443:.:^partitionKey=%28https%2Cstuck.test%29:3", "https:app.stuck.test:8443:.::.",
               "https:frame.test:443:P:^userContextId=2&partitionKey=%28https%2Cstuck.test%29:.",
               "https:notstuck.test:443:.::.", "https:::1:443:.::."}));
    CHECK(found_hosts(look(find_gecko_alternative_services, file)) ==
          Strings{"app.stuck.test", "frame.test under https://stuck.test in container 2",
                  "stuck.test under https://stuck.test"});
    CHECK(look(find_gecko_alternative_services, file, testing::site("[::1]")).items.size() == 1);
    CHECK(look(find_gecko_alternative_services, file, testing::site("https://[::1]:444")).items.empty());
    put(file,
        slots(data_storage::large_values, {"stuck.test", "https:stuck.test", "https:stuck.test:443:.:nonsense:."}));
    const Found unknown = look(find_gecko_alternative_services, file);
    CHECK(unknown.items.empty());
    CHECK(unknown.notes.size() == 1);
}

TEST_CASE("choices of client certificates, and exceptions for certificates, name a host")
{
    const TempFolder folder;
    put(folder / "c.bin",
        slots(data_storage::large_values,
              {"stuck.test,,", "app.stuck.test,AB:CD,%5EpartitionKey%3D%2528https%252Cother.test%2529",
               "notstuck.test,,", "frame.test,,^partitionKey=%28https%2Cstuck.test%29"}));
    CHECK(found_hosts(look(find_gecko_client_certificates, folder / "c.bin")) ==
          Strings{"app.stuck.test under https://other.test", "frame.test under https://stuck.test", "stuck.test"});
    put(folder / "cert_override.txt",
        "# PSM Certificate Override Settings file\nstuck.test:8444:\tOID.2.16\tAA\t\n"
        "app.stuck.test:443:^userContextId=2\tOID.2.16\tBB\t\nnotstuck.test:443:\tOID.2.16\tCC\t\n# "
        "stuck.test:1:\tx\n");
    CHECK(found_hosts(look(find_gecko_certificate_exceptions, folder / "cert_override.txt")) ==
          Strings{"app.stuck.test under container 2", "stuck.test"});
    const Site one_port = testing::site("https://127.0.0.1:8444");
    put(folder / "cert_override.txt", "127.0.0.1:8444:\tOID\tAA\t\n127.0.0.1:8445:\tOID\tAA\t\n");
    CHECK(look(find_gecko_certificate_exceptions, folder / "cert_override.txt", one_port).items.size() == 1);
}

TEST_CASE("salts for the names of devices name an origin")
{
    const TempFolder folder;
    const fs::path file = folder / "enumerate_devices.txt";
    put(file,
        "1\nAAAA 1790000000 https://stuck.test\nBBBB 1790000001 https://app.stuck.test:8443^userContextId=2\n"
        "CCCC 1790000002 https://frame.test^partitionKey=%28https%2Cstuck.test%29\n"
        "DDDD 1790000003 https://notstuck.test\nnonsense\nEEEE 1790000004 of nobody\n");
    const Found salts = look(find_gecko_device_salts, file);
    CHECK(found_hosts(salts) ==
          Strings{"app.stuck.test under container 2", "frame.test under https://stuck.test", "stuck.test"});
    CHECK(salts.items.front().created == 1790000000);
    CHECK(salts.notes.size() == 1);
    put(file, "1\nAAAA 17 http://127.0.0.1:8444\nBBBB 18 http://127.0.0.1:8445\n");
    CHECK(look(find_gecko_device_salts, file, testing::site("https://127.0.0.1:8444")).items.size() == 1);
    put(file, "2\nAAAA 1790000000 https://stuck.test\n");
    const Found newer = look(find_gecko_device_salts, file);
    CHECK(newer.items.empty());
    CHECK(newer.problems.size() == 1);
}

TEST_CASE("licences for protected media are of a page and of the page around it")
{
    const TempFolder folder;
    const fs::path module = folder / "gmp" / "Linux_x86_64-gcc3" / "gmp-test";
    const auto licence = [&](const char* number, const char* page, const char* top) {
        put(module / "id" / number / "origin", page);
        put(module / "id" / number / "topLevelOrigin", top);
        put(module / "id" / number / "salt", std::string("salt") + number);
        put(module / "storage" / (std::string("salt") + number) / "record", "12345");
    };
    licence("1", "https://stuck.test", "https://stuck.test");
    licence("2", "https://app.stuck.test^userContextId=2", "https://app.stuck.test^userContextId=2");
    licence("3", "https://frame.test", "https://stuck.test");
    licence("4", "https://stuck.test", "https://other.test");
    licence("5", "https://notstuck.test", "https://notstuck.test");
    put(module / "id" / "6" / "origin", "https://stuck.test");  // the other is not there
    const Found found = look(find_gecko_media_licences, folder / "gmp");
    CHECK(found_hosts(found) == Strings{"app.stuck.test under container 2", "frame.test under https://stuck.test",
                                        "stuck.test", "stuck.test under https://other.test"});
    for (const Item& item : found.items) {
        CHECK(item.pieces.size() == 2);
    }
    CHECK(found.notes.size() == 1);
    SECTION("a salt that leads elsewhere is no name in the folder of what is kept")
    {
        put(module / "id" / "1" / "salt", "../id/5");
        CHECK(look(find_gecko_media_licences, folder / "gmp").items.front().pieces.size() == 1);
    }
}

TEST_CASE("what may be done in frames of others is a site's, too")
{
    CHECK(gecko::owns_type(stuck(), "3rdPartyStorage^https://app.stuck.test"));
    CHECK(gecko::owns_type(stuck(), "3rdPartyFrameStorage^https://stuck.test"));
    CHECK_FALSE(gecko::owns_type(stuck(), "3rdPartyStorage^https://notstuck.test"));
    CHECK_FALSE(gecko::owns_type(stuck(), "cookie"));
}

TEST_CASE("saved logins are sent by the browser itself, or typed into forms")
{
    const TempFolder folder;
    const fs::path file = folder / "logins.json";
    put(file, R"({"nextId":4,"version":3,"logins":[
        {"id":1,"guid":"{1}","hostname":"https://stuck.test","httpRealm":"Staff","everSynced":true},
        {"id":2,"guid":"{2}","hostname":"https://app.stuck.test:8443","httpRealm":null,"timeCreated":1780000000000},
        {"id":3,"guid":"{3}","hostname":"https://notstuck.test","httpRealm":"realm of https://stuck.test"}]})");
    const Found http = look(find_gecko_http_logins, file);
    REQUIRE(http.items.size() == 1);
    CHECK(http.items[0].as<HttpLogin>()->realm == "Staff");
    CHECK(http.notes.size() == 1);  // it may come back
    const Found forms = look(find_gecko_form_logins, file);
    CHECK(hosts_of(forms) == Strings{"app.stuck.test"});
    CHECK(forms.items.at(0).created == 1'780'000'000);
    CHECK(forms.notes.empty());
    put(file, R"({"nextId":1,"version":4,"logins":[]})");
    check_hands_off(look(find_gecko_http_logins, file), Code::unsupported);
}

TEST_CASE("session storage of all tabs and cookies of a session are found, and tabs of the site are told")
{
    const TempFolder folder;
    const fs::path file = folder / "sessionstore.jsonlz4";
    put(file, testing::gecko_session({"stuck.test", "notstuck.test"}));
    const Found cookies = look(find_gecko_session_cookies, file);
    CHECK(found_hosts(cookies) == Strings{"stuck.test", "stuck.test under https://other.test in container 2"});
    REQUIRE(cookies.items.at(0).as<Cookie>() != nullptr);
    CHECK_FALSE(cookies.items[0].as<Cookie>()->persistent);
    const Found storage = look(find_gecko_session_storage, file);
    CHECK(found_hosts(storage) == Strings{"frame.test under https://stuck.test", "frame.test under https://stuck.test",
                                          "stuck.test", "stuck.test"});
    CHECK(storage.items.at(0).as<TabStorage>()->names == Strings{"key"});
    CHECK(storage.notes.size() == 1);

    put(folder / "sessionstore-backups/previous.jsonlz4", testing::gecko_session({"stuck.test"}));
    put(folder / "sessionstore-backups/recovery.jsonlz4", testing::gecko_session({"stuck.test"}));
    const auto cookies_of_rules = [&] {
        const Found copies = look(find_gecko_session_cookies_in_copies, folder / "sessionstore-backups");
        CHECK(copies.items.size() == 4);
        return std::count_if(copies.items.begin(), copies.items.end(),
                             [](const Item& item) { return item.as<Cookie>() != nullptr; });
    };
    CHECK(cookies_of_rules() == 0);  // the last session has them
    fs::remove(file);
    CHECK(cookies_of_rules() == 2);  // after a crash the last one is this

    put(file, "mozLz40");
    check_hands_off(look(find_gecko_session_storage, file), Code::corrupt);
}
