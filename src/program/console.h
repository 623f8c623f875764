#pragma once
// The terminal, if there is one: how wide and colourful it is, what is being done, the question and the password.

#include "../../platform/terminal.h"
#include "../report.h"
#include "../request.h"
#include "../run.h"
#include "../screen.h"

namespace unstick {

Screen screen_on(Stream stream);

/// How a report is shown there.
TextOptions text_options(const Request& request, Stream stream);

/// How the run talks to the user meanwhile. Where nobody can answer, nothing is asked.
Console console_for(const Request& request);

}  // namespace unstick
