#include "profiles/gecko/ini.h"

#include "tests/fixtures/catch.h"

using namespace unstick::gecko;

namespace {

std::vector<std::string> paths_of(const std::vector<ListedProfile>& profiles)
{
    std::vector<std::string> paths;
    for (const ListedProfile& profile : profiles) {
        paths.push_back(profile.path);
    }
    return paths;
}

// As Firefox 153 makes it at its first start: the one marked as default is the one that it does not use.
constexpr const char* first_start = R"([Profile1]
Name=default
IsRelative=1
Path=abcd.default
Default=1

[Profile0]
Name=default-esr
IsRelative=1
Path=efgh.default-esr

[General]
StartWithLastProfile=1
Version=2

[InstallCF146F38BCAB2D21]
Default=efgh.default-esr
Locked=1
)";

}  // namespace

TEST_CASE("the profile that an installation uses comes before the one marked as default")
{
    const auto profiles = listed_profiles(first_start, "");
    CHECK(paths_of(profiles) == std::vector<std::string>{"efgh.default-esr", "abcd.default"});
    CHECK(profiles[0].name == "default-esr");
    CHECK(profiles[0].is_relative);
    CHECK_FALSE(profiles[0].is_default);
}

TEST_CASE("installs.ini names the profile that is used, too")
{
    constexpr const char* listed =
        "[Profile0]\nPath=a\nIsRelative=1\n[Profile1]\nPath=/b\nIsRelative=0\n[Profile2]\nPath=c\nDefault=1\n";
    CHECK(paths_of(listed_profiles(listed, "[CF14]\nDefault=/b\n")) == std::vector<std::string>{"/b", "c", "a"});
    CHECK(paths_of(listed_profiles(listed, "")) == std::vector<std::string>{"c", "a", "/b"});
}

TEST_CASE("what is not understood in an ini file is passed over")
{
    const auto sections =
        parse_ini("\xef\xbb\xbflost=1\r\n; note=1\n[A]\r\n key = a = b \r\nnonsense\n#x=1\n[\n[]\n=y\n[B]\nkey=2");
    REQUIRE(sections.size() == 3);
    CHECK(sections[0].name == "A");
    CHECK(sections[0].values.size() == 1);
    CHECK(sections[0].value("key") == "a = b");
    CHECK(sections[1].name.empty());
    CHECK(sections[2].value("key") == "2");
    CHECK(sections[2].value("other").empty());
    CHECK(parse_ini("").empty());
    CHECK(parse_ini("\n\r\n").empty());
    CHECK(listed_profiles("[Profile0]\nName=without a path\n", "").empty());
}
