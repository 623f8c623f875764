// Session storage: which tabs and maps go.

#include "profiles/chromium/finders.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace testing::looking;
using testing::put_pairs;
using testing::TempFolder;

TEST_CASE("session storage: a map goes only with its last owner")
{
    const TempFolder folder;
    const std::string tab = "namespace-01234567_aaaa_bbbb_cccc_dddddddddddd-";
    const std::string clone = "namespace-89abcdef_aaaa_bbbb_cccc_dddddddddddd-";
    put_pairs(folder / "store", {
                                    {"version", "1"},
                                    {"next-map-id", "100"},
                                    {tab + "https://stuck.test/", "1"},
                                    {clone + "https://stuck.test/", "1"},
                                    {"map-1-key", "x"},
                                    {"map-1-other", "x"},
                                    {"map-10-key", "x"},  // of nobody
                                    {tab + "https://other.test/", "2"},
                                    {"map-2-key", "x"},
                                    {tab + "https://app.stuck.test/", "3"},  // a map that another site has, too
                                    {clone + "https://notstuck.test/", "3"},
                                    {"map-3-key", "x"},
                                    {tab + "https://widget.test/^0https://stuck.test", "4"},
                                    {"map-4-key", "x"},
                                    {tab + "https://www.stuck.test/", ""},  // no map
                                    {"map--key", "x"},
                                    {tab + "https://xn--stuck.test/", "5"},
                                    {clone + "https://a.stuck.test/", "5-key"},  // no number
                                    {"map-5-key-key", "x"},
                                    {"namespace-short-https://stuck.test/", "6"},  // not as the browser writes it
                                    {"namespace-", "6"},
                                    {"map-6-key", "x"},
                                    {clone + "https://b.stuck.test/", "6"},
                                });
    const Found found = look(find_session_storage, folder / "store");
    CHECK(found.problems.empty());
    CHECK(keys_of(found) ==
          sorted({tab + "https://stuck.test/", clone + "https://stuck.test/", "map-1-key", "map-1-other",
                  tab + "https://app.stuck.test/", tab + "https://widget.test/^0https://stuck.test", "map-4-key",
                  tab + "https://www.stuck.test/", clone + "https://a.stuck.test/", clone + "https://b.stuck.test/"}));
    CHECK(found.items.size() == 6);  // a tab and its clone are one item
}
