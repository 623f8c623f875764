// Where libcurl is the system's own, or asks the system: it knows the authorities by itself.

#include "platform/common/authorities.h"

namespace unstick {

std::string authorities_file(const std::filesystem::path& /*root*/)
{
    return {};
}

}  // namespace unstick
