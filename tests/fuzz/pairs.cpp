// LevelDB databases with hostile keys and values, through their finders. The first byte says which store, then follow
// pairs: length, key, length, value.

#include "containers/leveldb/database.h"

#include <algorithm>
#include <array>
#include <set>

#include "profiles/chromium/finders.h"
#include "tests/fixtures/testing.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"

using namespace unstick;
using fuzz::check;

namespace {

struct Store {
    Found (*find)(const fs::path& folder, const Site& site);
    const char* database;  ///< below the folder
    const char* version_key;
    const char* version;
};

constexpr std::array stores{
    Store{find_local_storage, "", "VERSION", "1"},
    Store{find_session_storage, "", "version", "1"},
    Store{find_service_workers, "Database", "INITDATA_DB_VERSION", "2"},
    Store{find_file_systems, "Origins", "", ""},
    Store{find_site_characteristics, "", "database_metadata", "1"},
};

std::string next_text(std::string_view& bytes)
{
    const std::size_t size = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(std::min<std::size_t>(1, bytes.size()));
    std::string text(bytes.substr(0, size));
    bytes.remove_prefix(text.size());
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Place place("pairs");
    static const Site site = Site::parse("stuck.test").value();
    if (size == 0) {
        return 0;
    }
    const Store& store = stores[*data % stores.size()];
    const fs::path folder = place.path() / "store";
    const fs::path database = *store.database == '\0' ? folder : folder / store.database;
    fs::remove_all(folder);
    testing::Pairs all;
    for (std::string_view rest = fuzz::text_of(data + 1, size - 1); !rest.empty();) {
        std::string key = next_text(rest);
        all[std::move(key)] = next_text(rest);
    }
    if (*store.version_key != '\0') {
        all[store.version_key] = store.version;
    }
    testing::put_pairs(database, all);
    const Found found = store.find(folder, site);
    check(found.problems.empty(), "any keys and values make a sound database");
    std::set<std::string> drop;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            check(piece.medium == Medium::file || all.contains(piece.key), "what was found is there");
            check(piece.medium != Medium::file || piece.key.find("..") == std::string::npos,
                  "files lie below the folder");
            if (piece.medium == Medium::pair) {
                check(drop.insert(piece.key).second, "nothing is found twice");
            }
        }
    }
    const std::vector<std::string> dropped(drop.begin(), drop.end());
    std::vector<pairs::KeyRange> former;
    for (const FormerKeys& keys : found.former) {
        former.push_back({keys.first, keys.end});
    }
    const bool changed =
        (former.empty() ? pairs::rewrite(database, dropped, {}) : pairs::change(database, dropped, {}, former))
            .has_value();
    check(changed, "a database that was read can be written");
    for (const std::string& key : dropped) {
        all.erase(key);
    }
    check(testing::get_pairs(database) == all, "all others are the same");
    const Found rest = store.find(folder, site);
    check(rest.items.empty() && rest.former.empty(), "what was removed is gone, in all its versions");
    return 0;
}
