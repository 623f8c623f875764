// Local storage: whose each entry is, and its name.

#include <leveldb/db.h>

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

TEST_CASE("local storage: entries and records of the site, framed by it and under it")
{
    const TempFolder folder;
    const fs::path database = folder / "leveldb";
    const auto entry = [](const std::string& owner, const std::string& name) { return "_" + owner + zero + name; };
    const Strings ours{
        entry("https://stuck.test", one + "plain"),
        entry("http://app.stuck.test:8080", zero + "w\0\xfc\0\x3c\xd8\x6a\xdf"s),
        entry("https://stuck.test", ""),
        entry("https://stuck.test/^0https://other.test", one + "under them"),
        entry("https://widget.test/^0https://stuck.test", one + "under us"),
        entry("https://stuck.test/^31", one + "nested"),
        "META:https://stuck.test",
        "METAACCESS:https://stuck.test",
        "META:https://widget.test/^0https://stuck.test",
    };
    testing::Pairs pairs{
        {"VERSION", "1"},
        {entry("https://notstuck.test", one + "https://stuck.test"), "x"},
        {entry("https://stuck.test.other.test", one + "x"), "x"},
        {entry("https://widget.test/^0https://app.stuck.test", one + "no site"), "x"},
        {"_https://stuck.test", "no name"},
        {"_" + zero, "no owner"},
        {"_", ""},
        {"META:https://notstuck.test", "x"},
        {"META:", "x"},
        {"METAX:https://stuck.test", "x"},
        {"https://stuck.test" + zero + one + "x", "x"},
    };
    for (const std::string& key : ours) {
        pairs[key] = "\1SECRET";
    }
    put_pairs(database, pairs);
    const Found found = look(find_local_storage, database);
    CHECK(found.problems.empty());
    CHECK(keys_of(found) == sorted(ours));
    Strings names;
    for (const Item& item : found.items) {
        CHECK((item.label + item.name).find("SECRET") == std::string::npos);
        names.push_back(item.name);
        if (item.name == "under us") {
            CHECK(item.host == "widget.test");
            CHECK(item.partition == "https://stuck.test");
        }
    }
    CHECK(std::count(names.begin(), names.end(), "wü🍪") == 1);
    CHECK(found.items.size() == 8);  // META and METAACCESS of one owner are one item
}

TEST_CASE("names in local storage are cut and may be broken")
{
    const TempFolder folder;
    const fs::path database = folder / "leveldb";
    const std::string start = "_https://stuck.test" + zero;
    put_pairs(database, {
                            {"VERSION", "1"},
                            {start + one + std::string(100000, 'x'), ""},
                            {start + zero + "odd", ""},        // half a character at the end
                            {start + zero + "\x3d\xd8"s, ""},  // half a pair
                            {start + zero +
                                 "\x6a\xdf"
                                 "a\0"s,
                             ""},  // the other half
                            {start + "\x07"
                                     "bell",
                             ""},  // no known encoding
                        });
    const Found found = look(find_local_storage, database);
    CHECK(found.items.size() == 5);
    for (const Item& item : found.items) {
        CHECK(item.name.size() <= 124);
    }
}

TEST_CASE("local storage: also where the site's former entries lie is said")
{
    const TempFolder folder;
    const fs::path database = folder / "leveldb";
    const std::string live = "_https://stuck.test" + zero + one + "live";
    const std::string gone = "_https://old.stuck.test" + zero + one + "gone";
    const std::string others = "_https://stuck.test.other.test" + zero + one + "gone";
    put_pairs(database,
              {{"VERSION", "1"},
               {live, "x"},
               {gone, "x"},
               {others, "x"},
               {"META:https://record.stuck.test", "x"},
               {"META:https://notstuck.test", "x"}},
              true);
    {
        leveldb::DB* opened = nullptr;
        REQUIRE(leveldb::DB::Open({}, database.string(), &opened).ok());
        const std::unique_ptr<leveldb::DB> closer(opened);
        for (const std::string& key : {gone, others, std::string("META:https://record.stuck.test")}) {
            REQUIRE(opened->Delete({}, key).ok());
        }
    }
    const Found found = look(find_local_storage, database);
    CHECK(keys_of(found) == Strings{live});
    const auto is_former = [&](const std::string& key) {
        return std::any_of(found.former.begin(), found.former.end(), [&](const FormerKeys& keys) {
            return keys.container == database.string() && keys.first <= key && key < keys.end;
        });
    };
    CHECK(is_former(live));
    CHECK(is_former(gone));
    CHECK(is_former("META:https://old.stuck.test"));
    CHECK(is_former("META:https://record.stuck.test"));
    CHECK(is_former("METAACCESS:https://stuck.test"));
    CHECK_FALSE(is_former(others));
    CHECK_FALSE(is_former("VERSION"));
    CHECK_FALSE(is_former("META:https://stuck.test.other.test"));
    CHECK_FALSE(is_former("META:https://notstuck.test"));
}
