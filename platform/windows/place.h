#pragma once
// What the files windows_*.cpp of files.h share: where a path leads, and what Windows' errors mean.

#include <windows.h>
// after windows.h
#include <winternl.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/files.h"
#include "platform/windows/handle.h"

namespace unstick::files {

using windows::Handle;

// Levels below a folder that we go down. Browsers use fewer than ten; what goes deeper was made to harm, and must still
// be removable.
constexpr int deepest = 500;

constexpr ACCESS_MASK looking = FILE_READ_ATTRIBUTES | SYNCHRONIZE;
constexpr ACCESS_MASK reading = FILE_READ_DATA | looking;
constexpr ACCESS_MASK listing = FILE_LIST_DIRECTORY | looking;
constexpr ACCESS_MASK writing = FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES | looking;

/// An error of ours for what is reached through a link only; no function of Windows gives it to us.
constexpr DWORD through_a_link = ERROR_CANT_ACCESS_FILE;

/// Where a path leads: its folder, reached through no reparse point (symbolic link, junction), and the last name. What
/// is done relative to both is done in that very folder, whatever is done to the path meanwhile.
class Place {
public:
    explicit Place(const fs::path& path);
    /// A name in a folder that is open; it stays the caller's.
    Place(HANDLE folder, std::wstring_view name) : folder_(folder), name_(name) {}

    /// False if the folder cannot be reached; GetLastError says why.
    explicit operator bool() const { return folder_ != nullptr; }
    HANDLE folder() const { return folder_; }
    const std::wstring& name() const { return name_; }

private:
    Handle owned_;
    HANDLE folder_ = nullptr;
    std::wstring name_;
};

/// Opens a name as it is: a link itself. GetLastError if it cannot be.
Handle open(const Place& place, ACCESS_MASK access, ULONG disposition = FILE_OPEN, ULONG options = 0);

/// What an error says about a path.
tl::unexpected<Error> failure(const fs::path& path, std::string_view doing, DWORD error = ::GetLastError());
Code code_of(DWORD error);
bool is_missing(DWORD error);

/// False, and GetLastError, if it cannot be looked at.
bool look_at(HANDLE handle, Info& info);

/// A regular file, opened for reading. GetLastError if it cannot be opened; that is 0 if it is something else.
Handle open_file(const Place& place, Info& info);

struct Listed {
    std::wstring name;
    Type type = Type::other;
    std::uint64_t size = 0;
};
/// All names but . and ..; std::nullopt, and GetLastError, if it cannot be listed.
std::optional<std::vector<Listed>> list_names(HANDLE folder);

/// Reads up to so many bytes; std::nullopt, and GetLastError, if it cannot.
std::optional<std::size_t> read_at(HANDLE file, std::uint64_t offset, std::span<char> buffer);
bool write_at(HANDLE file, std::uint64_t offset, std::string_view bytes);

/// Removes a name, and all below it; a link itself. Absent is success. `listed`: what the listing of its folder calls
/// it.
bool remove_at(const Place& place, int depth, Type listed = Type::folder);

/// Gives a file or folder another name on its volume. GetLastError if it cannot be.
bool rename_at(const Place& from, const Place& to, bool replace);

}  // namespace unstick::files
