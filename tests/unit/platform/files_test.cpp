// files.h: nothing goes through a symbolic link, not even if it is put there meanwhile.

#include <functional>

#include "platform/files.h"
#include "tests/fixtures/swapping.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace std::string_literals;
namespace fs = std::filesystem;
using testing::get;
using testing::put;
using testing::snapshot;
using testing::Swapping;
using testing::TempFolder;

namespace {

/// An operation of files.h on a folder that holds the files `a`, `b` and `inner/c`.
struct Operation {
    const char* name;
    std::function<Result<void>(const fs::path& folder)> run;
};

template <class T>
Result<void> only_error(const Result<T>& result)
{
    return result ? Result<void>() : tl::unexpected<Error>(result.error());
}

/// `apart` is another folder, of ours.
std::vector<Operation> operations(const fs::path& apart)
{
    return {
        {"info", [](const fs::path& in) { return only_error(files::info(in / "a")); }},
        {"read_link", [](const fs::path& in) { return only_error(files::read_link(in / "a")); }},
        {"open", [](const fs::path& in) { return only_error(files::Folder::open(in / "inner")); }},
        {"open it", [](const fs::path& in) { return only_error(files::Folder::open(in)); }},
        {"read_file", [](const fs::path& in) { return only_error(files::read_file(in / "a", 100)); }},
        {"create", [](const fs::path& in) { return only_error(files::Output::create(in / "new")); }},
        {"change", [](const fs::path& in) { return only_error(files::Output::open(in / "a")); }},
        {"write_file", [](const fs::path& in) { return files::write_file(in / "a", "ours"); }},
        {"take_over_rights from", [=](const fs::path& in) { return files::take_over_rights(in / "a", apart / "x"); }},
        {"take_over_rights to", [=](const fs::path& in) { return files::take_over_rights(apart / "x", in / "a"); }},
        {"move from", [=](const fs::path& in) { return files::move(in / "a", apart / "moved"); }},
        {"move to", [=](const fs::path& in) { return files::move(apart / "x", in / "moved"); }},
        {"copy from", [=](const fs::path& in) { return files::copy_file(in / "a", apart / "copy"); }},
        {"copy to", [=](const fs::path& in) { return files::copy_file(apart / "x", in / "copy"); }},
        {"link from", [=](const fs::path& in) { return files::link_file(in / "a", apart / "linked"); }},
        {"link to", [=](const fs::path& in) { return files::link_file(apart / "x", in / "linked"); }},
        {"exchange", [](const fs::path& in) { return files::exchange(in / "a", in / "b"); }},
        {"exchange one", [=](const fs::path& in) { return files::exchange(apart / "x", in / "b"); }},
        {"rename a folder", [](const fs::path& in) { return files::rename_folder(in / "inner", in / "other"); }},
        {"remove a file", [](const fs::path& in) { return files::remove_tree(in / "a"); }},
        {"remove a folder", [](const fs::path& in) { return files::remove_tree(in / "inner"); }},
        {"make a folder", [](const fs::path& in) { return files::make_private_folder(in / "more" / "folders"); }},
        {"make a durable folder",
         [](const fs::path& in) { return files::make_durable_folder(in / "new" / "folders"); }},
        {"sync", [](const fs::path& in) { return files::sync_folder(in); }},
        {"sync a file", [](const fs::path& in) { return files::sync_file(in / "a"); }},
        {"lock", [](const fs::path& in) { return only_error(files::Lock::take(in / "a")); }},
    };
}

void fill(const fs::path& folder, const std::string& content)
{
    put(folder / "a", content);
    put(folder / "b", content);
    put(folder / "inner/c", content);
}

/// Empty if every operation refuses a link in the middle and at the end of a path, else what did not.
std::string not_refused(const fs::path& folder)
{
    fill(folder / "outside", "theirs");
    fill(folder / "real", "ours");
    put(folder / "apart/x", "x");
    fs::create_directory_symlink(folder / "outside", folder / "real/link");
    fs::create_directory_symlink(folder / "outside/inner", folder / "real/inner-link");
    const std::string before = snapshot(folder);
    std::string wrong;
    for (const Operation& operation : operations(folder / "apart")) {
        const auto done = operation.run(folder / "real/link");
        if (done || done.error().code != Code::unsupported) {
            wrong += std::string(operation.name) + ": " + (done ? "done" : done.error().what) + "\n";
        }
    }
    if (files::tree_size(folder / "real/link/inner") != 0) {
        wrong += "tree_size\n";
    }
    if (files::can_write(folder / "real/link/a")) {
        wrong += "can_write\n";
    }
    return wrong + (snapshot(folder) == before ? "" : "something changed\n");
}

}  // namespace

TEST_CASE("no operation on files goes through a symbolic link")
{
    const TempFolder folder;
    CHECK(not_refused(folder.path()) == "");
}

TEST_CASE("a folder that is exchanged for a link all the time leads nowhere else")
{
    constexpr int rounds = 300;
    const TempFolder folder;
    fill(folder / "outside", "theirs");
    put(folder / "apart/x", "x");
    fs::create_directory_symlink(folder / "outside", folder / "link");
    const std::string before = snapshot(folder / "outside");
    int refused = 0;
    int done = 0;
    fs::create_directory(folder / "folder");
    for (int round = 0; round < rounds; ++round) {
        const fs::path real = fs::is_symlink(folder / "folder") ? folder / "link" : folder / "folder";
        fill(real, "ours");
        put(folder / "apart/x", "x");
        const Swapping swapping(folder / "folder", folder / "link");
        for (const Operation& operation : operations(folder / "apart")) {
            const bool good = operation.run(folder / "folder").has_value();
            done += good ? 1 : 0;
            refused += good ? 0 : 1;
        }
        const auto content = files::read_file(folder / "folder/b", 100);
        CHECK((!content || *content == "ours" || *content == "x"));
        for (const char* name : {"moved", "copy", "linked"}) {
            const auto taken = files::read_file(folder / "apart" / name, 100);
            CHECK((!taken || *taken == "ours"));
            fs::remove(folder / "apart" / name);
        }
    }
    CHECK(snapshot(folder / "outside") == before);
    CHECK(done > 0);
    CHECK(refused > 0);
}

TEST_CASE("no path, a path without a name, and one with a byte 0 never mean the folder we are in or another one")
{
    const TempFolder folder;
    fill(folder / "here", "ours");
    put(folder / "apart/x", "x");
    const std::string before = snapshot(folder.path());
    const fs::path was = fs::current_path();
    fs::current_path(folder / "here");
    CHECK(files::remove_tree(""));
    for (const char* path : {".", "..", "./", "inner/..", "inner/", "../here/."}) {
        CHECK_FALSE(files::remove_tree(path));
    }
    for (const char* path : {"", "."}) {
        CHECK_FALSE(files::write_file(path, "x"));
        CHECK_FALSE(files::move(path, folder / "apart/moved"));
        CHECK_FALSE(files::move(folder / "apart/x", path));
        CHECK_FALSE(files::exchange(path, folder / "apart"));
        CHECK_FALSE(files::Output::create(path));
    }
    for (const std::string& name : {"inner"s + '\0', "inner/"s + '\0' + ".part", "\0"s}) {
        const fs::path path = folder / "here" / name;
        CHECK(files::remove_tree(path));
        CHECK_FALSE(files::exists(path).value_or(false));
        CHECK_FALSE(files::info(path));
        CHECK_FALSE(files::move(path, folder / "apart/moved"));
        CHECK_FALSE(files::move(folder / "apart/x", path));
        CHECK_FALSE(files::write_file(path, "x"));
        CHECK_FALSE(files::Folder::open(path));
    }
    CHECK(files::tree_size("") == 0);
    CHECK_FALSE(files::info(""));
    CHECK_FALSE(files::Folder::open(""));
    CHECK_FALSE(files::read_file("", 100));
    fs::current_path(was);
    CHECK(snapshot(folder.path()) == before);
}

TEST_CASE("a name that leads out of an open folder is refused")
{
    const TempFolder folder;
    put(folder / "secret", "theirs");
    fs::create_directory(folder / "inner");
    const auto inner = files::Folder::open(folder / "inner");
    REQUIRE(inner);
    std::string buffer(10, '\0');
    CHECK(inner->read("../secret", 0, buffer).error().code == Code::unsupported);
    CHECK(inner->info("../secret").error().code == Code::unsupported);
    CHECK(inner->info("..").error().code == Code::unsupported);
}
