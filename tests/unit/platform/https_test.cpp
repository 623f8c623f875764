// The HTTP client and certificates.

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "platform/common/authorities.h"
#include "tests/fixtures/http_servers.h"

using namespace unstick;
using namespace testing::servers;
using Catch::Matchers::Contains;

namespace {

template <class T, void (*release)(T*)>
struct Release {
    void operator()(T* object) const { release(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509, X509_free>>;

/// Signed by itself, for one name, from now on until `seconds` from now.
Certificate certificate_for(const std::string& name, EVP_PKEY* key, long seconds)
{
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86400);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    X509_EXTENSION* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
    X509_add_ext(certificate.get(), names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

std::string pem(X509* certificate)
{
    const std::unique_ptr<BIO, Release<BIO, BIO_free_all>> memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("https: a certificate that is trusted, unknown, for another name, or too old")
{
    const auto [name, seconds, trusted, status, said] = GENERATE(table<std::string, long, bool, int, std::string>({
        {"login.example", 86400, true, 200, ""},
        {"login.example", 86400, false, 0, "self-signed"},
        {"other.example", 86400, true, 0, "for another name"},
        {"login.example", -3600, true, 0, "has expired"},
    }));
    CAPTURE(name, seconds, trusted);
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = certificate_for(name, key.get(), seconds);
    Listening<httplib::SSLServer> server(certificate.get(), key.get());
    server.server.Get("/", [](const httplib::Request&, httplib::Response&) {});
    server.start();
    const unstick::testing::TempFolder folder;
    unstick::testing::put(folder / "ca.pem", pem(certificate.get()));
    HttpOptions options;
    options.resolve = {"login.example:" + std::to_string(server.port()) + ":127.0.0.1"};
    options.cacert = trusted ? (folder / "ca.pem").string() : "";
    const Reply reply = fetch("https://login.example:" + std::to_string(server.port()) + "/", options);
    CHECK(reply.status == status);
    CHECK(reply.error_code == (status == 200 ? "" : "tls"));
    CHECK_THAT(reply.error_text, Contains(said));
}

TEST_CASE("https: what SSL_CERT_FILE names is trusted, and nothing else")
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = certificate_for("login.example", key.get(), 86400);
    Listening<httplib::SSLServer> server(certificate.get(), key.get());
    server.server.Get("/", [](const httplib::Request&, httplib::Response&) {});
    server.start();
    const unstick::testing::TempFolder folder;
    unstick::testing::put(folder / "ca.pem", pem(certificate.get()));
    HttpOptions options;
    options.resolve = {"login.example:" + std::to_string(server.port()) + ":127.0.0.1"};
    const std::string url = "https://login.example:" + std::to_string(server.port()) + "/";
    CHECK(fetch(url, options).error_code == "tls");
    ::setenv("SSL_CERT_FILE", (folder / "ca.pem").c_str(), 1);
    if (authorities_file() == folder / "ca.pem") {  // elsewhere than on Linux it is libcurl's own business
        CHECK(fetch(url, options).status == 200);
    }
    ::unsetenv("SSL_CERT_FILE");
}

TEST_CASE("https: a server without TLS, and a file of certificates that is not there")
{
    Server server;
    server.start();
    const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    CHECK(fetch(url).error_code == "tls");
    CHECK_THAT(fetch(url).error_text, Contains("does not speak TLS"));
    HttpOptions options;
    options.cacert = "/nonexistent/ca.pem";
    const Reply reply = fetch(url, options);
    CHECK(reply.error_code == "tls");
    CHECK_THAT(reply.error_text, Contains("file of trusted certificates"));
}
