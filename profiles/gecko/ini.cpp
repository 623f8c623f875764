#include "profiles/gecko/ini.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace unstick::gecko {

std::string IniSection::value(std::string_view key) const
{
    const auto found = values.find(key);
    return found == values.end() ? std::string() : found->second;
}

std::vector<IniSection> parse_ini(std::string_view text)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    std::vector<IniSection> sections;
    while (!text.empty()) {
        const std::string_view line = trimmed(text.substr(0, text.find_first_of("\r\n")));
        text.remove_prefix(std::min(text.find_first_of("\r\n"), text.size() - 1) + 1);
        if (line.starts_with('[') && line.ends_with(']')) {
            sections.push_back({std::string(line.substr(1, line.size() - 2))});
        } else if (const std::size_t mark = line.find('=');
                   mark != line.npos && !sections.empty() && !line.starts_with('#') && !line.starts_with(';')) {
            sections.back().values.insert_or_assign(std::string(trimmed(line.substr(0, mark))),
                                                    std::string(trimmed(line.substr(mark + 1))));
        }
    }
    return sections;
}

std::vector<ListedProfile> listed_profiles(std::string_view profiles_ini, std::string_view installs_ini)
{
    std::vector<ListedProfile> profiles;
    std::set<std::string> used;
    for (const IniSection& section : parse_ini(profiles_ini)) {
        if (section.name.starts_with("Profile") && !section.value("Path").empty()) {
            profiles.push_back({.name = section.value("Name"),
                                .path = section.value("Path"),
                                .is_relative = section.value("IsRelative") == "1",
                                .is_default = section.value("Default") == "1"});
        } else if (section.name.starts_with("Install")) {
            used.insert(section.value("Default"));
        }
    }
    for (const IniSection& section : parse_ini(installs_ini)) {
        used.insert(section.value("Default"));
    }
    const auto rank = [&](const ListedProfile& profile) {
        return used.contains(profile.path) ? 0 : profile.is_default ? 1 : 2;
    };
    std::stable_sort(profiles.begin(), profiles.end(),
                     [&](const ListedProfile& a, const ListedProfile& b) { return rank(a) < rank(b); });
    return profiles;
}

}  // namespace unstick::gecko
