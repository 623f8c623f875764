#include "containers/moz_lz4.h"

#include <lz4.h>

#include "base/byte_reader.h"

namespace unstick::moz_lz4 {

namespace {

constexpr std::string_view magic{"mozLz40\0", 8};

tl::unexpected<Error> corrupt(const char* what)
{
    return fail(Code::corrupt, "mozLz4", what, "nothing in it was touched");
}

}  // namespace

Result<std::string> unpack(std::string_view file, std::uint64_t largest)
{
    if (!file.starts_with(magic)) {
        return corrupt("it does not begin as a compressed file of Firefox");
    }
    ByteReader reader(file.substr(magic.size()));
    const auto size = reader.little<std::uint32_t>();
    if (!reader.ok()) {
        return corrupt("it ends in the middle");
    }
    const std::string_view block = reader.rest();
    // A block gives at most 255 times its size: what says more is not worth the memory.
    constexpr std::uint64_t most_gain = 255;
    if (size > largest || block.size() > largest || size > (block.size() + 1) * most_gain) {
        return fail(Code::unsupported, "mozLz4", "it is larger than any real one", "nothing in it was touched");
    }
    std::string content(size, '\0');
    const int done = LZ4_decompress_safe(block.data(), content.data(), static_cast<int>(block.size()),
                                         static_cast<int>(content.size()));
    if (done < 0 || static_cast<std::uint32_t>(done) != size) {
        return corrupt("what is compressed in it is damaged");
    }
    return content;
}

Result<std::string> pack(std::string_view content)
{
    if (content.size() > LZ4_MAX_INPUT_SIZE) {
        return fail(Code::unsupported, "mozLz4", "it is too large for this format");
    }
    std::string file(magic);
    for (unsigned shift = 0; shift < 32; shift += 8) {
        file += static_cast<char>(content.size() >> shift & 0xffU);
    }
    const std::size_t start = file.size();
    file.resize(start + static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(content.size()))));
    const int done = LZ4_compress_default(content.data(), file.data() + start, static_cast<int>(content.size()),
                                          static_cast<int>(file.size() - start));
    if (done <= 0) {
        return fail(Code::io, "mozLz4", "it could not be compressed");
    }
    file.resize(start + static_cast<std::size_t>(done));
    return file;
}

}  // namespace unstick::moz_lz4
