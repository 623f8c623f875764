// `unstick test URL --user NAME`: where a password goes, where it does not, and what is made of the answer.

#include "net/sign_in.h"

#include <nlohmann/json.hpp>

#include "app/commands/run.h"
#include "tests/fixtures/fake_host.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using Catch::Matchers::Contains;
using testing::FakeHost;

namespace {

constexpr const char* password = "PASSWORD-never-shown";

/// `challenge`: a header line each, with line ends between.
Reply answer(int status, const std::string& challenge = "", const std::string& redirect = "")
{
    Reply reply;
    reply.status = status;
    reply.redirect_url = redirect;
    for (std::string rest = challenge; !rest.empty(); rest.erase(0, std::min(rest.find('\n'), rest.size() - 1) + 1)) {
        reply.headers.emplace_back("WWW-Authenticate", rest.substr(0, rest.find('\n')));
    }
    return reply;
}

/// A user who types a password, at a site that answers as a test says.
struct User {
    FakeHost host;
    Request request;
    Console console;
    std::string question;
    std::optional<SignInScheme> scheme_sent;
    std::string name_sent;

    explicit User(const std::string& url = "https://example.com/",
                  const std::string& challenge = "Basic realm=\"Staff\"", int with_password = 200)
    {
        request.command = Command::test;
        request.site = Site::parse(url).value();
        request.user = "ann";
        host.answer_to = [=, this](const std::string&, const Carried& carried) {
            if (carried.sign_in == nullptr) {
                return answer(401, challenge);
            }
            scheme_sent = carried.sign_in->scheme;
            name_sent = carried.sign_in->user;
            return answer(with_password, with_password == 401 ? challenge : "");
        };
        console.ask_password = [this](const std::string& asked) {
            question = asked;
            return std::optional(Secret(std::string_view(password)));
        };
    }

    Report go() { return run(request, host, {}, console); }

    std::size_t passwords_sent() const
    {
        return static_cast<std::size_t>(
            std::count(host.passwords_sent.begin(), host.passwords_sent.end(), std::string(password)));
    }
};

}  // namespace

TEST_CASE("a password that is taken")
{
    User user;
    const Report report = user.go();
    CHECK(report.exit_code == Exit::ok);
    CHECK(report.verdict.code == "password-taken");
    CHECK_THAT(user.question, Contains("ann") && Contains("Staff"));
    const auto json = nlohmann::json::parse(to_json(report)).at("sign_in");
    CHECK(json.at("scheme") == "Basic");
    CHECK(json.at("realm") == "Staff");
    CHECK(json.at("status") == 200);
    CHECK(json.at("taken") == true);
    CHECK(user.passwords_sent() == 1);
    CHECK(user.name_sent == "ann");
    CHECK(user.scheme_sent == SignInScheme::basic);
    for (const std::string& shown : {to_text(report, {false, true, false, 80}), to_json(report)}) {
        CHECK(shown.find("PASSWORD") == std::string::npos);
    }
}

TEST_CASE("Digest is taken before Basic, whatever their order")
{
    User user("https://example.com/", GENERATE("Basic realm=\"a\"\nDigest realm=\"b\", nonce=\"n\"",
                                               "Digest realm=\"b\", nonce=\"n\"\nBasic realm=\"a\""));
    const Report report = user.go();
    REQUIRE(report.sign_in);
    CHECK(report.sign_in->scheme == "Digest");
    CHECK(report.sign_in->realm == "b");
    CHECK(user.scheme_sent == SignInScheme::digest);
}

TEST_CASE("a challenge that no browser can answer is not answered")
{
    const std::string unusable = "Digest realm=\"b\", nonce=\"n\", algorithm=NONE";
    SECTION("beside one that can be")
    {
        User user("https://example.com/", unusable + "\nBasic realm=\"a\"");
        const Report report = user.go();
        CHECK(user.scheme_sent == SignInScheme::basic);
        CHECK(report.sign_in->realm == "a");
    }
    SECTION("alone")
    {
        User user("https://example.com/", unusable);
        user.go();
        CHECK(user.question.empty());
        CHECK(user.passwords_sent() == 0);
    }
}

TEST_CASE("a password that is taken after something else has failed")
{
    User user;
    user.request.flush_dns = true;
    user.host.dns_flush = fail(Code::denied, "DNS cache", "not allowed");
    const Report report = user.go();
    CHECK(report.verdict.code == "password-taken");
    CHECK(report.exit_code == Exit::partial);
}

TEST_CASE("a password that is not taken, or taken without a right")
{
    struct Case {
        int status;
        std::string_view verdict;
        Exit exit;
    };
    const Case one =
        GENERATE(Case{401, "password-refused", Exit::still_refused},
                 Case{403, "password-no-right", Exit::still_refused}, Case{302, "password-taken", Exit::ok},
                 Case{500, "refused", Exit::unreachable}, Case{404, "refused", Exit::still_refused},
                 Case{429, "refused", Exit::unreachable}, Case{0, "unreachable", Exit::unreachable});
    User user("https://example.com/", "Basic realm=\"x\"", one.status);
    const Report report = user.go();
    CHECK(report.verdict.code == one.verdict);
    CHECK(report.exit_code == one.exit);
    CHECK(report.sign_in->taken == (one.status == 302));
}

TEST_CASE("nothing is asked or sent over plain http, unless the user says so or it is the own computer")
{
    SECTION("plain http")
    {
        User user("http://example.com/");
        const Report report = user.go();
        CHECK(report.exit_code == Exit::usage);
        CHECK(user.question.empty());
        CHECK(user.passwords_sent() == 0);
        REQUIRE_FALSE(report.problems.empty());
        CHECK_THAT(report.problems[0].hint, Contains("--plain-http"));
    }
    SECTION("the user says so")
    {
        User user("http://example.com/");
        user.request.plain_password = true;
        CHECK(user.go().exit_code == Exit::ok);
    }
    SECTION("the own computer")
    {
        User user(GENERATE("http://localhost:8080/", "http://127.0.0.1/", "http://[::1]:1/"));
        CHECK(user.go().exit_code == Exit::ok);
    }
}

TEST_CASE("no redirect takes the password to another origin")
{
    const std::string other = GENERATE("https://login.example.com/", "https://example.com:8443/", "http://example.com/",
                                       "https://example.com.evil.test/");
    User user;
    user.request.plain_password = true;
    user.host.answer_to = [&](const std::string& url, const Carried&) {
        return url == other ? answer(401, "Basic realm=\"x\"") : answer(302, "", other);
    };
    const Report report = user.go();
    CHECK(report.exit_code == Exit::usage);
    CHECK(user.question.empty());
    CHECK(user.passwords_sent() == 0);
    CHECK_THAT(report.problems.at(0).what, Contains(other.substr(0, other.size() - 1)));
}

TEST_CASE("within its origin the password goes to the place that asks, with what its address holds")
{
    User user;
    user.host.answer_to = [](const std::string& url, const Carried& carried) {
        return url == "https://example.com/" ? answer(302, "", "https://example.com/in?code=1")
               : carried.sign_in == nullptr  ? answer(401, "Basic realm=\"x\"")
                                             : answer(302, "", "https://evil.test/");
    };
    const Report report = user.go();
    CHECK(report.verdict.code == "password-taken");  // where it leads then is not followed
    CHECK(user.host.requests.back() == "https://example.com/in?code=1");
    CHECK(user.host.passwords_sent.back() == password);
    CHECK(user.passwords_sent() == 1);
    CHECK(to_json(report).find("code=1") == std::string::npos);
}

TEST_CASE("a sign-in that cannot be tried")
{
    User user("https://example.com/", "Negotiate");
    const Report report = user.go();
    CHECK(report.exit_code == Exit::usage);
    CHECK(user.passwords_sent() == 0);
}

TEST_CASE("a site that asks for no password is not asked with one")
{
    User user;
    const int status = GENERATE(200, 403);
    user.host.answer_to = [=](const std::string&, const Carried&) { return answer(status); };
    const Report report = user.go();
    CHECK(report.exit_code == (status == 200 ? Exit::ok : Exit::still_refused));
    CHECK(user.question.empty());
    CHECK_FALSE(report.sign_in);
    CHECK_THAT(report.next.back(), Contains("No password was asked for"));
}

TEST_CASE("nobody is there to type, or the user breaks off")
{
    User user;
    SECTION("nobody")
    {
        user.console.ask_password = nullptr;
        const Report report = user.go();
        CHECK(report.exit_code == Exit::usage);
        CHECK_THAT(report.problems.at(0).hint, Contains("--password-stdin"));
    }
    SECTION("broken off")
    {
        user.console.ask_password = [](const std::string&) { return std::optional<Secret>(); };
        CHECK(user.go().exit_code == Exit::cancelled);
    }
    CHECK(user.passwords_sent() == 0);
}

TEST_CASE("without --user no password is asked for")
{
    User user;
    user.request.user.clear();
    CHECK(user.go().verdict.code == "sign-in-challenge");
    CHECK(user.question.empty());
}
