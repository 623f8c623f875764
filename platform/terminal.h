#pragma once
// Who reads and types. Implemented in posix_terminal.cpp and windows_terminal.cpp.

#include <optional>
#include <string>

#include "base/secret.h"

namespace unstick {

enum class Stream { input, output, messages };  ///< standard input, output and error, by their numbers

/// Before anything is printed: makes the terminal show UTF-8 and colours, until we end. On POSIX systems it does.
void prepare_terminal();

bool is_terminal(Stream stream);

/// Columns of the terminal that the stream is; 0 if they are not known.
int terminal_columns(Stream stream);

/// Is there a terminal that started us, whatever standard input is?
bool has_terminal();

/// Was the window that we print to made for us alone, so that it closes when we end? (Windows, by double click.)
bool has_window_of_its_own();

/// Asks on the terminal for what must not be seen while it is typed. Warns if Caps Lock is on, where the terminal can
/// tell (a Linux console; a terminal window cannot). std::nullopt: there is no terminal, or the user broke off (Ctrl-C,
/// Ctrl-D on an empty line). The terminal is left as it was, also if we are asked to end meanwhile.
std::optional<Secret> read_password(const std::string& question);

/// One line of standard input, without its end; std::nullopt if there is none.
std::optional<Secret> read_secret_line();

/// Is Caps Lock on at the terminal behind this file descriptor? std::nullopt if it cannot tell. (linux.cpp)
std::optional<bool> caps_lock(int terminal);

}  // namespace unstick
