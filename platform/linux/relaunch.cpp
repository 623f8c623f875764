#include "platform/linux/relaunch.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/text.h"
#include "platform/common/command_words.h"

namespace unstick {

namespace fs = std::filesystem;

namespace {

/// Empty if it cannot be read: a process may end between the opening and the reading, whereupon an iterator over the
/// stream would throw.
std::string content_of(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream content;
    content << stream.rdbuf();
    return std::move(content).str();
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

/// The words of /proc/PID/cmdline or environ, each ended by a zero byte.
std::vector<std::string> words_in(const fs::path& file)
{
    const std::string content = content_of(file);
    std::vector<std::string> words;
    for (std::size_t at = 0; at < content.size(); at += words.back().size() + 1) {
        words.emplace_back(content.c_str() + at);
    }
    return words;
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

/// What the link of a program says whose file an update has replaced is marked: the new one is in its place.
std::string without_mark(std::string program)
{
    constexpr std::string_view replaced = " (deleted)";
    if (program.ends_with(replaced)) {
        program.resize(program.size() - replaced.size());
    }
    return program;
}

}  // namespace

Result<fs::path> program_of_process(const fs::path& proc, std::int64_t pid)
{
    const fs::path process = proc / std::to_string(pid);
    std::error_code failed;
    const fs::path program = fs::read_symlink(process / "exe", failed);
    if (!failed) {
        return without_mark(program.string());
    }
    // Another user's, or the kernel's own: everybody may see the name.
    std::string name = content_of(process / "comm");
    name = name.substr(0, name.find('\n'));
    if (name.empty()) {
        return fail(Code::not_found, "process " + std::to_string(pid), "its program is not known: " + failed.message());
    }
    return name;
}

Result<std::vector<std::string>> command_of_process(const fs::path& proc, std::int64_t pid)
{
    const fs::path process = proc / std::to_string(pid);
    std::error_code failed;
    std::string program = fs::read_symlink(process / "exe", failed).string();
    if (failed) {
        return fail(failed == std::errc::permission_denied ? Code::denied : Code::not_found,
                    "process " + std::to_string(pid), "its program is not known: " + failed.message());
    }
    program = without_mark(std::move(program));
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

std::vector<std::vector<std::string>> commands_in(const fs::path& proc, std::span<const std::string_view> beginnings,
                                                  const fs::path& home)
{
    std::vector<std::vector<std::string>> commands;
    std::error_code failed;
    for (fs::directory_iterator entry(proc, failed), end; !failed && entry != end; entry.increment(failed)) {
        if (!is_number(entry->path().filename().string())) {
            continue;
        }
        std::vector<std::string> words = words_in(entry->path() / "cmdline");
        if (!has_word(words, beginnings)) {
            continue;
        }
        const auto variables = words_in(entry->path() / "environ");  // empty if it is somebody else's
        if (std::find(variables.begin(), variables.end(), "HOME=" + home.string()) != variables.end()) {
            commands.push_back(std::move(words));
        }
    }
    return commands;
}

}  // namespace unstick
