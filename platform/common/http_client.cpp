// The HTTP client, with libcurl.

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <tuple>

#include "base/text.h"
#include "platform/common/authorities.h"
#include "platform/common/curl_functions.h"
#include "platform/resolver.h"
#include "platform/this_host.h"

namespace unstick {

namespace {

constexpr std::size_t longest_body = 64U << 10U;
constexpr std::size_t most_header_bytes = 256U << 10U;  // as Chromium; curl itself stops a little later
constexpr std::size_t most_headers = 1000;
constexpr const char* user_agent = "Mozilla/5.0 (compatible; unstick/" UNSTICK_VERSION "; re-test of a stuck login)";

/// What one transfer collects, and how far it came.
struct Transfer {
    Reply reply;
    std::size_t header_bytes = 0;
    bool headers_full = false;  ///< more than we take: we stopped the transfer
    bool headers_done = false;  ///< the empty line after them was read
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* context)
{
    auto& transfer = *static_cast<Transfer*>(context);
    auto& headers = transfer.reply.headers;
    const std::string_view line(data, size * count);
    transfer.header_bytes += line.size();
    if (transfer.header_bytes > most_header_bytes || headers.size() >= most_headers) {
        transfer.headers_full = true;
        return 0;
    }
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/")) {
        headers.clear();  // those of a 1xx answer before this one
        transfer.headers_done = false;
    } else if (transfer.headers_done) {
        // A trailer: browsers take nothing from it either.
    } else if (trimmed(line).empty()) {
        transfer.headers_done = true;
    } else if ((line[0] == ' ' || line[0] == '\t') && !headers.empty()) {  // goes on from the line before
        headers.back().second.append(" ").append(trimmed(line));
    } else if (colon != line.npos) {
        headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    return line.size();
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* context)
{
    std::string& body = static_cast<Transfer*>(context)->reply.body;
    const std::size_t room = longest_body - body.size();
    body.append(data, std::min(room, size * count));
    return size * count < room ? size * count : 0;  // 0 stops the transfer: what follows is not needed
}

/// What is wrong with a certificate or with its TLS, in words; empty if it is something else.
std::string_view tls_fault(std::string_view detail)
{
    constexpr std::string_view another_name =
        "its certificate is for another name; a network that wants a sign-in of its own first (a hotel's, a train's) "
        "may have answered instead";
    // As OpenSSL, GnuTLS, Secure Transport and Schannel word it in curl's messages.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 11> faults{{
        {"not yet valid", "its certificate is not valid yet, or this computer's clock is wrong"},
        {"expired", "its certificate has expired, or this computer's clock is wrong"},
        {"self-signed", "its certificate is self-signed, or signed by an issuer that this computer does not know"},
        {"self signed", "its certificate is self-signed, or signed by an issuer that this computer does not know"},
        {"local issuer", "the issuer of its certificate is not known to this computer"},
        {"revoked", "its certificate was revoked"},
        {"no alternative certificate subject name", another_name},
        {"does not match", another_name},
        {"wrong version number", "it does not speak TLS at this port"},
        {"unsupported protocol", "it knows only a version of TLS that is too old to be safe"},
        {"unrecognized name", "it does not know this name"},
    }};
    const auto* const fault = std::find_if(faults.begin(), faults.end(),
                                           [&](const auto& entry) { return detail.find(entry.first) != detail.npos; });
    return fault == faults.end() ? std::string_view() : fault->second;
}

/// `more`: what curl says of it.
std::pair<const char*, std::string> explained(CURLcode code, const std::string& more)
{
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {"dns", "its name cannot be looked up (DNS)"};
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {"proxy", "the proxy's name cannot be looked up"};
        case CURLE_PROXY:
            return {"proxy", "the proxy does not let it through (" + more + ")"};
        case CURLE_COULDNT_CONNECT:
            return {"connect", "no connection (" + more + ")"};
        case CURLE_OPERATION_TIMEDOUT:
            return {"timeout", "no answer in time"};
        case CURLE_SSL_CACERT_BADFILE:
            return {"tls", "the file of trusted certificates cannot be read"};
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_ISSUER_ERROR: {
            const std::string_view fault = tls_fault(more);
            return {"tls", "no secure connection: " + (fault.empty() ? more : std::string(fault))};
        }
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_PARTIAL_FILE:
            return {"connect", "the connection was closed before the answer (" + more + ")"};
        default:
            return {"other", more};
    }
}

/// Is there an http or https in front?
bool is_web_address(std::string_view url)
{
    const std::string scheme = lower(url.substr(0, url.find("://")));
    return scheme == "http" || scheme == "https";
}

/// Is it this computer?
bool is_local(std::string_view url)
{
    return url.find("://localhost") != url.npos || url.find("://127.") != url.npos || url.find("://[::1]") != url.npos;
}

/// The proxy that a variable names for this address, if `detail` says that it was asked; empty if none was. libcurl
/// reads the same variables.
std::string proxy_of_environment(std::string_view url, std::string_view detail)
{
    const bool secure = url.starts_with("https:");
    for (const char* const name :
         {secure ? "https_proxy" : "http_proxy", secure ? "HTTPS_PROXY" : "", "all_proxy", "ALL_PROXY"}) {
        const char* const value = std::getenv(name);
        std::string_view proxy = value == nullptr ? "" : value;
        proxy.remove_prefix(proxy.find("://") == proxy.npos ? 0 : proxy.find("://") + 3);
        proxy = proxy.substr(0, proxy.find('/'));
        proxy.remove_prefix(proxy.rfind('@') == proxy.npos ? 0 : proxy.rfind('@') + 1);
        const std::string_view host = proxy.substr(0, proxy.rfind(':'));
        if (!host.empty() && detail.find("connect to " + std::string(host)) != detail.npos) {
            return fmt::format("the proxy {} (variable {})", proxy, name);
        }
    }
    return {};
}

class CurlClient : public HttpClient {
public:
    CurlClient(const CurlFunctions& library, const HttpOptions& options)
        : library_(library),
          curl_(library.easy_init()),
          resolve_(nullptr),
          connect_to_(nullptr),
          headers_(nullptr),
          proxy_given_(!options.proxy.empty()),
          timeout_(options.timeout)
    {
        for (const std::string& entry : options.resolve) {
            add_resolve(entry);
        }
        for (const char* header :
             {"Cache-Control: no-cache", "Pragma: no-cache", "Accept: text/html,application/xhtml+xml,*/*;q=0.8"}) {
            headers_ = library_.slist_append(headers_, header);
        }
        set(CURLOPT_COOKIEFILE, "");  // an empty jar, in memory
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_NONE));  // not even what an address holds
        set(CURLOPT_USERAGENT, user_agent);
        set(CURLOPT_HTTPHEADER, headers_);
        set(CURLOPT_RESOLVE, resolve_);
        set(CURLOPT_CONNECT_TO, connect_to_);
        set(CURLOPT_HEADERFUNCTION, on_header);
        set(CURLOPT_WRITEFUNCTION, on_body);
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        if (!options.proxy.empty()) {
            set(CURLOPT_PROXY, options.proxy.c_str());
        }
        const std::string authorities = options.cacert.empty() ? authorities_file() : options.cacert;
        if (!authorities.empty()) {
            set(CURLOPT_CAINFO, authorities.c_str());
        }
    }

    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;

    ~CurlClient() override
    {
        library_.easy_cleanup(curl_);
        library_.slist_free_all(resolve_);
        library_.slist_free_all(connect_to_);
        library_.slist_free_all(headers_);
    }

    using HttpClient::get;
    Reply get(const std::string& url, const Carried& carried) override
    {
        if (!is_web_address(url)) {
            Reply reply;
            reply.error_code = "scheme";
            reply.error_text = "it is not an http or https address";
            return reply;
        }
        const auto left = time_left();
        if (left <= left.zero()) {
            Reply reply;
            std::tie(reply.error_code, reply.error_text) = said(CURLE_OPERATION_TIMEDOUT, "");
            return reply;
        }
        Transfer transfer;
        std::array<char, CURL_ERROR_SIZE> detail{};
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_HEADERDATA, &transfer);
        set(CURLOPT_WRITEDATA, &transfer);
        set(CURLOPT_ERRORBUFFER, detail.data());
        load(carried);
        const CURLcode code = library_.easy_perform(curl_);
        load({});
        set(CURLOPT_ERRORBUFFER, nullptr);

        Reply& reply = transfer.reply;
        long status = 0;
        library_.easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
        // The headers are the answer. A body that stops in the middle or never ends changes nothing about it.
        if (transfer.headers_done && status >= 200) {
            reply.status = static_cast<int>(status);
            add_meaning(reply);
            return reply;
        }
        Reply none;
        // curl takes headers that stop in the middle for an answer.
        std::tie(none.error_code, none.error_text) = said(code == CURLE_OK ? CURLE_PARTIAL_FILE : code, detail.data());
        long proxy_status = 0;
        library_.easy_getinfo(curl_, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
        if (transfer.headers_full) {
            none.error_code = "other";
            none.error_text = "its answer has more headers than any browser would take";
        } else if (proxy_status >= 300) {
            none.error_code = "proxy";
            none.error_text = fmt::format("the proxy does not let it through (it answers {})", proxy_status);
        } else if (none.error_code == "connect" || none.error_code == "dns") {
            explain_no_way(url, detail.data(), none);
        }
        return none;
    }

private:
    /// Why there is no connection: a proxy, or no network at all. `detail`: curl's words, which name whom it asked.
    void explain_no_way(const std::string& url, std::string_view detail, Reply& none) const
    {
        const bool has_no_route = is_no_route();
        const std::string proxy = proxy_given_ ? "the proxy" : proxy_of_environment(url, detail);
        if (detail.find("Proxy CONNECT") != detail.npos || (!proxy.empty() && none.error_code == "connect")) {
            none.error_code = "proxy";
            none.error_text = fmt::format("{} does not answer ({})", proxy.empty() ? "the proxy" : proxy, detail);
        } else if ((none.error_code == "dns" || has_no_route) && !is_local(url) && !has_way_out()) {
            none.error_text = "this computer has no way to the internet; it may be offline";
        } else if (none.error_code == "dns") {
            none.error_text += "; it may be mistyped, or need a VPN";
        } else if (has_no_route) {
            none.error_text = "there is no way to it from here (no route); it may need a VPN";
        }
    }

    /// Did the last attempt to connect fail because there is no way there? curl's words do not say that.
    bool is_no_route() const
    {
        long failure = 0;
        library_.easy_getinfo(curl_, CURLINFO_OS_ERRNO, &failure);
        const std::error_code code(static_cast<int>(failure), std::system_category());
        return code == std::errc::network_unreachable || code == std::errc::host_unreachable;
    }

    /// Of the time for all requests, which the first one lets begin. A chain of redirects gets no more than one page.
    std::chrono::milliseconds time_left()
    {
        const auto now = std::chrono::steady_clock::now();
        end_ = end_.value_or(now + timeout_);
        return std::chrono::ceil<std::chrono::milliseconds>(*end_ - now);
    }

    /// libcurl's list of addresses knows no IPv6 address as a host; it can be told to connect elsewhere (to the same
    /// port, as none is given).
    void add_resolve(const std::string& entry)
    {
        if (entry.starts_with('[')) {
            connect_to_ = library_.slist_append(connect_to_, (entry.substr(0, entry.find(',')) + ":").c_str());
        } else {
            resolve_ = library_.slist_append(resolve_, entry.c_str());
        }
    }

    /// For the next request; with nothing, takes it out of curl's hands again. curl frees its copies without
    /// overwriting them.
    void load(const Carried& carried)
    {
        set(CURLOPT_COOKIE, carried.cookies.empty() ? nullptr : carried.cookies.text().c_str());
        const SignIn* const sign_in = carried.sign_in;
        const unsigned long scheme = sign_in == nullptr                        ? CURLAUTH_NONE
                                     : sign_in->scheme == SignInScheme::digest ? CURLAUTH_DIGEST
                                                                               : CURLAUTH_BASIC;
        set(CURLOPT_HTTPAUTH, static_cast<long>(scheme));
        set(CURLOPT_USERNAME, sign_in == nullptr ? nullptr : sign_in->user.c_str());
        set(CURLOPT_PASSWORD, sign_in == nullptr ? nullptr : sign_in->password.text().c_str());
    }

    /// What curl reads out of the headers: where a redirect leads, and dates.
    void add_meaning(Reply& reply)
    {
        char* target = nullptr;
        if (library_.easy_getinfo(curl_, CURLINFO_REDIRECT_URL, &target) == CURLE_OK && target != nullptr) {
            reply.redirect_url = target;
        }
        for (const auto& [name, value] : reply.headers) {
            const std::time_t time = library_.getdate(value.c_str(), nullptr);
            if (time >= 0 && lower(name) == "date") {
                reply.date = time;
            } else if (time >= 0 && lower(name) == "retry-after") {
                reply.retry_at = time;
            }
        }
    }

    std::pair<const char*, std::string> said(CURLcode code, const char* detail) const
    {
        return explained(code, detail[0] == '\0' ? library_.easy_strerror(code) : detail);
    }

    template <class Value>
    void set(CURLoption option, Value value)
    {
        library_.easy_setopt(curl_, option, value);
    }

    const CurlFunctions& library_;
    CURL* curl_;
    curl_slist* resolve_;
    curl_slist* connect_to_;
    curl_slist* headers_;
    bool proxy_given_;
    std::chrono::milliseconds timeout_;
    std::optional<std::chrono::steady_clock::time_point> end_;  ///< of the time for all requests
};

/// Where there is no libcurl: no question gets an answer.
class NoClient : public HttpClient {
public:
    explicit NoClient(Error why) : why_(std::move(why)) {}
    Reply get(const std::string&, const Carried&) override
    {
        Reply reply;
        reply.error_code = "other";
        reply.error_text = why_.what;
        return reply;
    }

private:
    Error why_;
};

}  // namespace

Result<void> find_http_client()
{
    return curl_functions().map([](const CurlFunctions*) {});
}

std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options)
{
    const auto library = curl_functions();
    if (!library) {
        return std::make_unique<NoClient>(library.error());
    }
    static const CURLcode ready = (*library)->global_init(CURL_GLOBAL_DEFAULT);
    (void)ready;  // fails only without memory
    return std::make_unique<CurlClient>(**library, options);
}

}  // namespace unstick
