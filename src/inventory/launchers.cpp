#include "inventory/launchers.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "base/text.h"
#include "platform/files.h"

namespace unstick {

namespace {

constexpr std::uint64_t largest_launcher = 1U << 20U;

// As the specification of menus and the makers of snaps and flatpaks name them.
constexpr std::array<std::string_view, 8> launcher_folders{
    "{data}/applications",
    "{data}/flatpak/exports/share/applications",
    "{config}/autostart",
    "{home}/Desktop",
    "{usr}/local/share/applications",
    "{usr}/share/applications",
    "{var}/lib/snapd/desktop/applications",
    "{var}/lib/flatpak/exports/share/applications",
};

bool is_field_code(const std::string& word)
{
    return word.size() == 2 && word[0] == '%';
}

/// Without the quotes and backslashes of the specification, which are those of a shell's double quotes; single quotes
/// are common all the same.
std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    bool is_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == 0 && (c == ' ' || c == '\t')) {
            if (is_word) {
                words.push_back(std::move(word));
            }
            word.clear();
            is_word = false;
            continue;
        }
        is_word = true;
        if (c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
            word += text[++i];
        } else {
            word += c;
        }
    }
    if (is_word) {
        words.push_back(std::move(word));
    }
    return words;
}

}  // namespace

std::vector<std::string> words_of_exec(std::string_view line)
{
    std::vector<std::string> words;
    bool is_script = false;
    for (std::string& word : split(line)) {
        if (is_script) {
            for (std::string& inner : split(word)) {
                words.push_back(std::move(inner));
            }
        } else if (!is_field_code(word)) {
            words.push_back(word);
        }
        is_script = word == "-c";
    }
    return words;
}

std::vector<CommandLine> launcher_commands(const Machine& machine, std::span<const std::string_view> beginnings)
{
    std::vector<CommandLine> commands;
    const auto is_wanted = [&](const std::string& word) {
        return std::any_of(beginnings.begin(), beginnings.end(),
                           [&](std::string_view beginning) { return word.starts_with(beginning); });
    };
    for (const std::string_view place :
         machine.os == Os::linux_os ? std::span(launcher_folders) : std::span(launcher_folders).first(0)) {
        const auto named = machine.expand(place);
        const fs::path path = named ? without_links(*named) : fs::path();
        const auto folder = files::Folder::open(path);
        const auto entries = folder ? folder->list() : tl::unexpected<Error>(folder.error());
        for (const files::Entry& entry : entries.value_or(std::vector<files::Entry>())) {
            const bool is_launcher = entry.type == files::Type::file || entry.type == files::Type::link;
            if (!is_launcher || !entry.name.ends_with(".desktop")) {
                continue;
            }
            std::istringstream text(files::read_file(without_links(path / entry.name), largest_launcher).value_or(""));
            for (std::string line; std::getline(text, line);) {
                if (!line.starts_with("Exec=")) {
                    continue;
                }
                auto words = words_of_exec(std::string_view(line).substr(5));
                if (std::any_of(words.begin(), words.end(), is_wanted)) {
                    commands.push_back({std::move(words), "launcher " + (path / entry.name).string()});
                }
            }
        }
    }
    return commands;
}

}  // namespace unstick
