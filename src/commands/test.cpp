#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void test(const Request& request, Host& host, Report& report)
{
    const std::string target = request.site->target().text();
    report.target = shown_url(target);
    report.before = probe(host, target, request.probe);
    conclude_test(report, *report.before, request.probe.expect_status);
}

}  // namespace unstick::commands
