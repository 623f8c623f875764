// Folders that are named after an origin, or whose index names one.

#include "profiles/chromium/finders.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/protobuf_fields.h"

using namespace unstick;
using namespace testing::looking;
using testing::field;
using testing::put;
using testing::TempFolder;

TEST_CASE("databases: both folders of an origin are one item; files and links are not folders", "[not-windows]")
{
    const TempFolder folder;
    const fs::path store = folder / "IndexedDB";
    for (const char* name :
         {"https_stuck.test_0.indexeddb.leveldb/CURRENT", "https_stuck.test_0.indexeddb.blob/1/00/2",
          "https_app.stuck.test_8443/ABCDEF", "https_notstuck.test_0.indexeddb.leveldb/CURRENT",
          "https_stuck.test.other.test_0.indexeddb.leveldb/CURRENT", "https_stuck.test_0.indexeddb/CURRENT",
          "https_other.test@stuck.test_0.indexeddb.leveldb/CURRENT",
          "chrome-extension_stuck.test_0.indexeddb.leveldb/x"}) {
        put(store / name, "x");
    }
    put(store / "https_b.stuck.test_0.indexeddb.leveldb", "a file");
    put(folder / "victim/x", "x");
    fs::create_directory_symlink(folder / "victim", store / "https_c.stuck.test_0.indexeddb.leveldb");
    const Found found = look(find_indexed_db, store);
    CHECK(found.problems.empty());
    CHECK(found.items.size() == 2);
    CHECK(keys_of(found) == sorted({"https_stuck.test_0.indexeddb.leveldb", "https_stuck.test_0.indexeddb.blob",
                                    "https_app.stuck.test_8443"}));
    check_absent(look(find_indexed_db, folder / "none"));

    fs::create_directory_symlink(store, folder / "link");
    CHECK(find_indexed_db(folder / "link", stuck()).problems.size() == 1);
    CHECK(find_indexed_db(folder / "link", stuck()).items.empty());
}

TEST_CASE("caches of pages belong to whom their index names", "[not-windows]")
{
    const TempFolder folder;
    put(folder / "1/index.txt",
        field(1, field(1, "v1")) + field(2, "https://stuck.test/") + field(3, "https://stuck.test/"));
    put(folder / "2/index.txt", field(2, "https://app.stuck.test/"));  // before storage keys
    put(folder / "3/index.txt",
        field(2, "https://widget.test/") + field(3, "https://widget.test/^0https://stuck.test"));
    put(folder / "4/index.txt", field(2, "https://stuck.test/") + field(3, "https://stuck.test/^0https://other.test"));
    put(folder / "5/index.txt", field(1, "https://stuck.test/") + field(2, "https://other.test/"));
    put(folder / "6/index.txt", field(2, "https://notstuck.test/") + field(3, "https://notstuck.test/"));
    put(folder / "7/uuid/x", "no index");
    put(folder / "8/index.txt", field(2, "https://stuck.test/").substr(0, 8));
    put(folder / "9/index.txt", "");  // nothing is in it, as where there is none
    put(folder / "victim", field(2, "https://stuck.test/"));
    fs::create_directory(folder / "10");
    fs::create_symlink(folder / "victim", folder / "10/index.txt");
    const Found found = look(find_cache_storage, folder.path());
    CHECK(keys_of(found) == Strings{"1", "2", "3", "4"});
    CHECK(found.problems.size() == 2);  // 8 does not say whose they are, 10 is a link
}
