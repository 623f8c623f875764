// Parse, wire, run, print, exit code.

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "../platform/platform.h"
#include "../platform/terminal.h"
#include "../platform/users.h"
#include "../profiles/profiles.h"
#include "all_users.h"
#include "cli.h"
#include "files.h"
#include "report.h"
#include "run.h"
#include "text.h"

using namespace unstick;

namespace {

std::string environment(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? "" : value;
}

int terminal_width()
{
    constexpr int usual = 80;
    constexpr int narrowest = 40;
    constexpr int widest = 120;
    const int columns = terminal_columns();
    return columns < narrowest ? usual : std::min(columns, widest);
}

TextOptions text_options(const Request& request)
{
    const bool terminal = is_terminal(Stream::output);
    return {terminal && !request.no_color && environment("NO_COLOR").empty(), request.verbose, request.quiet,
            terminal_width()};
}

Console console_for(const Request& request)
{
    Console console;
    if (is_terminal(Stream::input) && is_terminal(Stream::messages)) {
        console.confirm = [request](const Report& plan) {
            if (request.command == Command::undo) {
                std::cerr << fmt::format("Put back what run {} removed from {}? [y/N] ", plan.run,
                                         printable(plan.site));
            } else {
                std::cerr << to_text(plan, text_options(request))
                          << (request.no_undo ? "\nRemove all this for good? It cannot be put back: --no-undo. [y/N] "
                                              : "\nRemove all this? [y/N] ");
            }
            std::string answer;
            std::getline(std::cin, answer);
            return answer == "y" || answer == "Y" || lower(answer) == "yes";
        };
    }
    if (!request.quiet && !request.json && is_terminal(Stream::messages)) {
        console.progress = [](const std::string& what) { std::cerr << printable(what) << " ...\n"; };
    }
    return console;
}

int finish(const Report& report, const Request& request, std::ostream& log)
{
    std::cout << (request.json ? to_json(report) : to_text(report, text_options(request))) << std::flush;
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
    std::cerr << fmt::format("unstick: {}: {}\n", printable(error.where), printable(error.what));
    if (!error.hint.empty()) {
        std::cerr << "  " << printable(error.hint) << "\n";
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
    return {user.name, request.json ? to_json(report) : to_text(report, text_options(request)), report.exit_code};
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

int unstick_main(const std::vector<std::string>& arguments)
{
    constexpr std::uint64_t largest_config = 1U << 20U;
    const auto config = files::read_file(config_file(), largest_config);
    const Asker asker = asker_of(arguments, environment, config.value_or(""));
    auto parsed = parse_command_line(arguments, environment, config.value_or(""));
    if (!parsed) {
        return refused(parsed.error(), asker);
    }
    if (const Show* show = std::get_if<Show>(&*parsed)) {
        std::cout << show->text;
        return 0;
    }
    Request& request = std::get<Request>(*parsed);
    if (request.all_users) {
        return for_all_users(request, arguments);
    }
    std::ofstream log;
    if (!request.log.empty()) {
        log.open(request.log, std::ios::app);
        if (!log) {
            return refused({Code::usage, "--log " + request.log.string(), "this file cannot be written", ""}, asker);
        }
    }
    if (const auto taken = take_rights_for(request); !taken) {
        return refused(taken.error(), asker);
    }
    const auto host = this_host();
    return finish(run(request, *host, adapters(), console_for(request)), request, log);
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
