// The file of --log: ours alone, and nothing that somebody else put there.

#include "platform/log_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace unstick::testing;

namespace {

int mode_of(const fs::path& file)
{
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return static_cast<int>(status.st_mode & 07777);
}

Code refusal_of(const fs::path& file)
{
    const auto opened = LogFile::open(file);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().where == file.string());
    return opened.error().code;
}

}  // namespace

TEST_CASE("a log is added to, and is its owner's alone")
{
    const TempFolder folder;
    const fs::path file = folder / "log";
    const bool is_there = GENERATE(false, true);
    if (is_there) {
        put(file, "before\n");
        REQUIRE(::chmod(file.c_str(), 0644) == 0);
    }
    for (const char* line : {"one\n", "two\n"}) {
        auto log = LogFile::open(file);
        REQUIRE(log);
        CHECK(mode_of(file) == 0600);
        CHECK(log->append(line));
    }
    CHECK(get(file) == std::string(is_there ? "before\n" : "") + "one\ntwo\n");
}

TEST_CASE("a log is no link, no second name, no pipe and no folder")
{
    const TempFolder folder;
    put(folder / "file", "as it was");
    fs::create_symlink(folder / "file", folder / "link");
    fs::create_symlink(folder / "new", folder / "dangling");
    CHECK(refusal_of(folder / "link") == Code::unsupported);
    CHECK(refusal_of(folder / "dangling") == Code::unsupported);
    CHECK_FALSE(fs::exists(folder / "new"));
    fs::create_hard_link(folder / "file", folder / "second");
    CHECK(refusal_of(folder / "second") == Code::denied);
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    (void)refusal_of(folder / "pipe");
    (void)refusal_of(folder.path());
    CHECK(refusal_of(folder / "not/there") == Code::not_found);
    CHECK(get(folder / "file") == "as it was");
    // Folders above are what was named.
    fs::create_directory(folder / "real");
    fs::create_directory_symlink("real", folder / "by-link");
    CHECK(LogFile::open(folder / "by-link/log"));
    CHECK(fs::exists(folder / "real/log"));
}
