#include "environment.h"

#include <cstdlib>

#include "../../platform/platform.h"
#include "../files.h"

namespace unstick {

std::string variable(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? "" : value;
}

Result<std::string> read_config()
{
    constexpr std::uint64_t largest = 1U << 20U;
    const fs::path file = config_file();
    if (!files::info(file)) {
        return std::string();
    }
    // Some users keep it elsewhere, with a link in its place.
    std::error_code dangling;
    const fs::path target = fs::canonical(file, dangling);
    return files::read_file(dangling ? file : target, largest);
}

}  // namespace unstick
