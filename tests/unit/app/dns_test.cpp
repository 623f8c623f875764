// --flush-dns: what is looked up, when, and what is said of it.

#include <nlohmann/json.hpp>

#include "app/commands/run.h"
#include "tests/fixtures/fake_host.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::FakeHost;

namespace {

using Addresses = std::vector<std::string>;

const Addresses old_address{"192.0.2.1"};
const Addresses new_address{"192.0.2.7", "2001:db8::7"};

/// Notes what was asked for before the flush.
struct FlushedHost : FakeHost {
    std::size_t asked_before = 0;

    Result<void> flush_dns() override
    {
        asked_before += requests.size();
        return FakeHost::flush_dns();
    }
};

/// `unstick test https://example.com/ --flush-dns` on a computer that knows the name.
struct Flushing {
    testing::TempFolder folder;
    FlushedHost host;
    Request request;

    Flushing()
    {
        Reply page;
        page.status = 200;
        host.replies["https://example.com/"] = {page};
        host.names["example.com"] = {old_address, new_address};
        request.command = Command::test;
        request.site = Site::parse("https://example.com/").value();
        request.flush_dns = true;
        request.state_dir = folder / "state";
    }

    Report run() { return unstick::run(request, host, {}, {}); }
};

/// On lines as long as they get.
std::string shown(const Report& report)
{
    return to_text(report, {false, false, false, 1000});
}

nlohmann::json json_of(const Report& report)
{
    return nlohmann::json::parse(to_json(report)).at("dns");
}

}  // namespace

TEST_CASE("a name that leads elsewhere after the flush is told")
{
    Flushing flushing;
    const Report report = flushing.run();
    CHECK(flushing.host.dns_flushes == 1);
    CHECK(report.exit_code == Exit::ok);
    CHECK_THAT(shown(report), Contains("led to 192.0.2.1, and leads to 192.0.2.7, 2001:db8::7 now"));
    const auto json = json_of(report);
    CHECK(json.at("host") == "example.com");
    CHECK(json.at("emptied") == true);
    CHECK(json.at("differs") == true);
    CHECK(json.at("before") == nlohmann::json(old_address));
    CHECK(json.at("after") == nlohmann::json(new_address));
}

TEST_CASE("a name that leads to the same place is told, too")
{
    Flushing flushing;
    flushing.host.names["example.com"] = {old_address};
    const Report report = flushing.run();
    CHECK_THAT(shown(report), Contains("leads to 192.0.2.1, as before"));
    CHECK(json_of(report).at("differs") == false);
}

TEST_CASE("a name that has an address only after the flush")
{
    Flushing flushing;
    flushing.host.names["example.com"] = {{}, new_address};
    CHECK_THAT(shown(flushing.run()), Contains("led to no address, and leads to 192.0.2.7"));
}

TEST_CASE("without --flush-dns nothing is looked up or emptied")
{
    Flushing flushing;
    flushing.request.flush_dns = false;
    const Report report = flushing.run();
    CHECK(flushing.host.dns_flushes == 0);
    CHECK(json_of(report).is_null());
}

TEST_CASE("missing rights are a problem with what to do; the test goes on")
{
    Flushing flushing;
    flushing.host.dns_flush = fail(Code::denied, "DNS cache", "not allowed", "as an administrator: resolvectl");
    const Report report = flushing.run();
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].code == Code::denied);
    CHECK(report.verdict.code == "site-answers");
    CHECK(report.exit_code == Exit::partial);
    CHECK(json_of(report).at("emptied") == false);
    CHECK_THAT(shown(report), Contains("was not emptied") && Contains("-> as an administrator: resolvectl"));
}

TEST_CASE("an address that --resolve names is not looked up; it names one for a host and a port")
{
    struct Case {
        std::string target;
        std::string resolve;
        bool is_named;
    };
    const Case one = GENERATE(Case{"https://example.com/", "Example.com:443:127.0.0.1", true},
                              Case{"https://example.com/", "+example.com:443:127.0.0.1", true},
                              Case{"https://example.com/", "example.com:80:127.0.0.1", false},
                              Case{"https://example.com/", "www.example.com:443:127.0.0.1", false},
                              Case{"http://example.com/", "example.com:80:127.0.0.1", true},
                              Case{"http://example.com/", "example.com:443:127.0.0.1", false},
                              Case{"https://example.com:8443/", "example.com:8443:127.0.0.1", true},
                              Case{"https://example.com:8443/", "example.com:443:127.0.0.1", false});
    CAPTURE(one.target, one.resolve);
    Flushing flushing;
    flushing.request.site = Site::parse(one.target).value();
    flushing.request.probe.http.resolve = {one.resolve};
    const Report report = flushing.run();
    CHECK(flushing.host.dns_flushes == 1);
    CHECK(json_of(report).at("before").empty() == one.is_named);
}

TEST_CASE("a dry run only looks")
{
    Flushing flushing;
    flushing.request.command = Command::fix;
    flushing.request.dry_run = true;
    const Report report = flushing.run();
    CHECK(flushing.host.dns_flushes == 0);
    CHECK(json_of(report).at("emptied") == false);
    CHECK(json_of(report).at("after") == nlohmann::json(old_address));
}

TEST_CASE("test, why and fix empty it before they ask the site")
{
    Flushing flushing;
    flushing.request.command = GENERATE(Command::test, Command::why, Command::fix);
    flushing.request.kinds = default_kinds();
    flushing.request.yes = true;  // fix would refuse to ask otherwise
    CHECK(flushing.run().dns.has_value());
    CHECK(flushing.host.dns_flushes == 1);
    CHECK(flushing.host.asked_before == 0);
    CHECK_FALSE(flushing.host.requests.empty());
}
