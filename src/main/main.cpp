// Parse, wire, run, print, exit code.

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "app/commands/run.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/parse.h"
#include "main/each_user.h"
#include "main/environment.h"
#include "main/guide.h"
#include "main/logs.h"
#include "main/rights.h"
#include "main/sudo.h"
#include "main/terminal_console.h"
#include "platform/files.h"
#include "platform/own_process.h"
#include "platform/terminal.h"
#include "platform/this_host.h"
#include "platform/trust.h"
#include "profiles/all.h"
#include "report/all_sites.h"
#include "report/all_users.h"
#include "report/file.h"
#include "report/phrases.h"
#include "report/report.h"

using namespace unstick;

namespace {

/// What was done was done, whether or not its report can be kept.
void keep_report(const Request& request, Report& report)
{
    if (request.report_file.empty()) {
        return;
    }
    const std::string home = request.home.empty() ? variable("HOME") : request.home.string();
    const Report for_people = with_short_paths(report, home);
    if (auto written = write_report_file(request.report_file, to_html(for_people)); !written) {
        report.problems.push_back(written.error());
        report.exit_code = report.exit_code == Exit::ok ? Exit::partial : report.exit_code;
    }
}

int finish(Report report, const Request& request, Logs& logs)
{
    keep_report(request, report);
    logs.keep(report);
    std::cout << (request.json ? to_json(report) : to_text(report, text_options(request, Stream::output)))
              << std::flush;
    return static_cast<int>(report.exit_code);
}

/// The configuration is read with the rights of whom it belongs to.
Result<std::string> configuration(const NamedPlaces& named, Rights& rights)
{
    auto config = read_config();
    if (!config && trust::is_root() && !named.all_users) {
        TRY(rights.give_up_for(first_places(named)));
        config = read_config();
    }
    return config;
}

/// What a wrong configuration file ends a run with.
Error of_configuration(const Error& error)
{
    const std::string usual = "this is the configuration file: fix or rename it; unstick works without one";
    return {Code::usage, error.where, error.what, error.hint.empty() ? usual : error.hint + " (" + usual + ")"};
}

int finish(const std::vector<UserRun>& runs, const Request& request)
{
    std::cerr << messages_of(runs) << std::flush;
    std::cout << (request.json ? to_json(name_of(request.command), runs) : to_text(runs)) << std::flush;
    return static_cast<int>(exit_of(runs));
}

/// One run for each site, as one result. What the runs say is shown as they end; JSON is one object.
int run_each(const Request& request, Host& host, Logs& logs)
{
    std::vector<SiteAsked> sites{{*request.site, request.notes}};
    sites.insert(sites.end(), request.more_sites.begin(), request.more_sites.end());
    std::vector<Report> reports;
    for (const SiteAsked& asked : sites) {
        Request one = request;
        one.site = asked.site;
        one.notes = asked.notes;
        Report& report = reports.emplace_back(run(one, host, adapters(), console_for(one)));
        logs.keep(report);
        if (!request.json) {
            const std::string text = to_text(report, text_options(request, Stream::output));
            std::cout << (text.empty() ? "" : "== " + printable(asked.site.name()) + "\n" + text + "\n") << std::flush;
        }
        if (report.exit_code == Exit::cancelled) {
            break;
        }
    }
    if (request.json) {
        std::cout << to_json(name_of(request.command), reports) << std::flush;
    }
    return static_cast<int>(exit_of(reports));
}

/// A file of --sites-from.
Result<std::string> file_or_input(const std::string& file)
{
    constexpr std::uint64_t largest = 4U << 20U;
    if (file != "-") {
        return files::read_file(file, largest);
    }
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

/// Ends a run that did not begin: with an object for who reads JSON, else with a message.
int refused(const Error& error, const OutputPreference& asker)
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

std::vector<std::string> known_browsers()
{
    std::vector<std::string> names;
    for (const Adapter& adapter : adapters()) {
        names.emplace_back(adapter.id);
    }
    return names;
}

/// What words on a command line ask for, with the configuration file.
Result<std::variant<Request, ImmediateOutput>> parsed_with(const std::vector<std::string>& words,
                                                           const std::string& config)
{
    return parse_command_line(words, variable, config, config_file().string(), known_browsers(), file_or_input,
                              screen_on(Stream::output).width);
}

/// `unstick` alone, with somebody at the terminal. All runs work with the rights and at the places of the first look.
int guide_main()
{
    Rights rights;
    const auto config = configuration(named_places({}, variable), rights);
    if (!config) {
        return refused(of_configuration(config.error()), {});
    }
    const auto host = this_host();
    auto first = parsed_with({"scan"}, *config);
    if (!first) {
        return refused(first.error(), {});
    }
    Request places = std::get<Request>(*first);
    look_where_sudo_was_called(places, *host, adapters());
    if (const auto ready = rights.take_for(places, host->machine(), adapters()); !ready) {
        return refused(ready.error(), {});
    }
    const TextOptions options = text_options(places, Stream::output);
    GuideTools tools;
    tools.ask = [](const std::string& prompt) {
        const BeforeEnd leaving = saying_that_nothing_was_changed();
        std::cout << prompt << std::flush;
        std::string line;
        return std::getline(std::cin, line) ? std::optional(line) : std::nullopt;
    };
    tools.say = [&](const std::string& text) { std::cout << wrapped(text, options.width, 0) << "\n" << std::flush; };
    tools.offer = [&](std::size_t number, const std::string& text) {
        const std::string label = fmt::format("  {}  ", number);
        const std::string lines = wrapped(text, options.width, static_cast<int>(label.size()));
        std::cout << label << lines.substr(label.size()) << "\n" << std::flush;
    };
    tools.request_for = [&](const std::vector<std::string>& words) -> Result<Request> {
        TRY_ASSIGN(auto parsed, parsed_with(words, *config));
        Request request = std::get<Request>(parsed);
        request.home = places.home;
        request.state_dir = places.state_dir;
        request.undo_options = places.undo_options;
        return request;
    };
    tools.run = [&](const Request& request) { return run(request, *host, adapters(), console_for(request)); };
    tools.show = [&](const Report& report) { std::cout << "\n" << to_text(report, options) << "\n" << std::flush; };
    return static_cast<int>(guide(tools));
}

int unstick_main(const std::vector<std::string>& arguments)
{
    if (arguments.empty() && is_terminal(Stream::output)) {
        if (is_terminal(Stream::input) && is_terminal(Stream::messages)) {
            return guide_main();
        }
        std::cout << short_help();
        return 0;
    }
    Rights rights;
    const auto config = configuration(named_places(arguments, variable), rights);
    const OutputPreference asker = output_preference_of(arguments, variable, config.value_or(""));
    auto parsed = parsed_with(arguments, config.value_or(""));
    if (!parsed) {
        return refused(parsed.error(), asker);
    }
    if (const ImmediateOutput* show = std::get_if<ImmediateOutput>(&*parsed)) {
        std::cout << show->text;
        return 0;
    }
    if (!config) {
        return refused(of_configuration(config.error()), asker);
    }
    Request& request = std::get<Request>(*parsed);
    if (request.all_users) {
        const auto runs = run_for_each_user(request, arguments);
        return runs ? finish(*runs, request) : refused(runs.error(), {request.command, request.json});
    }
    const auto host = this_host();
    look_where_sudo_was_called(request, *host, adapters());
    Logs logs;
    const auto ready = logs.open_own(request)
                           .and_then([&] { return rights.take_for(request, host->machine(), adapters()); })
                           .and_then([&] { return logs.open(request); });
    if (!ready) {
        return refused(ready.error(), asker);
    }
    if (!request.report_file.empty()) {
        if (const auto possible = check_report_file(request.report_file); !possible) {
            return refused(possible.error(), asker);
        }
    }
    if (!request.more_sites.empty()) {
        return run_each(request, *host, logs);
    }
    Report report = run(request, *host, adapters(), console_for(request));
    return finish(std::move(report), request, logs);
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        keep_memory_private();
        prepare_terminal();
        const int code = unstick_main({argv + std::min(argc, 1), argv + argc});
        if (has_window_of_its_own() && is_terminal(Stream::input)) {
            std::cout << "\nPress Enter to close this window." << std::flush;
            std::string line;
            std::getline(std::cin, line);
        }
        return code;
    } catch (const std::exception& exception) {
        std::cerr << "unstick: internal error: " << printable(exception.what()) << "\n";
    } catch (...) {
        std::cerr << "unstick: internal error\n";
    }
    return static_cast<int>(Exit::internal);
}
