#pragma once
// What media have in common whose pieces are files and folders that are moved into the journal's folder and back: the
// functions of MediumOps (medium.h), and what was moved. Their places are in one table, `files`, which Medium::file
// makes and the seal covers.

#include "journal/medium.h"

namespace unstick::moved_files {

/// A file or folder of a container.
struct Moved {
    ItemId item = 0;
    fs::path original;
    fs::path stored;

    std::string name() const { return stored.filename().string(); }
};

/// In the order of their recording. Throws SQLite::Exception.
std::vector<Moved> moved_of(Journal& journal, const Container& container);

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces);
Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks);
Result<Presence> presence(Journal& journal, const Container& container);
Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks& locks);
void tidy(Journal& journal, const Container& container);
void stored(Journal& journal, const Container& container, const EachStored& each);
Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items);

}  // namespace unstick::moved_files
