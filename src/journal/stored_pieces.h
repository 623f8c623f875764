#pragma once
// Are the pieces that a journal keeps still what was put into it? Their sizes and SHA-256 are part of it. Journals of
// unstick 0.1.0 have none: of those it can only be said that a file is there.

#include <functional>
#include <map>

#include "journal/journal.h"

namespace unstick {

/// A piece as a journal keeps it: bytes in its database, or a file or folder.
struct StoredPiece {
    ItemId item = 0;
    std::string name;   ///< no other piece of its container has it
    std::string bytes;  ///< for those in the database
    fs::path file = {};
    bool is_in_profile = false;  ///< `file` has not been moved yet, or is back
};

using EachStored = std::function<void(const StoredPiece& piece)>;

/// Items of which something is missing or is not what was stored, and what is wrong.
using Damaged = std::map<ItemId, std::string>;

namespace stored_pieces {

/// Notes what `Media::save` has stored. Errors: io. Throws SQLite::Exception.
Result<void> note(Journal& journal, const Container& container);

/// For media whose pieces are rows: a query, with the container as its parameter, of item, name and what makes the
/// piece up. Throws SQLite::Exception.
void each_row(Journal& journal, const Container& container, const std::string& query, const EachStored& each);

/// Looks at all that is kept of a container. Changes nothing. Errors: denied, io: it cannot be said.
Result<Damaged> check(Journal& journal, const Container& container);

/// Pieces are back in the profile: nothing is kept of them any more. Throws SQLite::Exception.
void forget(Journal& journal, const Container& container, const std::vector<std::string>& names);

/// Is what lies at a place what was noted under this name? Also true if nothing was. Errors: denied, io. Throws
/// SQLite::Exception.
Result<bool> is_as_stored(Journal& journal, const Container& container, const std::string& name, const fs::path& file);

/// Do two files or folders hold the same? No if one of them cannot be read. Errors: denied, io.
Result<bool> are_alike(const fs::path& a, const fs::path& b);

}  // namespace stored_pieces

}  // namespace unstick
