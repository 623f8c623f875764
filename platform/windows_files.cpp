// files.h for Windows. A name below an open folder is opened relative to it, as openat does elsewhere: only NtCreateFile
// can. No reparse point (symbolic link, junction) is followed in a last component. Paths are given to Windows in the
// form `\\?\C:\...`, which has no limit of 260 characters.
//
// The C++ library's own functions are not used: libstdc++ for this system cannot delete or copy what has a long path.

#include <windows.h>
// after windows.h
#include <aclapi.h>
#include <sddl.h>
#include <winternl.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>

#include "../src/files.h"
#include "windows_handle.h"
#include "windows_holder.h"
#include "windows_text.h"

namespace unstick::files {

namespace {

using windows::Handle;
using windows::narrow;
using windows::wide;

// --- Errors ---

Code code_of(DWORD error)
{
    switch (error) {
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_INVALID_NAME:
        case ERROR_BAD_PATHNAME:
        case ERROR_BAD_NETPATH:
        case ERROR_BAD_NET_NAME:
        case ERROR_DIRECTORY:
        case ERROR_INVALID_DRIVE:
            return Code::not_found;
        case ERROR_ACCESS_DENIED:
        case ERROR_WRITE_PROTECT:
        case ERROR_PRIVILEGE_NOT_HELD:
            return Code::denied;
        case ERROR_FILE_EXISTS:
        case ERROR_ALREADY_EXISTS:
        case ERROR_DIR_NOT_EMPTY:
            return Code::exists;
        case ERROR_SHARING_VIOLATION:
        case ERROR_LOCK_VIOLATION:
        case ERROR_USER_MAPPED_FILE:
            return Code::locked;
        case ERROR_CANT_ACCESS_FILE:
            return Code::unsupported;
        default:
            return Code::io;
    }
}

tl::unexpected<Error> failure(const fs::path& path, std::string_view doing, DWORD error = ::GetLastError())
{
    std::string hint;
    std::string reason = windows::words_of(error);
    switch (code_of(error)) {
        case Code::locked:
            reason = "another program has it open";
            hint = "close the browser and run unstick again";
            break;
        case Code::denied:
            hint = "run unstick as the user who owns this file";
            break;
        default:
            if (error == ERROR_DISK_FULL || error == ERROR_HANDLE_DISK_FULL) {
                hint = "free some disk space and run unstick again";
            }
    }
    return fail(code_of(error), path.string(), std::string(doing) + ": " + reason, std::move(hint));
}

// --- Opening ---

constexpr ULONG share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
constexpr ULONG as_it_is = FILE_OPEN_REPARSE_POINT | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT;
constexpr ACCESS_MASK reading = FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE;
constexpr ACCESS_MASK writing = FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE;
constexpr ACCESS_MASK looking = FILE_READ_ATTRIBUTES | SYNCHRONIZE;
constexpr ACCESS_MASK listing = FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES | SYNCHRONIZE;
constexpr ACCESS_MASK deleting = DELETE | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE;

/// The form that has no limit.
std::wstring long_form(const fs::path& path)
{
    std::wstring text = path.native();
    std::replace(text.begin(), text.end(), L'/', L'\\');
    if (text.starts_with(LR"(\\?\)")) {
        return text;
    }
    std::wstring full(::GetFullPathNameW(text.c_str(), 0, nullptr, nullptr), 0);
    full.resize(::GetFullPathNameW(text.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr));
    return full.starts_with(LR"(\\)") ? LR"(\\?\UNC\)" + full.substr(2) : LR"(\\?\)" + full;
}

/// A name and the open folder that it is in; without a folder it is a whole path.
struct Place {
    HANDLE folder = nullptr;
    std::wstring name;

    explicit Place(const fs::path& path) : name(long_form(path))
    {
        name[1] = L'?';  // \\?\ is \??\ to NtCreateFile
    }
    Place(HANDLE in, std::wstring_view of) : folder(in), name(of) {}
};

/// Errors are left for GetLastError.
Handle open(const Place& place, ACCESS_MASK access, ULONG disposition = FILE_OPEN, ULONG options = 0,
            ULONG share = share_all)
{
    std::wstring name = place.name;
    UNICODE_STRING text{static_cast<USHORT>(name.size() * sizeof(wchar_t)),
                        static_cast<USHORT>(name.size() * sizeof(wchar_t)), name.data()};
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, &text, OBJ_CASE_INSENSITIVE, place.folder, nullptr);
    IO_STATUS_BLOCK ignored{};
    HANDLE handle = INVALID_HANDLE_VALUE;
    const NTSTATUS status = ::NtCreateFile(&handle, access, &attributes, &ignored, nullptr, FILE_ATTRIBUTE_NORMAL,
                                           share, disposition, options | as_it_is, nullptr, 0);
    if (status < 0) {
        ::SetLastError(::RtlNtStatusToDosError(status));
        return Handle();
    }
    return Handle(handle);
}

// --- Looking ---

Type type_of(DWORD attributes, DWORD reparse_tag)
{
    if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
        return IsReparseTagNameSurrogate(reparse_tag) ? Type::link : Type::other;
    }
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? Type::folder : Type::file;
}

bool info_of(HANDLE handle, Info& info)
{
    BY_HANDLE_FILE_INFORMATION about{};
    FILE_ATTRIBUTE_TAG_INFO tag{};
    if (!::GetFileInformationByHandle(handle, &about)) {
        return false;
    }
    if ((about.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
        !::GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &tag, sizeof(tag))) {
        return false;
    }
    info.type = type_of(about.dwFileAttributes, tag.ReparseTag);
    const bool is_file = info.type == Type::file;
    info.size = is_file ? (std::uint64_t{about.nFileSizeHigh} << 32U) + about.nFileSizeLow : 0;
    info.names = is_file ? about.nNumberOfLinks : 1;
    return true;
}

struct Listed {
    std::wstring name;
    Type type = Type::other;
    std::uint64_t size = 0;
};

/// All names but . and ..; std::nullopt and GetLastError if it cannot be listed.
std::optional<std::vector<Listed>> list(HANDLE folder)
{
    std::vector<Listed> all;
    std::vector<std::uint64_t> buffer(8192);  // 64 KiB, aligned
    for (auto from = FileFullDirectoryRestartInfo;; from = FileFullDirectoryInfo) {
        auto* bytes = reinterpret_cast<unsigned char*>(buffer.data());
        if (!::GetFileInformationByHandleEx(folder, from, bytes,
                                            static_cast<DWORD>(buffer.size() * sizeof(std::uint64_t)))) {
            return ::GetLastError() == ERROR_NO_MORE_FILES ? std::optional(std::move(all)) : std::nullopt;
        }
        for (const FILE_FULL_DIR_INFO* entry = nullptr; entry == nullptr || entry->NextEntryOffset != 0;) {
            bytes += entry == nullptr ? 0 : entry->NextEntryOffset;
            entry = reinterpret_cast<const FILE_FULL_DIR_INFO*>(bytes);
            const std::wstring_view name(entry->FileName, entry->FileNameLength / sizeof(wchar_t));
            if (name != L"." && name != L"..") {  // where there is a reparse point, EaSize is its tag
                all.push_back({std::wstring(name), type_of(entry->FileAttributes, entry->EaSize),
                               static_cast<std::uint64_t>(entry->EndOfFile.QuadPart)});
            }
        }
    }
}

// Levels below a folder that we go down. Browsers use fewer than ten; what goes deeper was made to harm, and must still
// be removable.
constexpr int deepest = 500;

std::uint64_t size_below(HANDLE folder, int depth)
{
    std::uint64_t sum = 0;
    for (const Listed& entry : list(folder).value_or(std::vector<Listed>{})) {
        if (entry.type == Type::file) {
            sum += entry.size;
        } else if (entry.type == Type::folder && depth > 0) {
            const Handle inner = open({folder, entry.name}, listing, FILE_OPEN, FILE_DIRECTORY_FILE);
            sum += inner ? size_below(inner.get(), depth - 1) : 0;
        }
    }
    return sum;
}

/// Up to so many bytes from `offset` on; std::nullopt and GetLastError.
std::optional<std::size_t> read_at(HANDLE file, std::uint64_t offset, std::span<char> buffer)
{
    std::size_t done = 0;
    while (done < buffer.size()) {
        OVERLAPPED from{};
        from.Offset = static_cast<DWORD>((offset + done) & 0xffffffffU);
        from.OffsetHigh = static_cast<DWORD>((offset + done) >> 32U);
        const auto wanted = static_cast<DWORD>(std::min<std::size_t>(buffer.size() - done, 1U << 30U));
        DWORD count = 0;
        if (!::ReadFile(file, buffer.data() + done, wanted, &count, &from)) {
            return ::GetLastError() == ERROR_HANDLE_EOF ? std::optional(done) : std::nullopt;
        }
        if (count == 0) {
            break;
        }
        done += count;
    }
    return done;
}

/// A regular file; else GetLastError, which is 0 where it is something else.
Handle open_file(const Place& place, Info& info)
{
    Handle file = open(place, reading);
    if (file && (!info_of(file.get(), info) || info.type != Type::file)) {
        if (info.type != Type::file) {
            ::SetLastError(ERROR_SUCCESS);
        }
        file = Handle();
    }
    return file;
}

tl::unexpected<Error> not_opened(const fs::path& path)
{
    const DWORD error = ::GetLastError();
    return error == ERROR_SUCCESS ? fail(Code::unsupported, path.string(), "it is not a regular file")
                                  : failure(path, "cannot open it", error);
}

// --- Changing ---

bool write_all(HANDLE file, std::string_view bytes)
{
    while (!bytes.empty()) {
        DWORD count = 0;
        if (!::WriteFile(file, bytes.data(), static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1U << 30U)), &count,
                         nullptr)) {
            return false;
        }
        bytes.remove_prefix(count);
    }
    return true;
}

/// FileDispositionInfoEx, which the headers of mingw-w64 10 do not show.
constexpr auto disposition_with_flags = static_cast<FILE_INFO_BY_HANDLE_CLASS>(21);

/// Its name goes at once, even where somebody has it open and lets others delete it.
bool remove_opened(HANDLE handle)
{
    FILE_DISPOSITION_INFO_EX at_once{FILE_DISPOSITION_FLAG_DELETE | FILE_DISPOSITION_FLAG_POSIX_SEMANTICS |
                                     FILE_DISPOSITION_FLAG_IGNORE_READONLY_ATTRIBUTE};
    if (::SetFileInformationByHandle(handle, disposition_with_flags, &at_once, sizeof(at_once))) {
        return true;
    }
    if (::GetLastError() == ERROR_DIR_NOT_EMPTY) {
        return false;
    }
    // A file system, or a Windows, that does not know this.
    FILE_BASIC_INFO writable{};
    writable.FileAttributes = FILE_ATTRIBUTE_NORMAL;
    ::SetFileInformationByHandle(handle, FileBasicInfo, &writable, sizeof(writable));
    FILE_DISPOSITION_INFO when_closed{TRUE};
    return ::SetFileInformationByHandle(handle, FileDispositionInfo, &when_closed, sizeof(when_closed)) != 0;
}

bool is_gone(DWORD error)
{
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
}

/// Removes a name, and all below it; a link itself.
bool remove_at(const Place& place, int depth)
{
    Handle handle = open(place, deleting | FILE_LIST_DIRECTORY);
    if (!handle) {
        handle = open(place, deleting);  // a folder that we may not list, but remove
    }
    Info info;
    if (!handle || !info_of(handle.get(), info)) {
        return is_gone(::GetLastError());
    }
    if (info.type == Type::folder) {
        const auto names = list(handle.get());
        if (!names || (depth == 0 && !names->empty())) {
            return false;
        }
        for (const Listed& below : *names) {
            if (!remove_at({handle.get(), below.name}, depth - 1)) {
                return false;
            }
        }
    }
    return remove_opened(handle.get());
}

bool set_times(HANDLE from, HANDLE to)
{
    FILE_BASIC_INFO basic{};
    return ::GetFileInformationByHandleEx(from, FileBasicInfo, &basic, sizeof(basic)) &&
           ::SetFileInformationByHandle(to, FileBasicInfo, &basic, sizeof(basic));
}

/// Copies a file's bytes, times and attributes to a new file, synced. It gets the rights that its folder gives.
bool copy_file_at(const Place& from, const Place& to)
{
    Info info;
    const Handle source = open_file(from, info);
    if (!source) {
        if (::GetLastError() == ERROR_SUCCESS) {
            ::SetLastError(ERROR_CANT_ACCESS_FILE);
        }
        return false;
    }
    const Handle target = open(to, writing, FILE_CREATE, FILE_NON_DIRECTORY_FILE);
    if (!target) {
        return false;
    }
    std::vector<char> buffer(1U << 16U);
    for (std::uint64_t offset = 0;;) {
        const auto count = read_at(source.get(), offset, buffer);
        if (!count || !write_all(target.get(), {buffer.data(), *count})) {
            return false;
        }
        if (*count < buffer.size()) {
            break;
        }
        offset += *count;
    }
    return set_times(source.get(), target.get()) && ::FlushFileBuffers(target.get());
}

/// Copies a file or a whole folder to a name that does not exist yet.
bool copy_at(const Place& from, const Place& to, int depth)
{
    Info info;
    {
        const Handle source = open(from, looking);
        if (!source || !info_of(source.get(), info)) {
            return false;
        }
    }
    if (info.type != Type::folder) {
        return copy_file_at(from, to);
    }
    const Handle source = open(from, listing, FILE_OPEN, FILE_DIRECTORY_FILE);
    const Handle target = source && depth > 0
                              ? open(to, listing | FILE_WRITE_ATTRIBUTES, FILE_CREATE, FILE_DIRECTORY_FILE)
                              : Handle();
    const auto names = target ? list(source.get()) : std::nullopt;
    return names &&
           std::all_of(names->begin(), names->end(),
                       [&](const Listed& entry) {
                           return copy_at({source.get(), entry.name}, {target.get(), entry.name}, depth - 1);
                       }) &&
           set_times(source.get(), target.get());
}

bool move_name(const fs::path& from, const fs::path& to)
{
    return ::MoveFileExW(long_form(from).c_str(), long_form(to).c_str(), MOVEFILE_WRITE_THROUGH) != 0;
}

bool is_there(const fs::path& path)
{
    return static_cast<bool>(open(Place(path), looking)) || !is_gone(::GetLastError());
}

// --- Names and rights ---

std::string random_name(std::size_t length)
{
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::random_device random;
    std::uniform_int_distribution<std::size_t> digit(0, digits.size() - 1);
    std::string name;
    while (name.size() < length) {
        name += digits[digit(random)];
    }
    return name;
}

/// write_file's temporary file: the name, this, and so many letters and digits.
constexpr std::string_view temporary_infix = ".unstick-";
constexpr std::size_t temporary_digits = 6;

fs::path parent_of(const fs::path& path)
{
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

struct FreeLocal {
    void operator()(void* memory) const { ::LocalFree(memory); }
};
template <class T>
using Local = std::unique_ptr<T, FreeLocal>;

/// We, the system and administrators; nothing that the folder above gives to others.
Local<void> private_rights()
{
    HANDLE opened = nullptr;
    ::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &opened);
    const Handle token(opened);
    std::array<std::uint64_t, 64> buffer{};
    DWORD size = sizeof(buffer);
    LPWSTR text = nullptr;
    if (!::GetTokenInformation(token.get(), TokenUser, buffer.data(), size, &size) ||
        !::ConvertSidToStringSidW(reinterpret_cast<const TOKEN_USER*>(buffer.data())->User.Sid, &text)) {
        return nullptr;
    }
    const Local<wchar_t> sid(text);
    const std::wstring rights =
        std::wstring(L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;") + sid.get() + L")";
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    ::ConvertStringSecurityDescriptorToSecurityDescriptorW(rights.c_str(), SDDL_REVISION_1, &descriptor, nullptr);
    return Local<void>(descriptor);
}

bool make_folder(const fs::path& path)
{
    const Local<void> rights = private_rights();
    SECURITY_ATTRIBUTES attributes{sizeof(attributes), rights.get(), FALSE};
    return rights && ::CreateDirectoryW(long_form(path).c_str(), &attributes);
}

// --- Locks ---

struct HeldLock {
    fs::path path;
    Handle handle;
};

Handle open_lock(const fs::path& path)
{
    Handle file = open(Place(path), reading | FILE_WRITE_DATA, FILE_OPEN, FILE_NON_DIRECTORY_FILE);
    OVERLAPPED from_the_start{};
    if (file && !::LockFileEx(file.get(), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, MAXDWORD, MAXDWORD,
                              &from_the_start)) {
        file = Handle();
    }
    return file;
}

/// The locks that this process holds, by their numbers. Windows renames no folder, and removes none, while a file below
/// it is open: `move`, `exchange` and `remove_tree` let go of the locks in the way, and take them again.
class Locks {
public:
    static Locks& all()
    {
        static Locks locks;
        return locks;
    }

    int add(HeldLock lock)
    {
        const std::lock_guard guard(mutex_);
        held_.emplace(++last_, std::move(lock));
        return last_;
    }

    void drop(int number)
    {
        const std::lock_guard guard(mutex_);
        held_.erase(number);
    }

    /// Lets go of those below `from`; they will be below `to`.
    void pause(const fs::path& from, const fs::path& to)
    {
        const std::lock_guard guard(mutex_);
        const std::wstring before = long_form(from) + L'\\';
        for (auto& [number, lock] : held_) {
            const std::wstring path = long_form(lock.path);
            if (lock.handle && path.starts_with(before)) {
                lock.handle.close();
                lock.path = to / path.substr(before.size());
            }
        }
    }

    /// Takes them again, as far as they are where they were to be.
    void resume()
    {
        const std::lock_guard guard(mutex_);
        for (auto& [number, lock] : held_) {
            if (!lock.handle) {
                lock.handle = open_lock(lock.path);
            }
        }
    }

private:
    std::mutex mutex_;
    std::map<int, HeldLock> held_;
    int last_ = 0;
};

struct ResumeLocks {
    ~ResumeLocks()
    {
        const DWORD error = ::GetLastError();
        Locks::all().resume();
        ::SetLastError(error);
    }
};

}  // namespace

std::string path_for_library(const fs::path& path)
{
    return narrow(long_form(path));
}

Result<Info> info(const fs::path& path)
{
    Info found;
    const Handle handle = open(Place(path), looking);
    if (!handle || !info_of(handle.get(), found)) {
        return failure(path, "cannot look at it");
    }
    return found;
}

// --- Folder ---

namespace {

/// Handles have 32 significant bits, and -1 is none.
HANDLE handle_of(int number)
{
    return ::LongToHandle(number);
}

}  // namespace

Result<Folder> Folder::open(const fs::path& path)
{
    Handle handle = files::open(Place(path), listing);
    Info about;
    if (!handle || !info_of(handle.get(), about)) {
        return failure(path, "cannot open the folder");
    }
    if (about.type != Type::folder) {
        return fail(Code::unsupported, path.string(),
                    about.type == Type::link ? "it is a symbolic link" : "it is not a folder");
    }
    return Folder(::HandleToLong(handle.release()));
}

Folder::Folder(Folder&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}

Folder& Folder::operator=(Folder&& other) noexcept
{
    std::swap(handle_, other.handle_);
    return *this;
}

Folder::~Folder()
{
    const Handle closes(handle_of(handle_));
}

Result<std::vector<Entry>> Folder::list() const
{
    const auto names = files::list(handle_of(handle_));
    if (!names) {
        return failure("folder", "cannot list it");
    }
    std::vector<Entry> entries;
    for (const Listed& entry : *names) {
        entries.push_back({narrow(entry.name), entry.type});
    }
    return entries;
}

Result<std::size_t> Folder::read(const char* name, std::uint64_t offset, std::span<char> buffer) const
{
    Info about;
    const Handle file = open_file({handle_of(handle_), wide(name)}, about);
    if (!file) {
        return not_opened(name);
    }
    const auto count = read_at(file.get(), offset, buffer);
    if (!count) {
        return failure(name, "cannot read it");
    }
    return *count;
}

Result<Info> Folder::info(const char* name) const
{
    Info found;
    const Handle handle = files::open({handle_of(handle_), wide(name)}, looking);
    if (!handle || !info_of(handle.get(), found)) {
        return failure(name, "cannot look at it");
    }
    return found;
}

// --- Whole files ---

Result<std::string> read_file(const fs::path& path, std::uint64_t limit)
{
    Info about;
    const Handle file = open_file(Place(path), about);
    if (!file) {
        return not_opened(path);
    }
    if (about.size > limit) {
        return fail(Code::unsupported, path.string(), "it is larger than any file of its kind should be");
    }
    std::string content(static_cast<std::size_t>(about.size), '\0');
    const auto count = read_at(file.get(), 0, content);
    if (!count) {
        return failure(path, "cannot read it");
    }
    content.resize(*count);
    return content;
}

bool can_write(const fs::path& path)
{
    // FILE_WRITE_DATA of a folder is the right to add files to it.
    return open(Place(path), FILE_WRITE_DATA | SYNCHRONIZE) || ::GetLastError() == ERROR_SHARING_VIOLATION;
}

std::uint64_t tree_size(const fs::path& path)
{
    Info about;
    const Handle handle = open(Place(path), looking);
    if (!handle || !info_of(handle.get(), about)) {
        return 0;
    }
    const Handle folder = about.type == Type::folder ? open(Place(path), listing) : Handle();
    return folder ? size_below(folder.get(), deepest) : about.size;
}

void tidy_beside(const fs::path& path)
{
    const auto folder = Folder::open(parent_of(path));
    const std::string start = path.filename().string() + std::string(temporary_infix);
    for (const Entry& entry : folder ? folder->list().value_or(std::vector<Entry>{}) : std::vector<Entry>{}) {
        if (entry.type == Type::file && entry.name.starts_with(start) &&
            entry.name.size() == start.size() + temporary_digits) {
            (void)remove_tree(parent_of(path) / entry.name);
        }
    }
}

Result<void> write_file(const fs::path& path, std::string_view content)
{
    const fs::path temporary =
        path.string() + std::string(temporary_infix) + random_name(temporary_digits);
    Handle file = open(Place(temporary), writing, FILE_CREATE, FILE_NON_DIRECTORY_FILE);
    if (!file) {
        return failure(path, "cannot write beside it");
    }
    const bool written = write_all(file.get(), content) && ::FlushFileBuffers(file.get());
    DWORD error = ::GetLastError();
    file.close();
    // ReplaceFileW keeps the rights and attributes of what was there.
    const std::wstring from = long_form(temporary);
    const std::wstring to = long_form(path);
    if (!written || !(is_there(path) ? ::ReplaceFileW(to.c_str(), from.c_str(), nullptr, REPLACEFILE_IGNORE_MERGE_ERRORS,
                                                    nullptr, nullptr)
                                   : ::MoveFileExW(from.c_str(), to.c_str(), MOVEFILE_WRITE_THROUGH))) {
        error = written ? ::GetLastError() : error;
        remove_at(Place(temporary), 0);
        return failure(path, "cannot write it", error);
    }
    return {};
}

Result<void> move(const fs::path& from, const fs::path& to)
{
    Locks::all().pause(from, to);
    const ResumeLocks again;
    if (move_name(from, to)) {
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
    const fs::path part = to.string() + ".part";
    const fs::path aside = from.string() + std::string(removed_suffix);
    if (!remove_at(Place(part), deepest) || !copy_at(Place(from), Place(part), deepest) || !move_name(part, to)) {
        auto failed = failure(from, "cannot copy it");
        remove_at(Place(part), deepest);
        return failed;
    }
    if (!move_name(from, aside)) {
        auto failed = failure(from, "cannot remove it");
        remove_at(Place(to), deepest);
        return failed;
    }
    return remove_tree(aside);
}

Result<void> copy_file(const fs::path& from, const fs::path& to)
{
    if (!copy_file_at(Place(from), Place(to))) {
        return failure(from, "cannot copy it");
    }
    return {};
}

Result<void> link_file(const fs::path& from, const fs::path& to)
{
    const auto about = info(from);
    if (!about) {
        return tl::unexpected<Error>(about.error());
    }
    if (about->type != Type::file) {
        return fail(Code::unsupported, from.string(), "it is not a regular file");
    }
    if (::CreateHardLinkW(long_form(to).c_str(), long_form(from).c_str(), nullptr)) {
        return {};
    }
    if (code_of(::GetLastError()) != Code::exists && copy_file_at(Place(from), Place(to))) {
        return {};
    }
    return failure(code_of(::GetLastError()) == Code::exists ? to : from, "cannot link it");
}

Result<void> exchange(const fs::path& a, const fs::path& b)
{
    const fs::path aside = a.string() + std::string(exchange_suffix);
    Locks::all().pause(a, aside);
    Locks::all().pause(b, a);
    Locks::all().pause(aside, b);
    const ResumeLocks again;
    if (move_name(a, aside)) {
        if (move_name(b, a)) {
            if (move_name(aside, b)) {
                return {};
            }
            move_name(a, b);
        }
        const DWORD error = ::GetLastError();
        move_name(aside, a);
        ::SetLastError(error);
    }
    return failure(a, "cannot exchange it with its new version");
}

Result<void> remove_tree(const fs::path& path)
{
    Locks::all().pause(path, path);
    const ResumeLocks again;
    if (!remove_at(Place(path), deepest)) {
        return failure(path, "cannot remove it");
    }
    return {};
}

Result<void> take_over_rights(const fs::path& from, const fs::path& to)
{
    constexpr DWORD flags = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT;
    const Handle source(::CreateFileW(long_form(from).c_str(), READ_CONTROL, share_all, nullptr, OPEN_EXISTING, flags, nullptr));
    const Handle target(::CreateFileW(long_form(to).c_str(), READ_CONTROL | WRITE_DAC, share_all, nullptr, OPEN_EXISTING, flags, nullptr));
    if (!source || !target) {
        return failure(to, "cannot set its rights");
    }
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR rights = nullptr;
    DWORD error = ::GetSecurityInfo(source.get(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr, &list,
                                    nullptr, &rights);
    const Local<void> owner(rights);
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    DWORD revision = 0;
    if (error == ERROR_SUCCESS && ::GetSecurityDescriptorControl(rights, &control, &revision)) {
        const bool inherits = (control & SE_DACL_PROTECTED) == 0;
        error = ::SetSecurityInfo(target.get(), SE_FILE_OBJECT,
                                  DACL_SECURITY_INFORMATION | (inherits ? UNPROTECTED_DACL_SECURITY_INFORMATION
                                                                        : PROTECTED_DACL_SECURITY_INFORMATION),
                                  nullptr, nullptr, list, nullptr);
    }
    return error == ERROR_SUCCESS ? Result<void>() : failure(to, "cannot set its rights", error);
}

Result<void> make_private_file(const fs::path&)
{
    return {};  // its folder's rights are inherited
}

Result<fs::path> real_path(const fs::path& path)
{
    const Handle handle(::CreateFileW(long_form(path).c_str(), FILE_READ_ATTRIBUTES, share_all, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    std::wstring real(32768, 0);
    if (handle) {
        real.resize(::GetFinalPathNameByHandleW(handle.get(), real.data(), static_cast<DWORD>(real.size()), FILE_NAME_NORMALIZED));
    }
    if (!handle || real.empty()) {
        return failure(path, "cannot find its place");
    }
    // As people write it.
    if (real.starts_with(LR"(\\?\UNC\)")) {
        real.replace(0, 7, L"\\");
    } else if (real.starts_with(LR"(\\?\)")) {
        real.erase(0, 4);
    }
    return fs::path(real);
}

Result<void> make_private_folder(const fs::path& path)
{
    if (make_folder(path)) {
        return {};
    }
    if (is_gone(::GetLastError()) && path.has_parent_path() && path.parent_path() != path) {
        if (auto parent = make_private_folder(path.parent_path()); !parent) {
            return parent;
        }
        if (make_folder(path)) {
            return {};
        }
    }
    const DWORD error = ::GetLastError();
    const DWORD attributes = ::GetFileAttributesW(long_form(path).c_str());
    if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
        return {};
    }
    return failure(path, "cannot create the folder", error);
}

Result<fs::path> make_temporary_folder(const fs::path& parent, std::string_view prefix)
{
    for (int attempt = 0; attempt < 100; ++attempt) {
        const fs::path folder = parent / (std::string(prefix) + random_name(temporary_digits));
        if (make_folder(folder)) {
            return folder;
        }
        if (code_of(::GetLastError()) != Code::exists) {
            break;
        }
    }
    return failure(parent, "cannot create a temporary folder in it");
}

Result<void> sync_folder(const fs::path& path)
{
    // Renaming writes through. Where a folder can be flushed all the same (NTFS), it is.
    const Handle folder = open(Place(path), FILE_WRITE_DATA | SYNCHRONIZE, FILE_OPEN, FILE_DIRECTORY_FILE);
    if (!folder) {
        return failure(path, "cannot make it durable");
    }
    ::FlushFileBuffers(folder.get());
    return {};
}

Result<void> sync_file(const fs::path& path)
{
    const Handle file = open(Place(path), writing, FILE_OPEN, FILE_NON_DIRECTORY_FILE);
    if (!file || !::FlushFileBuffers(file.get())) {
        return failure(path, "cannot make it durable");
    }
    return {};
}

// --- Lock ---

Result<Lock> Lock::take(const fs::path& path)
{
    Handle file = open_lock(path);
    if (file) {
        return Lock(Locks::all().add({path, std::move(file)}));
    }
    const DWORD error = ::GetLastError();
    if (code_of(error) != Code::locked) {
        return failure(path, "cannot open it", error);
    }
    const auto pid = windows::holder_of(long_form(path));
    return fail(Code::locked, path.string(),
                pid == 0 ? "another process holds it" : "process " + std::to_string(pid) + " holds it",
                "close the browser and run unstick again");
}

Lock::Lock(Lock&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}

Lock& Lock::operator=(Lock&& other) noexcept
{
    std::swap(handle_, other.handle_);
    return *this;
}

Lock::~Lock()
{
    Locks::all().drop(handle_);
}

}  // namespace unstick::files
