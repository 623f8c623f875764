#include "jars.h"

#include "../files.h"
#include "../formats/digests.h"
#include "../text.h"

namespace unstick::jars {

Result<binary_cookies::Jar> read(const fs::path& file)
{
    constexpr std::uint64_t largest = 64U << 20U;
    const auto bytes = files::read_file(file, largest);
    if (!bytes) {
        return tl::unexpected<Error>(bytes.error());
    }
    auto jar = binary_cookies::parse(*bytes);
    if (!jar) {
        jar.error().where = file.string();
    }
    return jar;
}

Result<void> write(const fs::path& file, const binary_cookies::Jar& jar)
{
    return files::write_file(file, binary_cookies::write(jar));
}

std::string key_of(const binary_cookies::Record& record)
{
    return hex(sha256(record.bytes));
}

}  // namespace unstick::jars
