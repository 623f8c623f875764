// Looking up host names, on Windows.

#include <winsock2.h>
#include <ws2tcpip.h>
// after winsock2.h
#include <windows.h>

#include <array>
#include <memory>
#include <set>

#include "names.h"
#include "windows_text.h"

namespace unstick {

Result<std::vector<std::string>> resolve(const std::string& host)
{
    static const int ready = [] {
        WSADATA data{};
        return ::WSAStartup(MAKEWORD(2, 2), &data);  // ends with the process
    }();
    ADDRINFOW wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;  // each address once
    ADDRINFOW* found = nullptr;
    if (ready != 0 || ::GetAddrInfoW(windows::wide(host).c_str(), nullptr, &wanted, &found) != 0) {
        return fail(Code::not_found, host, "no address was found for this name");
    }
    const std::unique_ptr<ADDRINFOW, void(WSAAPI*)(ADDRINFOW*)> owner(found, ::FreeAddrInfoW);
    std::set<std::string> addresses;
    for (const ADDRINFOW* one = found; one != nullptr; one = one->ai_next) {
        std::array<wchar_t, NI_MAXHOST> text{};
        if (::GetNameInfoW(one->ai_addr, static_cast<socklen_t>(one->ai_addrlen), text.data(),
                           static_cast<DWORD>(text.size()), nullptr, 0, NI_NUMERICHOST) == 0) {
            addresses.insert(windows::narrow(text.data()));
        }
    }
    return std::vector<std::string>(addresses.begin(), addresses.end());
}

}  // namespace unstick
