#include "replace_folder.h"

namespace unstick {

namespace {

namespace fs = std::filesystem;

fs::path sibling(const fs::path& folder, std::string_view suffix)
{
    return folder.string() + std::string(suffix);
}
fs::path fresh_of(const fs::path& folder)
{
    return sibling(folder, ".unstick-new");
}

}  // namespace

Result<void> replace_folder(const fs::path& folder, const std::function<Result<void>(const fs::path& fresh)>& build)
{
    tidy_replaced(folder);
    if (const auto there = files::Folder::open(folder); !there) {
        return tl::unexpected<Error>(there.error());
    }
    const fs::path fresh = fresh_of(folder);
    const auto replaced = files::make_private_folder(fresh)
                              .and_then([&] { return build(fresh); })
                              .and_then([&] { return files::take_over_rights(folder, fresh); })
                              .and_then([&] { return files::sync_folder(fresh); })
                              .and_then([&] { return files::exchange(folder, fresh); });
    if (!replaced) {
        tidy_replaced(folder);
        return replaced;
    }
    (void)files::sync_folder(folder.parent_path());
    auto removed = files::remove_tree(fresh);
    if (!removed) {
        removed = files::remove_tree(fresh);  // a passing fault must not leave what was to go
    }
    return removed ? Result<void>()
                   : fail(removed.error().code, fresh.string(), removed.error().what,
                          "remove this folder by hand: it holds what was in " + folder.filename().string() + " before");
}

bool tidy_replaced(const fs::path& folder)
{
    const fs::path old = sibling(folder, files::exchange_suffix);
    const fs::path fresh = fresh_of(folder);
    bool found = false;
    if (files::info(old)) {
        found = true;
        if (!files::info(folder)) {
            (void)files::move(old, folder);
        } else {
            (void)files::remove_tree(old);
        }
    }
    if (files::info(fresh)) {
        found = true;
        (void)files::remove_tree(fresh);
    }
    return found;
}

}  // namespace unstick
