// The HTTP client, against real servers on the loopback interface.

#include <httplib.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "../platform/platform.h"
#include "../src/probe.h"
#include "../src/report.h"
#include "../src/text.h"
#include "fake_host.h"
#include "testing.h"

using namespace unstick;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// The environment must not lead the requests elsewhere.
const bool without_proxies = [] {
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
        ::unsetenv(name);
    }
    return true;
}();

/// A server on a free port; stops at the end of the test.
template <class Kind>
class Listening {
public:
    template <class... Arguments>
    explicit Listening(Arguments... arguments) : server(arguments...)
    {
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening()
    {
        server.stop();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    /// Call it when every path has its answer.
    void start()
    {
        port_ = server.bind_to_any_port("127.0.0.1");
        REQUIRE(port_ > 0);
        thread_ = std::thread([this] { server.listen_after_bind(); });
        while (!server.is_running()) {  // stopped before it runs, it would never stop
            std::this_thread::sleep_for(1ms);
        }
    }
    int port() const { return port_; }
    std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

    Kind server;

private:
    int port_ = 0;
    std::thread thread_;
};
using Server = Listening<httplib::Server>;

/// How a server misbehaves besides what it says.
struct Manner {
    std::chrono::milliseconds pause{0};  ///< before each byte
    std::uint64_t repeated = 0;          ///< how many blocks of 64 KiB follow
    bool reset = false;                  ///< the connection is reset, not closed
};

/// Answers each connection with fixed bytes and closes it: for what no proper server would say.
class RawServer {
public:
    explicit RawServer(std::string bytes, Manner manner = {})
        : bytes_(std::move(bytes)), manner_(manner), socket_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* const generic = reinterpret_cast<sockaddr*>(&address);  // how the sockets interface is made
        REQUIRE(::bind(socket_, generic, size) == 0);
        REQUIRE(::listen(socket_, 8) == 0);
        REQUIRE(::getsockname(socket_, generic, &size) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;
    ~RawServer()
    {
        ::shutdown(socket_, SHUT_RDWR);  // wakes accept()
        thread_.join();
        ::close(socket_);
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
    std::uint64_t repeated() const { return repeated_; }  ///< blocks of 64 KiB that the clients' system has taken

private:
    void serve()
    {
        for (int client = 0; (client = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(client)) {
            std::string request;
            std::array<char, 4096> part{};
            while (request.find("\r\n\r\n") == std::string::npos) {
                const ssize_t size = ::recv(client, part.data(), part.size(), 0);
                if (size <= 0) {
                    break;
                }
                request.append(part.data(), static_cast<std::size_t>(size));
            }
            bool listened_to = send_all(client, bytes_, manner_.pause.count() > 0 ? 1 : bytes_.size());
            const std::string block(std::size_t{1} << 16U, 'x');
            for (std::uint64_t i = 0; i < manner_.repeated && listened_to; ++i) {
                listened_to = send_all(client, block, block.size());
                ++repeated_;
            }
            if (manner_.reset) {
                const linger at_once{1, 0};
                ::setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
            }
        }
    }

    /// In pieces of at most `most` bytes. False if the client has gone.
    bool send_all(int client, std::string_view bytes, std::size_t most) const
    {
        while (!bytes.empty()) {
            std::this_thread::sleep_for(manner_.pause);
            const ssize_t size = ::send(client, bytes.data(), std::min(most, bytes.size()), MSG_NOSIGNAL);
            if (size <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(size));
        }
        return true;
    }

    std::string bytes_;
    Manner manner_;
    int socket_;
    int port_ = 0;
    std::atomic<std::uint64_t> repeated_ = 0;
    std::thread thread_;
};

Reply fetch(const std::string& url, const HttpOptions& options = {})
{
    return make_http_client(options)->get(url);
}

std::string header(const Reply& reply, const std::string& name)
{
    for (const auto& [key, value] : reply.headers) {
        if (key == name) {
            return value;
        }
    }
    return "(none)";
}

/// A port on which nobody listens.
int closed_port()
{
    Server server;
    server.start();
    return server.port();
}

}  // namespace

// --- Answers ---

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

// --- Cookies and credentials ---

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

namespace {

/// No control character but line ends, no byte that is no UTF-8, nothing that turns the direction of writing.
bool is_harmless(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ' ');
    return printable(text) == text;
}

/// A computer whose network is the real one.
class NetworkHost : public unstick::testing::FakeHost {
public:
    std::unique_ptr<HttpClient> http(const HttpOptions& options) override { return make_http_client(options); }
};

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

// --- Redirects, with the real client ---

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

// --- Limits ---

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

// --- Odd answers ---

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

// --- Servers that go wrong: each ends in its verdict within the time-out ---

namespace {

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

Ending ending_at(const std::string& url)
{
    NetworkHost host;
    ProbeOptions options;
    options.retries = 0;
    options.http.timeout = 500ms;
    const auto start = std::chrono::steady_clock::now();
    const long before = most_memory_kib();
    Ending ending{probe(host, url, options), {}, 0};
    ending.grew_kib = most_memory_kib() - before;
    ending.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    return ending;
}

}  // namespace

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
    const auto [result, took, grew_kib] = ending_at(server.url());
    CHECK(grew_kib < 64 * 1024);
    CHECK(result.status == status);
    CHECK(result.error_code == error);
    CHECK(answer_of(result, {}) == (status == 200   ? Answer::page
                                    : status == 403 ? Answer::refused
                                                    : Answer::unreachable));
    CHECK(took < 5s);
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

TEST_CASE("of a body of a gigabyte no more is taken than is kept")
{
    const RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", {0ms, 16384, false});
    const auto [result, took, grew_kib] = ending_at(server.url());
    CHECK(result.status == 200);
    CHECK(grew_kib < 64 * 1024);
    CHECK(took < 5s);
    CHECK(server.repeated() < 256);  // what lies in the system's buffers
}

// --- No connection ---

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
    Server server;
    server.server.Get("/", [](const httplib::Request&, httplib::Response&) { std::this_thread::sleep_for(1s); });
    server.start();
    HttpOptions options;
    options.timeout = 100ms;
    const Reply reply = fetch(server.url("/"), options);
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

// --- Options ---

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

// --- TLS ---

namespace {

template <class T, void (*release)(T*)>
struct Release {
    void operator()(T* object) const { release(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509, X509_free>>;

/// Signed by itself, for one name, from now on until `seconds` from now.
Certificate certificate_for(const std::string& name, EVP_PKEY* key, long seconds)
{
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86400);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    X509_EXTENSION* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
    X509_add_ext(certificate.get(), names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

std::string pem(X509* certificate)
{
    const std::unique_ptr<BIO, Release<BIO, BIO_free_all>> memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("https: a certificate that is trusted, unknown, for another name, or too old")
{
    const auto [name, seconds, trusted, status, said] = GENERATE(table<std::string, long, bool, int, std::string>({
        {"login.example", 86400, true, 200, ""},
        {"login.example", 86400, false, 0, "self-signed"},
        {"other.example", 86400, true, 0, "for another name"},
        {"login.example", -3600, true, 0, "has expired"},
    }));
    CAPTURE(name, seconds, trusted);
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = certificate_for(name, key.get(), seconds);
    Listening<httplib::SSLServer> server(certificate.get(), key.get());
    server.server.Get("/", [](const httplib::Request&, httplib::Response&) {});
    server.start();
    const unstick::testing::TempFolder folder;
    unstick::testing::put(folder / "ca.pem", pem(certificate.get()));
    HttpOptions options;
    options.resolve = {"login.example:" + std::to_string(server.port()) + ":127.0.0.1"};
    options.cacert = trusted ? (folder / "ca.pem").string() : "";
    const Reply reply = fetch("https://login.example:" + std::to_string(server.port()) + "/", options);
    CHECK(reply.status == status);
    CHECK(reply.error_code == (status == 200 ? "" : "tls"));
    CHECK_THAT(reply.error_text, Contains(said));
}

TEST_CASE("https: a server without TLS, and a file of certificates that is not there")
{
    Server server;
    server.start();
    const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    CHECK(fetch(url).error_code == "tls");
    CHECK_THAT(fetch(url).error_text, Contains("does not speak TLS"));
    HttpOptions options;
    options.cacert = "/nonexistent/ca.pem";
    const Reply reply = fetch(url, options);
    CHECK(reply.error_code == "tls");
    CHECK_THAT(reply.error_text, Contains("file of trusted certificates"));
}
