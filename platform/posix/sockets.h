#pragma once
// Names and addresses of the network, as POSIX systems have them. windows/sockets.h gives the same names on Windows.

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace unstick::sockets {

/// What has to be done once before names are looked up; false if it cannot be.
inline bool start()
{
    return true;
}

/// The system's words for an error of getaddrinfo.
inline const char* words_of(int error)
{
    return ::gai_strerror(error);
}

inline void close(int connection)
{
    ::close(connection);
}

}  // namespace unstick::sockets
