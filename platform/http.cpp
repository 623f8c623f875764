// The HTTP client. The only file that includes libcurl.

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "platform.h"

namespace unstick {

namespace {

constexpr std::size_t longest_body = 64U << 10U;
constexpr std::size_t most_header_bytes = 1U << 20U;
constexpr std::size_t most_headers = 1000;
constexpr const char* user_agent = "Mozilla/5.0 (compatible; unstick/" UNSTICK_VERSION "; re-test of a stuck login)";

/// What one transfer collects, and why it was stopped by us.
struct Transfer {
    Reply reply;
    std::size_t header_bytes = 0;
    bool body_full = false;
    bool headers_full = false;
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* context)
{
    auto& transfer = *static_cast<Transfer*>(context);
    std::string_view line(data, size * count);
    transfer.header_bytes += line.size();
    if (transfer.header_bytes > most_header_bytes || transfer.reply.headers.size() >= most_headers) {
        transfer.headers_full = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) {  // of the final answer, after 1xx and a proxy's
        transfer.reply.headers.clear();
        return size * count;
    }
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
        std::string_view value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
        transfer.reply.headers.emplace_back(line.substr(0, colon), value);
    }
    return size * count;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* context)
{
    auto& transfer = *static_cast<Transfer*>(context);
    const std::size_t room = longest_body - transfer.reply.body.size();
    transfer.reply.body.append(data, std::min(room, size * count));
    transfer.body_full = size * count >= room;
    return transfer.body_full ? 0 : size * count;  // enough: what follows is not needed
}

std::pair<const char*, std::string> explained(CURLcode code, const char* detail)
{
    const std::string more = detail[0] == '\0' ? curl_easy_strerror(code) : detail;
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {"dns", "its name cannot be looked up (DNS)"};
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {"proxy", "the proxy's name cannot be looked up"};
        case CURLE_COULDNT_CONNECT:
            return {"connect", "no connection (" + more + ")"};
        case CURLE_OPERATION_TIMEDOUT:
            return {"timeout", "no answer in time"};
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
            return {"tls", "no secure connection (" + more + ")"};
        case CURLE_UNSUPPORTED_PROTOCOL:
            return {"scheme", "it is not an http or https address"};
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
            return {"connect", "the connection was closed before the answer (" + more + ")"};
        default:
            return {"other", more};
    }
}

class CurlClient : public HttpClient {
public:
    explicit CurlClient(const HttpOptions& options) : curl_(curl_easy_init()), resolve_(nullptr), headers_(nullptr)
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

    Reply get(const std::string& url) override
    {
        Transfer transfer;
        std::array<char, CURL_ERROR_SIZE> detail{};
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_HEADERDATA, &transfer);
        set(CURLOPT_WRITEDATA, &transfer);
        set(CURLOPT_ERRORBUFFER, detail.data());
        const CURLcode code = curl_easy_perform(curl_);
        set(CURLOPT_ERRORBUFFER, nullptr);

        Reply& reply = transfer.reply;
        long status = 0;
        curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
        const bool complete = code == CURLE_OK || (code == CURLE_WRITE_ERROR && transfer.body_full);
        // The headers are the answer. A body that stops in the middle or never ends changes nothing about it.
        const bool answered = complete || (status >= 200 && !transfer.headers_full && !transfer.reply.body.empty());
        if (!answered) {
            std::tie(reply.error_code, reply.error_text) = explained(code, detail.data());
            if (transfer.headers_full) {
                reply.error_code = "other";
                reply.error_text = "its answer has more headers than any browser would take";
            }
            return reply;
        }
        reply.status = static_cast<int>(status);
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
        return reply;
    }

private:
    template <class Value>
    void set(CURLoption option, Value value)
    {
        curl_easy_setopt(curl_, option, value);
    }

    CURL* curl_;
    curl_slist* resolve_;
    curl_slist* headers_;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options)
{
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)ready;  // fails only without memory
    return std::make_unique<CurlClient>(options);
}

}  // namespace unstick
