#pragma once
// What the finders in JSON files have in common.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "containers/json_file.h"
#include "model/item.h"

namespace unstick {

/// The document in `file`. std::nullopt if it is not there or empty or, with a problem, if it cannot be read.
std::optional<json_file::Json> read_json(const std::filesystem::path& file, Found& found);

/// Is the member `version` of `object` the one that we know? If not, that is a problem, unless the object has no
/// members yet.
bool has_version(const json_file::Json& object, int version, const std::filesystem::path& file, Found& found);

/// The text of an object's member; empty if there is none.
std::string text_in(const json_file::Json& object, std::string_view name);

/// Adds a member of an object to what was found: `item` with its piece and size.
void add_member(const std::filesystem::path& file, std::string pointer, const json_file::Json& value, Item item,
                Found& found);

/// Adds elements of the array that `pointer` names, if there is one: each for which `item_of` gives an item, with its
/// piece and size. What tells elements from each other are the members in `names`, and `item_of` must look at no
/// others to decide; several elements in which those are the same are one item.
void add_elements(const json_file::Json& document, const std::filesystem::path& file, std::string_view pointer,
                  const std::vector<std::string>& names,
                  const std::function<std::optional<Item>(const json_file::Json& element)>& item_of, Found& found);

}  // namespace unstick
