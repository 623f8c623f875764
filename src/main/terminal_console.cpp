#include "main/terminal_console.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <iostream>
#include <memory>
#include <string>

#include "base/text.h"
#include "main/environment.h"
#include "main/progress_line.h"
#include "report/phrases.h"

namespace unstick {

Screen screen_on(Stream stream)
{
    return screen_of(is_terminal(stream), terminal_columns(stream), variable);
}

std::int64_t offset_of_local_time(std::int64_t unix_seconds)
{
    using namespace std::chrono;
    const auto time = static_cast<std::time_t>(unix_seconds);
    const std::tm* const known = std::localtime(&time);  // reports are written by one thread
    if (known == nullptr) {                              // a year that the system has no number for
        return 0;
    }
    const std::tm local = *known;
    const sys_days day = year(local.tm_year + 1900) / (local.tm_mon + 1) / local.tm_mday;
    const std::int64_t shown = duration_cast<seconds>(day.time_since_epoch()).count() + local.tm_hour * 3600 +
                               local.tm_min * 60 + local.tm_sec;
    return shown - unix_seconds;
}

TextOptions text_options(const Request& request, Stream stream)
{
    const Screen screen = screen_on(stream);
    return {.color = screen.color && !request.no_color,
            .verbose = request.verbose,
            .quiet = request.quiet,
            .width = screen.width,
            .offset_of = offset_of_local_time};
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

BeforeEnd saying_that_nothing_was_changed()
{
    return BeforeEnd([] { std::cerr << "\nNothing was changed.\n" << std::flush; });
}

namespace {

bool is_yes(const std::string& answer)
{
    return lower(answer) == "y" || lower(answer) == "yes";
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
            const BeforeEnd leaving = saying_that_nothing_was_changed();
            if (request.command == Command::undo) {
                std::cerr << fmt::format("Put back what run {} removed from {}? [y/N] ", plan.run,
                                         printable(plan.site));
            } else if (request.command == Command::runs) {
                std::cerr << to_text(plan, text_options(request, Stream::messages))
                          << "\nErase these runs for good? They cannot be undone then. [y/N] ";
            } else {
                const TextOptions options = text_options(request, Stream::messages);
                Report shown = plan;
                for (Finding& finding : shown.findings) {
                    if (request.stale || request.least) {
                        finding.fix.clear();  // that is what is asked about
                    }
                }
                std::cerr << to_text(shown, options) << "\n";
                const Removing how{.everything = !request.stale && !request.least && !request.escalate,
                                   .can_undo = !request.no_undo};
                for (const std::string& sentence : before_removal(plan, how)) {
                    std::cerr << wrapped(printable(sentence), options.width, 0) << "\n";
                }
                std::cerr << (request.no_undo ? "Remove all this for good? It cannot be put back: --no-undo. [y/N] "
                                              : "Remove all this? [y/N] ");
            }
            std::string answer;
            std::getline(std::cin, answer);
            return is_yes(answer);
        };
    }
    if (console.confirm && !request.yes && !request.json && !request.quiet) {
        console.ask = [request, line](const std::string& question) {
            if (line) {
                line->clear();
            }
            const int width = text_options(request, Stream::messages).width;
            const BeforeEnd leaving = saying_that_nothing_was_changed();
            std::cerr << wrapped(question + " [Y/n]", width, 0) << " ";
            std::string answer;
            const bool is_answered = static_cast<bool>(std::getline(std::cin, answer));
            return is_answered && lower(answer) != "n" && lower(answer) != "no";
        };
        console.is_so = [request, line](const std::string& question, const std::string& if_ended) {
            if (line) {
                line->clear();
            }
            const int width = text_options(request, Stream::messages).width;
            const BeforeEnd leaving([&] { std::cerr << "\n" << printable(if_ended) << "\n" << std::flush; });
            std::cerr << wrapped(printable(question) + " [y/N]", width, 0) << " ";
            std::string answer;
            std::getline(std::cin, answer);
            return is_yes(answer);
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
