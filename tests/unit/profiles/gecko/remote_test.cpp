// What a copy for Firefox's own re-test gets of the settings, and what the agent is told.

#include "profiles/gecko/remote.h"

#include <nlohmann/json.hpp>

#include "base/limited_json.h"
#include "tests/fixtures/catch.h"

using namespace unstick;
using nlohmann::json;

namespace {

constexpr std::string_view preferences = R"(// Mozilla User Preferences
user_pref("app.normandy.user_id", "id-1");
user_pref("browser.startup.page", 3);
user_pref("dom.push.userAgentID", "id-2");
user_pref("dom.storage.enabled", false);
user_pref("intl.accept_languages", "de,en");
user_pref("network.cookie.cookieBehavior", 2);
user_pref("network.proxy.http", "proxy.test");
user_pref("services.sync.username", "ann@example.test");
user_pref("toolkit.telemetry.cachedClientID", "id-3");
not a preference "dom.storage.enabled"
)";

json settings(const HttpOptions& http, bool keeps_session = false)
{
    const auto read = parse_json<json>(agent_settings(http, keeps_session));
    REQUIRE(read);
    return *read;
}

}  // namespace

TEST_CASE("a copy gets the preferences that decide how pages load, and none that tell who the person is")
{
    CHECK(chosen_preferences(preferences, Settings::all) ==
          std::vector<std::string>{
              R"(user_pref("browser.startup.page", 3);)", R"(user_pref("dom.storage.enabled", false);)",
              R"(user_pref("intl.accept_languages", "de,en");)", R"(user_pref("network.cookie.cookieBehavior", 2);)",
              R"(user_pref("network.proxy.http", "proxy.test");)"});
    CHECK(chosen_preferences(preferences, Settings::fresh) ==
          std::vector<std::string>{R"(user_pref("intl.accept_languages", "de,en");)",
                                   R"(user_pref("network.proxy.http", "proxy.test");)"});
    CHECK(chosen_preferences("", Settings::all).empty());
    CHECK(chosen_preferences(R"(user_pref("dom.x", 1);)", Settings::all).size() == 1);  // no line end
}

TEST_CASE("the agent is told where names lead, once each")
{
    HttpOptions http;
    http.resolve = {"a.test:443:127.0.0.1", "a.test:80:127.0.0.1", "b.test:443:127.0.0.2,[::1]"};
    CHECK(settings(http).at("addresses") ==
          json::array({{"a.test", "127.0.0.1"}, {"b.test", "127.0.0.2"}, {"b.test", "::1"}}));
    CHECK(settings(http).at("preferences").empty());
    CHECK(settings(http).at("keepsSession") == false);
    CHECK(settings(http, true).at("keepsSession") == true);
    http.resolve = {"*:443:127.0.0.3"};
    CHECK(settings(http).at("preferences").at("network.dns.forceResolve") == "127.0.0.3");
}

TEST_CASE("the agent is told of the proxy, without a name and a password")
{
    HttpOptions http;
    http.proxy = "http://ann:secret@proxy.test:3128";
    const json web = settings(http);
    CHECK(web.dump().find("secret") == std::string::npos);
    CHECK(web.at("preferences").at("network.proxy.ssl") == "proxy.test");
    CHECK(web.at("preferences").at("network.proxy.http_port") == 3128);
    http.proxy = "socks5h://proxy.test:1080";
    const json socks = settings(http);
    CHECK(socks.at("preferences").at("network.proxy.socks_port") == 1080);
    CHECK(socks.at("preferences").at("network.proxy.socks_remote_dns") == true);
    http.proxy = "socks4://proxy.test";
    CHECK(settings(http).at("preferences").at("network.proxy.socks_version") == 4);
}
