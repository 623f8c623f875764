// A re-test of real servers that go wrong, or mislead: each ends in its verdict.

#include <sys/resource.h>

#include "base/text.h"
#include "net/probe.h"
#include "report/report.h"
#include "tests/fixtures/http_servers.h"

using namespace unstick;
using namespace testing::servers;
using Catch::Matchers::Contains;

namespace {

/// No control character but line ends, no byte that is no UTF-8, nothing that turns the direction of writing.
bool is_harmless(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ' ');
    return printable(text) == text;
}

struct Ending {
    Probe probe;
    std::chrono::milliseconds took{0};
    long grew_kib = 0;  ///< by how much the most memory ever used went up
};

long most_memory_kib()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

Ending ending_at(const std::string& url, std::chrono::milliseconds timeout = 120s)
{
    NetworkHost host;
    ProbeOptions options;
    options.retries = 0;
    options.http.timeout = timeout;
    const auto start = std::chrono::steady_clock::now();
    const long before = most_memory_kib();
    Ending ending{probe(host, url, options), {}, 0};
    ending.grew_kib = most_memory_kib() - before;
    ending.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    return ending;
}

}  // namespace

TEST_CASE("a login that checks for cookies by a redirect is no loop; a retry starts with an empty jar")
{
    std::atomic<int> faults = 1;
    std::atomic<int> without_cookie = 0;
    Server server;
    server.server.Get("/", [&](const httplib::Request& request, httplib::Response& response) {
        if (!request.has_header("Cookie")) {
            ++without_cookie;
            response.set_header("Set-Cookie", "check=1");
            response.set_redirect("/");
        } else if (faults-- > 0) {
            response.status = 503;
        } else {
            response.set_content("sign in", "text/plain");
        }
    });
    server.start();
    NetworkHost host;
    const Probe result = probe(host, server.url("/"), {});
    CHECK(result.status == 200);
    CHECK(result.error_code.empty());
    CHECK(result.attempts == 2);
    CHECK(result.hops.size() == 2);
    CHECK(without_cookie == 2);
}

TEST_CASE("a redirect to another scheme ends there, and says so")
{
    const std::string target = GENERATE("file:///etc/passwd", "FILE:///etc/passwd", "ftp://127.0.0.1/", "javascript:1",
                                        "data:text/html,x", "gopher://127.0.0.1/", "//", "http://");
    CAPTURE(target);
    const RawServer server("HTTP/1.1 302 Found\r\nLocation: " + target + "\r\nContent-Length: 0\r\n\r\n");
    NetworkHost host;
    ProbeOptions options;
    options.retries = 0;
    const Probe result = probe(host, server.url(), options);
    CHECK(result.hops.size() == 1);
    CHECK(result.status == 302);
    CHECK((result.error_code == "scheme" || result.error_code.empty()));
    CHECK((result.error_code.empty() || answer_of(result, {}) == Answer::refused));
}

TEST_CASE("a way that leaves https is shown with every step")
{
    unstick::testing::FakeHost host;
    const auto leads = [&](const std::string& from, const std::string& to) {
        Reply reply;
        reply.status = 302;
        reply.redirect_url = to;
        host.replies[from] = {reply};
    };
    leads("https://site.example/", "http://site.example/plain");
    leads("http://site.example/plain", "https://site.example/end");
    host.replies["https://site.example/end"].emplace_back().status = 200;
    Report report;
    report.command = "test";
    report.before = probe(host, "https://site.example/", {});
    CHECK(report.before->status == 200);
    CHECK_THAT(to_text(report, {}), Contains("http://site.example/plain"));
    CHECK_THAT(to_json(report), Contains("http://site.example/plain"));
    CHECK_THAT(to_html(report), Contains("http://site.example/plain"));
}

TEST_CASE("what a server sends anywhere in its answer is harmless on a terminal")
{
    const std::string evil =
        "\x1b]0;owned\x07\x1b[2J\x9b"
        "31m\xff\xc2\x9b\xe2\x80\xae\r\bx";
    const std::string headers = "Server: " + evil + "\r\nX-Request-Id: " + evil + "\r\nSet-Cookie: " + evil +
                                "=1; Path=/\r\n" + "WWW-Authenticate: " + evil + ", Basic realm=\"" + evil +
                                "\", Bearer error_description=\"" + evil + "\"\r\nRetry-After: " + evil +
                                "\r\nDate: " + evil + "\r\nX-" + evil + ": " + evil + "\r\nContent-Length: 0\r\n\r\n";
    const std::string start =
        GENERATE_COPY("HTTP/1.1 401 " + evil + "\r\n", "HTTP/1.1 302 " + evil + "\r\nLocation: /" + evil + "\r\n",
                      "HTTP/1.1 302 x\r\nLocation: " + evil + "://" + evil + "\r\n",
                      "HTTP/1.1 302 x\r\nLocation: http://" + evil + "/\r\n", "HTTP/1.1 429 " + evil + "\r\n",
                      evil + "\r\n", "HTTP/" + evil + " 200\r\n");
    const RawServer server(start + headers);
    NetworkHost host;
    Report report;
    report.command = GENERATE("test", "fix");
    ProbeOptions options;
    options.retries = 0;
    report.before = probe(host, server.url(), options);
    report.verdict.text = describe(*report.before, {});
    report.target = shown_url(server.url());
    for (const bool verbose : {false, true}) {
        TextOptions text;
        text.verbose = verbose;
        CHECK(is_harmless(to_text(report, text)));
    }
    CHECK(is_harmless(to_json(report)));
    CHECK(is_harmless(to_html(report)));
}

TEST_CASE("servers that go wrong end in their verdict, in time")
{
    std::string many_headers = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 10000; ++i) {
        many_headers += "X-" + std::to_string(i) + ": v\r\n";
    }
    const auto [bytes, manner, status, error] = GENERATE_REF(table<std::string, Manner, int, std::string>({
        {"HTTP/1.1 200 OK\r\nX-A: b\r\n", {100ms, 0, false}, 0, "timeout"},
        {"HTTP/1.1 200 OK\r\n\r\n", {10ms, 0, false}, 200, ""},
        {"", {0ms, 0, true}, 0, "connect"},
        {"HTTP/1.1 200 OK\r\nContent-Le", {0ms, 0, true}, 0, "connect"},
        {"HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nab", {0ms, 0, true}, 403, ""},
        {"HTTP/1.1 429 Too Many\r\nRetry-After: -1, never\r\nContent-Length: 0\r\n\r\n", {}, 429, ""},
        {many_headers + "\r\n", {}, 0, "other"},
        {"HTTP/1.1 200 OK\r\nX-Long: " + std::string(std::size_t{2} << 20U, 'x') + "\r\n\r\n", {}, 0, "other"},
    }));
    CAPTURE(bytes.substr(0, 40), status, error);
    const RawServer server(bytes, manner);
    const auto [result, took, grew_kib] = ending_at(server.url(), error == "timeout" ? 500ms : 120s);
    CHECK(grew_kib < 64 * 1024);
    CHECK(result.status == status);
    CHECK(result.error_code == error);
    CHECK(answer_of(result, {}) == (status == 200   ? Answer::page
                                    : status == 403 ? Answer::refused
                                                    : Answer::unreachable));
    CHECK(took < 60s);  // by itself, not when the time is over
}

TEST_CASE("a hundred redirects end after twenty")
{
    std::atomic<int> requests = 0;
    Server server;
    server.server.Get("/.*", [&](const httplib::Request&, httplib::Response& response) {
        response.set_redirect("/" + std::to_string(++requests));
    });
    server.start();
    CHECK(ending_at(server.url("/start")).probe.error_code == "too_many_redirects");
    CHECK(requests == 21);
}

TEST_CASE("redirects that each come in time, but not all together, end when the time for one address is over")
{
    std::atomic<int> requests = 0;
    Server server;
    server.server.Get("/.*", [&](const httplib::Request&, httplib::Response& response) {
        std::this_thread::sleep_for(400ms);
        response.set_redirect("/" + std::to_string(++requests));
    });
    server.start();
    const Ending ending = ending_at(server.url("/start"), 1s);
    CHECK(ending.probe.error_code == "timeout");
    CHECK(requests < 10);
}

TEST_CASE("of a body of a gigabyte no more is taken than is kept")
{
    const RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", {0ms, 16384, false});
    const auto [result, took, grew_kib] = ending_at(server.url());
    CHECK(result.status == 200);
    CHECK(grew_kib < 64 * 1024);
    CHECK(took < 60s);               // by itself, not when the time is over
    CHECK(server.repeated() < 256);  // what lies in the system's buffers
}
