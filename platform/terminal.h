#pragma once
// Who reads and types. Implemented in posix_terminal.cpp.

namespace unstick {

enum class Stream { input, output, messages };  ///< standard input, output and error, by their numbers

/// Before anything is printed: makes the terminal show UTF-8 and colours, until we end. On POSIX systems it does.
void prepare_terminal();

bool is_terminal(Stream stream);

/// Columns of the terminal that the stream is; 0 if they are not known.
int terminal_columns(Stream stream);

}  // namespace unstick
