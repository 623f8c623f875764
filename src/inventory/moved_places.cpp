#include "inventory/moved_places.h"

#include <algorithm>
#include <array>

#include "platform/trust.h"

namespace unstick {

namespace {

/// "{home}/.var/app/com.google.Chrome/config/google-chrome" -> "com.google.Chrome"
std::string_view flatpak_of(const Root& root)
{
    constexpr std::string_view start = "{home}/.var/app/";
    const std::string_view name = root.data.starts_with(start) ? root.data.substr(start.size()) : "";
    return name.substr(0, name.find('/'));
}

bool is_program_of(const Adapter& adapter, const Machine& machine, const fs::path& word)
{
    const std::string text = word.string();
    const auto& installed = adapter.places->installed;
    const bool is_there = std::any_of(installed.begin(), installed.end(), [&](const auto& place) {
        return place.second == adapter.id && text.starts_with(place.first);
    });
    return is_there || std::any_of(adapter.roots.begin(), adapter.roots.end(), [&](const Root& root) {
               return root.os == machine.os &&
                      (text == flatpak_of(root) ||
                       std::any_of(root.programs.begin(), root.programs.end(), [&](std::string_view program) {
                           return !program.empty() && word.filename() == fs::path(program).filename();
                       }));
           });
}

bool starts(const Adapter& adapter, const Machine& machine, const std::vector<std::string>& words)
{
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return !word.starts_with('-') && word.find("://") == word.npos && is_program_of(adapter, machine, word);
    });
}

/// The value of the switch, the last one counts; empty: not given, or not known where that would be.
fs::path folder_in(const std::vector<std::string>& words, std::string_view name, const Machine& machine)
{
    fs::path folder;
    const auto home = machine.expand("{home}");
    for (const std::string& word : words) {
        if (!word.starts_with(name)) {
            continue;
        }
        const std::string value = word.substr(name.size());
        folder = value;
        for (const std::string_view start : {"~/", "$HOME/", "${HOME}/"}) {
            if (home && value.starts_with(start)) {
                folder = *home / value.substr(start.size());
            }
        }
    }
    return folder.is_absolute() ? folder : fs::path();
}

}  // namespace

bool is_ours(const fs::path& path)
{
    const trust::Way way = trust::way_to(path);
    return std::all_of(way.steps.begin(), way.steps.end(), [](const trust::Step& step) { return step.is_ours; });
}

std::vector<Moved> moved_by_commands(const Adapter& adapter, const Machine& machine,
                                     std::span<const CommandLine> commands)
{
    std::vector<Moved> moved;
    for (const CommandLine& command : commands) {
        if (adapter.places == nullptr || !starts(adapter, machine, command.words)) {
            continue;
        }
        Moved one{folder_in(command.words, adapter.places->data_switch, machine),
                  folder_in(command.words, adapter.places->cache_switch, machine), command.source};
        if (!one.data.empty() || !one.cache.empty()) {
            moved.push_back(std::move(one));
        }
    }
    return moved;
}

}  // namespace unstick
