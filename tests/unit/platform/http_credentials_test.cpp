// Which cookies and credentials the HTTP client sends, and to whom.

#include <openssl/evp.h>

#include "base/text.h"
#include "net/probe.h"
#include "report/report.h"
#include "tests/fixtures/http_servers.h"

using namespace unstick;
using namespace testing::servers;
using Catch::Matchers::Contains;

namespace {

std::string md5(const std::string& text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr);
    return hex({reinterpret_cast<const char*>(digest.data()), size});
}

/// The value of a field's parameter, quoted or not.
std::string parameter(const std::string& field, const std::string& name)
{
    const std::size_t start = field.find(name + "=");
    REQUIRE(start != field.npos);
    std::string value = field.substr(start + name.size() + 1);
    return value.starts_with('"') ? value.substr(1, value.find('"', 1) - 1)
                                  : value.substr(0, value.find_first_of(", "));
}

/// As RFC 7616 section 3.4 makes it of the name "ann" and the password "pass word", for a GET of "/".
bool is_right_digest(const std::string& field)
{
    const std::string user = md5("ann:r:pass word");
    return parameter(field, "username") == "ann" &&
           parameter(field, "response") ==
               md5(user + ":n:" + parameter(field, "nc") + ":" + parameter(field, "cnonce") + ":auth:" + md5("GET:/"));
}

}  // namespace

TEST_CASE("a client keeps cookies between its requests; another one starts with none")
{
    Server server;
    server.server.Get("/set", [](const httplib::Request&, httplib::Response& response) {
        response.set_header("Set-Cookie", "seen=1; Path=/");
    });
    server.server.Get("/show", [](const httplib::Request& request, httplib::Response& response) {
        response.set_content("cookies: " + request.get_header_value("Cookie"), "text/plain");
    });
    server.start();
    const auto client = make_http_client({});
    CHECK(client->get(server.url("/show")).body == "cookies: ");
    CHECK(header(client->get(server.url("/set")), "Set-Cookie") == "seen=1; Path=/");
    CHECK(client->get(server.url("/show")).body == "cookies: seen=1");
    CHECK(fetch(server.url("/show")).body == "cookies: ");
}

TEST_CASE("no credential is ever sent")
{
    const unstick::testing::TempFolder home;
    unstick::testing::put(home / ".netrc", "machine 127.0.0.1 login user password s3cret\n");
    const char* const old_home = std::getenv("HOME");
    const std::string kept = old_home == nullptr ? "/" : old_home;
    ::setenv("HOME", home.path().c_str(), 1);
    std::atomic<bool> authorized = false;
    std::atomic<int> requests = 0;
    Server server;
    server.server.Get("/", [&](const httplib::Request& request, httplib::Response& response) {
        ++requests;
        authorized = authorized || request.has_header("Authorization");
        response.status = 401;
        response.set_header("WWW-Authenticate", "Basic realm=\"x\"");
    });
    server.start();
    const std::string port = std::to_string(server.port());
    const auto client = make_http_client({});
    CHECK(client->get("http://127.0.0.1:" + port + "/").status == 401);
    CHECK(client->get("http://user:s3cret@127.0.0.1:" + port + "/").status == 401);
    ::setenv("HOME", kept.c_str(), 1);
    CHECK_FALSE(authorized);
    CHECK(requests == 2);
}

TEST_CASE("a redirect to another site takes no cookie, no credential and no referrer along")
{
    std::vector<httplib::Headers> sent;
    std::vector<std::string> targets;
    std::mutex access;
    const auto note = [&](const httplib::Request& request) {
        const std::lock_guard lock(access);
        sent.push_back(request.headers);
        targets.push_back(request.target);
    };
    Server other;
    other.server.Get(".*", [&](const httplib::Request& request, httplib::Response& response) {
        note(request);
        response.status = 401;
        response.set_header("WWW-Authenticate", "Basic realm=\"other\"");
    });
    other.start();
    const std::string there = "other.example:" + std::to_string(other.port());
    Server site;
    site.server.Get(".*", [&](const httplib::Request& request, httplib::Response& response) {
        note(request);
        response.set_header("Set-Cookie", "session=S3CRET; Path=/");
        response.set_header("Set-Cookie", "wide=S3CRET; Path=/; Domain=example");          // of a public suffix
        response.set_header("Set-Cookie", "theirs=S3CRET; Path=/; Domain=other.example");  // of another site
        response.set_redirect(request.target == "/" ? "/again" : "http://user:S3CRET@" + there + "/in");
    });
    site.start();
    const std::string here = "site.example:" + std::to_string(site.port());
    NetworkHost host;
    ProbeOptions options;
    options.http.resolve = {here + ":127.0.0.1", there + ":127.0.0.1"};
    const Probe result = probe(host, "http://" + here + "/", options);
    CHECK(result.status == 401);
    CHECK(targets == std::vector<std::string>{"/", "/again", "/in"});
    REQUIRE(sent.size() == 3);
    CHECK(sent[1].find("Cookie")->second == "session=S3CRET");  // its own cookie goes with it
    for (const auto& [name, value] : sent[2]) {
        CAPTURE(name, value);
        CHECK(value.find("S3CRET") == std::string::npos);
        CHECK(value.find("site.example") == std::string::npos);
    }
    for (const char* const name : {"Cookie", "Authorization", "Referer"}) {
        CHECK(sent[2].count(name) == 0);
    }
    Report report;
    report.command = "test";
    report.before = result;
    CHECK(to_json(report).find("S3CRET") == std::string::npos);
    TextOptions verbose;
    verbose.verbose = true;
    CHECK(to_text(report, verbose).find("S3CRET") == std::string::npos);
}

TEST_CASE("cookies that a request carries go with it alone, beside those of the client")
{
    Server server;
    server.server.Get("/", [](const httplib::Request& request, httplib::Response& response) {
        response.set_content(request.get_header_value("Cookie"), "text/plain");
        response.set_header("Set-Cookie", "own=1");
    });
    server.start();
    const auto client = make_http_client({});
    Carried carried;
    carried.cookies = Secret(std::string_view("a=1; b=2"));
    CHECK(client->get(server.url("/"), carried).body == "a=1; b=2");
    CHECK(client->get(server.url("/")).body == "own=1");
    CHECK(client->get(server.url("/"), carried).body == "own=1; a=1; b=2");
}

TEST_CASE("a cookie field that is larger than any server takes is sent all the same")
{
    Server server;
    server.server.Get("/", [](const httplib::Request& request, httplib::Response& response) {
        response.set_content(std::to_string(request.get_header_value("Cookie").size()), "text/plain");
    });
    server.start();
    Carried carried;
    carried.cookies = Secret("c=" + std::string(7000, 'x'));  // httplib takes no line over 8192 bytes
    CHECK(make_http_client({})->get(server.url("/"), carried).body == "7002");
    carried.cookies = Secret("c=" + std::string(9000, 'x'));
    CHECK(make_http_client({})->get(server.url("/"), carried).status != 200);
}

TEST_CASE("a password goes by Basic or Digest as it is told, with one request only")
{
    const bool digest = GENERATE(false, true);
    std::vector<std::string> fields;
    std::mutex access;
    Server server;
    server.server.Get("/", [&](const httplib::Request& request, httplib::Response& response) {
        const std::lock_guard lock(access);
        const std::string field = request.get_header_value("Authorization");
        fields.push_back(field);
        const bool right =
            digest ? field.starts_with("Digest ") && is_right_digest(field) : field == "Basic YW5uOnBhc3Mgd29yZA==";
        if (!right) {
            response.status = 401;
            response.set_header("WWW-Authenticate",
                                digest ? "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"" : "Basic realm=\"r\"");
        }
    });
    server.start();
    const auto client = make_http_client({});
    const auto ask = [&](std::string_view password) {
        const SignIn sign_in{digest ? SignInScheme::digest : SignInScheme::basic, "ann", Secret(password)};
        Carried carried;
        carried.sign_in = &sign_in;
        return client->get(server.url("/"), carried).status;
    };
    CHECK(ask("wrong") == 401);
    CHECK(ask("pass word") == 200);
    CHECK(client->get(server.url("/")).status == 401);
    CHECK(fields.back().empty());
}
