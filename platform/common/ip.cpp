#include "platform/ip.h"

#include <sockets.h>

#include <array>

namespace unstick {

std::string ip_text(Ip kind, const std::string& text)
{
    const int family = kind == Ip::v4 ? AF_INET : AF_INET6;
    std::array<unsigned char, sizeof(in6_addr)> address{};
    std::array<char, INET6_ADDRSTRLEN> canonical{};
    if (::inet_pton(family, text.c_str(), address.data()) != 1 ||
        ::inet_ntop(family, address.data(), canonical.data(), canonical.size()) == nullptr) {
        return {};
    }
    return canonical.data();
}

bool is_ip(const std::string& text)
{
    return !ip_text(Ip::v4, text).empty() || !ip_text(Ip::v6, text).empty();
}

}  // namespace unstick
