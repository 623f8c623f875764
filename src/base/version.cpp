#include "base/version.h"

#include <fmt/format.h>

#include "base/build_info.h"
#include "base/text.h"

namespace unstick {

const char* const version = built_version;
const char* const source_date = built_date;

std::string version_text()
{
    constexpr std::size_t columns = 80;
    return fmt::format("unstick {}\n\ncommit {}\nbuilt by {}\n{}\n", version, built_commit, built_by,
                       wrapped(std::string("built with ") + built_with, columns, 0));
}

}  // namespace unstick
