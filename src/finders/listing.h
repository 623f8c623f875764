#pragma once
// Looking into a store that is a folder.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/item.h"
#include "platform/files.h"
#include "web/site.h"

namespace unstick {

/// How many entries of a store are looked at one by one: all, or for a scope that owns nothing a few.
std::size_t entries_to_look_at(const Site& site);

/// The first of these names, as many as are to be looked at one by one.
std::vector<std::string> to_look_at(std::vector<std::string> names, const Site& site);

/// Names of the folders in a folder, sorted; no links. If the folder is there, `found` is present; if it cannot be
/// listed, that becomes a problem.
std::vector<std::string> folders_in(const std::filesystem::path& path, Found& found);

/// The same for regular files.
std::vector<std::string> files_in(const std::filesystem::path& path, Found& found);

/// Is it a file without a byte? Browsers that are cut off leave such: it holds nothing of anybody.
bool is_empty_file(const std::filesystem::path& path);

/// Is there not a byte in a folder: no file below it but empty ones, and those in which a Mac keeps how a window looks?
/// So is one that is not there. False if something in it cannot be looked at.
bool holds_nothing(const std::filesystem::path& path);

/// Makes the file or folder `name` of `container`, which goes with an item, a piece of it if there is one of that type.
/// Returns its size. What cannot be looked at (a disk that fails) is taken for there: the item cannot be saved then,
/// and stays whole.
std::uint64_t add_if_there(Item& item, const std::filesystem::path& container, const std::string& name,
                           files::Type type);

}  // namespace unstick
