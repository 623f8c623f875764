#include "net/headers.h"

#include "base/text.h"

namespace unstick {

std::vector<std::string> header_values(const Headers& headers, std::string_view name)
{
    std::vector<std::string> values;
    for (const auto& [key, value] : headers) {
        if (lower(key) == name) {
            values.push_back(value);
        }
    }
    return values;
}

std::string header_value(const Headers& headers, std::string_view name)
{
    const auto values = header_values(headers, name);
    return values.empty() ? std::string() : values.front();
}

}  // namespace unstick
