#pragma once
// Addresses as people paste them out of letters, chats and browsers.

#include <string>
#include <string_view>

namespace unstick {

/// The address in a pasted text, without what came along: blanks, quotes, brackets, a mark that ends the sentence,
/// `view-source:`; `https:/host`, `https//host` and `https:host` become `https://host`. What needs none of this is
/// returned as it is, and so is what stays unclear: whether it is an address, Site::parse says.
std::string address_in(std::string_view pasted);

}  // namespace unstick
