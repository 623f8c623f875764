#pragma once
// WebKit's own files, for tests: made by hand, and those of real WebKitGTK browsers.

#include <cstdlib>
#include <cstring>
#include <string>

#include "testing.h"

namespace unstick::testing::webkit {

template <class Number>
std::string little(Number number)
{
    std::string bytes(sizeof(number), '\0');
    std::memcpy(bytes.data(), &number, sizeof(number));
    return bytes;
}

inline std::string text8(std::string_view latin1)
{
    return little(static_cast<std::uint32_t>(latin1.size())) + '\1' + std::string(latin1);
}

inline std::string text16(std::u16string_view text)
{
    std::string bytes = little(static_cast<std::uint32_t>(text.size())) + '\0';
    for (const char16_t unit : text) {
        bytes += little(unit);
    }
    return bytes;
}

inline const std::string null_text(4, '\xff');

/// Unpacks the profiles of WebKitGTK into `folder`; false, after a warning, if there are no real files.
inline bool unpack_webkitgtk(const fs::path& folder)
{
    const fs::path data = real_data();
    const std::string command =
        "tar -xJf '" + (data / "webkitgtk.tar.xz").string() + "' --strip-components=1 -C '" + folder.string() + "'";
    REQUIRE((data.empty() || std::system(command.c_str()) == 0));
    return !data.empty();
}

}  // namespace unstick::testing::webkit
