#pragma once
// The media: how pieces are saved into the journal, erased from a profile, and put back. Finders
// (src/formats/) say what belongs to a site; media know nothing of sites or browsers.

#include <map>
#include <set>
#include <vector>

#include "../journal.h"

namespace unstick {

/// A piece together with the item that it is part of.
struct PieceOf {
    ItemId item = 0;
    const Piece* piece = nullptr;
};

/// Locks that are held until the work on a profile is over.
using HeldLocks = std::vector<files::Lock>;

/// What a look at a container says before an undo.
struct Presence {
    std::set<ItemId> in_place;   ///< everything of the item is there as it was: nothing to do
    std::set<ItemId> came_back;  ///< something else has taken its place: must not be overwritten
};

/// What became of one piece in the profile.
enum class PieceState {
    free,   ///< nothing is there
    same,   ///< it is there as it was
    taken,  ///< something else is there, or bars the way
};

/// From pieces to items, for media whose items have several pieces in a container: an item is in place if all its
/// pieces are, and came back if any place is not free.
class PresenceCount {
public:
    void add(ItemId item, PieceState state);
    Presence result() const;

private:
    struct Count {
        int all = 0;
        int same = 0;
        int taken = 0;
    };
    std::map<ItemId, Count> counts_;
};

/// One medium. The functions may throw SQLite::Exception; medium.cpp catches it for all.
struct MediumOps {
    Result<void> (*save)(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces);
    Result<void> (*erase)(Journal& journal, const Container& container, HeldLocks& locks);
    Result<Presence> (*presence)(Journal& journal, const Container& container);
    Result<void> (*restore)(Journal& journal, const Container& container, const std::set<ItemId>& items,
                            HeldLocks& locks);
    void (*tidy)(Journal& journal, const Container& container);
};

extern const MediumOps entry_medium;     // entry_medium.cpp
extern const MediumOps file_medium;      // file_medium.cpp
extern const MediumOps json_medium;      // json_medium.cpp
extern const MediumOps keychain_medium;  // keychain_medium.cpp
extern const MediumOps pair_medium;      // pair_medium.cpp
extern const MediumOps plist_medium;     // plist_medium.cpp
extern const MediumOps record_medium;    // record_medium.cpp
extern const MediumOps row_medium;       // row_medium.cpp

namespace media {

/// Copies what is needed to restore the pieces into the journal. The profile stays as it is.
/// Errors: changed (a piece is not there any more), locked, denied, corrupt, io.
Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces);

/// Removes all saved pieces of the container: all or, on an error, none (files: as many as went).
Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks);

/// Looks whether the place of each item in the container is free. Changes nothing.
Result<Presence> presence(Journal& journal, const Container& container);

/// Puts the pieces of these items back: all or, on an error, none (files: as many as went).
Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks& locks);

/// Removes half-done copies that a run left beside its containers when it was cut off. Safe at any time.
void tidy(Journal& journal);

}  // namespace media

/// The tables of the media inside a journal.
inline constexpr const char* media_schema = R"sql(
    CREATE TABLE files(container INTEGER, item INTEGER, key TEXT, stored INTEGER PRIMARY KEY);
    CREATE TABLE pairs(container INTEGER, item INTEGER, key BLOB, value BLOB);
    CREATE TABLE entries(container INTEGER, item INTEGER, key BLOB);
    CREATE TABLE saved_entries(container INTEGER, key BLOB, saved BLOB);
    CREATE TABLE members(id INTEGER PRIMARY KEY, container INTEGER, item INTEGER, pointer TEXT, identity TEXT,
                         value TEXT);
    CREATE TABLE records(container INTEGER, item INTEGER, bytes BLOB);
    CREATE TABLE keychain_entries(container INTEGER, item INTEGER, attributes TEXT, password BLOB);
    CREATE TABLE plist_members(container INTEGER, item INTEGER, dictionary TEXT, name TEXT, value BLOB);
    CREATE TABLE mirrors(id INTEGER PRIMARY KEY, container INTEGER, name TEXT, identity TEXT);
    CREATE TABLE mirror_columns(mirror INTEGER, position INTEGER, name TEXT);
    CREATE TABLE shares(container INTEGER, item INTEGER, name TEXT, key TEXT, amount INTEGER);
)sql";

}  // namespace unstick
