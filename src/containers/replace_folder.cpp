#include "containers/replace_folder.h"

#include <algorithm>

#include "base/hash.h"

namespace unstick {

namespace {

namespace fs = std::filesystem;
using Step = Replacement::Step;

fs::path sibling(const fs::path& folder, std::string_view suffix)
{
    return folder.string() + std::string(suffix);
}
fs::path fresh_of(const fs::path& folder)
{
    return sibling(folder, ".unstick-new");
}
fs::path old_of(const fs::path& folder)
{
    return sibling(folder, ".unstick-old");
}

constexpr std::string_view kept_suffix = ".unstick-kept";
constexpr std::string_view left_suffix = ".unstick-left";

/// A name beside the folder that nothing has yet.
Result<fs::path> free_name(const fs::path& folder, std::string_view suffix)
{
    fs::path name = sibling(folder, suffix);
    for (int i = 2;; ++i) {
        TRY_ASSIGN(const bool taken, files::exists(name));
        if (!taken) {
            return name;
        }
        name = sibling(folder, std::string(suffix) + "-" + std::to_string(i));
    }
}

/// Old versions that are done with.
Result<std::vector<fs::path>> left_versions(const fs::path& folder)
{
    TRY_ASSIGN(const auto parent, files::Folder::open(folder.parent_path()));
    TRY_ASSIGN(const auto entries, parent.list());
    std::vector<fs::path> left;
    for (const files::Entry& entry : entries) {
        if (entry.name.starts_with(folder.filename().string() + std::string(left_suffix))) {
            left.push_back(folder.parent_path() / entry.name);
        }
    }
    return left;
}

Result<void> clear_left(const fs::path& folder)
{
    TRY_ASSIGN(const auto left, left_versions(folder));
    Result<void> result;
    for (const fs::path& version : left) {
        if (auto removed = files::remove_tree(version); !removed) {
            result = removed;
        }
    }
    return result;
}

Result<FolderIdentity> identity_of(const fs::path& path)
{
    TRY_ASSIGN(const auto info, files::info(path));
    TRY_ASSIGN(const auto folder, files::Folder::open(path));
    TRY_ASSIGN(auto entries, folder.list());
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::string content;
    for (const files::Entry& entry : entries) {
        TRY_ASSIGN(const auto about, folder.info(entry.name.c_str()));
        content += entry.name + '\0' + std::to_string(about.size) + '\0';
    }
    return FolderIdentity{info.number, sha256(content)};
}

bool is_same(const FolderIdentity& a, const FolderIdentity& b)
{
    return (a.number != 0 && a.number == b.number) || (!a.content.empty() && a.content == b.content);
}

/// Removes a version that is not needed. What stands beside it has to be durable first.
Result<void> remove_version(const fs::path& version)
{
    TRY(files::sync_folder(version.parent_path()));
    return files::remove_tree(version);
}

tl::unexpected<Error> not_settled(const fs::path& folder, const fs::path& old)
{
    return fail(
        Code::changed, folder.string(),
        "an earlier run was cut off while it replaced this folder: what was in it is in " + old.filename().string(),
        "put everything back with: unstick undo; if that run was erased, give the folder that you want its name");
}

/// The two renames, and each of them back if it cannot be gone on.
Result<void> exchange_in_steps(const fs::path& folder, const fs::path& fresh, const fs::path& old)
{
    TRY(files::rename_folder(folder, old));
    auto done = files::rename_folder(fresh, folder);
    if (!done) {
        (void)files::rename_folder(old, folder);
    }
    return done;
}

/// The version that is built: whole, durable and with the rights of the folder.
Result<void> build_fresh(const fs::path& folder, const fs::path& fresh,
                         const std::function<Result<void>(const fs::path& fresh)>& build)
{
    return files::make_private_folder(fresh)
        .and_then([&] { return build(fresh); })
        .and_then([&] { return files::take_over_rights(folder, fresh); })
        .and_then([&] { return files::sync_folder(fresh); });
}

/// Lets go of what we hold in the folder: it is not what has the name now.
void release_below(const fs::path& folder, const Replacing& replacing)
{
    if (replacing.locks != nullptr) {
        std::erase_if(*replacing.locks, [&](const auto& held) { return held.first.parent_path() == folder; });
    }
}

/// Removes an old version that is done with. Where that cannot be, it gives its name free.
Result<void> remove_old(const fs::path& folder, const fs::path& old)
{
    auto removed = files::remove_tree(old);
    if (!removed) {
        removed = files::remove_tree(old);  // a passing fault must not leave what was to go
    }
    if (!removed) {
        (void)free_name(folder, left_suffix).and_then([&](const fs::path& left) {
            return files::rename_folder(old, left);
        });
    }
    return removed;
}

Result<void> replace_at_once(const fs::path& folder, const fs::path& fresh, const Replacing& replacing)
{
    if (auto synced = files::sync_folder(folder.parent_path()); !synced) {
        // Which of the two has the name on the disk is not known: both stay until it is.
        return files::exchange(folder, fresh).and_then([&] { return remove_version(fresh); }).and_then([&] {
            return synced;
        });
    }
    release_below(folder, replacing);
    return remove_old(folder, fresh) ? Result<void>() : replacing.note({.step = Step::in_place});
}

Result<void> replace_in_steps(const fs::path& folder, const fs::path& fresh, const Replacing& replacing)
{
    const fs::path old = old_of(folder);
    Replacement replacement{.step = Step::prepared};
    TRY_ASSIGN(replacement.fresh, identity_of(fresh));
    TRY(replacing.note(replacement));
    auto done = exchange_in_steps(folder, fresh, old)
                    .and_then([&] { return files::sync_folder(folder.parent_path()); })
                    .and_then([&] {
                        replacement.step = Step::in_place;
                        return replacing.note(replacement);
                    });
    if (!done) {  // the old version goes back, as far as it went
        replacement.step = Step::prepared;
        if (files::exists(old).value_or(true) && !files::exists(fresh).value_or(true)) {
            (void)files::rename_folder(folder, fresh).and_then([&] { return files::rename_folder(old, folder); });
        }
        (void)settle_replaced(folder, replacement, Hold::no, replacing.note);
        return done;
    }
    release_below(folder, replacing);
    if (remove_old(folder, old) && clear_left(folder)) {
        (void)replacing.note({.step = Step::finished});
    }
    return {};
}

}  // namespace

Result<void> replace_folder(const fs::path& folder, const std::function<Result<void>(const fs::path& fresh)>& build,
                            const Replacing& replacing)
{
    const fs::path fresh = fresh_of(folder);
    TRY(files::Folder::open(folder));
    TRY_ASSIGN(const bool is_cut_off, files::exists(old_of(folder)));
    if (is_cut_off) {
        return not_settled(folder, old_of(folder));
    }
    TRY(files::exists(fresh).and_then([&](bool left) { return left ? remove_version(fresh) : Result<void>(); }));
    if (auto built = build_fresh(folder, fresh, build); !built) {
        (void)files::remove_tree(fresh);
        return built;
    }
    const auto exchanged = files::exchange(folder, fresh);
    if (exchanged) {
        return replace_at_once(folder, fresh, replacing);
    }
    const auto replaced =
        exchanged.error().code == Code::unsupported ? replace_in_steps(folder, fresh, replacing) : exchanged;
    if (!replaced && !files::exists(old_of(folder)).value_or(true)) {
        (void)remove_version(fresh);
    }
    return replaced;
}

namespace {

/// A replacement that was cut off, and what is there now.
struct CutOff {
    fs::path folder;
    std::optional<Replacement> known;
    const NoteReplacement& note;

    Result<void> noted(Step step)
    {
        if (!known || known->step == step) {
            return {};
        }
        known->step = step;
        return note(*known);
    }
    Result<void> finish(bool remove_fresh = true)
    {
        return (remove_fresh ? remove_version(fresh_of(folder)) : Result<void>())
            .and_then([&] { return known && known->step != Step::finished ? clear_left(folder) : Result<void>(); })
            .and_then([&] { return noted(Step::finished); });
    }
};

/// Has the new version the name? It has if that was noted. In between, it has lost the other one, and is still known.
Result<bool> is_in_place(const CutOff& cut_off, bool fresh)
{
    if (!cut_off.known || cut_off.known->step != Step::prepared || fresh) {
        return cut_off.known && cut_off.known->step == Step::in_place;
    }
    return identity_of(cut_off.folder).map([&](const FolderIdentity& found) {
        return is_same(found, cut_off.known->fresh);
    });
}

/// The old version has its name again.
Result<void> put_back(CutOff& cut_off)
{
    return files::rename_folder(old_of(cut_off.folder), cut_off.folder).and_then([&] { return cut_off.finish(); });
}

/// For the old version to come back, what somebody made in its place gets another name, which is noted first.
Result<void> set_aside(CutOff& cut_off)
{
    TRY_ASSIGN(cut_off.known->kept, free_name(cut_off.folder, kept_suffix));
    return cut_off.note(*cut_off.known)
        .and_then([&] { return files::rename_folder(cut_off.folder, cut_off.known->kept); })
        .and_then([&] { return put_back(cut_off); });
}

Result<void> settle(CutOff cut_off, Hold hold)
{
    TRY_ASSIGN(const bool old, files::exists(old_of(cut_off.folder)));
    TRY_ASSIGN(const bool fresh, files::exists(fresh_of(cut_off.folder)));
    if (!old && !fresh) {
        return cut_off.finish(false);
    }
    TRY_ASSIGN(const bool there, files::exists(cut_off.folder));
    if (!old && there) {
        return cut_off.finish();
    }
    if (old && !there) {
        return put_back(cut_off);
    }
    TRY_ASSIGN(const bool in_place, old ? is_in_place(cut_off, fresh) : Result<bool>(false));
    if (in_place) {
        return cut_off.noted(Step::in_place)
            .and_then([&] { return files::sync_folder(cut_off.folder.parent_path()); })
            .and_then([&] { return remove_old(cut_off.folder, old_of(cut_off.folder)); })
            .and_then([&] { return cut_off.finish(fresh); });
    }
    if (old && hold == Hold::yes && cut_off.known && cut_off.known->step == Step::prepared) {
        return set_aside(cut_off);
    }
    return not_settled(cut_off.folder, old_of(cut_off.folder));
}

}  // namespace

Result<void> settle_replaced(const fs::path& folder, std::optional<Replacement> known, Hold hold,
                             const NoteReplacement& note)
{
    return settle({folder, std::move(known), note}, hold);
}

std::optional<fs::path> left_of(const fs::path& folder)
{
    for (const fs::path& left : {old_of(folder), fresh_of(folder)}) {
        if (files::exists(left).value_or(true)) {
            return left;
        }
    }
    const auto left = left_versions(folder);
    return left && !left->empty() ? std::optional(left->front()) : std::nullopt;
}

}  // namespace unstick
