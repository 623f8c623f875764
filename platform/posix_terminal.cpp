// The terminal, on systems with POSIX terminals.

#include <sys/ioctl.h>
#include <unistd.h>

#include "terminal.h"

namespace unstick {

void prepare_terminal() {}

bool is_terminal(Stream stream)
{
    return ::isatty(static_cast<int>(stream)) != 0;
}

int terminal_columns(Stream stream)
{
    winsize size{};
    return ::ioctl(static_cast<int>(stream), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace unstick
