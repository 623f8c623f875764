// Buckets: rows and folders by storage key.

#include <SQLiteCpp/SQLiteCpp.h>

#include "profiles/chromium/finders.h"
#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace testing::looking;
using testing::put;
using testing::TempFolder;

TEST_CASE("buckets: rows and folders by storage key; odd ids never become a path", "[not-windows]")
{
    const TempFolder folder;
    const fs::path store = folder / "WebStorage";
    fs::create_directories(store);
    const std::string version = GENERATE("10", "11", "9", "12", "");
    CAPTURE(version);
    {
        SQLite::Database database((store / "QuotaManager").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec(
            "CREATE TABLE meta(key TEXT, value TEXT);"
            "CREATE TABLE buckets(id, storage_key, host, last_modified INTEGER)");
        if (!version.empty()) {
            database.exec("INSERT INTO meta VALUES('version', '" + version + "')");
        }
        SQLite::Statement insert(database, "INSERT INTO buckets VALUES(?, ?, 'stuck.test', 13400000000000000)");
        const auto add = [&](const std::string& id, const std::string& key) {
            insert.reset();
            insert.bind(1, id);
            insert.bind(2, key);
            insert.exec();
        };
        add("1", "https://stuck.test/");
        add("2", "https://widget.test/^0https://stuck.test");
        add("3", "https://app.stuck.test/^11^22");
        add("4", "https://notstuck.test/");
        add("5", "https://other.test/^0https://notstuck.test");
        add("..", "https://stuck.test/^31");
        add("../victim", "https://stuck.test/^0https://other.test");
        add("8", "https://a.stuck.test/");  // a link
        add("", "https://b.stuck.test/");
        add("9", "stuck.test");
        database.exec("INSERT INTO buckets VALUES(NULL, NULL, 'stuck.test', NULL), (x'ff00', x'ff00', x'ff', 'x')");
    }
    for (const char* id : {"1", "2", "4", "5", "9"}) {
        put(store / id / "IndexedDB/x", "123");
    }
    put(folder / "victim/x", "x");
    fs::create_directory_symlink(folder / "victim", store / "8");
    const Found found = look(find_buckets, store);
    if (version != "10" && version != "11") {
        check_hands_off(found, Code::unsupported);
        return;
    }
    CHECK(found.problems.empty());
    CHECK(found.items.size() == 7);
    Strings folders;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            if (piece.medium == Medium::file) {
                folders.push_back(piece.key);
            }
        }
    }
    CHECK(folders == Strings{"1", "2"});
    CHECK(found.items[1].host == "widget.test");
    CHECK(found.items[1].partition == "https://stuck.test");
}
