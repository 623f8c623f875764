// What forbids a site its cookies and is not the site's own: settings for all sites, policies of an administrator.

#include "diagnosis/finding.h"
#include "finders/sql_table.h"
#include "inventory/discover.h"
#include "profiles/chromium/finders.h"
#include "profiles/webkit/finders.h"
#include "tests/fixtures/home.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::put;
using testing::site;
using testing::TempFolder;

namespace {

/// The names of what forbids cookies, third-party ones in brackets.
std::vector<std::string> names_in(const Found& found)
{
    std::vector<std::string> names;
    for (const CookieBan& ban : found.bans) {
        names.push_back(ban.third_party ? "(" + ban.name + ")" : ban.name);
    }
    return names;
}

using NameList = std::vector<std::string>;

NameList settings_in(const std::string& preferences, const std::string& at = "https://app.example.com/")
{
    const TempFolder folder;
    put(folder / "Preferences", preferences);
    return names_in(find_site_settings(folder / "Preferences", site(at)));
}

NameList policies_in(const std::string& policy, const std::string& at = "https://app.example.com/")
{
    const TempFolder folder;
    put(folder / "managed/policy.json", policy);
    return names_in(find_cookie_policies(folder / "managed", site(at)));
}

}  // namespace

TEST_CASE("patterns of content settings and policies")
{
    for (const char* pattern : {"*", "[*.]example.com", "https://[*.]example.com", "https://app.example.com:443",
                                "app.example.com", "[*.]app.example.com"}) {
        CAPTURE(pattern);
        CHECK(pattern_is_for(pattern, "app.example.com"));
    }
    for (const char* pattern : {"", "example.com", "[*.]example.org", "[*.]notexample.com", "file:///*",
                                "chrome-extension://app.example.com"}) {
        CAPTURE(pattern);
        CHECK_FALSE(pattern_is_for(pattern, "app.example.com"));
    }
}

TEST_CASE("cookies blocked by default in the settings, with and without an exception for the host")
{
    const std::string block = R"("default_content_setting_values":{"cookies":2})";
    CHECK(settings_in("{\"profile\":{" + block + "}}") == NameList{"block all cookies"});
    CHECK(settings_in(R"({"profile":{"default_content_setting_values":{"cookies":1}}})").empty());
    CHECK(settings_in(R"({"profile":{}})").empty());
    const auto with_exception = [&](const std::string& pattern) {
        return settings_in("{\"profile\":{" + block + R"(,"content_settings":{"exceptions":{"cookies":{")" + pattern +
                           R"(,*":{"setting":1}}}}}})");
    };
    CHECK(with_exception("[*.]example.com").empty());
    CHECK(with_exception("[*.]example.org") == NameList{"block all cookies"});
}

TEST_CASE("third-party cookies blocked in the settings")
{
    CHECK(settings_in(R"({"profile":{"cookie_controls_mode":1}})") == NameList{"(block third-party cookies)"});
    CHECK(settings_in(R"({"profile":{"block_third_party_cookies":true}})") == NameList{"(block third-party cookies)"});
    CHECK(settings_in(R"({"profile":{"cookie_controls_mode":2,"block_third_party_cookies":false}})").empty());
}

TEST_CASE("policies")
{
    CHECK(policies_in(R"({"DefaultCookiesSetting":2})") == NameList{"DefaultCookiesSetting"});
    CHECK(policies_in(R"({"DefaultCookiesSetting":4})").empty());
    CHECK(policies_in(R"({"DefaultCookiesSetting":2,"CookiesAllowedForUrls":["[*.]example.com"]})").empty());
    CHECK(policies_in(R"({"CookiesBlockedForUrls":["[*.]example.com"]})") == NameList{"CookiesBlockedForUrls"});
    CHECK(policies_in(R"({"CookiesBlockedForUrls":["[*.]example.org", 7]})").empty());
    CHECK(policies_in(R"({"CookiesBlockedForUrls":["*"],"CookiesAllowedForUrls":["[*.]example.com"]})").empty());
    CHECK(policies_in(R"({"BlockThirdPartyCookies":true})") == NameList{"(BlockThirdPartyCookies)"});
    CHECK(policies_in(R"({"BlockThirdPartyCookies":false})").empty());
    CHECK(policies_in("not JSON").empty());
    CHECK(policies_in("[1]").empty());
    const TempFolder none;
    CHECK(names_in(find_cookie_policies(none / "managed", site("example.com"))).empty());
}

TEST_CASE("a file with another ending sets no policy, and a folder that is none is no problem")
{
    const TempFolder folder;
    put(folder / "managed/policy.json.old", R"({"DefaultCookiesSetting":2})");
    CHECK(names_in(find_cookie_policies(folder / "managed", site("example.com"))).empty());
    const Found none = find_cookie_policies(folder / "managed/policy.json.old", site("example.com"));
    CHECK(none.bans.empty());
    CHECK(none.problems.empty());
}

TEST_CASE("of two files that set a policy the later one counts")
{
    const TempFolder folder;
    put(folder / "a.json", R"({"DefaultCookiesSetting":2})");
    put(folder / "b.json", R"({"DefaultCookiesSetting":1})");
    CHECK(names_in(find_cookie_policies(folder.path(), site("example.com"))).empty());
}

namespace {

std::vector<Finding> causes_of(const CookieBan& ban, const std::vector<std::string>& urls)
{
    static constexpr StoreSpec spec{
        .kind = Kind::permissions, .label = "Site settings", .path = "Preferences", .find = Find{}};
    ProfilePlan plan;
    plan.adapter = &testing::adapter_named("chrome");
    plan.profile.browser = "chrome";
    plan.profile.id = "Default";
    plan.stores.push_back({&spec, {}, {}});
    plan.stores.back().found.bans.push_back(ban);
    Probe probe;
    for (const std::string& url : urls) {
        probe.hops.push_back({url, 200, "", {}});
    }
    probe.final_url = urls.back();
    probe.status = 200;
    const std::vector<ProfilePlan> inventory{plan};
    const Site example = site("example.com");
    const std::optional<Probe> met = probe;
    auto findings = find_causes({inventory, example, met, 1'800'000'000, "unstick fix example.com"});
    std::erase_if(findings, [](const Finding& finding) { return finding.rule == "sign-in-elsewhere"; });
    return findings;
}

}  // namespace

TEST_CASE("what forbids the site its cookies is named, with who can change it, and nothing to remove")
{
    const auto by_policy = causes_of({CookieBan::By::policy, false, "DefaultCookiesSetting"}, {"https://example.com/"});
    REQUIRE(by_policy.size() == 1);
    CHECK(by_policy[0].rule == "cookies-blocked");
    CHECK(by_policy[0].confidence == Confidence::high);
    CHECK(by_policy[0].items.empty());
    CHECK_THAT(by_policy[0].advice, Contains("administrator"));
    const auto by_setting = causes_of({CookieBan::By::setting, false, "block all cookies"}, {"https://example.com/"});
    REQUIRE(by_setting.size() == 1);
    CHECK_THAT(by_setting[0].advice, Contains("settings"));
}

TEST_CASE("third-party cookies matter only where the sign-in goes over another site")
{
    const CookieBan ban{CookieBan::By::setting, true, "block third-party cookies"};
    CHECK(causes_of(ban, {"https://example.com/"}).empty());
    const auto over = causes_of(ban, {"https://example.com/", "https://idp.test/"});
    REQUIRE(over.size() == 1);
    CHECK(over[0].rule == "third-party-cookies-blocked");
    CHECK(over[0].confidence == Confidence::low);
}

TEST_CASE("policies are looked at where this computer has a place for them, and nowhere in another home folder")
{
    const TempFolder folder;
    put(folder / "etc/chromium/policies/managed/p.json", R"({"DefaultCookiesSetting":2})");
    put(folder / "home/.config/chromium/Default/Preferences", "{}");
    Machine machine = Machine::at_home(folder / "home", Os::linux_os);
    const auto bans = [&] {
        const auto discovery = discover(machine, adapters(), {});
        REQUIRE(discovery);
        REQUIRE(discovery->profiles.size() == 1);
        const auto& [adapter, profile] = discovery->profiles[0];
        std::size_t count = 0;
        for (const StorePlan& store :
             plan_profile(*adapter, profile, site("example.com"), {Kind::permissions}).stores) {
            count += store.found.bans.size();
        }
        return count;
    };
    CHECK(bans() == 0);
    machine.folders["etc"] = folder / "etc";
    CHECK(bans() == 1);
}
