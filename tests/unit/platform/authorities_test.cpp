// Where the certificate authorities are, by distribution.

#include "platform/common/authorities.h"

#include <cstdlib>

#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace unstick::testing;

TEST_CASE("authorities: each distribution's file is found, the usual one first")
{
    ::unsetenv("SSL_CERT_FILE");
    const TempFolder root;
    CHECK(authorities_file(root.path()).empty());
    const auto found = [&](const char* place) {
        put(root / place, "");
        return authorities_file(root.path()) == (root / place).string();
    };
    CHECK(found("etc/ssl/cert.pem"));                   // Alpine, Arch
    CHECK(found("etc/pki/tls/certs/ca-bundle.crt"));    // RHEL
    CHECK(found("etc/ssl/certs/ca-certificates.crt"));  // Debian
}

TEST_CASE("authorities: SSL_CERT_FILE is taken at its word")
{
    const TempFolder root;
    put(root / "etc/ssl/certs/ca-certificates.crt", "");
    ::setenv("SSL_CERT_FILE", "/nonexistent/ca.pem", 1);
    CHECK(authorities_file(root.path()) == "/nonexistent/ca.pem");
    ::setenv("SSL_CERT_FILE", "", 1);
    CHECK(authorities_file(root.path()) == (root / "etc/ssl/certs/ca-certificates.crt").string());
    ::unsetenv("SSL_CERT_FILE");
}
