#include "base/limited_json.h"

#include <vector>

namespace unstick {

bool is_within(std::string_view text, const JsonLimits& limits)
{
    // What the library takes for a value in an array or object that grows, for an object, for a string.
    constexpr std::uint64_t value_cost = 40;
    constexpr std::uint64_t object_cost = 48;
    constexpr std::uint64_t string_cost = 48;
    struct Level {
        bool is_object = false;
        std::uint64_t members = 0;
    };
    std::vector<Level> open;
    std::uint64_t bytes = text.size();
    std::uint64_t looks = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size() && bytes <= limits.bytes && looks <= limits.looks; ++i) {
        const char c = text[i];
        if (in_string) {
            ++bytes;
            i += c == '\\' ? 1U : 0U;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
            bytes += string_cost;
        } else if (c == '{' || c == '[') {
            open.push_back({c == '{'});
            bytes += value_cost + (c == '{' ? object_cost : 0);
            if (open.size() > limits.depth) {
                return false;
            }
        } else if ((c == '}' || c == ']') && !open.empty()) {
            open.pop_back();
        } else if (c == ',') {
            bytes += value_cost;
            if (!open.empty()) {
                Level& level = open.back();
                ++level.members;
                looks += level.is_object ? level.members : 0;
                if (!level.is_object && level.members >= limits.elements) {
                    return false;
                }
            }
        }
    }
    return bytes <= limits.bytes && looks <= limits.looks;
}

}  // namespace unstick
