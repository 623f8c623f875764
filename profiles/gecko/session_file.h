#pragma once
// Firefox's sessions, `sessionstore.jsonlz4` and its copies: windows with their tabs, and in these the session storage
// of pages; and the cookies that end with the browser. Source: docs/formats-firefox.md, "Sessions". Their medium takes
// cookies and storage out and puts them back; tabs stay.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "containers/json_file.h"
#include "model/item.h"

namespace unstick {

struct MediumOps;  // journal/medium.h

namespace gecko {

namespace fs = std::filesystem;

/// A cookie: `container` is the file, `key` "/cookies", `table` the members that tell it from others, as for
/// Medium::json. Or the session storage of one origin in one tab: `key` is its JSON pointer, in which numbers are
/// places in arrays, and `table` is empty.
inline constexpr Medium session_medium{"gecko-session"};
extern const MediumOps session_medium_ops;

using json_file::Json;

inline constexpr std::string_view cookies_pointer = "/cookies";

/// The document in a session's file. Errors: as files::read_file; corrupt; unsupported if it is larger than any real
/// one.
Result<Json> read_session(const fs::path& file);
/// The document in the content of such a file. Errors: corrupt, unsupported.
Result<Json> session_in(std::string_view content);
/// Replaces the file in one step. Errors: as files::write_file; io.
Result<void> write_session(const fs::path& file, const Json& session);

/// Calls `use` with each tab, open or closed, that has pages, and with its JSON pointer.
void each_tab(const Json& session, const std::function<void(const Json& tab, const std::string& pointer)>& use);

/// What a pointer names, through objects and, by numbers, arrays; nullptr if it is not there.
const Json* find_in_session(const Json& session, std::string_view pointer);
Json* find_in_session(Json& session, std::string_view pointer);

}  // namespace gecko

}  // namespace unstick
