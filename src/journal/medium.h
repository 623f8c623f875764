#pragma once
// The media: how pieces are saved into the journal, erased from a profile, and put back. Finders
// (finders/, profiles/) say what belongs to a site; media know nothing of sites or browsers.

#include <array>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "journal/journal.h"
#include "journal/stored_pieces.h"

namespace unstick {

/// A piece together with the item that it is part of.
struct PieceOf {
    ItemId item = 0;
    const Piece* piece = nullptr;
};

/// What came back in the meantime in the place of an item.
struct Newer {
    ItemId item = 0;
    Piece piece;
};

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

/// One medium: medium_*.cpp, and a row in medium.cpp or in Adapter::media. The functions may throw SQLite::Exception;
/// medium.cpp catches it for all.
struct MediumOps {
    std::string_view name;  ///< Medium::name
    int order = 0;          ///< of removal: what is safe if we are cut off first, what names other things after them
    const char* schema;     ///< its tables inside a journal
    Result<void> (*save)(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces);
    Result<void> (*erase)(Journal& journal, const Container& container, HeldLocks& locks);
    Result<Presence> (*presence)(Journal& journal, const Container& container);
    Result<void> (*restore)(Journal& journal, const Container& container, const std::set<ItemId>& items,
                            HeldLocks& locks);
    void (*tidy)(Journal& journal, const Container& container);
    /// Names each piece that the journal keeps, also when some of it is missing.
    void (*stored)(Journal& journal, const Container& container, const EachStored& each);
    /// What lies now in the places of these items and is not what was there, as pieces of this medium. Nothing of an
    /// item whose way is barred by something that is no piece.
    Result<std::vector<Newer>> (*newer)(Journal& journal, const Container& container, const std::set<ItemId>& items);
    /// Those of its tables that say where pieces belong and hold none: the seal covers them (seal.h).
    std::array<std::string_view, 2> places{};
    bool replaces_folder = false;  ///< its containers are changed by replace_folder
    /// Notes where in a container, for whose pieces `save` was called, more of the site's may lie. Or nullptr.
    Result<void> (*save_former)(Journal& journal, const Container& container,
                                std::span<const FormerKeys> former) = nullptr;
};

namespace media {

/// Copies what is needed to restore the pieces into the journal. The profile stays as it is.
/// Errors: changed (a piece is not there any more), locked, denied, corrupt, io.
Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces);

/// Notes where in a container, whose pieces are saved, more of the site's may lie: that goes with them. Errors: io.
Result<void> save_former(Journal& journal, const Container& container, std::span<const FormerKeys> former);

/// Removes all saved pieces of the container: all or, on an error, none (files: as many as went).
Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks);

/// Looks whether the place of each item in the container is free. Changes nothing.
Result<Presence> presence(Journal& journal, const Container& container);

/// Puts the pieces of these items back: all or, on an error, none (files: as many as went).
Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks& locks);

/// As MediumOps::newer. Changes nothing.
Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items);

/// Removes half-done copies that a run left in its folder and beside its containers when it was cut off, and ends what
/// it had begun to replace. Safe at any time. More can be done in the profile that is held: what only its browser can
/// have made in the place of a folder is set aside.
void tidy(Journal& journal, std::optional<std::int64_t> held_profile = std::nullopt);

/// Old versions of folders that this run replaced and that cannot be removed yet.
std::vector<Error> left(Journal& journal);

}  // namespace media

}  // namespace unstick
