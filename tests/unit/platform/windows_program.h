#pragma once
// unstick.exe, run as a program on profiles laid out as Windows' are.

#include <winsock2.h>
// after winsock2.h
#include <windows.h>

#include <cstdlib>

#include "platform/files.h"
#include "platform/subprocess.h"
#include "platform/windows/handle.h"
#include "tests/fixtures/home.h"

namespace unstick::testing::windows_program {

inline std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

inline Ran unstick_exe(const std::vector<std::string>& arguments)
{
    std::vector<std::string> command{variable("UNSTICK_EXE")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    auto ran = run_program(command, "", std::chrono::minutes(5));
    REQUIRE(ran);
    return *ran;
}

/// A home folder laid out as Windows' are, with a profile of Chromium.
struct WindowsHome {
    TempFolder place;
    fs::path home;
    fs::path data;
    fs::path profile;

    explicit WindowsHome(const std::string& name = "Person")
        : home(place / name), data(home / "AppData/Local/Chromium/User Data"), profile(data / "Default")
    {
        write_profile(profile, profile, {"stuck.test", "other.test"}, CacheKind::blockfile);
    }

    std::vector<std::string> with(std::vector<std::string> arguments) const
    {
        for (const std::string& more : {std::string("--home"), home.string(), std::string("--state-dir"),
                                        (place / "state").string(), std::string("--json")}) {
            arguments.push_back(more);
        }
        return arguments;
    }
    Ran run(const std::vector<std::string>& arguments) const { return unstick_exe(with(arguments)); }
    Ran undo() const { return unstick_exe({"undo", "--yes", "--state-dir", (place / "state").string(), "--json"}); }
    Ran fix() const { return run({"fix", "stuck.test", "--yes", "--retest=none"}); }
    std::set<std::string> seen() const { return seen_in(home); }
};

inline bool names_ours(const std::set<std::string>& seen, const std::string& secret)
{
    return std::any_of(seen.begin(), seen.end(),
                       [&](const std::string& line) { return line.find(secret) != line.npos; });
}

inline std::wstring long_form(const fs::path& path)
{
    return LR"(\\?\)" + fs::absolute(path).make_preferred().native();
}

/// Opens a file as another program may: sharing nothing, or only reading.
inline windows::Handle hold_open(const fs::path& file, DWORD sharing, DWORD disposition = OPEN_EXISTING,
                                 DWORD flags = 0)
{
    windows::Handle handle(::CreateFileW(long_form(file).c_str(), GENERIC_READ | GENERIC_WRITE, sharing, nullptr,
                                         disposition, flags, nullptr));
    REQUIRE(handle);
    return handle;
}

/// A folder whose path has more than 260 characters.
inline fs::path deep_below(const fs::path& folder)
{
    fs::path deep = folder;
    for (int level = 0; level < 12; ++level) {
        deep /= std::string(40, static_cast<char>('a' + level));
    }
    const auto made = files::make_private_folder(deep);
    CAPTURE(made ? "" : made.error().where + ": " + made.error().what);
    REQUIRE(made);
    return deep;
}

}  // namespace unstick::testing::windows_program
