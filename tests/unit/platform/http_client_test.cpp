// The HTTP client against real servers: what it asks, and what it makes of their answers.

#include <future>

#include "tests/fixtures/http_servers.h"

using namespace unstick;
using namespace testing::servers;
using Catch::Matchers::Contains;

TEST_CASE("an answer comes with status, headers in order, body and date")
{
    Server server;
    server.server.Get("/", [](const httplib::Request&, httplib::Response& response) {
        response.status = 401;
        response.set_header("WWW-Authenticate", "Negotiate");
        response.set_header("WWW-Authenticate", "Basic realm=\"x\"");
        response.set_header("Date", "Tue, 15 Nov 1994 08:12:31 GMT");
        response.set_header("Retry-After", "Wed, 16 Nov 1994 08:12:31 GMT");
        response.set_content("no entry", "text/plain");
    });
    server.start();
    const Reply reply = fetch(server.url("/"));
    CHECK(reply.error_code.empty());
    CHECK(reply.status == 401);
    CHECK(reply.body == "no entry");
    CHECK(reply.date == 784887151);
    CHECK(reply.retry_at == 784887151 + 86400);
    CHECK(reply.redirect_url.empty());
    std::vector<std::string> challenges;
    for (const auto& [name, value] : reply.headers) {
        if (name == "WWW-Authenticate") {
            challenges.push_back(value);
        }
    }
    CHECK(challenges == std::vector<std::string>{"Negotiate", "Basic realm=\"x\""});
}

TEST_CASE("redirects are told as absolute addresses, and not followed")
{
    const auto [location, target] = GENERATE(table<std::string, std::string>({
        {"/b?x=1", "http://127.0.0.1:PORT/b?x=1"},
        {"b", "http://127.0.0.1:PORT/a/b"},
        {"//example.org/c", "http://example.org/c"},
        {"https://example.org/d", "https://example.org/d"},
    }));
    std::atomic<int> requests = 0;
    Server server;
    server.server.Get(".*", [&, &to = location](const httplib::Request&, httplib::Response& response) {
        ++requests;
        response.set_redirect(to);
    });
    server.start();
    const Reply reply = fetch(server.url("/a/"));
    std::string expected = target;
    if (const auto at = expected.find("PORT"); at != std::string::npos) {
        expected.replace(at, 4, std::to_string(server.port()));
    }
    CHECK(reply.status == 302);
    CHECK(reply.redirect_url == expected);
    CHECK(requests == 1);
}

TEST_CASE("a request asks past caches and says who asks")
{
    httplib::Headers sent;
    std::string method;
    Server server;
    server.server.Get("/", [&](const httplib::Request& request, httplib::Response&) {
        sent = request.headers;
        method = request.method;
    });
    server.start();
    CHECK(fetch(server.url("/")).status == 200);
    CHECK(method == "GET");
    CHECK(sent.find("Cache-Control")->second == "no-cache");
    CHECK(sent.find("Pragma")->second == "no-cache");
    CHECK_THAT(sent.find("User-Agent")->second, Contains("unstick/"));
}

TEST_CASE("at most 64 KiB of a body are kept")
{
    constexpr std::size_t limit = 65536;
    const std::size_t size =
        GENERATE(std::size_t{0}, std::size_t{65535}, std::size_t{65536}, std::size_t{65537}, std::size_t{1} << 24U);
    Server server;
    server.server.Get("/", [&](const httplib::Request&, httplib::Response& response) {
        response.set_content(std::string(size, 'x'), "text/plain");
    });
    server.start();
    const Reply reply = fetch(server.url("/"));
    CHECK(reply.status == 200);
    CHECK(reply.error_code.empty());
    CHECK(reply.body.size() == std::min(size, limit));
}

TEST_CASE("an answer with too many headers is refused")
{
    const auto with_headers = [](int count, std::size_t size) {
        std::string bytes = "HTTP/1.1 200 OK\r\n";
        for (int i = 0; i < count; ++i) {
            bytes += "X-" + std::to_string(i) + ": " + std::string(size, 'v') + "\r\n";
        }
        return bytes + "Content-Length: 0\r\n\r\n";
    };
    const auto [count, size] = GENERATE(std::pair(1100, std::size_t{1}), std::pair(3, std::size_t{90'000}));
    CHECK(fetch(RawServer(with_headers(900, 1)).url()).status == 200);
    CHECK(fetch(RawServer(with_headers(2, 90'000)).url()).status == 200);
    const Reply refused = fetch(RawServer(with_headers(count, size)).url());
    CHECK(refused.status == 0);
    CHECK(refused.error_code == "other");
    CHECK_THAT(refused.error_text, Contains("more headers"));
    CHECK(refused.headers.empty());
}

TEST_CASE("the headers of an interim answer and of a trailer do not count")
{
    const RawServer server(
        "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
        "HTTP/1.1 200 OK\r\nX-Real: a\r\n b\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nhi\r\n0\r\nX-Late: 1\r\n\r\n");
    const Reply reply = fetch(server.url());
    CHECK(reply.status == 200);
    CHECK(reply.body == "hi");
    CHECK(header(reply, "X-Early") == "(none)");
    CHECK(header(reply, "X-Late") == "(none)");
    CHECK(header(reply, "X-Real") == "a b");
}

TEST_CASE("a body that is cut off changes nothing about the answer")
{
    const RawServer server("HTTP/1.1 403 Forbidden\r\nContent-Length: 1000\r\n\r\nshort");
    const Reply reply = fetch(server.url());
    CHECK(reply.status == 403);
    CHECK(reply.error_code.empty());
    CHECK(reply.body == "short");
}

TEST_CASE("no answer, half an answer, or no HTTP at all")
{
    const auto [bytes, code] = GENERATE(table<std::string, std::string>({
        {"", "connect"},
        {"HTTP/1.1 200 OK\r\nContent-Le", "connect"},
        {"SSH-2.0-OpenSSH_9.2\r\n", "other"},
        {std::string("\0\x01\x02\xFF\r\n\r\n", 8), "other"},
    }));
    CAPTURE(bytes);
    const RawServer server(bytes);
    const Reply reply = fetch(server.url());
    CHECK(reply.status == 0);
    CHECK(reply.error_code == code);
    CHECK_FALSE(reply.error_text.empty());
    CHECK_THAT(reply.error_text, !Contains("No error"));
}

TEST_CASE("nobody listens")
{
    const Reply reply = fetch("http://127.0.0.1:" + std::to_string(closed_port()) + "/");
    CHECK(reply.status == 0);
    CHECK(reply.error_code == "connect");
    CHECK_THAT(reply.error_text, Contains("no connection"));
}

TEST_CASE("a name that does not exist")
{
    const Reply reply = fetch("http://no-such-host.invalid/");
    CHECK(reply.status == 0);
    CHECK(reply.error_code == "dns");
}

TEST_CASE("the server takes too long")
{
    std::promise<void> given_up;
    Server server;
    server.server.Get("/", [&](const httplib::Request&, httplib::Response&) { given_up.get_future().wait(); });
    server.start();
    HttpOptions options;
    options.timeout = 100ms;
    const Reply reply = fetch(server.url("/"), options);
    given_up.set_value();
    CHECK(reply.status == 0);
    CHECK(reply.error_code == "timeout");
}

TEST_CASE("other schemes are refused before anything is opened")
{
    const std::string url =
        GENERATE("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "127.0.0.1", "", "dict://127.0.0.1/");
    CAPTURE(url);
    const Reply reply = fetch(url);
    CHECK(reply.status == 0);
    CHECK(reply.error_code == "scheme");
    CHECK(reply.body.empty());
}

TEST_CASE("an entry of --resolve leads a name to an address")
{
    std::string asked;
    Server server;
    server.server.Get(
        "/", [&](const httplib::Request& request, httplib::Response&) { asked = request.get_header_value("Host"); });
    server.start();
    const std::string port = std::to_string(server.port());
    HttpOptions options;
    options.resolve = {"other.example:" + port + ":192.0.2.1", "login.example:" + port + ":127.0.0.1"};
    CHECK(fetch("http://login.example:" + port + "/", options).status == 200);
    CHECK(asked == "login.example:" + port);
    options.resolve = {"[2001:db8::1]:" + port + ":127.0.0.1,192.0.2.1"};
    CHECK(fetch("http://[2001:db8::1]:" + port + "/", options).status == 200);
    CHECK(asked == "[2001:db8::1]:" + port);
}

TEST_CASE("everything goes to the proxy of --proxy; one that cannot be reached is named")
{
    std::string asked;
    Server proxy;
    proxy.server.set_pre_routing_handler([&](const httplib::Request& request, httplib::Response& response) {
        asked = request.target;
        response.set_content("from the proxy", "text/plain");
        return httplib::Server::HandlerResponse::Handled;
    });
    proxy.start();
    HttpOptions options;
    options.proxy = proxy.url("");
    CHECK(fetch("http://login.example/a", options).body == "from the proxy");
    CHECK(asked == "http://login.example/a");

    options.proxy = "http://127.0.0.1:" + std::to_string(closed_port());
    CHECK(fetch("http://login.example/a", options).error_code == "proxy");
    options.proxy = "http://no-such-host.invalid:3128";
    CHECK(fetch("http://login.example/a", options).error_code == "proxy");
}

TEST_CASE("a proxy that lets no secure connection through is named")
{
    const RawServer proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    HttpOptions options;
    SECTION("named by --proxy")
    {
        options.proxy = proxy.url();
    }
    SECTION("named by the environment")
    {
        ::setenv("https_proxy", proxy.url().c_str(), 1);
    }
    const Reply reply = fetch("https://login.example/", options);
    ::unsetenv("https_proxy");
    CHECK(reply.status == 0);
    CHECK(reply.error_code == "proxy");
    CHECK_THAT(reply.error_text, Contains("it answers 407"));
}
