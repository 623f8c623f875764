// files.h for Windows: moving, copying, removing.

#include <algorithm>

#include "platform/common/temporary_names.h"
#include "platform/own_process.h"
#include "platform/windows/locks.h"
#include "platform/windows/place.h"
#include "platform/windows/wide.h"

namespace unstick::files {

namespace {

bool set_times(HANDLE from, HANDLE to)
{
    FILE_BASIC_INFO basic{};
    return ::GetFileInformationByHandleEx(from, FileBasicInfo, &basic, sizeof(basic)) &&
           ::SetFileInformationByHandle(to, FileBasicInfo, &basic, sizeof(basic));
}

/// Copies a file's bytes, times and attributes to a new file, synced. It gets the rights that its folder gives.
bool copy_file_at(const Place& from, const Place& to)
{
    Info about;
    const Handle source = open_file(from, about);
    const Handle target = source ? open(to, writing, FILE_CREATE, FILE_NON_DIRECTORY_FILE) : Handle();
    if (!target) {
        return false;
    }
    std::vector<char> buffer(1U << 16U);
    std::optional<std::size_t> count = buffer.size();
    for (std::uint64_t offset = 0; count == buffer.size(); offset += buffer.size()) {
        count = read_at(source.get(), offset, buffer);
        if (!count || !write_at(target.get(), offset, {buffer.data(), *count})) {
            return false;
        }
    }
    return set_times(source.get(), target.get()) && ::FlushFileBuffers(target.get());
}

/// Copies a file or a whole folder to a name that does not exist yet.
bool copy_at(const Place& from, const Place& to, int depth)
{
    Info about;
    const Handle source = open(from, looking | FILE_LIST_DIRECTORY);
    if (!source || !look_at(source.get(), about)) {
        return false;
    }
    if (about.type != Type::folder) {
        return copy_file_at(from, to);
    }
    const Handle target =
        depth > 0 ? open(to, listing | FILE_WRITE_ATTRIBUTES, FILE_CREATE, FILE_DIRECTORY_FILE) : Handle();
    const auto names = target ? list_names(source.get()) : std::nullopt;
    return names &&
           std::all_of(names->begin(), names->end(),
                       [&](const Listed& entry) {
                           return copy_at({source.get(), entry.name}, {target.get(), entry.name}, depth - 1);
                       }) &&
           set_times(source.get(), target.get());
}

/// A path whose lock files are let go of on the way.
bool rename_path(const fs::path& from, const fs::path& to)
{
    return rename_at(Place(from), Place(to), false);
}

bool is_there(const fs::path& path)
{
    return open(Place(path), looking) || !is_missing(::GetLastError());
}

}  // namespace

bool rename_at(const Place& from, const Place& to, bool replace)
{
    const Handle handle = from && to ? open(from, DELETE | looking) : Handle();
    if (!handle) {
        return false;
    }
    const std::size_t bytes = to.name().size() * sizeof(wchar_t);
    std::vector<std::uint64_t> buffer((sizeof(FILE_RENAME_INFO) + bytes) / sizeof(std::uint64_t) + 1);
    auto* const wish = reinterpret_cast<FILE_RENAME_INFO*>(buffer.data());  // as the system itself has it
    wish->ReplaceIfExists = replace ? TRUE : FALSE;
    wish->RootDirectory = to.folder();
    wish->FileNameLength = static_cast<DWORD>(bytes);
    std::copy(to.name().begin(), to.name().end(), wish->FileName);
    constexpr auto rename = static_cast<FILE_INFORMATION_CLASS>(10);  // FileRenameInformation
    IO_STATUS_BLOCK ignored{};
    const NTSTATUS status = ::NtSetInformationFile(handle.get(), &ignored, wish,
                                                   static_cast<ULONG>(sizeof(FILE_RENAME_INFO) + bytes), rename);
    if (status < 0) {
        ::SetLastError(::RtlNtStatusToDosError(status));
    }
    return status >= 0;
}

Result<void> move(const fs::path& from, const fs::path& to)
{
    PausedLocks paused(from, to);
    if (rename_path(from, to)) {
        paused.moved();
        return {};
    }
    const DWORD error = ::GetLastError();
    if (error != ERROR_NOT_SAME_DEVICE) {
        return failure(code_of(error) == Code::exists ? to : from, "cannot move it", error);
    }
    if (is_there(to)) {
        return failure(to, "cannot move it here", ERROR_ALREADY_EXISTS);
    }
    // Complete before it has its name; gone from its old name in one step. Cut off anywhere, one of the two names holds
    // all of it.
    const fs::path part = to.string() + std::string(part_suffix);
    const fs::path aside = from.string() + std::string(removed_suffix);
    bool copied = false;
    DWORD copy_error = ERROR_SUCCESS;
    {
        // Ends before the copy gets its name: while it is being removed, this waits, and nothing takes it for whole.
        const BeforeEnd half_done([part] { (void)remove_tree(part); });
        copied = remove_at(Place(part), deepest) && copy_at(Place(from), Place(part), deepest);
        copy_error = ::GetLastError();
    }
    ::SetLastError(copy_error);
    if (!copied || !rename_path(part, to)) {
        auto failed = failure(from, "cannot copy it");
        remove_at(Place(part), deepest);
        return failed;
    }
    TRY(sync_folder(parent_of(to)));
    if (!rename_path(from, aside)) {
        auto failed = failure(from, "cannot remove it");
        remove_at(Place(to), deepest);
        return failed;
    }
    paused.moved();
    return remove_tree(aside);
}

Result<void> copy_file(const fs::path& from, const fs::path& to)
{
    if (!copy_file_at(Place(from), Place(to))) {
        return failure(code_of(::GetLastError()) == Code::exists ? to : from, "cannot copy it");
    }
    return {};
}

Result<void> link_file(const fs::path& from, const fs::path& to)
{
    TRY_ASSIGN(const auto about, info(from));
    if (about.type != Type::file) {
        return failure(from, "cannot link it", about.type == Type::link ? through_a_link : ERROR_SUCCESS);
    }
    const Place place(to);
    if (place && ::CreateHardLinkW(windows::long_form(to).c_str(), windows::long_form(from).c_str(), nullptr)) {
        return {};
    }
    if (code_of(::GetLastError()) != Code::exists && copy_file_at(Place(from), Place(to))) {
        return {};
    }
    return failure(code_of(::GetLastError()) == Code::exists ? to : from, "cannot link it");
}

Result<void> exchange(const fs::path& a, const fs::path&)
{
    return fail(Code::unsupported, a.string(), "this system cannot exchange two names");
}

Result<void> rename_folder(const fs::path& from, const fs::path& to)
{
    PausedLocks paused(from, to);
    if (rename_path(from, to)) {
        paused.moved();
        return {};
    }
    const DWORD error = ::GetLastError();
    return failure(code_of(error) == Code::exists ? to : from, "cannot rename it", error);
}

Result<void> remove_tree(const fs::path& path)
{
    const PausedLocks paused(path, path);
    if (!remove_at(Place(path), deepest)) {
        return failure(path, "cannot remove it");
    }
    return {};
}

}  // namespace unstick::files
