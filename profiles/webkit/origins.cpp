#include "profiles/webkit/origins.h"

#include <fmt/format.h>

#include "finders/listing.h"
#include "platform/files.h"
#include "profiles/webkit/local_storage.h"
#include "profiles/webkit/string_coder.h"

namespace unstick {

namespace fs = std::filesystem;

namespace webkit {

namespace {

Origin read_origin(ByteReader& reader)
{
    Origin origin;
    origin.scheme = read_string(reader).value_or("");
    origin.host = read_string(reader).value_or("");
    if (reader.little<std::uint8_t>() != 0) {
        origin.port = reader.little<std::uint16_t>();
    }
    return origin;
}

}  // namespace

std::string Origin::text() const
{
    return scheme + "://" + host + (port ? ":" + std::to_string(*port) : "");
}

std::optional<Owners> parse_origin_file(std::string_view content)
{
    ByteReader reader(content);
    Owners owners;
    owners.top = read_origin(reader);
    owners.client = read_origin(reader);
    const bool is_known = reader.ok() && reader.rest().empty() && !owners.top.scheme.empty();
    return is_known ? std::optional(std::move(owners)) : std::nullopt;
}

}  // namespace webkit

namespace {

/// Adds the folder `name` (a path below `root`) if it is the site's.
void look_into(const fs::path& root, const std::string& name, std::string_view noun, const Site& site, Found& found)
{
    constexpr std::uint64_t largest = 1U << 16U;
    const fs::path file = root / name / "origin";
    const auto content = files::read_file(file, largest);
    if (!content && content.error().code != Code::not_found) {
        found.problems.push_back(content.error());
        return;
    }
    const auto owners = webkit::parse_origin_file(content.value_or(""));
    if (!owners && content.value_or("").empty() && holds_nothing(root / name)) {
        return;
    }
    if (!owners) {
        found.problems.push_back({Code::corrupt,
                                  (root / name).string(),
                                  content ? "its file `origin` is not understood; it was left"
                                          : "it does not say whose data it holds; it was left",
                                  {}});
        return;
    }
    const std::string top = owners->top.text();
    const std::string client = owners->client.text();
    if (!site.owns_url(top) && !site.owns_url(client)) {
        return;
    }
    Item item;
    item.label = fmt::format("{} of {}{}", noun, client, top == client ? "" : " under " + top);
    item.bytes = files::tree_size(root / name);
    item.host = owners->client.host;
    item.name = client;
    item.partition = top == client ? "" : top;
    item.pieces.push_back({Medium::file, root.string(), {}, name});
    add_local_storage_traits(root / name / "LocalStorage/localstorage.sqlite3", item);
    found.items.push_back(std::move(item));
}

}  // namespace

Found find_webkit_origins(const fs::path& root, const Site& site)
{
    Found found;
    for (const std::string& top : to_look_at(folders_in(root, found), site)) {
        for (const std::string& client : to_look_at(folders_in(root / top, found), site)) {
            look_into(root, top + "/" + client, "storage", site, found);
        }
    }
    return found;
}

Found find_webkit_cache_storage(const fs::path& root, const Site& site)
{
    Found found;
    for (const std::string& name : to_look_at(folders_in(root, found), site)) {
        look_into(root, name, "caches", site, found);
    }
    return found;
}

}  // namespace unstick
