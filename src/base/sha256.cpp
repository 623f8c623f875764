#include "base/sha256.h"

#include <openssl/evp.h>

namespace unstick {

Sha256::Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free)
{
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

void Sha256::add(std::string_view bytes)
{
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Sha256::result()
{
    std::string result(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(result.data()), &size);
    result.resize(size);
    return result;
}

}  // namespace unstick
