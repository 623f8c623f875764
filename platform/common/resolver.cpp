#include "platform/resolver.h"

#include <sockets.h>

#include <array>
#include <memory>
#include <set>

namespace unstick {

namespace {

struct FreeList {
    void operator()(addrinfo* first) const { ::freeaddrinfo(first); }
};

}  // namespace

Result<std::vector<std::string>> resolve(const std::string& host)
{
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;  // each address once
    addrinfo* found = nullptr;
    const int error = sockets::start() ? ::getaddrinfo(host.c_str(), nullptr, &wanted, &found) : EAI_FAIL;
    if (error != 0) {
        return fail(Code::not_found, host, sockets::words_of(error));
    }
    const std::unique_ptr<addrinfo, FreeList> owner(found);
    std::set<std::string> addresses;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(one->ai_addr, static_cast<socklen_t>(one->ai_addrlen), text.data(), text.size(), nullptr, 0,
                          NI_NUMERICHOST) == 0) {
            addresses.insert(text.data());
        }
    }
    return std::vector<std::string>(addresses.begin(), addresses.end());
}

bool has_way_out()
{
    // Addresses for documentation (RFC 5737, RFC 3849): to connect a datagram socket only looks for the way.
    for (const char* const address : {"192.0.2.1", "2001:db8::1"}) {
        addrinfo wanted{};
        wanted.ai_family = AF_UNSPEC;
        wanted.ai_socktype = SOCK_DGRAM;
        wanted.ai_flags = AI_NUMERICHOST;
        addrinfo* found = nullptr;
        if (!sockets::start() || ::getaddrinfo(address, "9", &wanted, &found) != 0) {
            continue;
        }
        const std::unique_ptr<addrinfo, FreeList> owner(found);
        const auto connection = ::socket(found->ai_family, found->ai_socktype, found->ai_protocol);
        const bool is_reached = ::connect(connection, found->ai_addr, static_cast<socklen_t>(found->ai_addrlen)) == 0;
        sockets::close(connection);
        if (is_reached) {
            return true;
        }
    }
    return false;
}

}  // namespace unstick
