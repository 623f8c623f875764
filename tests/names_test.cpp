// --flush-dns: what is looked up, when, and what is said of it.

#include <nlohmann/json.hpp>

#include "../src/run.h"
#include "fake_host.h"
#include "testing.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::FakeHost;

namespace {

using Addresses = std::vector<std::string>;

const Addresses old_address{"192.0.2.1"};
const Addresses new_address{"192.0.2.7", "2001:db8::7"};

/// `unstick test https://example.com/ --flush-dns` on a computer that knows the name.
struct Flushing {
    FakeHost host;
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

TEST_CASE("an address that --resolve names is not looked up")
{
    Flushing flushing;
    const std::string port = GENERATE("443", "80");
    flushing.request.probe.http.resolve = {"Example.com:" + port + ":127.0.0.1"};
    const Report report = flushing.run();
    CHECK(flushing.host.dns_flushes == 1);
    CHECK(json_of(report).at("before").empty() == (port == "443"));
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

TEST_CASE("why and fix empty it before they ask the site")
{
    Flushing flushing;
    flushing.request.command = GENERATE(Command::why, Command::fix);
    flushing.request.kinds = default_kinds();
    CHECK(flushing.run().dns.has_value());
    CHECK(flushing.host.dns_flushes == 1);
}
