// Makes a home folder with a Chromium profile (Linux) that holds data of stuck.test and other.test.
//     profile_tool HOME

#include "../chromium_profile.h"

int main(int argc, char** argv)
{
    if (argc != 2) {
        return 2;
    }
    const std::filesystem::path home = argv[1];
    unstick::testing::write_profile(home / ".config/chromium/Default", home / ".cache/chromium/Default",
                                    {"stuck.test", "other.test"});
    return 0;
}
