#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void test(const Request& request, Host& host, const Console& console, Report& report)
{
    Stages stages(console, 1);
    ask_site(request, host, stages, report);
    conclude_test(report, *report.before, request.probe.expect_status);
}

}  // namespace unstick::commands
