// Home folders for tests that run unstick as a program.
//     profile_tool make HOME [HOST[:PORT]...]    makes one with a Chromium profile (Linux) that holds data of these
//                               hosts by https; of stuck.test and other.test if none is named
//     profile_tool seen HOME    a digest of each thing that independent readers see in it, with "other" before those of
//                               other.test
//     profile_tool list HOME    the things themselves, to find out what is missing

#include <iostream>

#include "base/hash.h"
#include "base/text.h"
#include "tests/fixtures/home.h"

namespace testing = unstick::testing;

int main(int argc, char** argv)
{
    const std::string_view what = argc >= 3 ? argv[1] : "";
    const std::filesystem::path home = argc >= 3 ? argv[2] : "";
    if (what == "make") {
        std::vector<std::string> hosts{argv + 3, argv + argc};
        if (hosts.empty()) {
            hosts = {"stuck.test", "other.test"};
        }
        testing::write_profile(home / ".config/chromium/Default", home / ".cache/chromium/Default", hosts);
        return 0;
    }
    if (what == "seen") {
        for (const std::string& line : testing::seen_in(home)) {
            const bool other = line.find("other.test") != std::string::npos && !testing::is_about_ours(line);
            std::cout << (other ? "other " : "") << unstick::hex(unstick::sha256(line)) << '\n';
        }
        return 0;
    }
    if (what == "list") {
        for (const std::string& line : testing::seen_in(home)) {
            std::cout << unstick::printable(line) << '\n';
        }
        return 0;
    }
    return 2;
}
