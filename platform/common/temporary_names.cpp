#include "platform/common/temporary_names.h"

#include <random>

namespace unstick::files {

namespace {

constexpr std::size_t random_digits = 6;

}  // namespace

fs::path parent_of(const fs::path& path)
{
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

std::string random_name(std::string_view start)
{
    constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz0123456789";
    thread_local std::random_device chance;
    std::uniform_int_distribution<std::size_t> one(0, digits.size() - 1);
    std::string name(start);
    for (std::size_t i = 0; i < random_digits; ++i) {
        name += digits[one(chance)];
    }
    return name;
}

Result<void> make_durable_folder(const fs::path& path)
{
    TRY_ASSIGN(const bool was_there, files::exists(path));
    if (!was_there && path.has_parent_path() && path.parent_path() != path) {
        TRY(make_durable_folder(path.parent_path()));
    }
    TRY(make_private_folder(path));
    return was_there ? Result<void>() : sync_folder(parent_of(path));
}

void tidy_beside(const fs::path& path)
{
    const auto folder = Folder::open(parent_of(path));
    const std::string start = path.filename().string() + std::string(temporary_infix);
    for (const Entry& entry : folder ? folder->list().value_or(std::vector<Entry>{}) : std::vector<Entry>{}) {
        if (entry.type == Type::file && entry.name.starts_with(start) &&
            entry.name.size() == start.size() + random_digits) {
            (void)remove_tree(parent_of(path) / entry.name);
        }
    }
}

}  // namespace unstick::files
