#include "names.h"

#include <fmt/format.h>

#include <algorithm>

#include "../text.h"

namespace unstick {

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

void flush_names(Job& job)
{
    if (!job.request.flush_dns) {
        return;
    }
    const Url& target = job.request.site->target();
    const bool asks = !is_pinned(target, job.request.probe.http.resolve);
    const auto look_up = [&] {
        return asks ? job.host.resolve(target.host).value_or(std::vector<std::string>()) : std::vector<std::string>();
    };
    NameFlush flush;
    flush.host = target.host;
    flush.before = flush.after = look_up();
    if (!job.request.dry_run) {
        if (const auto done = job.host.flush_dns(); done) {
            flush.emptied = true;
            flush.after = look_up();
        } else {
            job.report.problems.push_back(done.error());
        }
    }
    job.report.dns = std::move(flush);
}

}  // namespace unstick
