// --flush-dns: a name that this computer remembers with an old address leads to a server that knows nobody.

#include <fmt/format.h>

#include <algorithm>

#include "../text.h"
#include "commands.h"

namespace unstick::commands {

namespace {

/// Does --resolve name the address? Then the resolver is not asked, and its answer tells nothing.
bool is_pinned(const Url& target, const std::vector<std::string>& resolve)
{
    const int port = target.port != 0 ? target.port : target.scheme == "https" ? 443 : 80;
    const std::string start = fmt::format("{}:{}:", target.host, port);
    return std::any_of(resolve.begin(), resolve.end(), [&](std::string_view entry) {
        return lower(entry.substr(entry.starts_with('+') ? 1 : 0)).starts_with(start);
    });
}

}  // namespace

void flush_names(const Request& request, Host& host, Report& report)
{
    if (!request.flush_dns) {
        return;
    }
    const Url& target = request.site->target();
    const bool asks = !is_pinned(target, request.probe.http.resolve);
    const auto look_up = [&] {
        return asks ? host.resolve(target.host).value_or(std::vector<std::string>()) : std::vector<std::string>();
    };
    NameFlush flush;
    flush.host = target.host;
    flush.before = flush.after = look_up();
    if (!request.dry_run) {
        if (const auto done = host.flush_dns(); done) {
            flush.emptied = true;
            flush.after = look_up();
        } else {
            report.problems.push_back(done.error());
        }
    }
    report.dns = std::move(flush);
}

}  // namespace unstick::commands
