#include "base/hash.h"

#include <openssl/evp.h>

#include <algorithm>

namespace unstick {

namespace {

std::string digest(const EVP_MD* method, std::string_view bytes)
{
    std::string result(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(result.data()), &size, method, nullptr);
    result.resize(size);
    return result;
}

}  // namespace

// Each method is looked up once: OpenSSL's search takes longer than hashing a name, and its locks slow threads down.

std::string md5(std::string_view bytes)
{
    static const EVP_MD* const method = EVP_MD_fetch(nullptr, "MD5", nullptr);
    return digest(method, bytes);
}

std::string sha1(std::string_view bytes)
{
    static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    return digest(method, bytes);
}

std::string sha256(std::string_view bytes)
{
    static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return digest(method, bytes);
}

std::string base64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // one more for OpenSSL's final zero
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    text.pop_back();
    return text;
}

std::optional<std::string> from_base64(std::string_view text)
{
    std::string bytes(text.size() / 4 * 3, '\0');
    const std::size_t end = text.find_last_not_of('=') + 1;  // 0 if there is nothing else
    const bool is_plain =
        text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") >= end;
    // OpenSSL takes blanks at the ends, and gives zeros for the padding.
    if (text.size() % 4 != 0 || text.size() - end > 2 || !is_plain ||
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())) < 0) {
        return std::nullopt;
    }
    bytes.resize(bytes.size() - (text.size() - end));
    return bytes;
}

std::string base64url(std::string_view bytes)
{
    std::string text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(std::min(text.find('='), text.size()));
    return text;
}

bool is_base64url_digit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::optional<std::string> from_base64url(std::string_view digits)
{
    if (!std::all_of(digits.begin(), digits.end(), is_base64url_digit)) {
        return std::nullopt;
    }
    std::string text(digits.substr(0, digits.size() - (digits.size() % 4 == 1 ? 1 : 0)));
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return from_base64(text);
}

}  // namespace unstick
