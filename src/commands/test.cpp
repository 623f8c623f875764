#include "../verdict.h"
#include "commands.h"

namespace unstick::commands {

void test(const Request& request, Host& host, Report& report)
{
    flush_names(request, host, {}, report);
    ask_site(request, host, {}, report);
    conclude_test(report, *report.before, request.probe.expect_status);
}

}  // namespace unstick::commands
