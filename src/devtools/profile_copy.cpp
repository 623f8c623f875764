#include "devtools/profile_copy.h"

#include <algorithm>

#include "base/text.h"
#include "devtools/remote.h"

namespace unstick {

namespace {

constexpr std::uint64_t largest_copy = 1U << 30U;
constexpr int deepest_folder = 32;

/// Copies files of a profile to the same places below another folder, as long as there is room for them.
class Copier {
public:
    Copier(const Profile& profile, fs::path to) : profile_(profile), to_(std::move(to)) {}

    /// A file or a folder with all that is in it, by its path in the profile; what is not there, or no file, is left
    /// out.
    Result<void> take(const fs::path& from)
    {
        const auto to = place_of(from);
        const auto found = files::info(from);
        if (!to || !found || files::info(*to)) {
            return {};
        }
        if (found->type == files::Type::folder) {
            return take_folder(from, *to, deepest_folder);
        }
        auto folder = files::Folder::open(from.parent_path());
        if (!folder || found->type != files::Type::file) {
            return {};
        }
        return files::make_private_folder(to->parent_path()).and_then([&] {
            return take_file(*folder, from.filename().string(), *to);
        });
    }

    /// Where a path of the profile is in the copy; the caches are no place of their own there.
    std::optional<fs::path> place_of(const fs::path& from) const
    {
        std::vector<fs::path> bases{profile_.path, profile_.cache};
        for (const Spot& more : profile_.more_caches) {
            bases.push_back(more.path);
        }
        for (const fs::path& base : bases) {
            const fs::path below = from.lexically_relative(base);
            if (!below.empty() && *below.begin() != ".." && *below.begin() != ".") {
                return to_ / below;
            }
        }
        return std::nullopt;
    }

private:
    Result<void> take_folder(const fs::path& from, const fs::path& to, int depth)
    {
        TRY_ASSIGN(const auto folder, files::Folder::open(from));
        TRY_ASSIGN(const auto entries, folder.list());
        if (depth == 0) {
            return {};
        }
        TRY(files::make_private_folder(to));
        for (const files::Entry& entry : entries) {
            auto taken = entry.type == files::Type::folder ? take_folder(from / entry.name, to / entry.name, depth - 1)
                         : entry.type == files::Type::file ? take_file(folder, entry.name, to / entry.name)
                                                           : Result<void>();
            if (!taken) {
                return taken;
            }
        }
        return {};
    }

    Result<void> take_file(const files::Folder& folder, const std::string& name, const fs::path& to)
    {
        TRY_ASSIGN(auto file, files::Output::create(to));
        std::vector<char> buffer(1U << 20U);
        for (std::uint64_t offset = 0;;) {
            TRY_ASSIGN(const auto count, folder.read(name.c_str(), offset, buffer));
            room_ -= std::min<std::uint64_t>(room_, count);
            if (room_ == 0) {
                return fail(Code::unsupported, profile_.path.string(),
                            "what the site keeps in it is too large to be copied for the browser's own test");
            }
            if (auto written = file.write(offset, {buffer.data(), count}); !written || count < buffer.size()) {
                return written;
            }
            offset += count;
        }
    }

    const Profile& profile_;
    fs::path to_;
    std::uint64_t room_ = largest_copy;
};

/// What a piece needs to be whole: its file or folder, or the database that it is in with its companions.
std::vector<fs::path> files_of(const Piece& piece)
{
    const fs::path container = piece.container;
    if (piece.medium == Medium::file) {
        return {container / piece.key};
    }
    if (piece.medium == Medium::row) {
        return {container, container.string() + "-wal", container.string() + "-journal"};
    }
    return {container};
}

Result<void> copy_pieces(const ProfilePlan& plan, const std::vector<fs::path>& left_out, Copier& copier)
{
    std::set<fs::path> wanted;
    for (const StorePlan& store : plan.stores) {
        for (const Item& item : store.found.items) {
            for (const Piece& piece : item.pieces) {
                for (fs::path& file : files_of(piece)) {
                    wanted.insert(std::move(file));
                }
            }
        }
    }
    for (const std::string_view file : plan.adapter->remote->always_copied()) {
        for (const char* companion : {"", "-wal", "-journal"}) {
            wanted.insert(plan.profile.path / (std::string(file) + companion));
            wanted.insert(plan.profile.cache / (std::string(file) + companion));
            for (const Spot& more : plan.profile.more_caches) {
                wanted.insert(more.path / (std::string(file) + companion));
            }
        }
    }
    for (const fs::path& file : wanted) {
        if (std::find(left_out.begin(), left_out.end(), file) != left_out.end()) {
            continue;
        }
        TRY(copier.take(file));
    }
    return {};
}

}  // namespace

Result<PrivateCopy> PrivateCopy::begin(const ProfilePlan& plan)
{
    if (plan.adapter->remote == nullptr) {
        return fail(Code::unsupported, plan.profile.path.string(),
                    std::string(plan.adapter->label) + " cannot be opened on a copy of its profile");
    }
    TRY_ASSIGN(auto folder, PrivateFolder::make());
    TRY(files::make_private_folder(folder.path() / profile_name));
    return PrivateCopy(std::move(folder));
}

Result<PrivateCopy> PrivateCopy::make_fresh(const ProfilePlan& plan)
{
    TRY_ASSIGN(auto copy, begin(plan));
    TRY(plan.adapter->remote->copy_settings(plan.profile, copy.folder(), copy.folder() / profile_name,
                                            Settings::fresh));
    return copy;
}

Result<PrivateCopy> PrivateCopy::make(const ProfilePlan& plan)
{
    TRY_ASSIGN(auto copy, begin(plan));
    const fs::path to = copy.folder() / profile_name;
    TRY_ASSIGN(auto settings, plan.adapter->remote->copy_settings(plan.profile, copy.folder(), to, Settings::all));
    copy.keeps_session_ = settings.keeps_session;
    Copier copier(plan.profile, to);
    TRY(copy_pieces(plan, settings.files, copier));
    return copy;
}

Result<PrivateCopy> PrivateCopy::clone() const
{
    TRY_ASSIGN(auto to, PrivateFolder::make());
    std::error_code failed;
    for (fs::directory_iterator entry(folder_.path(), failed), end; !failed && entry != end; entry.increment(failed)) {
        // Only files and folders are in it, made by us; its lock is its own.
        const fs::path name = entry->path().filename();
        if (name != "lock") {
            fs::copy(entry->path(), to.path() / name, fs::copy_options::recursive, failed);
        }
        if (failed) {
            break;
        }
    }
    if (failed) {
        return fail(Code::io, folder_.path().string(), "the copy cannot be copied: " + failed.message());
    }
    PrivateCopy copy(std::move(to));
    copy.keeps_session_ = keeps_session_;
    return copy;
}

}  // namespace unstick
