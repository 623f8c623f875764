// files.h on Linux: kernels without openat2; what is rewritten keeps its rights.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "platform/files.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
namespace fs = std::filesystem;
using testing::get;
using testing::put;
using testing::TempFolder;

namespace {

constexpr const char* about_links = "no operation on files goes through a symbolic link";

/// From now on this process has no openat2, as on an old kernel.
bool forget_openat2()
{
    const auto code = [](int op, unsigned k, unsigned char yes = 0, unsigned char no = 0) {
        return sock_filter{static_cast<unsigned short>(op), yes, no, k};
    };
    std::array<sock_filter, 4> filter{
        code(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)), code(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        code(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS), code(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    const sock_fprog program{filter.size(), filter.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 && ::syscall(SYS_openat2, 0, "", 0, 0) == -1 &&
           errno == ENOSYS;
}

}  // namespace

TEST_CASE("no operation on files goes through a symbolic link on a kernel without openat2 either")
{
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (forget_openat2()) {
            ::execl(UNSTICK_FILES_TEST, UNSTICK_FILES_TEST, about_links, "--warn", "NoTests", nullptr);
            ::_exit(1);
        }
        ::_exit(77);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        WARN("openat2 cannot be taken away here: not run");
        return;
    }
    CHECK(status == 0);
}

TEST_CASE("what is no regular file is not read, and not waited for")
{
    const TempFolder folder;
    REQUIRE(::mkfifo((folder / "pipe").c_str(), S_IRUSR | S_IWUSR) == 0);
    fs::create_directory(folder / "folder");
    const auto opened = files::Folder::open(folder / "");
    REQUIRE(opened);
    std::array<char, 4> bytes{};
    for (const char* name : {"pipe", "folder"}) {
        CAPTURE(name);
        CHECK(opened->read(name, 0, bytes).error().code == Code::unsupported);
        const auto file = opened->open_file(name);
        REQUIRE(file);
        CHECK(file->read(0, bytes).error().code == Code::unsupported);
    }
}

TEST_CASE("a file that is rewritten keeps owner, group, mode and extended attributes")
{
    const TempFolder folder;
    put(folder / "file", "old");
    const fs::path file = folder / "file";
    REQUIRE(::chmod(file.c_str(), 0640) == 0);
    const bool is_root = ::geteuid() == 0;
    if (is_root) {
        REQUIRE(::chown(file.c_str(), 12345, 23456) == 0);
    } else {
        WARN("not root: another owner was not tried");
    }
    const bool attributes = ::setxattr(file.c_str(), "user.unstick", "kept", 4, 0) == 0;
    if (!attributes) {
        WARN("no extended attributes here: not tried");
    }
    REQUIRE(files::write_file(file, "new"));
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK(get(file) == "new");
    CHECK((status.st_mode & 07777) == 0640);
    if (is_root) {
        CHECK(status.st_uid == 12345);
        CHECK(status.st_gid == 23456);
    }
    if (attributes) {
        std::array<char, 8> value{};
        CHECK(::getxattr(file.c_str(), "user.unstick", value.data(), value.size()) == 4);
        CHECK(std::string(value.data()) == "kept");
    }
    put(folder / "other", "");
    REQUIRE(files::take_over_rights(file, folder / "other"));
    struct stat other {};
    REQUIRE(::stat((folder / "other").c_str(), &other) == 0);
    CHECK(other.st_mode == status.st_mode);
    CHECK(other.st_uid == status.st_uid);
}
