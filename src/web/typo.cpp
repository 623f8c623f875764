#include "web/typo.h"

#include <set>

namespace unstick {

Site near_misses(const std::string& name)
{
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    constexpr std::size_t longest = 63;
    Site near;
    if (name.size() > longest || name.find("xn--") != std::string::npos || name.find(':') != std::string::npos) {
        return near;
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i <= name.size(); ++i) {
        const std::string before = name.substr(0, i);
        for (const char letter : letters) {
            names.insert(before + letter + name.substr(i));
            if (i < name.size()) {
                names.insert(before + letter + name.substr(i + 1));
            }
        }
        if (i < name.size()) {
            names.insert(before + name.substr(i + 1));
        }
        if (i + 1 < name.size()) {
            names.insert(before + name[i + 1] + name[i] + name.substr(i + 2));
        }
    }
    names.erase(name);
    for (const std::string& other : names) {
        if (const auto site = Site::parse(other); site && site->name() == other) {
            near.add(*site);
        }
    }
    return near;
}

}  // namespace unstick
