#pragma once
// How a terminal may be written to, by what it is and what the environment says of it. Pure.

#include <functional>
#include <string>

namespace unstick {

struct Screen {
    bool color = false;
    bool redraw = false;  ///< a line may be drawn anew: a terminal that understands control sequences
    int width = 80;       ///< columns
};

/// `terminal`: is it one? `columns`: 0 if they are not known. `getenv` gives a variable or an empty string.
/// NO_COLOR (https://no-color.org) wins, then FORCE_COLOR and CLICOLOR_FORCE, which colour files and pipes too; then
/// TERM=dumb and CLICOLOR=0, which take colours away.
Screen screen_of(bool terminal, int columns, const std::function<std::string(const std::string&)>& getenv);

}  // namespace unstick
