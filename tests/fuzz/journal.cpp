// The database of a run: listing runs and reading one never goes wrong, whatever is in it. Undoing it is not tried: a
// journal says itself where things go.

#include "journal/journal.h"

#include "base/text.h"
#include "tests/fixtures/testing.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Place place("journal");
    const std::string id = "20260101T000000Z-0000";
    const std::filesystem::path folder = place.path() / "runs" / id;
    std::filesystem::remove_all(folder);
    testing::put(folder / "lock", "");
    testing::put(folder / "journal.db", fuzz::text_of(data, size));
    const auto runs = list_runs(place.path()).value();
    check(runs.size() == 1 && runs[0].id == id, "a damaged run is listed too");
    if (auto journal = Journal::open(place.path(), id)) {
        (void)journal->state();
        for (const auto& [profile_id, profile] : journal->profiles()) {
            for (const JournalStore& store : journal->stores(profile_id)) {
                (void)journal->items(store.id);
                for (const Container& container : journal->containers(store.id)) {
                    (void)journal->items_of(container);
                }
            }
        }
    }
    check(erase_run(place.path(), id).has_value(), "and can be erased");
    return 0;
}
