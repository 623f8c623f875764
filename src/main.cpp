// Parse, wire, run, print, exit code.

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "../platform/platform.h"
#include "../platform/terminal.h"
#include "../platform/users.h"
#include "../profiles/profiles.h"
#include "all_users.h"
#include "cli.h"
#include "files.h"
#include "help.h"
#include "progress_line.h"
#include "report.h"
#include "report_file.h"
#include "run.h"
#include "screen.h"
#include "text.h"

using namespace unstick;

namespace {

std::string environment(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? "" : value;
}

Screen screen_on(Stream stream)
{
    return screen_of(is_terminal(stream), terminal_columns(stream), environment);
}

TextOptions text_options(const Request& request, Stream stream)
{
    const Screen screen = screen_on(stream);
    return {screen.color && !request.no_color, request.verbose, request.quiet, screen.width};
}

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

/// What was done was done, whether or not its report can be kept.
void keep_report(const Request& request, Report& report)
{
    if (request.report_file.empty()) {
        return;
    }
    if (auto written = write_report_file(request.report_file, to_html(report)); !written) {
        report.problems.push_back(written.error());
        report.exit_code = report.exit_code == Exit::ok ? Exit::partial : report.exit_code;
    }
}

int finish(Report report, const Request& request, std::ostream& log)
{
    keep_report(request, report);
    std::cout << (request.json ? to_json(report) : to_text(report, text_options(request, Stream::output)))
              << std::flush;
    if (!request.log.empty()) {
        log << to_json(report) << std::flush;
    }
    return static_cast<int>(report.exit_code);
}

/// Ends a run that did not begin: with an object for who reads JSON, else with a message.
int refused(const Error& error, const Asker& asker)
{
    const Report report = refusal(name_of(asker.command), error);
    if (asker.json) {
        std::cout << to_json(report) << std::flush;
        return static_cast<int>(report.exit_code);
    }
    const int width = screen_on(Stream::messages).width;
    const auto say = [&](const std::string& text, int indent) {
        std::cerr << wrapped(printable(text), width, indent) << "\n";
    };
    say("unstick: " + error.where + ": " + error.what, 0);
    if (!error.hint.empty()) {
        say(error.hint, 2);
    }
    return static_cast<int>(report.exit_code);
}

bool changes_something(const Request& request)
{
    return (request.command == Command::fix || request.command == Command::undo) && !request.dry_run;
}

/// What there is to say of a user whose run could not be started.
UserRun not_run(const User& user, const Request& request, const Error& error)
{
    const Report report = refusal(name_of(request.command), error);
    return {user.name, request.json ? to_json(report) : to_text(report, text_options(request, Stream::output)),
            report.exit_code};
}

int for_all_users(const Request& request, const std::vector<std::string>& arguments)
{
    if (changes_something(request) && !request.yes) {
        return refused({Code::usage, "--all-users", "nobody can confirm for all users, and --yes was not given",
                        "add --yes; --dry-run shows what would be removed"},
                       {request.command, request.json});
    }
    const auto people = users();
    if (!people) {
        return refused(people.error(), {request.command, request.json});
    }
    std::vector<UserRun> runs;
    for (const User& user : *people) {
        auto run = run_as(user, arguments_for_each(arguments));
        runs.push_back(run ? std::move(*run) : not_run(user, request, run.error()));
    }
    std::cout << (request.json ? to_json(name_of(request.command), runs) : to_text(runs)) << std::flush;
    return static_cast<int>(exit_of(runs));
}

/// Root works on other people's folders with their rights: what they put there can trick nobody. Also finds the place
/// for the runs if none was named.
Result<void> take_rights_for(Request& request)
{
    const fs::path home = environment("HOME");
    const fs::path whose = !request.home.empty()            ? request.home
                           : !request.user_data_dir.empty() ? request.user_data_dir
                           : fs::exists(request.state_dir)  ? request.state_dir
                                                            : home;
    const auto owner = take_rights_of_owner(whose);
    if (!owner) {
        return tl::unexpected<Error>(owner.error());
    }
    if (request.state_dir.empty()) {
        const bool not_ours = *owner && whose != home;
        request.state_dir =
            not_ours ? state_folder_below(request.home.empty() ? **owner : request.home) : state_folder();
    }
    request.state_dir = without_links(request.state_dir);
    return {};
}

/// Empty if there is none, or none that we are allowed to see. Some users keep it elsewhere, with a link in its place.
Result<std::string> read_config()
{
    constexpr std::uint64_t largest = 1U << 20U;
    const fs::path file = config_file();
    if (!files::info(file)) {
        return std::string();
    }
    std::error_code dangling;
    const fs::path target = fs::canonical(file, dangling);
    return files::read_file(dangling ? file : target, largest);
}

int unstick_main(const std::vector<std::string>& arguments)
{
    if (arguments.empty() && is_terminal(Stream::output)) {
        std::cout << short_help();
        return 0;
    }
    const auto config = read_config();
    const Asker asker = asker_of(arguments, environment, config.value_or(""));
    auto parsed = parse_command_line(arguments, environment, config.value_or(""), config_file().string());
    if (!parsed) {
        return refused(parsed.error(), asker);
    }
    if (const Show* show = std::get_if<Show>(&*parsed)) {
        std::cout << show->text;
        return 0;
    }
    if (!config) {
        return refused({Code::usage, config.error().where, config.error().what,
                        "this is the configuration file: mend it, or move it away; unstick works without one"},
                       asker);
    }
    Request& request = std::get<Request>(*parsed);
    if (request.all_users) {
        return for_all_users(request, arguments);
    }
    std::ofstream log;
    if (!request.log.empty()) {
        log.open(request.log, std::ios::app);
        if (!log) {
            return refused({Code::usage, "--log " + request.log.string(), "this file cannot be written",
                            "name a file in a folder that you can write to"},
                           asker);
        }
    }
    if (const auto taken = take_rights_for(request); !taken) {
        return refused(taken.error(), asker);
    }
    if (!request.report_file.empty()) {
        if (const auto possible = check_report_file(request.report_file); !possible) {
            return refused(possible.error(), asker);
        }
    }
    const auto host = this_host();
    Report report = run(request, *host, adapters(), console_for(request));
    return finish(std::move(report), request, log);
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        prepare_terminal();
        return unstick_main({argv + std::min(argc, 1), argv + argc});
    } catch (const std::exception& exception) {
        std::cerr << "unstick: a fault of unstick itself: " << printable(exception.what()) << "\n";
    } catch (...) {
        std::cerr << "unstick: a fault of unstick itself\n";
    }
    return static_cast<int>(Exit::internal);
}
