// files.h for Windows: looking and reading.
//
// The C++ library's own functions are not used: libstdc++ for this system cannot copy or remove what has a long path.

#include <algorithm>

#include "platform/windows/place.h"
#include "platform/windows/wide.h"

namespace unstick::files {

namespace {

/// Handles have 32 significant bits, and -1 is none.
HANDLE handle_of(int number)
{
    return ::LongToHandle(number);
}

std::uint64_t size_below(HANDLE folder, int depth)
{
    std::uint64_t sum = 0;
    for (const Listed& entry : list_names(folder).value_or(std::vector<Listed>{})) {
        if (entry.type == Type::file) {
            sum += entry.size;
        } else if (entry.type == Type::folder && depth > 0) {
            const Handle inner = open({folder, entry.name}, listing, FILE_OPEN, FILE_DIRECTORY_FILE);
            sum += inner ? size_below(inner.get(), depth - 1) : 0;
        }
    }
    return sum;
}

Result<Info> info_at(const Place& place, const fs::path& shown)
{
    Info found;
    const Handle handle = open(place, looking);
    if (!handle || !look_at(handle.get(), found)) {
        return failure(shown, "cannot look at it");
    }
    return found;
}

}  // namespace

std::string path_for_library(const fs::path& path)
{
    return windows::narrow(windows::long_form(path));
}

Result<fs::path> real_path(const fs::path& path)
{
    const Handle handle(::CreateFileW(windows::long_form(path).c_str(), FILE_READ_ATTRIBUTES,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    std::wstring real(handle ? 32768 : 0, 0);
    if (handle) {
        real.resize(::GetFinalPathNameByHandleW(handle.get(), real.data(), static_cast<DWORD>(real.size()),
                                                FILE_NAME_NORMALIZED));
    }
    if (real.empty()) {
        return failure(path, "cannot find its place");
    }
    // As people write it.
    if (real.starts_with(LR"(\\?\UNC\)")) {
        return fs::path(LR"(\\)" + real.substr(8));
    }
    return fs::path(real.starts_with(LR"(\\?\)") ? real.substr(4) : real);
}

bool is_real_path(const fs::path&)
{
    return false;  // a short name is no link, and is not the one name of a file
}

Result<Info> info(const fs::path& path)
{
    return info_at(Place(path), path);
}

Result<std::string> read_link(const fs::path& path)
{
    // No browser on Windows says anything by a link.
    const auto found = info(path);
    return found ? fail(Code::unsupported, path.string(), "it is no symbolic link that says something")
                 : tl::unexpected<Error>(found.error());
}

// --- Folder ---

void close_handle(int handle)
{
    const Handle closes(handle_of(handle));
}

Result<Folder> Folder::open(const fs::path& path)
{
    Handle handle = files::open(Place(path), listing);
    Info about;
    if (!handle || !look_at(handle.get(), about)) {
        return failure(path, "cannot open the folder");
    }
    if (about.type != Type::folder) {
        return fail(Code::unsupported, path.string(),
                    about.type == Type::link ? "it is a symbolic link" : "it is not a folder");
    }
    return Folder(::HandleToLong(handle.release()), path);
}

Result<std::vector<Entry>> Folder::list() const
{
    const auto names = list_names(handle_of(handle_.get()));
    if (!names) {
        return failure(path_, "cannot list it");
    }
    std::vector<Entry> entries;
    for (const Listed& entry : *names) {
        entries.push_back({windows::narrow(entry.name), entry.type});
    }
    return entries;
}

Result<Input> Folder::open_file(const char* name) const
{
    Info about;
    Handle file = files::open_file({handle_of(handle_.get()), windows::wide(name)}, about);
    if (!file) {
        return failure(path_ / name, "cannot open it");
    }
    return Input(::HandleToLong(file.release()), path_, name);
}

Result<std::size_t> Folder::read(const char* name, std::uint64_t offset, std::span<char> buffer) const
{
    TRY_ASSIGN(const auto file, open_file(name));
    return file.read(offset, buffer);
}

Result<Info> Folder::info(const char* name) const
{
    return info_at({handle_of(handle_.get()), windows::wide(name)}, path_ / name);
}

// --- Input ---

Result<std::size_t> Input::read(std::uint64_t offset, std::span<char> buffer) const
{
    const auto count = read_at(handle_of(handle_.get()), offset, buffer);
    if (!count) {
        return failure(*folder_ / name_, "cannot read it");
    }
    return *count;
}

Result<std::uint64_t> Input::size() const
{
    Info about;
    if (!look_at(handle_of(handle_.get()), about)) {
        return failure(*folder_ / name_, "cannot look at it");
    }
    return about.size;
}

// --- Whole files and trees ---

Result<std::string> read_file(const fs::path& path, std::uint64_t limit)
{
    Info about;
    const Handle file = open_file(Place(path), about);
    if (!file) {
        return failure(path, "cannot open it");
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
    const auto about = info(path);
    if (!about || about->type != Type::folder) {
        return about ? about->size : 0;
    }
    const Handle folder = open(Place(path), listing, FILE_OPEN, FILE_DIRECTORY_FILE);
    return folder ? size_below(folder.get(), deepest) : 0;
}

}  // namespace unstick::files
