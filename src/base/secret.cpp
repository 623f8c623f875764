#include "base/secret.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace unstick {

void Secret::wipe(std::string& text)
{
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.Move): also of what was moved from, whose bytes stay
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());  // a plain loop may be left out by the compiler
    text.clear();
}

Secret::Secret(std::string&& text) : text_(std::move(text))
{
    wipe(text);  // a short text is copied, not moved
}

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_))
{
    wipe(other.text_);
}

Secret& Secret::operator=(Secret&& other) noexcept
{
    if (this != &other) {
        wipe(text_);
        text_ = std::move(other.text_);
        wipe(other.text_);
    }
    return *this;
}

void Secret::append(std::string_view more)
{
    if (text_.size() + more.size() > text_.capacity()) {  // growing by itself it would leave the old bytes behind
        std::string larger;
        larger.reserve(std::max(2 * text_.size(), text_.size() + more.size()));
        larger.append(text_);
        wipe(text_);
        text_ = std::move(larger);
        wipe(larger);
    }
    text_.append(more);
}

}  // namespace unstick
