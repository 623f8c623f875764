#pragma once
// Names and addresses of the network, as Windows has them. posix/sockets.h gives the same names on other systems.

#include <winsock2.h>
#include <ws2tcpip.h>

namespace unstick::sockets {

/// What has to be done once before names are looked up; false if it cannot be.
inline bool start()
{
    static const int failed = [] {
        WSADATA data{};
        return ::WSAStartup(MAKEWORD(2, 2), &data);  // ends with the process
    }();
    return failed == 0;
}

/// Windows' own words for an error of getaddrinfo are not safe in threads.
inline const char* words_of(int)
{
    return "no address was found for this name";
}

inline void close(SOCKET connection)
{
    ::closesocket(connection);
}

}  // namespace unstick::sockets
