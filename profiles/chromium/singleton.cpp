#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "platform/files.h"
#include "profiles/chromium/family.h"
#include "profiles/chromium/profiles.h"

namespace unstick {

namespace {

struct LockOwner {
    std::string host;
    std::int64_t pid = 0;
};

/// From what SingletonLock says: a symbolic link to "<host name>-<process id>", which names no file.
std::optional<LockOwner> owner_in(const std::string& target)
{
    const std::size_t dash = target.rfind('-');
    if (dash == std::string::npos) {
        return std::nullopt;
    }
    LockOwner owner{target.substr(0, dash), 0};
    const auto [end, code] = std::from_chars(target.data() + dash + 1, target.data() + target.size(), owner.pid);
    return code == std::errc() && end == target.data() + target.size() ? std::optional(owner) : std::nullopt;
}

/// How the programs of browsers are called that the table knows by a launcher's name, and those that have no profile.
constexpr std::array<std::string_view, 10> program_names{
    "chrome", "chromium", "chromium-browser", "headless_shell", "chrome-headless-shell",
    "msedge", "brave",    "vivaldi-bin",      "opera",          "electron"};

/// Is one of these names the other's, or its beginning, if the system has cut it off?
bool is_name(std::string_view known, std::string_view name)
{
    constexpr std::size_t longest = 15;
    return known == name || (name.size() == longest && known.starts_with(name));
}

/// Does the program at least look like a browser of this family: by its name, or by the files that every Chromium, also
/// in other programs' clothes, has beside it?
bool may_be_chromium(const fs::path& program)
{
    const std::string name = lower(program.stem().string());
    const auto is_this = [&](const fs::path& known) { return is_name(lower(known.stem().string()), name); };
    for (const Adapter& adapter : chromium_family()) {
        for (const Root& root : adapter.roots) {
            if (std::any_of(root.programs.begin(), root.programs.end(),
                            [&](std::string_view known) { return !known.empty() && is_this(known); })) {
                return true;
            }
        }
    }
    if (std::any_of(program_names.begin(), program_names.end(), is_this)) {
        return true;
    }
    const fs::path folder = program.parent_path();
    if (folder.empty()) {
        return false;
    }
    const auto frameworks = files::Folder::open(folder.parent_path() / "Frameworks");  // of a Mac's application
    const auto entries = frameworks ? frameworks->list() : Result<std::vector<files::Entry>>();
    return files::exists(folder / "icudtl.dat").value_or(true) ||
           (entries && std::any_of(entries->begin(), entries->end(), [](const files::Entry& entry) {
                return entry.name.ends_with(" Framework.framework");
            }));
}

/// What the files in one data folder say.
LockState use_of(const fs::path& root, const Processes& processes)
{
    // Who listens on the socket is the browser, whatever the process ids say: they are local to a container.
    if (const auto listener = processes.socket_listener(root / "SingletonSocket")) {
        return {LockState::State::in_use, *listener,
                *listener == 0 ? "it answers on its socket" : "process " + std::to_string(*listener)};
    }
    // On Windows it keeps a file open instead, which nobody else may write to until it has ended, however it ends; and
    // takes messages in a window named after the folder.
    if (const auto writer = processes.writer_of(root / "lockfile")) {
        const std::int64_t pid = processes.message_window("Chrome_MessageWindow", root.string()).value_or(*writer);
        return {LockState::State::in_use, pid, pid == 0 ? "it keeps lockfile open" : "process " + std::to_string(pid)};
    }
    const auto target = files::read_link(root / "SingletonLock");
    if (!target && target.error().code != Code::not_found && target.error().code != Code::unsupported) {
        return {LockState::State::in_use, 0, "its lock cannot be read: " + target.error().what};
    }
    const auto owner = owner_in(target.value_or(""));
    if (!owner) {
        return {};
    }
    if (owner->host != processes.host_name()) {
        return {LockState::State::elsewhere, 0, "the profile is locked by another computer: " + owner->host};
    }
    if (!processes.process_exists(owner->pid)) {
        return {};
    }
    // A lock of this computer without an answering socket: the browser starts or ends right now, or it crashed and its
    // process id belongs to somebody else by now, as it does after a power cut and often with a flatpak's own numbers.
    // Chromium looks at the program too, and takes a lock over that names none like itself.
    const std::string process = "process " + std::to_string(owner->pid);
    const auto program = processes.program_of(owner->pid);
    if (program && !may_be_chromium(*program)) {
        return {LockState::State::free, 0,
                "its lock was left by a browser that was cut off: " + process + " is " + program->filename().string() +
                    " by now"};
    }
    return {LockState::State::in_use, 0, "locked by " + process};  // not ours to ask to quit, but hands off
}

/// The data folders in which browsers that use a profile may have their locks.
std::vector<fs::path> lock_folders(const Profile& profile)
{
    std::vector<fs::path> folders{profile.root};
    // Whether Opera locks a side profile's or the main one's data folder is not known.
    if (const fs::path around = profile.root.parent_path(); around.filename() == "_side_profiles") {
        folders.push_back(around.parent_path());
    }
    // Where a profile is a link in one data folder to what is in another, browsers of both may have it open.
    if (const fs::path around = profile.path.parent_path(); profile.path != profile.root && around != profile.root) {
        folders.push_back(around);
    }
    folders.insert(folders.end(), profile.more_roots.begin(), profile.more_roots.end());
    return folders;
}

}  // namespace

LockState singleton_use(const Profile& profile, const Processes& processes)
{
    LockState free;
    for (const fs::path& folder : lock_folders(profile)) {
        LockState use = use_of(folder, processes);
        if (use.state != LockState::State::free) {
            return use;
        }
        free = free.what.empty() ? std::move(use) : free;
    }
    return free;
}

}  // namespace unstick
