#include "browser_copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "media/json_file.h"
#include "text.h"

namespace unstick {

namespace {

constexpr std::uint64_t largest_copy = 1U << 30U;
constexpr int deepest_folder = 32;
constexpr const char* lock_name = "lock";
constexpr std::string_view unfinished_prefix = "new-";
constexpr std::string_view copy_prefix = "copy-";
constexpr const char* copied_profile = "Default";  // any name will do

fs::path copies_below(const fs::path& state_folder)
{
    return state_folder / "retest";
}

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
        for (const fs::path& base : {profile_.path, profile_.cache}) {
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
        auto folder = files::Folder::open(from);
        const auto entries = folder ? folder->list() : tl::unexpected<Error>(folder.error());
        if (!entries || depth == 0) {
            return entries ? Result<void>() : tl::unexpected<Error>(entries.error());
        }
        if (auto made = files::make_private_folder(to); !made) {
            return made;
        }
        for (const files::Entry& entry : *entries) {
            auto taken = entry.type == files::Type::folder ? take_folder(from / entry.name, to / entry.name, depth - 1)
                         : entry.type == files::Type::file ? take_file(*folder, entry.name, to / entry.name)
                                                           : Result<void>();
            if (!taken) {
                return taken;
            }
        }
        return {};
    }

    Result<void> take_file(const files::Folder& folder, const std::string& name, const fs::path& to)
    {
        auto file = files::Output::create(to);
        if (!file) {
            return tl::unexpected<Error>(file.error());
        }
        std::vector<char> buffer(1U << 20U);
        for (std::uint64_t offset = 0;;) {
            const auto count = folder.read(name.c_str(), offset, buffer);
            if (!count) {
                return tl::unexpected<Error>(count.error());
            }
            room_ -= std::min<std::uint64_t>(room_, *count);
            if (room_ == 0) {
                return fail(Code::unsupported, profile_.path.string(),
                            "what the site keeps in it is too large to be copied for the browser's own test");
            }
            if (auto written = file->write(offset, {buffer.data(), *count}); !written || *count < buffer.size()) {
                return written;
            }
            offset += *count;
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
    switch (piece.medium) {
        case Medium::file:
            return {container / piece.key};
        case Medium::row:
            return {container, container.string() + "-wal", container.string() + "-journal"};
        default:
            return {container};
    }
}

Result<void> copy_pieces(const ProfilePlan& plan, const std::vector<fs::path>& filtered, Copier& copier)
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
    for (const std::string_view file : plan.adapter->on_copy->always) {
        for (const char* companion : {"", "-wal", "-journal"}) {
            wanted.insert(plan.profile.path / (std::string(file) + companion));
            wanted.insert(plan.profile.cache / (std::string(file) + companion));
        }
    }
    for (const fs::path& file : wanted) {
        if (std::find(filtered.begin(), filtered.end(), file) != filtered.end()) {
            continue;
        }
        if (auto copied = copier.take(file); !copied) {
            return copied;
        }
    }
    return {};
}

/// The chosen members of a settings file; an empty document if it has none of them, or cannot be read: then the browser
/// starts with settings of its own, as it would then.
json_file::Json chosen(const fs::path& file, const Settings& settings)
{
    json_file::Json few = json_file::Json::object();
    if (const auto all = json_file::read(file)) {
        for (const std::string_view pointer : settings.members) {
            if (const auto* const value = json_file::find(*all, pointer)) {
                few[json_file::Json::json_pointer(std::string(pointer))] = *value;
            }
        }
    }
    return few;
}

}  // namespace

Result<PrivateCopy> PrivateCopy::make_empty(const fs::path& state_folder)
{
    const fs::path parent = copies_below(state_folder);
    if (auto made = files::make_private_folder(parent); !made) {
        return tl::unexpected<Error>(made.error());
    }
    std::random_device chance;
    const std::string name = fmt::format("{:08x}{:08x}", chance(), chance());
    const fs::path folder = parent / (std::string(unfinished_prefix) + name);
    auto lock = files::make_private_folder(folder)
                    .and_then([&] { return files::write_file(folder / lock_name, ""); })
                    .and_then([&] { return files::Lock::take(folder / lock_name); });
    if (!lock) {
        return tl::unexpected<Error>(lock.error());
    }
    // Under its last name it is locked from the start: nobody takes it for something that was left behind.
    const fs::path copy = parent / (std::string(copy_prefix) + name);
    if (auto moved = files::move(folder, copy); !moved) {
        return tl::unexpected<Error>(moved.error());
    }
    return PrivateCopy(copy, std::move(*lock));
}

Result<PrivateCopy> PrivateCopy::make(const ProfilePlan& plan, const fs::path& state_folder)
{
    const OnCopy* const rules = plan.adapter->on_copy;
    if (rules == nullptr) {
        return fail(Code::unsupported, plan.profile.path.string(),
                    std::string(plan.adapter->label) + " cannot be opened on a copy of its profile");
    }
    auto copy = make_empty(state_folder);
    if (!copy) {
        return copy;
    }
    const fs::path to = copy->folder_ / copied_profile;
    if (auto made = files::make_private_folder(to); !made) {
        return tl::unexpected<Error>(made.error());
    }
    std::vector<fs::path> filtered;
    for (const Settings& settings : rules->settings) {
        const fs::path from = (settings.in_root ? plan.profile.root : plan.profile.path) / settings.file;
        const json_file::Json few = chosen(from, settings);
        const auto* const kept = json_file::find(few, rules->keeps_session);
        copy->keeps_session_ = copy->keeps_session_ || (kept != nullptr && *kept == rules->keeps_session_value);
        const auto written = files::write_file((settings.in_root ? copy->folder_ : to) / settings.file, few.dump());
        if (!written) {
            return tl::unexpected<Error>(written.error());
        }
        filtered.push_back(from);
    }
    Copier copier(plan.profile, to);
    if (auto copied = copy_pieces(plan, filtered, copier); !copied) {
        return tl::unexpected<Error>(copied.error());
    }
    return copy;
}

PrivateCopy::PrivateCopy(PrivateCopy&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), lock_(std::move(other.lock_)), keeps_session_(other.keeps_session_)
{
}

PrivateCopy& PrivateCopy::operator=(PrivateCopy&& other) noexcept
{
    std::swap(folder_, other.folder_);
    std::swap(lock_, other.lock_);
    std::swap(keeps_session_, other.keeps_session_);
    return *this;
}

PrivateCopy::~PrivateCopy()
{
    if (!folder_.empty()) {
        (void)files::remove_tree(folder_);  // what is left goes at the next start
    }
}

void tidy_copies(const fs::path& state_folder)
{
    const fs::path parent = copies_below(state_folder);
    const auto folder = files::Folder::open(parent);
    const auto entries = folder ? folder->list() : Result<std::vector<files::Entry>>();
    for (const files::Entry& entry : entries.value_or(std::vector<files::Entry>{})) {
        if (!entry.name.starts_with(copy_prefix) || entry.type != files::Type::folder) {
            continue;
        }
        const auto lock = files::Lock::take(parent / entry.name / lock_name);
        if (lock || lock.error().code == Code::not_found) {  // else another unstick works on it
            (void)files::remove_tree(parent / entry.name);
        }
    }
}

}  // namespace unstick
