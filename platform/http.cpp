// The HTTP client. The only file that includes libcurl.

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "../src/text.h"
#include "platform.h"

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
    // As OpenSSL, GnuTLS, Secure Transport and Schannel word it in curl's messages.
    constexpr std::array<std::pair<std::string_view, std::string_view>, 11> faults{{
        {"not yet valid", "its certificate is not valid yet, or this computer's clock is wrong"},
        {"expired", "its certificate has expired, or this computer's clock is wrong"},
        {"self-signed", "its certificate is self-signed, or signed by an issuer that this computer does not know"},
        {"self signed", "its certificate is self-signed, or signed by an issuer that this computer does not know"},
        {"local issuer", "the issuer of its certificate is not known to this computer"},
        {"revoked", "its certificate was revoked"},
        {"no alternative certificate subject name", "its certificate is for another name"},
        {"does not match", "its certificate is for another name"},
        {"wrong version number", "it does not speak TLS at this port"},
        {"unsupported protocol", "it knows only a version of TLS that is too old to be safe"},
        {"unrecognized name", "it does not know this name"},
    }};
    const auto* const fault = std::find_if(faults.begin(), faults.end(),
                                           [&](const auto& entry) { return detail.find(entry.first) != detail.npos; });
    return fault == faults.end() ? std::string_view() : fault->second;
}

std::pair<const char*, std::string> explained(CURLcode code, const char* detail)
{
    const std::string more = detail[0] == '\0' ? curl_easy_strerror(code) : detail;
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
    const std::string scheme(url.substr(0, url.find("://")));
    return curl_strequal(scheme.c_str(), "http") != 0 || curl_strequal(scheme.c_str(), "https") != 0;
}

class CurlClient : public HttpClient {
public:
    explicit CurlClient(const HttpOptions& options)
        : curl_(curl_easy_init()), resolve_(nullptr), headers_(nullptr), proxy_given_(!options.proxy.empty())
    {
        for (const std::string& entry : options.resolve) {
            resolve_ = curl_slist_append(resolve_, entry.c_str());
        }
        for (const char* header :
             {"Cache-Control: no-cache", "Pragma: no-cache", "Accept: text/html,application/xhtml+xml,*/*;q=0.8"}) {
            headers_ = curl_slist_append(headers_, header);
        }
        set(CURLOPT_COOKIEFILE, "");  // an empty jar, in memory
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_NONE));  // not even what an address holds
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
        set(CURLOPT_USERAGENT, user_agent);
        set(CURLOPT_HTTPHEADER, headers_);
        set(CURLOPT_RESOLVE, resolve_);
        set(CURLOPT_HEADERFUNCTION, on_header);
        set(CURLOPT_WRITEFUNCTION, on_body);
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        if (!options.proxy.empty()) {
            set(CURLOPT_PROXY, options.proxy.c_str());
        }
        if (!options.cacert.empty()) {
            set(CURLOPT_CAINFO, options.cacert.c_str());
        }
    }

    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;

    ~CurlClient() override
    {
        curl_easy_cleanup(curl_);
        curl_slist_free_all(resolve_);
        curl_slist_free_all(headers_);
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
        Transfer transfer;
        std::array<char, CURL_ERROR_SIZE> detail{};
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_HEADERDATA, &transfer);
        set(CURLOPT_WRITEDATA, &transfer);
        set(CURLOPT_ERRORBUFFER, detail.data());
        load(carried);
        const CURLcode code = curl_easy_perform(curl_);
        load({});
        set(CURLOPT_ERRORBUFFER, nullptr);

        Reply& reply = transfer.reply;
        long status = 0;
        curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
        // The headers are the answer. A body that stops in the middle or never ends changes nothing about it.
        if (transfer.headers_done && status >= 200) {
            reply.status = static_cast<int>(status);
            add_meaning(reply);
            return reply;
        }
        Reply none;
        // curl takes headers that stop in the middle for an answer.
        std::tie(none.error_code, none.error_text) =
            explained(code == CURLE_OK ? CURLE_PARTIAL_FILE : code, detail.data());
        long proxy_status = 0;
        curl_easy_getinfo(curl_, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
        if (transfer.headers_full) {
            none.error_code = "other";
            none.error_text = "its answer has more headers than any browser would take";
        } else if (proxy_status >= 300) {
            none.error_code = "proxy";
            none.error_text = fmt::format("the proxy does not let it through (it answers {})", proxy_status);
        } else if (proxy_given_ && none.error_code == "connect") {
            none.error_code = "proxy";
        }
        return none;
    }

private:
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
        if (curl_easy_getinfo(curl_, CURLINFO_REDIRECT_URL, &target) == CURLE_OK && target != nullptr) {
            reply.redirect_url = target;
        }
        for (const auto& [name, value] : reply.headers) {
            const std::time_t time = curl_getdate(value.c_str(), nullptr);
            if (time >= 0 && curl_strequal(name.c_str(), "date") != 0) {
                reply.date = time;
            } else if (time >= 0 && curl_strequal(name.c_str(), "retry-after") != 0) {
                reply.retry_at = time;
            }
        }
    }

    template <class Value>
    void set(CURLoption option, Value value)
    {
        curl_easy_setopt(curl_, option, value);
    }

    CURL* curl_;
    curl_slist* resolve_;
    curl_slist* headers_;
    bool proxy_given_;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options)
{
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)ready;  // fails only without memory
    return std::make_unique<CurlClient>(options);
}

}  // namespace unstick
