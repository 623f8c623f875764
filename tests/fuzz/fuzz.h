#pragma once
// What fuzz targets have in common. A target is one file with LLVMFuzzerTestOneInput: it feeds hostile bytes to a
// parser and checks what must hold for any input. How to run: docs/testing.md.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace unstick::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// Ends the program with the reason if `holds` is false, in every build type.
inline void check(bool holds, const char* what)
{
    if (!holds) {
        std::fprintf(stderr, "this does not hold: %s\n", what);
        std::abort();
    }
}

/// Is `part` a piece of `whole` and not a copy or something beside it?
inline bool is_within(std::string_view part, std::string_view whole)
{
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace unstick::fuzz
