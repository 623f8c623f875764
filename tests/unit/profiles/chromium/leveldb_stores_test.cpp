// What holds for each store in a LevelDB: an unknown or damaged one is left alone.

#include "profiles/chromium/finders.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace std::string_literals;
using namespace testing::looking;
using testing::put_pairs;
using testing::TempFolder;

namespace {

const std::string zero(1, '\0');
const std::string one(1, '\1');

}  // namespace

TEST_CASE("LevelDB stores of an unknown version are not touched")
{
    struct Store {
        Found (*find)(const fs::path&, const Site&);
        std::string folder, version_key, ours;
    };
    const Store store = GENERATE(values<Store>({
        {find_local_storage, "", "VERSION", "_https://stuck.test" + zero + one + "name"},
        {find_session_storage, "", "version", "namespace-01234567_aaaa_bbbb_cccc_dddddddddddd-https://stuck.test/"},
        {find_service_workers, "Database", "INITDATA_DB_VERSION", "INITDATA_UNIQUE_ORIGIN:https://stuck.test/"},
    }));
    CAPTURE(store.version_key);
    const TempFolder folder;
    const fs::path database = folder.path() / "store" / store.folder;
    SECTION("absent")
    {
        check_absent(look(store.find, folder / "store"));
    }
    SECTION("another version")
    {
        for (const std::string& version : {"3"s, "99"s, ""s, "\x1b[31m"s, "1 "s}) {
            put_pairs(database, {{store.version_key, version}, {store.ours, "1"}});
            const Found found = look(store.find, folder / "store");
            check_hands_off(found, Code::unsupported);
            CHECK(found.problems[0].what.find('\x1b') == std::string::npos);
        }
    }
    SECTION("no version, but entries")
    {
        put_pairs(database, {{store.ours, "1"}});
        check_hands_off(look(store.find, folder / "store"), Code::unsupported);
    }
    SECTION("no version and empty: just made")
    {
        put_pairs(database, {});
        const Found found = look(store.find, folder / "store");
        CHECK(found.present);
        CHECK(found.items.empty());
        CHECK(found.problems.empty());
    }
    SECTION("damaged in the middle")
    {
        put_pairs(database,
                  {{store.version_key, store.version_key.starts_with("INIT") ? "2" : "1"},
                   {store.ours, "1"},
                   {"~", std::string(100000, 'x')}},
                  true);
        for (const auto& file : fs::directory_iterator(database)) {
            if (file.path().extension() == ".ldb") {
                fs::resize_file(file.path(), fs::file_size(file.path()) / 2);
            }
        }
        const Found found = look(store.find, folder / "store");
        CHECK(found.present);
        CHECK(found.items.empty());
        CHECK_FALSE(found.problems.empty());
    }
}
