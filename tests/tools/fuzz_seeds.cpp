// Writes first inputs for the fuzz targets `store` and `profile` (tests/fuzz/): each store of the browsers whose
// profiles tests can build.     fuzz_seeds tests/fuzz/corpus

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <functional>

#include "profiles/all.h"
#include "tests/fixtures/home.h"

using namespace unstick;
using testing::get;
using testing::Home;
using testing::put;

namespace {

constexpr std::size_t largest_seed = 64U << 10U;

std::string packed(const std::string& name, const std::string& content)
{
    std::string bytes = name + '\0';
    for (unsigned i = 0; i < 3; ++i) {
        bytes += static_cast<char>(content.size() >> 8U * i & 0xffU);
    }
    return bytes + content;
}

/// A database in pages as small as they can be.
void shrink(const fs::path& file)
{
    if (get(file).starts_with("SQLite format 3")) {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
        database.exec("PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM");
    }
}

/// All files at a place, named as `name_of` says.
std::string archive(const fs::path& place, const std::function<std::string(const fs::path&)>& name_of)
{
    std::vector<fs::path> files;
    if (fs::is_regular_file(place)) {
        files.push_back(place);
    }
    for (const auto& entry :
         fs::is_directory(place) ? fs::recursive_directory_iterator(place) : fs::recursive_directory_iterator()) {
        const std::string name = entry.path().filename().string();
        if (entry.is_regular_file() && name != "LOG" && name != "LOG.old" && name != "LOCK") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    std::string bytes;
    for (const fs::path& file : files) {
        shrink(file);
        bytes += packed(name_of(file), get(file));
    }
    return bytes;
}

void write_seeds(const Adapter& adapter, const Root& root, unsigned first_store, const fs::path& corpus)
{
    const Home home(adapter, root, {"stuck.test", "other.test"});
    const fs::path whole = home.folder / "home";
    const auto in_home = [&](const fs::path& file) { return fs::relative(file, whole).string(); };
    const std::string preferences = archive(home.profile / "Preferences", in_home);
    for (unsigned i = 0; i < adapter.stores.size(); ++i) {
        const StoreSpec& spec = adapter.stores[i];
        const fs::path place = (spec.base == Base::cache ? home.cache : home.profile) / spec.path;
        const auto in_store = [&](const fs::path& file) {
            return file == place ? std::string() : fs::relative(file, place).string();
        };
        const std::string store = archive(place, in_store);
        const std::string name = std::string(adapter.id) + "-" + std::to_string(i);
        if (store.empty() || store.size() > largest_seed) {
            continue;
        }
        put(corpus / "store" / name, static_cast<char>(first_store + i) + store);
        put(corpus / "profile" / name, (root.os == Os::macos ? 'm' : 'l') + preferences + archive(place, in_home));
    }
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        return 2;
    }
    unsigned first_store = 0;
    for (const char* id : {"chromium", "safari", "epiphany"}) {
        const Adapter& adapter = testing::adapter_named(id);
        write_seeds(adapter, adapter.roots[0], first_store, argv[1]);
        first_store += static_cast<unsigned>(adapter.stores.size());
    }
    return 0;
}
