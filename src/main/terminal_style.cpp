#include "main/terminal_style.h"

#include <algorithm>

namespace unstick {

Screen screen_of(bool terminal, int columns, const std::function<std::string(const std::string&)>& getenv)
{
    constexpr int usual = 80;
    constexpr int narrowest = 40;
    constexpr int widest = 120;  // longer lines are hard to read
    const auto is_on = [&](const char* name) {
        const std::string value = getenv(name);
        return !value.empty() && value != "0";
    };
    Screen screen;
    screen.redraw = terminal && getenv("TERM") != "dumb";
    screen.width = terminal && columns > 0 ? std::clamp(columns, narrowest, widest) : usual;
    if (!getenv("NO_COLOR").empty()) {
        screen.color = false;
    } else if (is_on("FORCE_COLOR") || is_on("CLICOLOR_FORCE")) {
        screen.color = true;
    } else {
        screen.color = screen.redraw && getenv("CLICOLOR") != "0";
    }
    return screen;
}

}  // namespace unstick
