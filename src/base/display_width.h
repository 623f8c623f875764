#pragma once
// How much room text takes on a terminal. Pure; texts are printable ones (text.h).

#include <cstddef>
#include <string>
#include <string_view>

namespace unstick {

/// How many columns a terminal gives to a text: two to wide characters (Chinese, Japanese, Korean, most emoji), none to
/// marks that combine with the character before them.
std::size_t columns_of(std::string_view text);

/// `text` and blanks up to `columns`; as it is if it takes more.
std::string padded(std::string_view text, std::size_t columns);

/// The beginning of a text in at most `columns`, with "..." at its end if that is not all.
std::string cut(std::string_view text, std::size_t columns);

}  // namespace unstick
