// Looking up host names, on POSIX systems.

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <set>

#include "names.h"

namespace unstick {

Result<std::vector<std::string>> resolve(const std::string& host)
{
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;  // each address once
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found); error != 0) {
        return fail(Code::not_found, host, ::gai_strerror(error));
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    std::set<std::string> addresses;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0) {
            addresses.insert(text.data());
        }
    }
    return std::vector<std::string>(addresses.begin(), addresses.end());
}

}  // namespace unstick
