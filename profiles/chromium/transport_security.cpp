#include <map>

#include "base/hash.h"
#include "finders/json_finder.h"
#include "profiles/chromium/finders.h"
#include "web/url.h"

namespace unstick {

namespace {

/// A host name as in DNS messages: each label after its length, then a zero. Empty if it has no such form.
std::string wire_name(std::string_view host)
{
    constexpr std::size_t longest_label = 63;
    std::string name;
    while (!host.empty()) {
        const std::string_view label = host.substr(0, host.find('.'));
        if (label.empty() || label.size() > longest_label) {
            return {};
        }
        name += static_cast<char>(label.size());
        name += label;
        host.remove_prefix(std::min(label.size() + 1, host.size()));
    }
    return name + '\0';
}

/// Chromium 132 and newer obey no order for the computer itself, and keep what older ones have noted
/// (docs/formats-chromium.md, "JSON files").
bool is_obeyed(std::string_view host)
{
    return host != "localhost" && !host.ends_with(".localhost");
}

/// Unix seconds, written with a fraction.
std::optional<std::int64_t> time_in(const json_file::Json& element, std::string_view name)
{
    constexpr double farthest = 1e12;
    const auto* time = json_file::find(element, json_file::pointer_to("", name));
    if (time == nullptr || !time->is_number() || time->get<double>() < 0 || time->get<double>() > farthest) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(time->get<double>());
}

}  // namespace

Found find_transport_security(const fs::path& file, const Site& site)
{
    constexpr int known_version = 2;
    Found found;
    const auto document = read_json(file, found);
    if (!document || !has_version(*document, known_version, file, found)) {
        return found;
    }
    std::map<std::string, std::string> hosts;  // as the file names them -> host
    for (const std::string& host : site.known_hosts()) {
        hosts.emplace(base64(sha256(wire_name(host))), host);
    }
    const auto item_of = [&](const json_file::Json& element) -> std::optional<Item> {
        const auto host = hosts.find(text_in(element, "host"));
        if (host == hosts.end()) {
            return std::nullopt;
        }
        Item item;
        item.host = host->second;
        item.created = time_in(element, "sts_observed");
        item.expires = time_in(element, "expiry");
        const auto* const below = json_file::find(element, "/sts_include_subdomains");
        item.label = "order to use HTTPS for " + item.host;
        if (is_obeyed(item.host)) {
            item.traits = Hsts{.include_subdomains = below != nullptr && *below == true};
        } else {
            item.label += ", which browsers of today do not obey";
        }
        return item;
    };
    add_elements(*document, file, "/sts", {"host"}, item_of, found);
    return found;
}

}  // namespace unstick
