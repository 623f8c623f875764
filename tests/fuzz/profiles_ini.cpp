// `profiles.ini` and `installs.ini`.

#include <algorithm>

#include "profiles/gecko/ini.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::text_of(data, size);
    for (const auto& section : gecko::parse_ini(text)) {
        for (const auto& [key, value] : section.values) {
            check(key.find('\n') == key.npos && value.find('\n') == value.npos, "a value is of one line");
        }
    }
    const auto profiles = gecko::listed_profiles(text, text);
    check(std::none_of(profiles.begin(), profiles.end(), [](const auto& profile) { return profile.path.empty(); }),
          "a profile has a path");
    check(profiles.size() == gecko::listed_profiles(text, "").size(), "installations add no profile");
    return 0;
}
