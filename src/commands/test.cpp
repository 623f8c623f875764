#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void test(const Request& request, Host& host, Report& report)
{
    report.target = request.site->target().text();
    report.before = probe(host, report.target, request.probe);
    conclude_test(report, *report.before, request.probe.expect_status);
}

}  // namespace unstick::commands
