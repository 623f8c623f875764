#include "platform/private_folder.h"

#include <chrono>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "platform/common/temporary_names.h"

namespace unstick {

namespace fs = std::filesystem;

namespace {

constexpr const char* lock_name = "lock";
constexpr std::string_view prefix = "copy-";
constexpr std::string_view earlier_prefix = "new-";  // 0.1.0: what was not locked yet

std::mutex parent_mutex;
std::optional<fs::path> usual_parent;

/// Held while a folder is made, or those that were left behind are looked for: between its first moment and its lock a
/// folder looks like one of them. Within this process it is held by one thread at a time.
std::mutex birth_mutex;
Result<files::Lock> lock_births(const fs::path& parent, std::chrono::milliseconds patience)
{
    constexpr std::chrono::milliseconds step{10};
    const fs::path file = parent / lock_name;
    if (const auto made = files::Output::create(file); !made && made.error().code != Code::exists) {
        return tl::unexpected<Error>(made.error());
    }
    for (const auto end = std::chrono::steady_clock::now() + patience;; std::this_thread::sleep_for(step)) {
        auto lock = files::Lock::take(file);
        if (lock || lock.error().code != Code::locked || std::chrono::steady_clock::now() >= end) {
            return lock;
        }
    }
}

}  // namespace

void keep_private_folders_in(const fs::path& parent)
{
    const std::lock_guard lock(parent_mutex);
    usual_parent = parent;
}

PrivateFolder::PrivateFolder(fs::path path, std::optional<files::Lock> lock)
    : path_(std::move(path)),
      lock_(std::move(lock)),
      before_end_([folder = path_] { (void)files::remove_tree(folder); })
{
}

Result<PrivateFolder> PrivateFolder::make()
{
    std::unique_lock lock(parent_mutex);
    const auto parent = usual_parent;
    lock.unlock();
    if (parent && parent->empty()) {
        return fail(Code::usage, "--state-dir", "no home folder is known in which private copies could lie",
                    "name a folder for them: --state-dir DIR");
    }
    if (parent) {
        return make(*parent);
    }
    TRY_ASSIGN(const auto folder, files::make_temporary_folder("unstick-"));
    return PrivateFolder(folder, std::nullopt);
}

Result<PrivateFolder> PrivateFolder::make(const fs::path& parent)
{
    constexpr std::chrono::seconds patience{10};
    const auto failed = [&](const Error& error) {
        return fail(error.code, error.where, error.what,
                    "unstick needs a private copy of what is open or half-done: name another folder with --state-dir");
    };
    if (const auto made = files::make_private_folder(parent); !made) {
        return failed(made.error());
    }
    const std::lock_guard alone(birth_mutex);
    const auto births = lock_births(parent, patience);
    if (!births) {
        return failed(births.error());
    }
    const fs::path folder = parent / files::random_name(prefix);
    auto lock = files::make_private_folder(folder)
                    .and_then([&] { return files::Output::create(folder / lock_name); })
                    .and_then([&](const files::Output&) { return files::Lock::take(folder / lock_name); });
    if (!lock) {
        (void)files::remove_tree(folder);
        return failed(lock.error());
    }
    return PrivateFolder(folder, std::move(*lock));
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)), before_end_(std::move(other.before_end_))
{
}

PrivateFolder& PrivateFolder::operator=(PrivateFolder&& other) noexcept
{
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    std::swap(before_end_, other.before_end_);
    return *this;
}

PrivateFolder::~PrivateFolder()
{
    if (!path_.empty()) {
        (void)files::remove_tree(path_);  // what is left goes at the next start
    }
}

void remove_abandoned(const fs::path& parent)
{
    const auto folder = files::Folder::open(parent);
    const auto entries = folder ? folder->list() : Result<std::vector<files::Entry>>();
    if (!entries || entries->empty()) {
        return;
    }
    const std::lock_guard alone(birth_mutex);
    const auto births = lock_births(parent, std::chrono::milliseconds::zero());
    if (!births) {
        return;  // another unstick makes one just now, or does the same
    }
    for (const files::Entry& entry : *entries) {
        const bool is_ours = entry.name.starts_with(prefix) || entry.name.starts_with(earlier_prefix);
        if (!is_ours || entry.type != files::Type::folder) {
            continue;
        }
        const auto lock = files::Lock::take(parent / entry.name / lock_name);
        if (lock || lock.error().code == Code::not_found) {  // else its process lives
            (void)files::remove_tree(parent / entry.name);
        }
    }
}

}  // namespace unstick
