#pragma once
// Cookie jars of Safari as files: read, replaced as a whole, and how one record in them is named.

#include <filesystem>
#include <string>

#include "containers/binary_cookies.h"

namespace unstick::jars {

namespace fs = std::filesystem;

/// The jar in a file. Errors: not_found, denied, io; corrupt or unsupported (binary_cookies::parse): hands off.
Result<binary_cookies::Jar> read(const fs::path& file);

/// Replaces the file, atomically, by this jar. Errors: denied, io.
Result<void> write(const fs::path& file, const binary_cookies::Jar& jar);

/// What names a record in a plan and a journal: the SHA-256 of its bytes, in hexadecimal. The bytes hold the cookie's
/// value and stay out of plans.
std::string key_of(const binary_cookies::Record& record);

}  // namespace unstick::jars
