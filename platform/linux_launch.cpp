#include "linux_launch.h"

#include <fstream>
#include <iterator>

namespace unstick {

namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// /proc/PID/cmdline: the program and its words, each ended by a zero byte. Switches stay; what is no switch is an
/// address, which would be opened again beside the tabs.
std::vector<std::string> switches_of(const std::string& cmdline)
{
    std::vector<std::string> switches;
    for (std::size_t at = cmdline.find('\0'); at < cmdline.size(); at = cmdline.find('\0', at + 1)) {
        std::string word = cmdline.c_str() + at + 1;
        if (word.starts_with('-')) {
            switches.push_back(std::move(word));
        }
    }
    return switches;
}

/// The name in a flatpak's own description: "[Application]", "name=org.chromium.Chromium".
std::string flatpak_name(const std::string& info)
{
    std::size_t at = info.starts_with("name=") ? 0 : info.find("\nname=");
    if (at == std::string::npos) {
        return {};
    }
    at = info.find('=', at) + 1;
    return info.substr(at, info.find('\n', at) - at);
}

/// "/snap/chromium/2900/usr/lib/chromium-browser/chrome" -> "chromium"
std::string snap_name(const fs::path& program)
{
    auto part = program.begin();
    const auto next_is = [&](std::string_view name) { return part != program.end() && *part++ == name; };
    return next_is("/") && next_is("snap") && part != program.end() ? part->string() : std::string();
}

}  // namespace

Result<std::vector<std::string>> command_of_process(const fs::path& proc, std::int64_t pid)
{
    const fs::path process = proc / std::to_string(pid);
    std::error_code failed;
    std::string program = fs::read_symlink(process / "exe", failed).string();
    if (failed) {
        return fail(failed == std::errc::permission_denied ? Code::denied : Code::not_found,
                    "process " + std::to_string(pid), "its program is not known: " + failed.message());
    }
    if (constexpr std::string_view replaced = " (deleted)"; program.ends_with(replaced)) {
        program.resize(program.size() - replaced.size());  // an update put the new one into its place
    }
    std::vector<std::string> command;
    if (const std::string flatpak = flatpak_name(content_of(process / "root/.flatpak-info")); !flatpak.empty()) {
        command = {"flatpak", "run", flatpak};
    } else if (const std::string snap = snap_name(program); !snap.empty()) {
        command = {"snap", "run", snap};
    } else {
        command = {program};
    }
    for (std::string& one : switches_of(content_of(process / "cmdline"))) {
        command.push_back(std::move(one));
    }
    return command;
}

}  // namespace unstick
