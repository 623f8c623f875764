#include "finders/json_finder.h"
#include "profiles/chromium/finders.h"
#include "profiles/chromium/network_key.h"
#include "web/url.h"

namespace unstick {

namespace {

using json_file::Json;

std::string partition_of(const Json& element)
{
    const Json* key = json_file::find(element, "/anonymization");
    return key == nullptr ? std::string() : top_level_site_in(*key);
}

}  // namespace

Found find_network_state(const fs::path& file, const Site& site)
{
    constexpr int known_version = 5;
    constexpr std::string_view properties = "/net/http_server_properties";
    Found found;
    const auto document = read_json(file, found);
    const Json* servers = document ? json_file::find(*document, properties) : nullptr;
    if (servers == nullptr || !has_version(*servers, known_version, file, found)) {
        return found;
    }
    // The three lists name a server by its origin, by its host, and by its origin.
    struct List {
        std::string_view name;
        std::vector<std::string> identity;
        std::string_view noun;
        bool failed;  ///< what it lists did not work
    };
    const std::array<List, 3> lists{{
        {"servers", {"server", "anonymization"}, "what is known of the server ", false},
        {"broken_alternative_services",
         {"host", "port", "protocol_str", "anonymization"},
         "broken alternative service ",
         true},
        {"quic_servers", {"server_id", "anonymization"}, "QUIC handshake with ", false},
    }};
    for (const List& list : lists) {
        const auto item_of = [&](const Json& element) -> std::optional<Item> {
            const std::string name = text_in(element, list.identity.front());
            Item item;
            item.traits = AlternativeService{.failed = list.failed};
            const bool is_origin = split_url(name).has_value();
            item.host = is_origin ? std::string(host_of(name)) : name;
            item.partition = partition_of(element);
            const bool is_ours = is_origin ? site.owns_url(name) : site.owns_host(item.host);
            if (!is_ours && !site.owns_partition(item.partition)) {
                return std::nullopt;
            }
            item.label = std::string(list.noun) + name;
            if (!item.partition.empty()) {
                item.label += " under " + item.partition;
            }
            return item;
        };
        add_elements(*document, file, json_file::pointer_to(properties, list.name), list.identity, item_of, found);
    }
    return found;
}

}  // namespace unstick
