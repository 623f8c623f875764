#pragma once
// What rules want to know of a WebKit local storage: a SQLite database with one table, `ItemTable`, of keys and of
// values in UTF-16LE. The same in both forms of WebKit's storage (WebKitGTK 2.50).

#include <filesystem>

#include "model/item.h"

namespace unstick {

/// Makes the item one of type origin_storage: the names of the entries, and how long the tokens in their values live.
/// No value leaves this function. A file that is not there or not understood says nothing.
void add_local_storage_traits(const std::filesystem::path& file, Item& item);

}  // namespace unstick
