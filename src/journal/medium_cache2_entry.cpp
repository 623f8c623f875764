// Medium::cache2: entries of Firefox's HTTP cache, moved as files. The cache's index says which entries there are, by
// hashes alone. The browser believes it, and makes it anew from the entries if there is none: so it goes whenever
// entries went or came back (docs/formats-firefox.md, "HTTP cache").

#include <array>

#include "journal/moved_files.h"

namespace unstick {

namespace {

Result<void> drop_index(const Container& container)
{
    constexpr std::array names{"index", "index.log", "index.tmp"};
    Result<void> result;
    for (const char* name : names) {
        if (auto done = files::remove_tree(container.path / name); !done && result) {
            result = done;
        }
    }
    (void)files::sync_folder(container.path);
    return result;
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks)
{
    const auto erased = moved_files::erase(journal, container, locks);
    const auto dropped = drop_index(container);
    return erased ? dropped : erased;
}

/// Without an index first: cut off at any moment, none is left that does not know what is back.
Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks& locks)
{
    if (!items.empty()) {
        TRY(drop_index(container));
    }
    return moved_files::restore(journal, container, items, locks);
}

}  // namespace

extern const MediumOps cache2_entry_medium{
    .name = Medium::cache2.name,
    .order = 14,
    .schema = "",
    .save = moved_files::save,
    .erase = erase,
    .presence = moved_files::presence,
    .restore = restore,
    .tidy = moved_files::tidy,
    .stored = moved_files::stored,
    .newer = moved_files::newer,
};

}  // namespace unstick
