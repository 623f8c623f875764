#pragma once
// `profiles.ini` and `installs.ini`: sections of keys and values. Source: docs/formats-firefox.md, "Where profiles
// are".

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace unstick::gecko {

struct IniSection {
    std::string name;  ///< "Profile0", "InstallB2D3...", in installs.ini "B2D3..."
    std::map<std::string, std::string, std::less<>> values = {};

    /// Empty if there is none.
    std::string value(std::string_view key) const;
};

/// The sections in their order. Lines that are not understood are passed over, as Firefox does.
std::vector<IniSection> parse_ini(std::string_view text);

/// What `profiles.ini` says of one profile.
struct ListedProfile {
    std::string name = {};
    std::string path = {};     ///< as written: '/' between folders of a relative one
    bool is_relative = false;  ///< to the folder of the file
    bool is_default = false;
};

/// The profiles of `profiles.ini`, those first that an installation uses (sections `Install...`, and those of
/// `installs.ini`), then the one marked as default, then the others as they are listed.
std::vector<ListedProfile> listed_profiles(std::string_view profiles_ini, std::string_view installs_ini);

}  // namespace unstick::gecko
