// files.h for Windows: writing, and making what was written durable.

#include "platform/windows/place.h"
// after windows.h
#include <aclapi.h>
#include <sddl.h>

#include <algorithm>
#include <array>
#include <memory>

#include "platform/common/temporary_names.h"
#include "platform/windows/wide.h"

namespace unstick::files {

namespace {

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
    const std::wstring rights = std::wstring(L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;") + sid.get() + L")";
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    ::ConvertStringSecurityDescriptorToSecurityDescriptorW(rights.c_str(), SDDL_REVISION_1, &descriptor, nullptr);
    return Local<void>(descriptor);
}

/// In a folder that is reached through no link.
bool make_folder(const fs::path& path)
{
    const Local<void> rights = private_rights();
    SECURITY_ATTRIBUTES attributes{sizeof(attributes), rights.get(), FALSE};
    const Place place(path);  // its error is the last one
    return rights && place && ::CreateDirectoryW(windows::long_form(path).c_str(), &attributes);
}

bool copy_rights(HANDLE from, HANDLE to)
{
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR rights = nullptr;
    DWORD error =
        ::GetSecurityInfo(from, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr, &list, nullptr, &rights);
    const Local<void> owner(rights);
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    DWORD revision = 0;
    if (error == ERROR_SUCCESS && ::GetSecurityDescriptorControl(rights, &control, &revision)) {
        const DWORD inheritance = (control & SE_DACL_PROTECTED) == 0 ? UNPROTECTED_DACL_SECURITY_INFORMATION
                                                                     : PROTECTED_DACL_SECURITY_INFORMATION;
        error = ::SetSecurityInfo(to, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION | inheritance, nullptr, nullptr, list,
                                  nullptr);
    }
    ::SetLastError(error);
    return error == ERROR_SUCCESS;
}

}  // namespace

// --- Output ---

Result<Output> Output::create(const fs::path& path)
{
    Handle file = files::open(Place(path), writing, FILE_CREATE, FILE_NON_DIRECTORY_FILE);
    if (!file) {
        return failure(path, "cannot create it");
    }
    return Output(::HandleToLong(file.release()), path);
}

Result<Output> Output::open(const fs::path& path)
{
    Handle file = files::open(Place(path), writing);
    Info about;
    if (!file || !look_at(file.get(), about)) {
        return failure(path, "cannot open it");
    }
    if (about.type != Type::file) {
        return failure(path, "cannot open it", about.type == Type::link ? through_a_link : ERROR_SUCCESS);
    }
    return Output(::HandleToLong(file.release()), path);
}

Result<void> Output::write(std::uint64_t offset, std::string_view bytes)
{
    return write_at(::LongToHandle(handle_.get()), offset, bytes) ? Result<void>() : failure(path_, "cannot write it");
}

Result<void> Output::extend(std::uint64_t size)
{
    const HANDLE file = ::LongToHandle(handle_.get());
    Info about;
    FILE_END_OF_FILE_INFO end{};
    end.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
    if (!look_at(file, about) ||
        (about.size < size && !::SetFileInformationByHandle(file, FileEndOfFileInfo, &end, sizeof(end)))) {
        return failure(path_, "cannot write it");
    }
    return {};
}

Result<void> Output::sync()
{
    return ::FlushFileBuffers(::LongToHandle(handle_.get())) ? Result<void>()
                                                             : failure(path_, "cannot make it durable");
}

// --- Whole files ---

Result<void> write_file(const fs::path& path, std::string_view content)
{
    const Place place(path);
    Handle old = open(place, READ_CONTROL | looking);
    if (!place || (!old && !is_missing(::GetLastError()))) {
        return failure(path, "cannot write it");
    }
    const Place temporary(place.folder(),
                          windows::wide(random_name(path.filename().string() + std::string(temporary_infix))));
    Handle file = open(temporary, writing | READ_CONTROL | WRITE_DAC, FILE_CREATE, FILE_NON_DIRECTORY_FILE);
    if (!file) {
        return failure(path, "cannot write beside it");
    }
    bool good = write_at(file.get(), 0, content) && (!old || copy_rights(old.get(), file.get())) &&
                ::FlushFileBuffers(file.get());
    DWORD error = ::GetLastError();
    file.close();
    old.close();  // what is open is not replaced
    if (good && !rename_at(temporary, place, true)) {
        good = false;
        error = ::GetLastError();
        if (!open(place, DELETE | SYNCHRONIZE) && ::GetLastError() == ERROR_SHARING_VIOLATION) {
            error = ERROR_SHARING_VIOLATION;  // Windows calls this "denied"
        }
    }
    if (!good) {
        remove_at(temporary, 0);
        return failure(path, "cannot write it", error);
    }
    return sync_folder(parent_of(path));
}

Result<void> take_over_rights(const fs::path& from, const fs::path& to)
{
    const Handle source = open(Place(from), READ_CONTROL | looking);
    const Handle target = source ? open(Place(to), READ_CONTROL | WRITE_DAC | looking) : Handle();
    if (!target || !copy_rights(source.get(), target.get())) {
        return failure(from, "cannot keep its rights");
    }
    return {};
}

// --- Folders ---

Result<void> make_private_folder(const fs::path& path)
{
    if (make_folder(path)) {
        return {};
    }
    if (is_missing(::GetLastError()) && path.has_parent_path() && path.parent_path() != path) {
        TRY(make_private_folder(path.parent_path()));
        if (make_folder(path)) {
            return {};
        }
    }
    const DWORD error = ::GetLastError();
    const auto there = info(path);
    return there && there->type == Type::folder ? Result<void>() : failure(path, "cannot create the folder", error);
}

Result<fs::path> make_temporary_folder(std::string_view prefix)
{
    std::error_code none;
    const auto parent = real_path(fs::temp_directory_path(none));
    if (!parent) {
        return parent;
    }
    while (true) {
        const fs::path folder = *parent / random_name(prefix);
        if (make_folder(folder)) {
            return folder;
        }
        if (code_of(::GetLastError()) != Code::exists) {
            return failure(*parent, "cannot create a temporary folder in it");
        }
    }
}

Result<void> sync_folder(const fs::path& path)
{
    const Handle folder = open(Place(path), FILE_WRITE_DATA | looking, FILE_OPEN, FILE_DIRECTORY_FILE);
    if (!folder) {
        return failure(path, "cannot make it durable");
    }
    ::FlushFileBuffers(folder.get());  // only some file systems know this for folders; NTFS does
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

// --- Databases ---

namespace {

HANDLE WINAPI create_for_database(LPCWSTR path, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES rights,
                                  DWORD disposition, DWORD flags, HANDLE model)
{
    const Place place{fs::path(path)};
    return place ? ::CreateFileW(windows::long_form(path).c_str(), access, share, rights, disposition,
                                 flags | FILE_FLAG_OPEN_REPARSE_POINT, model)
                 : INVALID_HANDLE_VALUE;
}

BOOL WINAPI delete_for_database(LPCWSTR path)
{
    const Place place{fs::path(path)};
    return place && ::DeleteFileW(windows::long_form(path).c_str());
}

BOOL WINAPI attributes_for_database(LPCWSTR path, GET_FILEEX_INFO_LEVELS level, LPVOID info)
{
    return ::GetFileAttributesExW(windows::long_form(path).c_str(), level, info);
}

DWORD WINAPI plain_attributes_for_database(LPCWSTR path)
{
    return ::GetFileAttributesW(windows::long_form(path).c_str());
}

template <class Function>
void (*as_call(Function function))()
{
    return reinterpret_cast<void (*)()>(reinterpret_cast<void*>(function));
}

}  // namespace

std::vector<SystemCall> database_calls()
{
    // Paths of any length, too.
    return {{"CreateFileW", as_call(&create_for_database)},
            {"DeleteFileW", as_call(&delete_for_database)},
            {"GetFileAttributesExW", as_call(&attributes_for_database)},
            {"GetFileAttributesW", as_call(&plain_attributes_for_database)}};
}

}  // namespace unstick::files
