// Whose files we believe.

#include "platform/trust.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace unstick::testing;

namespace {

constexpr uid_t somebody = 20001;

void set_mode(const fs::path& path, mode_t mode)
{
    REQUIRE(::chmod(path.c_str(), mode) == 0);
}

bool is_refused(const fs::path& path, const fs::path& because_of, std::string_view hint)
{
    const auto result = trust::believed(path);
    INFO((result ? std::string("believed") : result.error().where + ": " + result.error().what));
    return !result && result.error().code == Code::denied && result.error().where == because_of.string() &&
           result.error().hint.find(hint) != std::string::npos;
}

struct Place {
    TempFolder folder;
    fs::path file;

    Place()
    {
        put(folder / "state/runs/journal.db", "x");
        file = folder / "state/runs/journal.db";
        for (const char* name : {"state", "state/runs"}) {
            set_mode(folder / name, 0700);
        }
        set_mode(file, 0600);
    }
};

}  // namespace

TEST_CASE("what is ours, on a way that is ours, is believed")
{
    const Place place;
    const auto result = trust::believed(place.file);
    REQUIRE(result);
    CHECK(*result == fs::canonical(place.file));
    CHECK(trust::believed(place.folder / "state/not/there").value() ==
          fs::canonical(place.folder / "state") / "not/there");
}

TEST_CASE("what others can write to is not believed, and the chmod that helps is named")
{
    const Place place;
    const auto open = GENERATE(as<mode_t>(), 0020, 0002);
    SECTION("the file")
    {
        set_mode(place.file, 0600 | open);
        CHECK(is_refused(place.file, fs::canonical(place.file), "chmod go-w "));
    }
    SECTION("a folder above")
    {
        set_mode(place.folder / "state", 0700 | open);
        // A group of one, as root's is, may.
        if (open == 0002) {
            CHECK(is_refused(place.file, fs::canonical(place.folder / "state"), "chmod go-w "));
        }
    }
    SECTION("the folder itself, also if it is sticky")
    {
        set_mode(place.folder / "state", 01700 | open);
        CHECK(is_refused(place.folder / "state", fs::canonical(place.folder / "state"), "chmod go-w "));
        CHECK(trust::believed(place.file));  // above, sticky is enough
        CHECK(trust::believed(place.folder / "state/new"));
    }
}

TEST_CASE("links are gone along, and each is judged")
{
    const Place place;
    put(place.folder / "open/x", "");
    fs::create_directory_symlink("state/../state", place.folder / "link");
    CHECK(trust::believed(place.folder / "link/runs/journal.db").value() == fs::canonical(place.file));
    set_mode(place.folder / "open", 0777);
    fs::create_directory_symlink(place.folder / "open", place.folder / "to-open");
    CHECK(is_refused(place.folder / "to-open/x", fs::canonical(place.folder / "open"), "chmod go-w "));
    CHECK(is_refused(place.folder / "to-open/new", fs::canonical(place.folder / "open"), "chmod go-w "));
    fs::create_symlink("round", place.folder / "round");
    const auto round = trust::believed(place.folder / "round");
    REQUIRE_FALSE(round);
    CHECK(round.error().code == Code::unsupported);
    fs::create_symlink("nowhere", place.folder / "dangling");
    CHECK(trust::believed(place.folder / "dangling").value() == fs::canonical(place.folder.path()) / "nowhere");
}

TEST_CASE("what belongs to somebody else is not believed, nor what is reached through it")
{
    if (::geteuid() != 0) {
        WARN("not root: nothing can be made somebody else's");
        return;
    }
    const Place place;
    const auto give = [&](const fs::path& path) { REQUIRE(::lchown(path.c_str(), somebody, somebody) == 0); };
    CHECK_FALSE(trust::first_owner(trust::way_to(place.file)));
    SECTION("the file")
    {
        give(place.file);
        CHECK(is_refused(place.file, fs::canonical(place.file), "chown root "));
    }
    SECTION("a folder above")
    {
        give(place.folder / "state");
        CHECK(is_refused(place.file, fs::canonical(place.folder / "state"), "chown root "));
    }
    SECTION("a link on the way")
    {
        fs::create_directory_symlink(place.folder / "state", place.folder / "link");
        give(place.folder / "link");
        CHECK(is_refused(place.folder / "link/runs/journal.db", fs::canonical(place.folder.path()) / "link",
                         "chown -h root "));
        CHECK(trust::first_owner(trust::way_to(place.folder / "link/runs")) == somebody);
        return;
    }
    CHECK(trust::first_owner(trust::way_to(place.file)) == somebody);
}
