#include "app/dns.h"

#include <algorithm>

#include "web/resolve_entry.h"

namespace unstick {

namespace {

/// Does --resolve name the address? Then the resolver is not asked, and its answer tells nothing.
bool is_pinned(const Url& target, const std::vector<std::string>& resolve)
{
    return std::any_of(resolve.begin(), resolve.end(), [&](std::string_view text) {
        const auto entry = parse_resolve_entry(text);
        return entry && entry->applies_to(target);
    });
}

}  // namespace

FlushedNames flush_names(const Request& request, Network& network)
{
    if (!request.flush_dns) {
        return {};
    }
    const Url& target = request.site->target();
    const bool asks = !is_pinned(target, request.probe.http.resolve);
    const auto look_up = [&] {
        return asks ? network.resolve(target.host).value_or(std::vector<std::string>()) : std::vector<std::string>();
    };
    FlushedNames result;
    NameFlush& flush = result.names.emplace();
    flush.host = target.host;
    flush.before = flush.after = look_up();
    if (!request.dry_run) {
        if (const auto done = network.flush_dns(); done) {
            flush.emptied = true;
            flush.after = look_up();
        } else {
            result.problems.push_back(done.error());
        }
    }
    return result;
}

}  // namespace unstick
