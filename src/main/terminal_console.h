#pragma once
// The terminal, if there is one: how wide and colourful it is, what is being done, the question and the password.

#include "app/console.h"
#include "cli/request.h"
#include "main/terminal_style.h"
#include "platform/own_process.h"
#include "platform/terminal.h"
#include "report/report.h"

namespace unstick {

Screen screen_on(Stream stream);

/// How far this computer's time zone is ahead of UTC at a time, in seconds.
std::int64_t offset_of_local_time(std::int64_t unix_seconds);

/// How a report is shown there.
TextOptions text_options(const Request& request, Stream stream);

/// While it lives, being asked to end (Ctrl-C) says that nothing was changed.
BeforeEnd saying_that_nothing_was_changed();

/// How the run talks to the user meanwhile. Where nobody can answer, nothing is asked.
Console console_for(const Request& request);

}  // namespace unstick
