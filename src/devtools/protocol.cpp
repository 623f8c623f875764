#include "devtools/protocol.h"

#include <algorithm>
#include <array>

namespace unstick::devtools {

namespace {

constexpr std::size_t longest_header = 65536;  // of one value

constexpr std::array faults{
    Fault{"net::ERR_TOO_MANY_REDIRECTS", "too_many_redirects", "it redirects again and again"},
    Fault{"net::ERR_NAME_", "dns", "the name cannot be resolved"},
    Fault{"net::ERR_DNS_", "dns", "the name cannot be resolved"},
    Fault{"net::ERR_CERT_", "tls", "the browser does not trust the certificate"},
    Fault{"net::ERR_SSL_", "tls", "no secure connection can be made"},
    Fault{"net::ERR_BAD_SSL_", "tls", "the site wants a client certificate"},
    Fault{"net::ERR_PROXY_", "proxy", "the proxy refuses"},
    Fault{"net::ERR_TUNNEL_", "proxy", "the proxy refuses"},
    Fault{"net::ERR_TIMED_OUT", "timeout", "no answer in time"},
    Fault{"net::ERR_CONNECTION_TIMED_OUT", "timeout", "no answer in time"},
    Fault{"net::ERR_CONNECTION_", "connect", "no connection"},
    Fault{"net::ERR_ADDRESS_", "connect", "no connection"},
    Fault{"net::ERR_INTERNET_DISCONNECTED", "connect", "this computer is not connected"},
    Fault{"net::ERR_UNKNOWN_URL_SCHEME", "scheme", "it leads to an address that no browser opens"},
    // As browsers of the Gecko family say it.
    Fault{"NS_ERROR_REDIRECT_LOOP", "too_many_redirects", "it redirects again and again"},
    Fault{"NS_ERROR_UNKNOWN_HOST", "dns", "the name cannot be resolved"},
    Fault{"NS_ERROR_UNKNOWN_PROXY_HOST", "proxy", "the proxy refuses"},
    Fault{"NS_ERROR_PROXY_", "proxy", "the proxy refuses"},
    Fault{"SEC_ERROR_", "tls", "the browser does not trust the certificate"},
    Fault{"MOZILLA_PKIX_ERROR_", "tls", "the browser does not trust the certificate"},
    Fault{"SSL_ERROR_BAD_CERT_", "tls", "the browser does not trust the certificate"},
    Fault{"SSL_ERROR_", "tls", "no secure connection can be made"},
    Fault{"NS_ERROR_NET_TIMEOUT", "timeout", "no answer in time"},
    Fault{"NS_ERROR_CONNECTION_REFUSED", "connect", "no connection"},
    Fault{"NS_ERROR_NET_", "connect", "no connection"},
    Fault{"NS_ERROR_OFFLINE", "connect", "this computer is not connected"},
    Fault{"NS_ERROR_UNKNOWN_PROTOCOL", "scheme", "it leads to an address that no browser opens"},
};

}  // namespace

const Json& member(const Json& object, const char* name)
{
    static const Json null;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? *found : null;
}

std::string text_of(const Json& object, const char* name)
{
    const Json& value = member(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

int number_of(const Json& object, const char* name)
{
    const Json& value = member(object, name);
    return value.is_number_integer() ? value.get<int>() : 0;
}

bool is_true(const Json& object, const char* name)
{
    const Json& value = member(object, name);
    return value.is_boolean() && value.get<bool>();
}

std::vector<std::pair<std::string, std::string>> headers_of(const Json& response)
{
    std::vector<std::pair<std::string, std::string>> headers;
    const Json& list = member(response, "headers");
    for (auto header = list.begin(); list.is_object() && header != list.end(); ++header) {
        if (!header.value().is_string()) {
            continue;
        }
        std::string_view rest = header.value().get_ref<const std::string&>();
        while (true) {
            const std::size_t end = rest.find('\n');
            headers.emplace_back(header.key(), rest.substr(0, std::min(end, longest_header)));
            if (end == std::string_view::npos) {
                break;
            }
            rest.remove_prefix(end + 1);
        }
    }
    return headers;
}

From from_of(const Json& response)
{
    // A worker that only passes on what the site answers hides nothing.
    if (is_true(response, "fromServiceWorker") && text_of(response, "serviceWorkerResponseSource") != "network") {
        return From::worker;
    }
    return is_true(response, "fromDiskCache") || is_true(response, "fromPrefetchCache") ? From::cache : From::site;
}

Fault fault_of(std::string_view error)
{
    const auto* const fault =
        std::find_if(faults.begin(), faults.end(), [&](const Fault& one) { return error.starts_with(one.name); });
    return fault == faults.end() ? Fault{"", "other", "the browser cannot open it"} : *fault;
}

}  // namespace unstick::devtools
