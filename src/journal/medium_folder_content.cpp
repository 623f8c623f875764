// Medium::content: files and folders whose own folder goes with the last of them. The emptied folder itself is moved
// into the journal too, and comes back first, so that it has its rights and times again. What else is in it, or came
// into it since, stays where it is, but for empty folders that bar the way.

#include <map>

#include "journal/moved_files.h"

namespace unstick {

namespace {

using moved_files::Moved;

/// The folders of what was moved, other than the container, and where each is kept when it was emptied.
std::map<fs::path, fs::path> folders_of(Journal& journal, const Container& container)
{
    std::map<fs::path, fs::path> folders;
    for (const Moved& file : moved_files::moved_of(journal, container)) {
        const fs::path folder = file.original.parent_path();
        if (folder != container.path) {
            folders.try_emplace(folder, file.stored.string() + "-folder");
        }
    }
    return folders;
}

bool is_empty_folder(const fs::path& path)
{
    const auto names = files::list(path);
    return names && names->empty();
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks& locks)
{
    auto result = moved_files::erase(journal, container, locks);
    for (const auto& [folder, kept] : folders_of(journal, container)) {
        if (is_empty_folder(folder)) {
            (void)files::move(folder, kept);  // what is left of it then is its name
        }
    }
    (void)files::sync_folder(container.path);
    return result;
}

/// Is nothing but an empty folder where a moved folder was? Browsers make such when they only look.
bool is_barred_by_nothing(const Moved& file)
{
    return files::exists(file.stored).value_or(false) && is_empty_folder(file.original);
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    TRY_ASSIGN(auto presence, moved_files::presence(journal, container));
    std::set<ItemId> free = presence.came_back;
    for (const Moved& file : moved_files::moved_of(journal, container)) {
        if (files::exists(file.original).value_or(true) && !is_barred_by_nothing(file)) {
            free.erase(file.item);
        }
    }
    for (const ItemId item : free) {
        presence.came_back.erase(item);
    }
    return presence;
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks& locks)
{
    std::set<fs::path> wanted;
    for (const Moved& file : moved_files::moved_of(journal, container)) {
        if (!items.contains(file.item)) {
            continue;
        }
        wanted.insert(file.original.parent_path());
        if (is_barred_by_nothing(file)) {
            TRY(files::remove_tree(file.original));
        }
    }
    for (const auto& [folder, kept] : folders_of(journal, container)) {
        if (wanted.contains(folder) && files::exists(kept).value_or(false)) {
            (void)files::move(kept, folder);  // one that is there again is used as it is; else a new one will do
        }
    }
    return moved_files::restore(journal, container, items, locks);
}

}  // namespace

extern const MediumOps folder_content_medium{
    .name = Medium::content.name,
    .order = 12,
    .schema = "",
    .save = moved_files::save,
    .erase = erase,
    .presence = presence,
    .restore = restore,
    .tidy = moved_files::tidy,
    .stored = moved_files::stored,
    .newer = moved_files::newer,
};

}  // namespace unstick
