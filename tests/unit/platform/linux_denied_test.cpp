// What macOS keeps from a program without Full Disk Access: stood in for by an openat and openat2 of our own.

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>

#include "tests/fixtures/home.h"
#include "tests/fixtures/own_syscall.h"

namespace fs = std::filesystem;

namespace {

/// What the system keeps from us: a folder or file whose path ends so can be looked at, but not opened.
std::string kept_from_us;
int with_error = EPERM;

bool is_kept_from_us(int folder, const std::string& name)
{
    if (kept_from_us.empty()) {
        return false;
    }
    std::error_code error;
    const fs::path open_folder = fs::read_symlink("/proc/self/fd/" + std::to_string(folder), error);
    const fs::path path = name == "." ? open_folder : open_folder / name;
    return path.string().ends_with(kept_from_us);
}

}  // namespace

// Stands before the system's own in this program. NOLINTBEGIN
extern "C" int openat(int folder, const char* name, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (is_kept_from_us(folder, name)) {
        errno = with_error;
        return -1;
    }
    const auto real = reinterpret_cast<int (*)(int, const char*, int, ...)>(::dlsym(RTLD_NEXT, "openat"));
    return real(folder, name, flags, mode);
}
// NOLINTEND

bool unstick::testing::refuses_openat2(int, const char* name, const open_how& how)
{
    if ((how.flags & O_PATH) != 0 || !is_kept_from_us(AT_FDCWD, name)) {
        return false;
    }
    errno = with_error;
    return true;
}

using namespace unstick;
using testing::Home;
using testing::snapshot;

TEST_CASE("macOS refuses with EPERM what can be looked at all the same: the same words, and the same exit code")
{
    Home home("safari");
    const bool whole = GENERATE(true, false);
    Request request = home.request(Command::fix);
    request.kinds = {Kind::cookies};
    const std::string before = snapshot(home.folder / "home");
    kept_from_us = whole ? "com.apple.Safari/Data/Library" : "Cookies.binarycookies";
    const Report report = home.go(request);
    kept_from_us.clear();
    CHECK(report.exit_code == Exit::denied);
    REQUIRE_FALSE(report.problems.empty());
    CHECK(report.problems[0].code == Code::denied);
    CHECK(report.problems[0].hint.find("Full Disk Access") != std::string::npos);
    CHECK(report.problems[0].hint.find("Privacy_AllFiles") != std::string::npos);
    CHECK(snapshot(home.folder / "home") == before);
}

TEST_CASE("a folder that is named and may not be opened is said to be so, not to hold no profile")
{
    Home home("chrome");
    with_error = GENERATE(EPERM, EIO);
    Request request = home.request(Command::fix);
    request.user_data_dir = home.profile.parent_path();
    kept_from_us = request.user_data_dir.filename().string();
    const Report report = home.go(request);
    kept_from_us.clear();
    CHECK(report.exit_code == (with_error == EPERM ? Exit::denied : Exit::partial));
    with_error = EPERM;
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].where == request.user_data_dir.string());
}
