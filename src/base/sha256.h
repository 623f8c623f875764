#pragma once
// SHA-256 of what does not come in one piece. hash.h has it for what does.

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace unstick {

class Sha256 {
public:
    Sha256();
    void add(std::string_view bytes);
    std::string result();  ///< 32 bytes; nothing can be added afterwards

private:
    std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

}  // namespace unstick
