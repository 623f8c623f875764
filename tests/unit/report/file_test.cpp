// The file of --report: whole or not at all, its owner's alone, never through links.

#include "report/file.h"

#include <algorithm>

#include "tests/fixtures/testing.h"

using namespace unstick;
using Catch::Matchers::Contains;
using unstick::testing::get;
using unstick::testing::put;
using unstick::testing::snapshot;
using unstick::testing::TempFolder;

namespace {

fs::perms mode_of(const fs::path& file)
{
    return fs::symlink_status(file).permissions();
}

constexpr fs::perms for_its_owner = fs::perms::owner_read | fs::perms::owner_write;

}  // namespace

TEST_CASE("a new report is its owner's alone", "[not-windows]")
{
    const TempFolder folder;
    const fs::path file = folder / "report.html";
    REQUIRE(check_report_file(file));
    CHECK_FALSE(fs::exists(file));  // asking leaves nothing behind
    CHECK(fs::is_empty(folder.path()));
    REQUIRE(write_report_file(file, "one"));
    CHECK(get(file) == "one");
    CHECK(mode_of(file) == for_its_owner);
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("an older report is replaced, whatever its mode and names", "[not-windows]")
{
    const TempFolder folder;
    const fs::path file = folder / "report.html";
    put(file, "older and longer");
    fs::permissions(file, for_its_owner | fs::perms::others_read);
    fs::create_hard_link(file, folder / "kept.html");
    REQUIRE(check_report_file(file));
    REQUIRE(write_report_file(file, "newer"));
    CHECK(get(file) == "newer");
    CHECK(mode_of(file) == for_its_owner);
    CHECK(get(folder / "kept.html") == "older and longer");
}

TEST_CASE("what is no regular file, or lies where nothing can be written, is refused beforehand", "[not-windows]")
{
    const TempFolder folder;
    put(folder / "target", "precious");
    fs::create_symlink(folder / "target", folder / "link.html");
    fs::create_symlink(folder / "nowhere", folder / "dangling.html");
    fs::create_directory(folder / "a-folder");
    const std::string before = snapshot(folder.path());
    for (const auto& [name, what] :
         {std::pair{"link.html", "symbolic link"}, std::pair{"dangling.html", "symbolic link"},
          std::pair{"a-folder", "folder"}, std::pair{"a-folder/", "folder"},
          std::pair{"no-folder/report.html", "no such folder"}, std::pair{"target/report.html", "no such folder"}}) {
        const auto checked = check_report_file(folder / name);
        CAPTURE(name);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == Code::usage);
        CHECK_THAT(checked.error().where, Contains(name));
        CHECK_THAT(checked.error().what, Contains(what));
        CHECK_THAT(checked.error().hint, Contains("report.html") || Contains("name another file"));
    }
    CHECK(snapshot(folder.path()) == before);
}

TEST_CASE("a link that comes in between is replaced, not followed", "[not-windows]")
{
    const TempFolder folder;
    put(folder / "target", "precious");
    fs::create_symlink(folder / "target", folder / "report.html");
    REQUIRE(write_report_file(folder / "report.html", "new"));
    CHECK(get(folder / "target") == "precious");
    CHECK_FALSE(fs::is_symlink(folder / "report.html"));
}

TEST_CASE("a report that cannot be written after all is a failure with what to do")
{
    const TempFolder folder;
    fs::create_directory(folder / "report.html");
    const auto written = write_report_file(folder / "report.html", "new");
    REQUIRE_FALSE(written);
    CHECK_FALSE(written.error().hint.empty());
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
    CHECK_FALSE(write_report_file(folder / "gone/report.html", "new"));
}
