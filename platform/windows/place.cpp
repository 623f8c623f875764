#include "platform/windows/place.h"

#include <algorithm>

#include "platform/windows/wide.h"

namespace unstick::files {

namespace {

// A name below an open folder is opened relative to it, as openat does elsewhere: only NtCreateFile can.
Handle nt_open(HANDLE folder, std::wstring name, ACCESS_MASK access, ULONG disposition, ULONG options)
{
    const auto bytes = static_cast<USHORT>(name.size() * sizeof(wchar_t));
    UNICODE_STRING text{bytes, bytes, name.data()};
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, &text, OBJ_CASE_INSENSITIVE, folder, nullptr);
    IO_STATUS_BLOCK ignored{};
    HANDLE handle = INVALID_HANDLE_VALUE;
    const NTSTATUS status =
        ::NtCreateFile(&handle, access, &attributes, &ignored, nullptr, FILE_ATTRIBUTE_NORMAL,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, disposition,
                       options | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT, nullptr, 0);
    if (status < 0) {
        ::SetLastError(::RtlNtStatusToDosError(status));
        return Handle();
    }
    return Handle(handle);
}

Type type_of(DWORD attributes, DWORD reparse_tag)
{
    if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
        return IsReparseTagNameSurrogate(reparse_tag) ? Type::link : Type::other;
    }
    return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? Type::folder : Type::file;
}

bool are_same(std::wstring_view a, std::wstring_view b)
{
    return ::CompareStringOrdinal(a.data(), static_cast<int>(a.size()), b.data(), static_cast<int>(b.size()), TRUE) ==
           CSTR_EQUAL;
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

/// Opens a folder name by name, from its volume on: where the system cannot tell the name of an open one (wine, beyond
/// 260 characters).
Handle walk(const std::wstring& full)
{
    constexpr std::wstring_view unc = LR"(\\?\UNC\)";
    std::size_t at =
        full.starts_with(unc) ? full.find(L'\\', full.find(L'\\', unc.size()) + 1) + 1 : full.find(L':') + 2;
    std::wstring root = full.substr(0, at);
    root[1] = L'?';
    Handle folder = nt_open(nullptr, root, FILE_TRAVERSE | looking, FILE_OPEN, FILE_DIRECTORY_FILE);
    while (folder && at < full.size()) {
        const std::size_t end = full.find(L'\\', at);
        Handle next = nt_open(folder.get(), full.substr(at, end - at), FILE_TRAVERSE | looking, FILE_OPEN,
                              FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT);
        Info info;
        if (next && (!look_at(next.get(), info) || info.type != Type::folder)) {
            ::SetLastError(through_a_link);
            return Handle();
        }
        folder = std::move(next);
        at = end + 1;
    }
    return folder;
}

}  // namespace

Place::Place(const fs::path& path)
{
    // No path is no file, and not the folder we are in. Nor is one with a character 0: its beginning would be taken for
    // it.
    if (path.empty() || path.native().find(L'\0') != std::wstring::npos) {
        ::SetLastError(ERROR_FILE_NOT_FOUND);
        return;
    }
    std::wstring full = windows::long_form(path);
    while (full.ends_with(L'\\') && !full.ends_with(LR"(:\)")) {
        full.pop_back();
    }
    const std::size_t last = full.rfind(L'\\') + 1;
    name_ = full.substr(last);
    full.erase(last);  // and ends with a backslash
    std::wstring asked = full;
    asked[1] = L'?';  // \\?\ is \??\ to NtCreateFile
    owned_ = nt_open(nullptr, asked, FILE_TRAVERSE | looking, FILE_OPEN, FILE_DIRECTORY_FILE);
    if (!owned_) {
        return;
    }
    // An open folder's real name is the name that was asked for, or a link was in between.
    std::wstring real(full.size() + 1, 0);
    const DWORD size =
        ::GetFinalPathNameByHandleW(owned_.get(), real.data(), static_cast<DWORD>(real.size()), FILE_NAME_NORMALIZED);
    if (size == 0) {
        owned_ = walk(full);
        folder_ = owned_ ? owned_.get() : nullptr;
        return;
    }
    real.resize(std::min<std::size_t>(size, real.size()));
    real += real.ends_with(L'\\') ? L"" : L"\\";
    if (size > full.size() || !are_same(real, full)) {
        ::SetLastError(through_a_link);
        return;
    }
    folder_ = owned_.get();
}

Handle open(const Place& place, ACCESS_MASK access, ULONG disposition, ULONG options)
{
    return place ? nt_open(place.folder(), place.name(), access, disposition, options | FILE_OPEN_REPARSE_POINT)
                 : Handle();
}

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
        case through_a_link:
            return Code::unsupported;
        default:
            return Code::io;
    }
}

bool is_missing(DWORD error)
{
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
}

tl::unexpected<Error> failure(const fs::path& path, std::string_view doing, DWORD error)
{
    if (error == ERROR_SUCCESS) {
        return fail(Code::unsupported, path.string(), "it is not a regular file");
    }
    const Code code = code_of(error);
    const bool full = error == ERROR_DISK_FULL || error == ERROR_HANDLE_DISK_FULL;
    const std::string reason = code == Code::locked        ? "another program has it open"
                               : code == Code::unsupported ? "it is a symbolic link, or below one"
                                                           : windows::words_of(error);
    return fail(code, path.string(), std::string(doing) + ": " + reason,
                code == Code::locked   ? "close the browser and run unstick again"
                : code == Code::denied ? "run unstick as the user who owns this file"
                : full                 ? "free some disk space and run unstick again"
                                       : "");
}

bool look_at(HANDLE handle, Info& info)
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
    constexpr std::int64_t to_1970 = 116'444'736'000'000'000;  // ticks of 100 ns, from 1601 on
    const std::uint64_t written =
        (std::uint64_t{about.ftLastWriteTime.dwHighDateTime} << 32U) + about.ftLastWriteTime.dwLowDateTime;
    info.modified_ns = (std::clamp(static_cast<std::int64_t>(written), to_1970, 2 * to_1970) - to_1970) * 100;
    info.number = (std::uint64_t{about.nFileIndexHigh} << 32U) + about.nFileIndexLow;
    return true;
}

Handle open_file(const Place& place, Info& info)
{
    Handle file = open(place, reading);
    if (file && !look_at(file.get(), info)) {
        return Handle();
    }
    if (file && info.type != Type::file) {
        ::SetLastError(info.type == Type::link ? through_a_link : ERROR_SUCCESS);
        return Handle();
    }
    return file;
}

std::optional<std::vector<Listed>> list_names(HANDLE folder)
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

namespace {

OVERLAPPED position(std::uint64_t offset)
{
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset & 0xffffffffU);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32U);
    return place;
}

constexpr std::size_t most_at_once = 1U << 30U;

}  // namespace

std::optional<std::size_t> read_at(HANDLE file, std::uint64_t offset, std::span<char> buffer)
{
    std::size_t done = 0;
    while (done < buffer.size()) {
        OVERLAPPED from = position(offset + done);
        DWORD count = 0;
        if (!::ReadFile(file, buffer.data() + done, static_cast<DWORD>(std::min(buffer.size() - done, most_at_once)),
                        &count, &from)) {
            return ::GetLastError() == ERROR_HANDLE_EOF ? std::optional(done) : std::nullopt;
        }
        if (count == 0) {
            break;
        }
        done += count;
    }
    return done;
}

bool write_at(HANDLE file, std::uint64_t offset, std::string_view bytes)
{
    while (!bytes.empty()) {
        OVERLAPPED to = position(offset);
        DWORD count = 0;
        if (!::WriteFile(file, bytes.data(), static_cast<DWORD>(std::min(bytes.size(), most_at_once)), &count, &to)) {
            return false;
        }
        bytes.remove_prefix(count);
        offset += count;
    }
    return true;
}

bool remove_at(const Place& place, int depth, Type listed)
{
    constexpr ACCESS_MASK deleting = DELETE | FILE_WRITE_ATTRIBUTES | looking;
    Handle handle = open(place, deleting | FILE_LIST_DIRECTORY);
    if (!handle) {
        handle = open(place, deleting);  // what we may not read, but remove
    }
    Info info;
    if (!handle || !look_at(handle.get(), info)) {
        return is_missing(::GetLastError());
    }
    if (info.type == Type::folder && listed == Type::folder) {
        const auto names = list_names(handle.get());
        if (!names || (depth == 0 && !names->empty())) {
            return false;
        }
        for (const Listed& below : *names) {
            if (!remove_at({handle.get(), below.name}, depth - 1, below.type)) {
                return false;
            }
        }
    }
    return remove_opened(handle.get());
}

}  // namespace unstick::files
