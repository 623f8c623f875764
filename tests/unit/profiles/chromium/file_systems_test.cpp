// File systems of origins: which folders go.

#include "profiles/chromium/finders.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace testing::looking;
using testing::put;
using testing::put_pairs;
using testing::TempFolder;

TEST_CASE("file systems: only a real folder with a number goes with its origin", "[not-windows]")
{
    const TempFolder folder;
    const fs::path store = folder / "File System";
    put_pairs(store / "Origins", {
                                     {"LAST_PATH", "009"},
                                     {"ORIGIN:https_stuck.test_0", "000"},
                                     {"ORIGIN:https_app.stuck.test_8443", "001"},
                                     {"ORIGIN:http_stuck.test_0", ".."},
                                     {"ORIGIN:http_a.stuck.test_0", "../../victim"},
                                     {"ORIGIN:http_b.stuck.test_0", ""},
                                     {"ORIGIN:http_c.stuck.test_0", "003"},  // a link
                                     {"ORIGIN:http_d.stuck.test_0", "004"},  // a file
                                     {"ORIGIN:https_notstuck.test_0", "005"},
                                     {"ORIGIN:https_stuck.test.other.test_0", "006"},
                                     {"ORIGIN:https_user@stuck.test_0", "007"},
                                     {"ORIGIN:https_stuck.test", "007"},
                                     {"ORIGIN:", "007"},
                                     {"ORIGINX:https_stuck.test_0", "007"},
                                 });
    for (const char* name : {"000/t/00/00000000", "001/p/x", "005/x", "006/x", "007/x", "004"}) {
        put(store / name, "123");
    }
    put(folder / "victim/x", "");
    fs::create_directory_symlink(folder / "victim", store / "003");
    const Found found = look(find_file_systems, store);
    CHECK(found.problems.empty());
    CHECK(keys_of(found) ==
          sorted({"000", "001", "ORIGIN:https_stuck.test_0", "ORIGIN:https_app.stuck.test_8443",
                  "ORIGIN:http_stuck.test_0", "ORIGIN:http_a.stuck.test_0", "ORIGIN:http_b.stuck.test_0",
                  "ORIGIN:http_c.stuck.test_0", "ORIGIN:http_d.stuck.test_0"}));
    check_absent(look(find_file_systems, folder / "none"));
}
