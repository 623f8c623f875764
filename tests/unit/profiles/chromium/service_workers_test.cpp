// Service workers: which registrations go, with all that hangs on their numbers.

#include "profiles/chromium/finders.h"
#include "profiles/chromium/simple_cache.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/protobuf_fields.h"
#include "tests/fixtures/simple_entries.h"

using namespace unstick;
using namespace testing::looking;
using testing::field;
using testing::put;
using testing::put_entry;
using testing::put_pairs;
using testing::TempFolder;

namespace {

const std::string zero(1, '\0');

}  // namespace

TEST_CASE("service workers: everything by the ids of the site's registrations, and nothing by similar ones")
{
    const TempFolder folder;
    const fs::path store = folder / "Service Worker";
    const auto registration = [](unsigned id, const std::string& scope, unsigned version) {
        return field(1, id) + field(2, scope) + field(3, scope + "sw.js") + field(4, version);
    };
    testing::Pairs pairs{
        {"INITDATA_DB_VERSION", "2"},
        {"INITDATA_NEXT_RESOURCE_ID", "99"},
        {"INITDATA_UNIQUE_ORIGIN:https://notstuck.test/", ""},
        {"REG:https://notstuck.test/" + zero + "11", registration(11, "https://notstuck.test/", 22)},
        {"REGID_TO_ORIGIN:11", "https://notstuck.test/"},
        {"RES:22" + zero + "33", ""},
        {"REG_USER_DATA:11" + zero + "name", ""},
        {"REG_HAS_USER_DATA:name" + zero + "11", ""},
        {"REG_HAS_USER_DATA:1" + zero + "11", ""},
        {"URES:33", ""},
        {"PRES:44", ""},
        {"RES:1" + zero + "1", ""},  // version 1 is nobody's: 1 is a registration
    };
    const Strings ours{
        "INITDATA_UNIQUE_ORIGIN:https://app.stuck.test/",
        "REG:https://app.stuck.test/" + zero + "1",
        "REGID_TO_ORIGIN:1",
        "RES:2" + zero + "3",
        "RES:2" + zero + "../../victim",
        "REG_USER_DATA:1" + zero + "name",
        "REG_HAS_USER_DATA:name" + zero + "1",
        "URES:3",
        "PRES:3",
        // Partitioned, with a message that is cut off before its version:
        "INITDATA_UNIQUE_ORIGIN:https://widget.test/^0https://stuck.test",
        "REG:https://widget.test/^0https://stuck.test" + zero + "5",
        "REGID_TO_ORIGIN:5",
    };
    for (const std::string& key : ours) {
        pairs[key] = "";
    }
    pairs["REG:https://app.stuck.test/" + zero + "1"] = registration(1, "https://app.stuck.test/", 2);
    pairs["REG:https://widget.test/^0https://stuck.test" + zero + "5"] =
        registration(5, "https://widget.test/", 6).substr(0, 10);
    put_pairs(store / "Database", pairs);
    for (const char* resource : {"1", "3", "33", "44"}) {
        put_entry(store / "ScriptCache", resource);
    }
    put_entry(store / "ScriptCache", "3", "_1");
    put(folder / "victim_0", "");
    const Found found = look(find_service_workers, store);
    CHECK(found.problems.empty());
    Strings expected = ours;
    expected.push_back(simple_cache::stem_of_key("3") + "_0");
    expected.push_back(simple_cache::stem_of_key("3") + "_1");
    CHECK(keys_of(found) == sorted(expected));
    CHECK(hosts_of(found) == Strings{"app.stuck.test", "widget.test"});
}
