// Parse, wire, run, print, exit code.

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <string>

#include "../../platform/platform.h"
#include "../../platform/terminal.h"
#include "../../profiles/profiles.h"
#include "../all_users.h"
#include "../cli.h"
#include "../help.h"
#include "../report.h"
#include "../report_file.h"
#include "../run.h"
#include "../text.h"
#include "console.h"
#include "each_user.h"
#include "environment.h"
#include "rights.h"

using namespace unstick;

namespace {

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

int finish(const std::vector<UserRun>& runs, const Request& request)
{
    std::cout << (request.json ? to_json(name_of(request.command), runs) : to_text(runs)) << std::flush;
    return static_cast<int>(exit_of(runs));
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

int unstick_main(const std::vector<std::string>& arguments)
{
    if (arguments.empty() && is_terminal(Stream::output)) {
        std::cout << short_help();
        return 0;
    }
    const auto config = read_config();
    const Asker asker = asker_of(arguments, variable, config.value_or(""));
    auto parsed = parse_command_line(arguments, variable, config.value_or(""), config_file().string());
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
        const auto runs = run_for_each_user(request, arguments);
        return runs ? finish(*runs, request) : refused(runs.error(), {request.command, request.json});
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
