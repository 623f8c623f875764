// A libcurl that was built on another system looks for the authorities where that one has them. Here it is told.

#include <unistd.h>

#include <array>
#include <cstdlib>

#include "platform/common/authorities.h"

namespace unstick {

namespace {

/// Where distributions keep them, as Go's crypto/x509/root_linux.go lists these.
constexpr std::array places{
    "etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Alpine, Gentoo
    "etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL 6 and newer
    "etc/ssl/ca-bundle.pem",                             // openSUSE
    "etc/pki/tls/cacert.pem",                            // OpenELEC
    "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL 7 and newer
    "etc/ssl/cert.pem",                                  // Alpine, Arch
};

}  // namespace

std::string authorities_file(const std::filesystem::path& root)
{
    // As OpenSSL's own programs take it: whoever sets it means that file, also one that cannot be read.
    if (const char* const named = std::getenv("SSL_CERT_FILE"); named != nullptr && *named != '\0') {
        return named;
    }
    for (const char* const place : places) {
        if (std::string file = (root / place).string(); ::access(file.c_str(), R_OK) == 0) {
            return file;
        }
    }
    return {};
}

}  // namespace unstick
