// trust.h for POSIX systems.

#include "platform/trust.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string>

#include "base/text.h"
#include "platform/posix/place.h"
#include "platform/posix/system_calls.h"

namespace unstick::trust {

namespace {

constexpr uid_t root = 0;
constexpr int most_links = 40;  // as many as Linux follows

/// A group of one, as many systems give each user: its write permission is the owner's.
bool is_group_of_one(uid_t owner, gid_t group)
{
    const passwd* const person = ::getpwuid(owner);
    if (person == nullptr || person->pw_gid != group) {
        return false;
    }
    const std::string name = person->pw_name;
    const struct group* const members = ::getgrgid(group);
    if (members == nullptr || name != members->gr_name) {
        return false;
    }
    for (char** member = members->gr_mem; *member != nullptr; ++member) {
        if (name != *member) {
            return false;
        }
    }
    return true;
}

Step step_of(const fs::path& path, const struct stat& status)
{
    Step step;
    step.path = path;
    step.type = files::type_of(status.st_mode);
    step.owner = status.st_uid;
    step.is_ours = status.st_uid == root || status.st_uid == ::geteuid();
    step.others_may_write = step.type != files::Type::link && (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    // Groups are asked for only where it matters: they may have to be fetched over a network.
    step.keeps_names = step.others_may_write && step.type == files::Type::folder &&
                       ((status.st_mode & S_ISVTX) != 0 ||
                        ((status.st_mode & S_IWOTH) == 0 && is_group_of_one(status.st_uid, status.st_gid)));
    return step;
}

/// Goes along a path. Each folder is opened from the one before it, never through a link: links are read, and gone
/// along like what was asked for.
class Walker {
public:
    explicit Walker(const fs::path& path)
    {
        go_on_with(path);
        if (restart()) {
            while (!way_.stopped && !names_.empty() && next()) {
            }
        }
        way_.is_complete = !way_.stopped && names_.empty();
        way_.target = at_;
        while (!names_.empty()) {
            way_.target /= take();
        }
    }

    Way way() { return std::move(way_); }

private:
    void go_on_with(const fs::path& path)
    {
        std::vector<std::string> names;
        for (const fs::path& name : path.relative_path()) {
            if (!name.empty() && name != ".") {
                names.push_back(name.string());
            }
        }
        names_.insert(names_.end(), names.rbegin(), names.rend());
    }

    std::string take()
    {
        std::string name = std::move(names_.back());
        names_.pop_back();
        return name;
    }

    void stop(const fs::path& where) { way_.stopped = files::errno_failure(where, "cannot look at it").value(); }

    bool restart()
    {
        at_ = "/";
        folder_ = Handle(system_calls::reach_folder("/"));
        struct stat status {};
        if (!folder_ || ::fstat(folder_.get(), &status) != 0) {
            stop(at_);
            return false;
        }
        if (way_.steps.empty()) {
            way_.steps.push_back(step_of(at_, status));
        }
        return true;
    }

    /// One name further. False if it ends here.
    bool next()
    {
        if (names_.back() == "..") {
            return go_up();
        }
        const fs::path path = at_ / names_.back();
        struct stat status {};
        if (::fstatat(folder_.get(), names_.back().c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
            stop(path);
            return false;
        }
        if (S_ISLNK(status.st_mode)) {
            way_.steps.push_back(step_of(path, status));
            return follow(path);
        }
        if (S_ISDIR(status.st_mode)) {
            return enter(path);
        }
        way_.steps.push_back(step_of(path, status));
        if (names_.size() > 1) {
            errno = ENOTDIR;
            stop(path);
            return false;
        }
        take();
        at_ = path;
        return true;
    }

    bool enter(const fs::path& path)
    {
        Handle folder(system_calls::reach_folder_in(folder_.get(), names_.back().c_str()));
        struct stat status {};
        if (!folder || ::fstat(folder.get(), &status) != 0) {
            stop(path);
            return false;
        }
        way_.steps.push_back(step_of(path, status));
        folder_ = std::move(folder);
        at_ = path;
        take();
        return true;
    }

    /// What is above a folder that we came to was judged on the way down.
    bool go_up()
    {
        Handle folder(system_calls::reach_folder_in(folder_.get(), ".."));
        if (!folder) {
            stop(at_);
            return false;
        }
        folder_ = std::move(folder);
        at_ = at_.parent_path();
        take();
        return true;
    }

    bool follow(const fs::path& link)
    {
        std::array<char, PATH_MAX> target{};
        const ssize_t size = ::readlinkat(folder_.get(), names_.back().c_str(), target.data(), target.size());
        if (size < 0 || ++links_ > most_links) {
            errno = size < 0 ? errno : ELOOP;
            stop(link);
            return false;
        }
        take();
        const fs::path to(std::string(target.data(), static_cast<std::size_t>(size)));
        go_on_with(to);
        return !to.is_absolute() || restart();
    }

    Way way_;
    std::vector<std::string> names_;  ///< still to go, the next one last
    Handle folder_;
    fs::path at_;  ///< what folder_ is
    int links_ = 0;
};

std::string name_of_user(std::uint64_t user)
{
    const passwd* const person = ::getpwuid(static_cast<uid_t>(user));
    return person != nullptr ? person->pw_name : std::to_string(user);
}

tl::unexpected<Error> not_ours(const Step& step)
{
    const std::string what = step.type == files::Type::link     ? "this link"
                             : step.type == files::Type::folder ? "this folder"
                                                                : "this file";
    return fail(Code::denied, step.path.string(),
                what + " belongs to " + printable(name_of_user(step.owner)) +
                    ", who decides what is in it: unstick does not work from it",
                "if it should be yours: chown " + std::string(step.type == files::Type::link ? "-h " : "") +
                    shell_word(name_of_user(::geteuid())) + " " + shell_word(printable(step.path.string())));
}

std::string how_to_close(const Step& step)
{
    const std::string change = "chmod go-w " + shell_word(printable(step.path.string()));
    const std::string elsewhere = "use a place on another file system, for runs with --state-dir";
    switch (system_calls::modes_at(step.path.c_str())) {
        case system_calls::Modes::not_kept:
            return "its file system (FAT, NTFS or a share) keeps no rights for each file, so that chmod does "
                   "nothing: " +
                   elsewhere;
        case system_calls::Modes::perhaps:
            return change + "; if that changes nothing, " + elsewhere;
        case system_calls::Modes::kept:
            break;
    }
    return change;
}

tl::unexpected<Error> open_to_others(const Step& step)
{
    return fail(Code::denied, step.path.string(),
                "others can write to it, and so decide what is in it: unstick does not work from it",
                how_to_close(step));
}

}  // namespace

Way way_to(const fs::path& path)
{
    std::error_code nowhere;
    const fs::path whole = path.is_absolute() ? path : fs::current_path(nowhere) / path;
    return Walker(whole).way();
}

Result<fs::path> believed(const fs::path& path)
{
    const Way way = way_to(path);
    for (const Step& step : way.steps) {
        if (!step.is_ours) {
            return not_ours(step);
        }
        const bool is_last = way.is_complete && &step == &way.steps.back();
        if (step.others_may_write && (is_last || !step.keeps_names)) {
            return open_to_others(step);
        }
    }
    if (way.stopped && way.stopped->code != Code::not_found) {
        return tl::unexpected<Error>(*way.stopped);
    }
    return way.target;
}

std::optional<std::uint64_t> first_owner(const Way& way)
{
    for (const Step& step : way.steps) {
        if (step.owner != root) {
            return step.owner;
        }
    }
    return std::nullopt;
}

std::string command_for_rights(const fs::path& path)
{
    const Way way = way_to(path);
    if (::geteuid() == root) {
        return {};
    }
    bool is_below_ours = false;
    for (const Step& step : way.steps) {
        if (is_below_ours && step.owner == root && step.type != files::Type::link) {
            return "sudo chown -R " + shell_word(name_of_user(::geteuid())) + ": " +
                   shell_word(printable(step.path.string()));
        }
        is_below_ours = step.owner == ::geteuid();
        struct stat status {};
        const mode_t needed = step.type == files::Type::folder ? S_IRWXU : S_IRUSR | S_IWUSR;
        if (is_below_ours && step.type != files::Type::link && files::look_at_path(step.path, status) &&
            (status.st_mode & needed) != needed) {
            return "chmod u+rwX " + shell_word(printable(step.path.string()));
        }
    }
    return {};
}

bool is_root()
{
    return ::geteuid() == root;
}

}  // namespace unstick::trust
