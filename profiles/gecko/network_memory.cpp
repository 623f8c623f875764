// What Firefox remembers in files of records. Of ways to servers: HSTS, alternative services, client certificates,
// exceptions for certificates; and salts for the names of cameras and microphones. Source of the keys:
// docs/formats-firefox.md, "Network memory".

#include <fmt/format.h>

#include <charconv>

#include "finders/listing.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/origin.h"
#include "profiles/gecko/records.h"

namespace unstick {

namespace {

using gecko::OriginAttributes;
using gecko::Record;
using gecko::RecordForm;

/// Whose a record is, by its key.
struct Owner {
    std::string host;
    std::string port = {};  ///< empty: for all ports alike
    OriginAttributes attributes = {};

    /// For Site: a host, or an address with its port.
    bool is_of(const Site& site, std::string_view scheme = "https") const
    {
        const bool is_v6 = host.find(':') != host.npos && !host.starts_with('[');
        const std::string name = is_v6 ? "[" + host + "]" : host;
        return (port.empty() ? site.owns_host(host) : site.owns_url(fmt::format("{}://{}:{}", scheme, name, port))) ||
               gecko::owns_attributes(site, attributes);
    }
};

/// "alpha.test^partitionKey=..."; before the files were of slots with ":HSTS" at the end.
std::optional<Owner> owner_of_order(std::string_view key)
{
    constexpr std::string_view old_mark = ":HSTS";
    if (key.ends_with(old_mark)) {
        key.remove_suffix(old_mark.size());
    }
    const std::size_t caret = std::min(key.find('^'), key.size());
    const auto attributes = gecko::parse_suffix(key.substr(caret));
    return attributes ? std::optional(Owner{std::string(key.substr(0, caret)), {}, *attributes}) : std::nullopt;
}

/// "https:alpha.test:443:.:^partitionKey=...:3": the port stands before a field of one letter; an IPv6 host has colons.
std::optional<Owner> owner_of_service(std::string_view key)
{
    const std::size_t start = key.find(':');
    if (start == key.npos) {
        return std::nullopt;
    }
    for (std::size_t colon = key.find(':', start + 1); colon != key.npos; colon = key.find(':', colon + 1)) {
        const std::size_t end = key.find_first_not_of("0123456789", colon + 1);
        const bool is_port = end != key.npos && end > colon + 1 && key[end] == ':' && end + 2 < key.size() &&
                             (key[end + 1] == '.' || key[end + 1] == 'P') && key[end + 2] == ':';
        if (!is_port) {
            continue;
        }
        const std::string_view rest = key.substr(end + 3);
        const auto attributes = gecko::parse_suffix(rest.substr(0, rest.rfind(':')));
        return attributes ? std::optional(Owner{std::string(key.substr(start + 1, colon - start - 1)),
                                                std::string(key.substr(colon + 1, end - colon - 1)), *attributes})
                          : std::nullopt;
    }
    return std::nullopt;
}

/// "alpha.test,<fingerprint>,<suffix>".
std::optional<Owner> owner_of_choice(std::string_view key)
{
    const std::size_t first = key.find(',');
    const std::size_t second = first == key.npos ? key.npos : key.find(',', first + 1);
    if (second == key.npos) {
        return std::nullopt;
    }
    const std::string suffix = gecko::percent_decoded(key.substr(second + 1));
    const auto attributes = gecko::parse_suffix(suffix);
    return attributes ? std::optional(Owner{std::string(key.substr(0, first)), {}, *attributes}) : std::nullopt;
}

/// "alpha.test:8444:<suffix>".
std::optional<Owner> owner_of_exception(std::string_view key)
{
    const std::size_t caret = key.find('^');
    const std::size_t end = caret != key.npos ? caret : key.size();
    std::string_view place = key.substr(0, end);
    if (!place.ends_with(':')) {
        return std::nullopt;
    }
    place.remove_suffix(1);
    const std::size_t colon = place.rfind(':');
    const auto attributes = gecko::parse_suffix(key.substr(end));
    return attributes && colon != place.npos ? std::optional(Owner{std::string(place.substr(0, colon)),
                                                                   std::string(place.substr(colon + 1)), *attributes})
                                             : std::nullopt;
}

/// "https://alpha.test:8443^userContextId=2".
std::optional<Owner> owner_of_salt(std::string_view key)
{
    const auto origin = gecko::parse_origin(key);
    return origin ? std::optional(
                        Owner{origin->host, origin->port > 0 ? std::to_string(origin->port) : "", origin->attributes})
                  : std::nullopt;
}

/// The time of a salt, in seconds.
void add_time(const Record& record, Item& item)
{
    std::int64_t made = 0;
    std::from_chars(record.value.data(), record.value.data() + record.value.size(), made);
    if (made > 0) {
        item.created = made;
    }
}

/// "<expiry in ms>,<state>,<include subdomains>": state 1 is an order, 2 that there is to be none.
void add_order(const Record& record, Item& item)
{
    const std::string& value = record.value;
    const std::size_t comma = value.find(',');
    std::int64_t expires = 0;
    std::from_chars(value.data(), value.data() + std::min(comma, value.size()), expires);
    if (expires > 0) {
        item.expires = expires / 1000;
    }
    if (comma != value.npos && value.substr(comma + 1).starts_with("1,")) {
        item.traits = Hsts{.include_subdomains = value.ends_with(",1")};
    }
}

/// What the records of one file are about.
struct RecordKind {
    RecordForm form;
    std::string_view noun;
    std::optional<Owner> (*owner)(std::string_view key);
    void (*add)(const Record& record, Item& item);
};

Item item_of(const RecordKind& kind, const fs::path& file, const Record& record, const Owner& owner)
{
    Item item;
    item.host = owner.host;
    item.partition = gecko::partition_of(owner.attributes);
    item.label = fmt::format("{} {}{}{}{}", kind.noun, owner.host, owner.port.empty() ? "" : ":", owner.port,
                             item.partition.empty() ? "" : " under " + item.partition);
    item.bytes = record.bytes.size();
    kind.add(record, item);
    item.pieces.push_back(gecko::piece_of(file, kind.form, record));
    return item;
}

Found find_records(const fs::path& file, const Site& site, const RecordKind& kind)
{
    Found found;
    const auto records = gecko::read_records(file, kind.form);
    found.present = records || records.error().code != Code::not_found;
    if (!records) {
        if (found.present) {
            found.problems.push_back(records.error());
        }
        return found;
    }
    std::size_t unknown = 0;
    for (const Record& record : *records) {
        const auto owner = kind.owner(record.key);
        unknown += owner ? 0U : 1U;
        if (owner && owner->is_of(site)) {
            found.items.push_back(item_of(kind, file, record, *owner));
        }
    }
    if (unknown > 0) {
        found.notes.push_back(
            fmt::format("{} has entries that do not say whose they are ({}): they were left.", file.string(), unknown));
    }
    return found;
}

void add_nothing(const Record&, Item&) {}

}  // namespace

Found find_gecko_hsts(const fs::path& file, const Site& site)
{
    return find_records(file, site, {RecordForm::small_slots, "order to use HTTPS for", owner_of_order, add_order});
}

Found find_gecko_alternative_services(const fs::path& file, const Site& site)
{
    return find_records(file, site,
                        {RecordForm::large_slots, "other way to", owner_of_service,
                         [](const Record&, Item& item) { item.traits = AlternativeService{}; }});
}

Found find_gecko_client_certificates(const fs::path& file, const Site& site)
{
    return find_records(file, site,
                        {RecordForm::large_slots, "choice of a client certificate for", owner_of_choice, add_nothing});
}

Found find_gecko_certificate_exceptions(const fs::path& file, const Site& site)
{
    return find_records(file, site,
                        {RecordForm::lines, "exception for a certificate of", owner_of_exception, add_nothing});
}

Found find_gecko_device_salts(const fs::path& file, const Site& site)
{
    return find_records(
        file, site,
        {RecordForm::salt_lines, "salt for the names of cameras and microphones for", owner_of_salt, add_time});
}

Found find_gecko_tls_tickets(const fs::path& file, const Site&)
{
    Found found;
    Item item;
    item.label = "all TLS tickets, of all sites";
    item.bytes = add_if_there(item, file.parent_path(), file.filename().string(), files::Type::file);
    if (!item.pieces.empty()) {
        found.present = true;
        found.items.push_back(std::move(item));
    }
    return found;
}

}  // namespace unstick
