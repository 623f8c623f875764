#pragma once
// The straight line: re-test, discover, hold, plan, [dry run stops], journal, carry out, look again, re-test, report.

#include <span>
#include <string_view>

#include "app/console.h"
#include "cli/request.h"
#include "model/adapter.h"
#include "platform/host.h"
#include "report/report.h"

namespace unstick {

/// Does what was asked. Everything that can go wrong is in the report; nothing is printed.
Report run(const Request& request, Host& host, std::span<const Adapter> adapters, const Console& console);

/// The report of a run that was refused before it began.
Report refusal(std::string_view command, const Error& error);

}  // namespace unstick
