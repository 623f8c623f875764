#include "console.h"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <string>

#include "../progress_line.h"
#include "../text.h"
#include "environment.h"

namespace unstick {

Screen screen_on(Stream stream)
{
    return screen_of(is_terminal(stream), terminal_columns(stream), variable);
}

TextOptions text_options(const Request& request, Stream stream)
{
    const Screen screen = screen_on(stream);
    return {screen.color && !request.no_color, request.verbose, request.quiet, screen.width};
}

namespace {

/// The line of what is being done; none where nobody wants to see it, nor where a password is asked for: the line's
/// thread would be ended by signals that the question holds back until the terminal is as it was.
std::shared_ptr<ProgressLine> progress_line_for(const Request& request)
{
    const Screen screen = screen_on(Stream::messages);
    if (request.quiet || request.json || !screen.redraw || !request.user.empty()) {
        return nullptr;
    }
    const int columns = terminal_columns(Stream::messages);
    return std::make_shared<ProgressLine>([](const std::string& bytes) { std::cerr << bytes << std::flush; },
                                          columns > 0 ? columns : screen.width);
}

}  // namespace

Console console_for(const Request& request)
{
    Console console;
    const auto line = progress_line_for(request);
    if (line) {
        console.progress = [line](const Progress& now) { line->show(now); };
    }
    if (is_terminal(Stream::input) && is_terminal(Stream::messages)) {
        console.confirm = [request, line](const Report& plan) {
            if (line) {
                line->clear();
            }
            if (request.command == Command::undo) {
                std::cerr << fmt::format("Put back what run {} removed from {}? [y/N] ", plan.run,
                                         printable(plan.site));
            } else {
                std::cerr << to_text(plan, text_options(request, Stream::messages))
                          << (request.no_undo ? "\nRemove all this for good? It cannot be put back: --no-undo. [y/N] "
                                              : "\nRemove all this? [y/N] ");
            }
            std::string answer;
            std::getline(std::cin, answer);
            return answer == "y" || answer == "Y" || lower(answer) == "yes";
        };
    }
    if (request.password_stdin) {
        console.ask_password = [](const std::string&) { return read_secret_line(); };
    } else if (has_terminal()) {
        console.ask_password = read_password;
    }
    return console;
}

}  // namespace unstick
