#include "platform/machine.h"

#include <array>
#include <utility>

#include "platform/files.h"

namespace unstick {

namespace {

constexpr std::array<std::pair<Os, std::string_view>, 3> os_names{
    {{Os::linux_os, "linux"}, {Os::macos, "macos"}, {Os::windows, "windows"}}};

}  // namespace

std::string_view name_of(Os os)
{
    return os_names[static_cast<std::size_t>(os)].second;
}

std::optional<Os> os_named(std::string_view name)
{
    for (const auto& [os, known] : os_names) {
        if (known == name) {
            return os;
        }
    }
    return std::nullopt;
}

Machine Machine::at_home(const fs::path& home, Os os)
{
    if (home.empty()) {
        return {os, {}};
    }
    Machine machine{os, {{"home", home}}};
    switch (os) {
        case Os::linux_os:
            machine.folders["config"] = home / ".config";
            machine.folders["cache"] = home / ".cache";
            machine.folders["data"] = home / ".local/share";
            break;
        case Os::macos:
            machine.folders["support"] = home / "Library/Application Support";
            machine.folders["caches"] = home / "Library/Caches";
            break;
        case Os::windows:
            machine.folders["local"] = home / "AppData/Local";
            machine.folders["roaming"] = home / "AppData/Roaming";
            break;
    }
    return machine;
}

std::optional<fs::path> Machine::expand(std::string_view path_template) const
{
    const std::size_t end = path_template.find('}');
    if (!path_template.starts_with('{') || end == std::string_view::npos) {
        return std::nullopt;
    }
    const auto folder = folders.find(path_template.substr(1, end - 1));
    if (folder == folders.end()) {
        return std::nullopt;
    }
    const std::string_view rest = path_template.substr(end + 1);
    return rest.empty() ? folder->second : folder->second / rest.substr(1);
}

fs::path below_known(const fs::path& folder, const fs::path& rest)
{
    return folder.empty() ? fs::path() : folder / rest;
}

fs::path without_links(const fs::path& path)
{
    if (path.empty() || files::is_real_path(path)) {
        return path;
    }
    if (std::error_code failed; path.is_relative()) {
        const fs::path absolute = fs::absolute(path, failed);
        return failed || absolute.is_relative() ? path : without_links(absolute);
    }
    if (auto real = files::real_path(path)) {
        return *real;
    }
    const bool is_start = !path.has_relative_path() || !path.has_parent_path() || path.parent_path() == path;
    return is_start ? path : without_links(path.parent_path()) / path.filename();
}

bool is_at_or_below(const fs::path& path, const fs::path& folder)
{
    const fs::path relative = path.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

}  // namespace unstick
