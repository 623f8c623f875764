#include "containers/binary_cookies_file.h"

#include "base/hash.h"
#include "base/text.h"
#include "platform/files.h"

namespace unstick::jars {

Result<binary_cookies::Jar> read(const fs::path& file)
{
    constexpr std::uint64_t largest = 6U << 20U;  // twenty thousand cookies and more; real jars are below 1 MB
    TRY_ASSIGN(const auto bytes, files::read_file(file, largest));
    auto jar = binary_cookies::parse(bytes);
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
