#pragma once
// What rules want to know of an origin's local storage, `ls/data.sqlite`: a table of keys and of values, which may be
// compressed and in UTF-16. Source: docs/formats-firefox.md, "Storage of an origin".

#include <filesystem>

#include "model/item.h"

namespace unstick::gecko {

/// Makes the item one of type OriginStorage: the names of the entries, and how long the tokens in their values live. No
/// value leaves this function. A file that is not there or not understood says nothing.
void add_local_storage_traits(const std::filesystem::path& file, Item& item);

}  // namespace unstick::gecko
