#pragma once
// Medium::json: members and elements of JSON files. How such a file is read, changed and written; the finders of
// stores that are JSON files read with it too.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"
#include "platform/files.h"

namespace unstick::json_file {

namespace fs = std::filesystem;

/// Keeps the order of members, so that a rewritten file differs from the old one in nothing but what was changed.
using Json = nlohmann::ordered_json;

/// The largest file that is read. Preferences of real profiles are below 10 MB.
inline constexpr std::uint64_t largest_file = 32U << 20U;

/// A file as a document. Errors: as files::read_file; corrupt if it is not JSON in UTF-8; unsupported if it is beyond
/// JsonLimits (base/limited_json.h).
Result<Json> read(const fs::path& file);

/// Replaces a file by a document, in one step and with the same mode. What would be written is parsed again first: a
/// browser throws a file away that it cannot parse, and with it the settings of all sites. Errors: as
/// files::write_file; io if the text does not give the same document again.
Result<void> write(const fs::path& file, const Json& document);

/// `parent`, a JSON pointer (RFC 6901), continued by a member's name.
std::string pointer_to(std::string_view parent, std::string_view name);

/// The names in a JSON pointer. Here each is the name of a member: an index into an array is no name that lasts.
std::vector<std::string> names_in(std::string_view pointer);

/// What the pointer names, through objects only; nullptr if it is not there.
const Json* find(const Json& document, std::string_view pointer);
Json* find(Json& document, std::string_view pointer);

/// Does `identity`, an object, mean this element of an array? It does if all its members are the element's too and are
/// equal; null stands for a member that the element lacks. False for anything but objects.
bool is_meant(const Json& identity, const Json& element);

/// Equal as browsers see it: whatever the order of members.
bool equal(const Json& a, const Json& b);

}  // namespace unstick::json_file
