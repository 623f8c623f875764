#pragma once
// `serviceworker.txt` of Firefox: which service workers are registered. Text: a line with the version, then records of
// lines, each ended by a line "#". How many lines a record has depends on the version: 4 lines in version 4, 16 and
// more in version 12. Source: docs/formats-firefox.md, "Service workers".

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace unstick::service_worker_list {

inline constexpr int oldest_version = 4;
inline constexpr int newest_version = 12;

/// One registration.
struct Record {
    std::string bytes;  ///< all its lines, "#" and line end included: written as it was read

    std::string attributes;  ///< origin attributes: "", "^userContextId=2"
    std::string scope;
    std::string script;
    bool handles_fetch = true;            ///< versions below 5 do not say: the browser takes it for true
    std::optional<std::int64_t> checked;  ///< the last look for an update, Unix seconds

    /// What no two registrations have alike, and what names it in plans and journals.
    std::string key() const { return attributes + '\n' + scope; }
};

struct List {
    int version = 0;
    std::vector<Record> records;
};

/// Reads a whole file. Errors (without `where`): unsupported (a version that is not known), corrupt: hands off. With
/// one record that it does not understand, the browser throws the whole file away.
Result<List> parse(std::string_view text);

/// The whole file. What `parse` read is written the same, byte for byte.
std::string write(const List& list);

/// The list in a file. Errors: not_found, also for an empty file, which holds nothing; denied, io; as parse.
Result<List> read_file(const std::filesystem::path& file);

/// Replaces the file, in one step. Errors: denied, io.
Result<void> write_file(const std::filesystem::path& file, const List& list);

}  // namespace unstick::service_worker_list
