#pragma once
// What a run's file `sealed` says: a digest of all that tells where the pieces in a journal belong. The pieces
// themselves have digests of their own (stored_pieces.h). It tells damage, not forgery.

#include <string>

#include "journal/journal.h"

namespace unstick::seal {

/// A line of text. Throws SQLite's exceptions.
std::string text_of(SQLite::Database& database, const Media& media);

/// Does the journal say what it said when it was sealed? Journals that were sealed without a text are not judged.
/// Errors: corrupt; those of reading. Throws SQLite's exceptions.
Result<void> check(SQLite::Database& database, const Media& media, const fs::path& run);

inline constexpr const char* file_name = "sealed";

}  // namespace unstick::seal
