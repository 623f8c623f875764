// `gmp`: what modules for protected media (DRM) keep. For each page and the page around it a folder `id/<number>`, that
// says whose it is; what is kept for both lies in `storage/<salt>`. Source: docs/formats-firefox.md, "Media".

#include <fmt/format.h>

#include <algorithm>

#include "finders/listing.h"
#include "platform/files.h"
#include "profiles/gecko/finders.h"
#include "profiles/gecko/origin.h"

namespace unstick {

namespace {

/// `gmp/<system>/<module>`.
std::vector<fs::path> modules_in(const fs::path& gmp, Found& found)
{
    std::vector<fs::path> modules;
    for (const std::string& system : folders_in(gmp, found)) {
        for (const std::string& name : folders_in(gmp / system, found)) {
            modules.push_back(gmp / system / name);
        }
    }
    return modules;
}

Result<std::string> small_text(const fs::path& file)
{
    constexpr std::uint64_t largest = 1U << 16U;
    return files::read_file(file, largest);
}

/// The page's origin, and that of the page around it; none: it does not say it.
struct Owners {
    std::optional<gecko::Origin> page;
    std::optional<gecko::Origin> top;
};

Owners owners_of(const fs::path& folder)
{
    const auto read = [&](const char* name) {
        const auto text = small_text(folder / name);
        return text ? gecko::parse_origin(*text) : std::nullopt;
    };
    return {read("origin"), read("topLevelOrigin")};
}

Item item_of(const fs::path& module, const std::string& number, const Owners& owners,
             const std::vector<std::string>& kept)
{
    Item item;
    item.host = owners.page->host;
    const bool is_frame = owners.top->text() != owners.page->text();
    item.partition = is_frame ? owners.top->text() : gecko::partition_of(owners.page->attributes);
    item.label = fmt::format("licences for protected media of {}{}{}", item.host,
                             item.partition.empty() ? "" : " under ", item.partition);
    item.bytes = add_if_there(item, module / "id", number, files::Type::folder);
    const auto salt = small_text(module / "id" / number / "salt");
    if (salt && std::find(kept.begin(), kept.end(), *salt) != kept.end()) {
        item.bytes += add_if_there(item, module / "storage", *salt, files::Type::folder);
    }
    return item;
}

}  // namespace

Found find_gecko_media_licences(const fs::path& gmp, const Site& site)
{
    Found found;
    std::size_t unknown = 0;
    for (const fs::path& module : modules_in(gmp, found)) {
        const auto kept = folders_in(module / "storage", found);
        for (const std::string& number : to_look_at(folders_in(module / "id", found), site)) {
            const Owners owners = owners_of(module / "id" / number);
            if (!owners.page || !owners.top) {
                ++unknown;
            } else if (gecko::owns(site, *owners.page) || gecko::owns(site, *owners.top)) {
                found.items.push_back(item_of(module, number, owners, kept));
            }
        }
    }
    if (unknown > 0) {
        found.notes.push_back(
            fmt::format("{} has folders that do not say whose they are ({}): they were left.", gmp.string(), unknown));
    }
    return found;
}

}  // namespace unstick
