#include "finders/json_finder.h"

#include <map>

#include "finders/listing.h"

namespace unstick {

namespace fs = std::filesystem;
using json_file::Json;

std::optional<Json> read_json(const fs::path& file, Found& found)
{
    if (is_empty_file(file)) {
        found.present = true;
        return std::nullopt;
    }
    auto document = json_file::read(file);
    if (document) {
        found.present = true;
        return std::move(*document);
    }
    if (document.error().code != Code::not_found) {
        found.present = true;
        found.problems.push_back(document.error());
    }
    return std::nullopt;
}

bool has_version(const Json& object, int version, const fs::path& file, Found& found)
{
    if (object.is_object() && object.empty()) {
        return false;  // nothing has been written into it yet
    }
    const Json* stored = json_file::find(object, "/version");
    found.version = stored == nullptr ? "" : stored->dump();
    if (stored != nullptr && *stored == version) {
        return true;
    }
    found.problems.push_back({Code::unsupported, file.string(),
                              "the version of its layout is not known to this unstick",
                              "nothing in it was touched; a newer unstick may know it"});
    return false;
}

std::string text_in(const Json& object, std::string_view name)
{
    const Json* value = json_file::find(object, json_file::pointer_to("", name));
    return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

void add_member(const fs::path& file, std::string pointer, const Json& value, Item item, Found& found)
{
    item.bytes = pointer.size() - pointer.rfind('/') + value.dump().size();
    item.pieces.push_back({Medium::json, file.string(), {}, std::move(pointer)});
    found.items.push_back(std::move(item));
}

void add_elements(const Json& document, const fs::path& file, std::string_view pointer,
                  const std::vector<std::string>& names,
                  const std::function<std::optional<Item>(const Json& element)>& item_of, Found& found)
{
    const Json* array = json_file::find(document, pointer);
    if (array == nullptr || !array->is_array()) {
        return;
    }
    std::map<std::string, std::size_t> known;  // identity -> index of its item
    for (const Json& element : *array) {
        auto item = element.is_object() ? item_of(element) : std::nullopt;
        if (!item) {
            continue;
        }
        Json identity = Json::object();
        for (const std::string& name : names) {
            identity[name] = element.value(name, Json());
        }
        const auto [place, is_new] = known.emplace(identity.dump(), found.items.size());
        if (is_new) {
            item->pieces.push_back({Medium::json, file.string(), place->first, std::string(pointer)});
            found.items.push_back(std::move(*item));
        }
        found.items[place->second].bytes += element.dump().size();
    }
}

}  // namespace unstick
