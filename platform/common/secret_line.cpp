#include "platform/secret_line.h"

namespace unstick {

std::optional<Secret> read_line(const std::function<Next(char&)>& next)
{
    constexpr std::size_t longest = 4096;
    Secret line;
    char c = 0;
    while (line.text().size() < longest) {
        const Next what = next(c);
        if (what == Next::broken_off) {
            return std::nullopt;
        }
        if (what == Next::end) {
            return line.empty() ? std::nullopt : std::optional(std::move(line));
        }
        if (c == '\n') {
            return line;
        }
        line.append({&c, 1});
    }
    return std::nullopt;
}

}  // namespace unstick
