// libstdc++ for Windows makes wide text of a path's narrow text by the C library's locale, and msvcrt has none for
// UTF-8; the other way it does write UTF-8. The linker (--wrap, CMakeLists.txt) puts this function in the place of that
// conversion: the same interface, but UTF-8.

#include <windows.h>

#include <algorithm>
#include <locale>

using Conversion = std::codecvt<wchar_t, char, std::mbstate_t>;

namespace {

/// Bytes of the character that starts with this one; 0 if none does.
int length_of(unsigned char first)
{
    return first < 0x80                    ? 1
           : first >= 0xc2 && first < 0xe0 ? 2
           : first >= 0xe0 && first < 0xf0 ? 3
           : first >= 0xf0 && first < 0xf5 ? 4
                                           : 0;
}

}  // namespace

extern "C" std::codecvt_base::result utf8_in(
    const Conversion*, std::mbstate_t&, const char* from, const char* from_end, const char*& from_next, wchar_t* to,
    wchar_t* to_end, wchar_t*& to_next) __asm__("__wrap__ZNKSt7codecvtIwciE5do_inERiPKcS3_RS3_PwS5_RS5_");

std::codecvt_base::result utf8_in(const Conversion*, std::mbstate_t&, const char* from, const char* from_end,
                                  const char*& from_next, wchar_t* to, wchar_t* to_end, wchar_t*& to_next)
{
    from_next = from;
    to_next = to;
    while (from_next != from_end) {
        const int length = length_of(static_cast<unsigned char>(*from_next));
        if (length == 0) {
            return std::codecvt_base::error;
        }
        if (length > from_end - from_next || (length == 4 ? 2 : 1) > to_end - to_next) {
            return std::codecvt_base::partial;
        }
        const int units = ::MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, from_next, length, to_next,
                                                static_cast<int>(std::min<std::ptrdiff_t>(to_end - to_next, 2)));
        if (units == 0) {
            return std::codecvt_base::error;
        }
        from_next += length;
        to_next += units;
    }
    return std::codecvt_base::ok;
}
