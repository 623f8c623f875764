#pragma once
// What the running computer asks of others: names and pages.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace unstick {

/// How the re-test talks to the network (options of cli.md).
struct HttpOptions {
    std::chrono::milliseconds timeout{15000};  ///< for all requests of one client, from the first one on
    std::string proxy;                         ///< URL, or empty: the environment's
    std::string cacert;                        ///< extra CA bundle, or empty: the system's
    std::vector<std::string> resolve;          ///< HOST:PORT:ADDRESS[,ADDRESS], IPv6 in brackets
};

/// One answer, or why there was none.
struct Reply {
    int status = 0;                                            ///< 0 if there was no answer
    std::vector<std::pair<std::string, std::string>> headers;  ///< in order, names as sent
    std::string redirect_url;              ///< absolute target of a 3xx with Location; empty otherwise
    std::string body;                      ///< the first 64 KiB at most
    std::optional<std::int64_t> date;      ///< the server's Date header, Unix seconds
    std::optional<std::int64_t> retry_at;  ///< Retry-After if it is a date, Unix seconds
    std::string error_code;                ///< "" or "dns", "connect", "tls", "timeout", "scheme", "proxy", "other"
    std::string error_text;                ///< one clause for people; empty if there was an answer
};

/// How a password is sent (RFC 7617, RFC 7616).
enum class SignInScheme { basic, digest };

struct SignIn {
    SignInScheme scheme = SignInScheme::basic;
    std::string user;
    Secret password;
};

/// What one request carries besides its address: secrets of the user. Never shown, logged or kept.
struct Carried {
    Secret cookies;                   ///< a Cookie field besides what the client's own jar holds; empty: none
    const SignIn* sign_in = nullptr;  ///< a name and password for this one address
};

/// A client with its own cookie jar, empty at the start, for one address and where that leads; never sends a saved
/// credential.
/// Requests are GET, past every cache, and do not follow redirects.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    virtual Reply get(const std::string& url, const Carried& carried) = 0;
    Reply get(const std::string& url) { return get(url, Carried{}); }
};

class Network {
public:
    virtual ~Network() = default;

    /// The addresses of a host name as this computer's resolver gives them to any program, from its cache too; sorted,
    /// each once. Waits as long as the system does. Errors: not_found (there is no such name, or no answer).
    virtual Result<std::vector<std::string>> resolve(const std::string& host) = 0;
    /// Empties this computer's cache of host names. Errors: not_found if it has none that we know, denied.
    virtual Result<void> flush_dns() = 0;

    /// Is there what asking pages takes? Errors: not_found; a client would then get no answer.
    virtual Result<void> can_ask() { return {}; }
    virtual std::unique_ptr<HttpClient> http(const HttpOptions& options) = 0;
};

}  // namespace unstick
