// The stores of Chromium that are SQLite databases or Simple caches beside the large ones, each looked into by itself:
// whose the rows are.

#include "profiles/chromium/sql.h"
#include "profiles/chromium/ads_sql.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "journal/apply.h"
#include "journal/undo.h"

#include "profiles/chromium/network_key.h"
#include "profiles/chromium/simple_cache.h"
#include "tests/fixtures/chromium_databases.h"
#include "tests/fixtures/chromium_profile.h"
#include "tests/fixtures/looking.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::run_sql;
using testing::site;
using testing::TempFolder;

namespace {

/// "table key" of all pieces, sorted.
std::vector<std::string> pieces_of(const Found& found)
{
    std::vector<std::string> pieces;
    for (const Item& item : found.items) {
        for (const Piece& piece : item.pieces) {
            pieces.push_back(piece.table + " " + piece.key);
        }
    }
    std::sort(pieces.begin(), pieces.end());
    return pieces;
}

using Strings = std::vector<std::string>;

/// A run on one store by itself: saved into a journal, erased, put back.
struct StoreRun {
    TempFolder state;
    Profile profile{"test", "Default", "", "/profile", "/profile", "/profile"};
    Journal journal = Journal::create(state.path(), "stuck.test", 1).value();
    HeldLocks locks;

    explicit StoreRun(const Found& found)
    {
        REQUIRE(found.problems.empty());
        REQUIRE(journal.record(profile, Kind::storage, "store", found.items));
        REQUIRE(journal.seal());
    }
    static Result<void> go_on() { return {}; }
    std::vector<Error> erase() { return carry_out(journal, profile, go_on, locks); }
    ProfileUndone undo() { return undo_profile(journal, journal.profiles().at(0).first, profile, go_on, locks); }
};

std::string value_of(const fs::path& file, const std::string& query)
{
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    return database.execAndGet(query).getString();
}

}  // namespace

TEST_CASE("how long a cookie is, and whether its key is gone")
{
    const TempFolder folder;
    const fs::path file = folder / "Cookies";
    const auto hex = [](const std::string& prefix, std::size_t size) {
        std::string text = "x'";
        for (const char c : prefix + std::string(size - prefix.size(), 'e')) {
            text += fmt::format("{:02x}", static_cast<unsigned char>(c));
        }
        return text + "'";
    };
    run_sql(file,
            "CREATE TABLE meta(key TEXT, value TEXT); INSERT INTO meta VALUES ('version', '24');"
            "CREATE TABLE cookies(creation_utc INTEGER, host_key TEXT, top_frame_site_key TEXT, name TEXT, value TEXT,"
            " encrypted_value BLOB, path TEXT, expires_utc INTEGER, is_secure INTEGER, last_access_utc INTEGER,"
            " is_persistent INTEGER, last_update_utc INTEGER);");
    const auto add = [&](int created, const std::string& name, const std::string& value) {
        run_sql(file, fmt::format("INSERT INTO cookies VALUES ({}, 'stuck.test', '', '{}', '', {}, '/', 0, 0, 0, 0, 0)",
                                  created, name, value));
    };
    const auto cookies = [&] {
        std::map<std::string, Cookie> seen;
        for (const Item& item : find_sql_rows(file, site("stuck.test"), chromium::cookies).items) {
            seen[item.name] = *item.as<Cookie>();
        }
        return seen;
    };
    add(1, "blocks", hex("v11", 3 + 32 + 16 * 3));  // 32 to 47 bytes
    add(2, "bytes", hex("v10", 3 + 32 + 12 + 16 + 21));
    CHECK(cookies().at("blocks").value_size == 40U);
    CHECK(cookies().at("bytes").value_size == 21U);
    CHECK(cookies().at("blocks").key_is_gone);
    CHECK_FALSE(cookies().at("bytes").key_is_gone);
    add(3, "later", hex("v11", 83));  // it has its key store again
    CHECK_FALSE(cookies().at("blocks").key_is_gone);
}

TEST_CASE("the top-level site in a network key")
{
    CHECK(top_level_site_of(R"(["GAAAABIAAABodHRwczovL3N0dWNrLnRlc3QAAA==",false,0])") == "https://stuck.test");
    for (const char* none : {"", "[]", "[1]", "{}", R"([""])", R"(["GAAA"])", R"(["!!!!"])", R"(["GAAAA"])", "[[[[",
                             R"(["GAAAABIAAABodHRwczovL3N0"])"}) {
        CAPTURE(none);
        CHECK(top_level_site_of(none).empty());
    }
    CHECK(top_level_site_of("[\"" + std::string(5000, 'A') + "\"]").empty());
}

TEST_CASE("reports and error logging: the site's own, and what others keep under it")
{
    const TempFolder folder;
    testing::write_databases(folder.path(), {"stuck.test", "notstuck.test"});
    const auto file = folder / "Reporting and NEL";
    run_sql(file,
            "INSERT INTO nel_policies VALUES('" + testing::network_key("https://stuck.test") +
                "', 'https', 'embedded.test', 443, 'default', 1);"
                "INSERT INTO nel_policies VALUES('" +
                testing::network_key("https://notstuck.test") +
                "', 'https', 'embedded.test', 443, 'default', 1);"
                "INSERT INTO reporting_endpoints VALUES('', 'https', 'other.test', 443, 'd', 'https://stuck.test/')");
    CHECK(pieces_of(find_sql_rows(file, site("stuck.test"), chromium::reports)) ==
          Strings{"nel_policies 1", "nel_policies 3", "reporting_endpoint_groups 1", "reporting_endpoints 1"});
    // A partition is the whole site's.
    CHECK(pieces_of(find_sql_rows(file, site("stuck.test").only_host(), chromium::reports)).size() == 3);
}

TEST_CASE("bounce tracking records are about whole sites")
{
    const TempFolder folder;
    testing::write_databases(folder.path(), {"app.stuck.test", "notstuck.test"});
    CHECK(pieces_of(find_sql_rows(folder / "DIPS", site("stuck.test"), chromium::bounces)) ==
          Strings{"bounces 1", "popups 1", "popups 2"});
    CHECK(find_sql_rows(folder / "DIPS", site("stuck.test").only_host(), chromium::bounces).items.empty());
}

TEST_CASE("trust tokens: issued by the site, or used on it")
{
    const TempFolder folder;
    testing::write_databases(folder.path(), {"stuck.test", "notstuck.test"});
    CHECK(pieces_of(find_sql_rows(folder / "Trust Tokens", site("stuck.test"), chromium::trust_tokens)) ==
          Strings{"trust_tokens_issuer_config 1", "trust_tokens_issuer_toplevel_pair_config 1",
                  "trust_tokens_issuer_toplevel_pair_config 2", "trust_tokens_toplevel_config 1"});
}

TEST_CASE(
    "advertising: what the site owns or where it was joined, clicked and reported; not what is the network's alone")
{
    const TempFolder folder;
    testing::write_databases(folder.path(), {"www.stuck.test", "notstuck.test"});
    CHECK(pieces_of(find_sql_rows(folder / "InterestGroups", site("stuck.test"), chromium::interest_groups)) ==
          Strings{"bid_history 1", "cooldown_debugging_only_report 1", "interest_groups 1", "interest_groups 2",
                  "join_history 1", "view_and_click_events 1", "view_and_click_events 2", "win_history 1"});
    CHECK(pieces_of(find_sql_rows(folder / "AggregationService", site("stuck.test"), chromium::aggregation)).size() ==
          3);
    // A click on the site's page goes with what refers to it, once, though its report and target name the site too; of
    // another's click that led here only the target goes.
    run_sql(folder / "Conversions", "INSERT INTO dedup_keys VALUES(1, 0, 7), (2, 0, 7)");
    const Found found = find_sql_rows(folder / "Conversions", site("stuck.test"), chromium::conversions);
    CHECK(pieces_of(found).size() == 7);
    CHECK(found.items.at(0).pieces.size() == 4);
    CHECK(found.items.size() == 4);
}

TEST_CASE("warnings about leaked passwords in schemas that kept them by URL")
{
    const TempFolder folder;
    const auto file = folder / "Login Data";
    run_sql(file,
            "CREATE TABLE meta(key, value); INSERT INTO meta VALUES('version', '28');"
            "CREATE TABLE logins(origin_url, signon_realm, scheme, date_created, password_value);"
            "CREATE TABLE compromised_credentials(url VARCHAR NOT NULL, username VARCHAR NOT NULL, create_time INTEGER "
            "NOT NULL, compromise_type INTEGER NOT NULL, UNIQUE(url, username, compromise_type));"
            "INSERT INTO compromised_credentials VALUES('https://www.stuck.test/', 'me', 13400000000000000, 1),"
            " ('https://other.test/?u=https://www.stuck.test/', 'me', 13400000000000000, 1)");
    const Found found = find_sql_rows(file, site("stuck.test"), chromium::form_logins);
    CHECK(found.problems.empty());
    CHECK(pieces_of(found) == Strings{"compromised_credentials 1"});
    CHECK(found.items.at(0).created == 1755526400);
}

TEST_CASE("a schema that is not known is a problem, and nothing of it is an item")
{
    const TempFolder folder;
    testing::write_databases(folder.path(), {"stuck.test"});
    const std::vector<std::pair<const char*, const SqlDatabase*>> databases{
        {"Reporting and NEL", &chromium::reports},
        {"DIPS", &chromium::bounces},
        {"Trust Tokens", &chromium::trust_tokens},
        {"SharedStorage", &chromium::shared_storage},
        {"declarative_performance_observer.db", &chromium::performance_observer},
        {"CdmStorage.db", &chromium::media_licenses},
        {"MediaDeviceSalts", &chromium::device_salts},
        {"InterestGroups", &chromium::interest_groups},
        {"Conversions", &chromium::conversions},
        {"AggregationService", &chromium::aggregation},
    };
    for (const auto& [name, database] : databases) {
        CAPTURE(name);
        const Found known = find_sql_rows(folder / name, site("stuck.test"), *database);
        CHECK(known.problems.empty());
        CHECK_FALSE(known.items.empty());
        run_sql(folder / name, "UPDATE meta SET value = value + 1 WHERE key = 'version'");
        const Found newer = find_sql_rows(folder / name, site("stuck.test"), *database);
        CHECK(newer.items.empty());
        REQUIRE(newer.problems.size() == 1);
        CHECK(newer.problems[0].code == Code::unsupported);
    }
    run_sql(folder / "heavy_ad_intervention_opt_out.db", "PRAGMA user_version = 1");
    CHECK(find_sql_rows(folder / "heavy_ad_intervention_opt_out.db", site("stuck.test"), chromium::heavy_ads)
              .problems.size() == 1);
}

TEST_CASE("compiled scripts: by their URL, by the site that ran them, and the code that nobody else names")
{
    const TempFolder folder;
    testing::write_code_cache(folder.path(), {"www.stuck.test", "other.test"});
    const fs::path js = folder / "js";
    const std::string start(12, '\0');
    const auto script = [&](const std::string& url, const std::string& lock, const std::string& code) {
        testing::write_cache_entry(js, "_key" + url + " \n" + lock, start + testing::code_name(code), "");
        return simple_cache::stem_of_key("_key" + url + " \n" + lock) + "_0";
    };
    const auto code = [&](const std::string& text) {
        testing::write_cache_entry(js, testing::code_name(text), "", "code");
        return simple_cache::stem_of_key(testing::code_name(text)) + "_0";
    };
    const auto by_lock = script("https://cdn.test/a.js", "https://stuck.test/", "only ours");
    const auto by_origin = script("https://cdn.test/b.js", "https://app.stuck.test/", "shared with another");
    const auto again = script("https://stuck.test/c.js", "https://other.test/", "only ours");
    const auto theirs =
        script("https://cdn.test/d.js?https://stuck.test/", "https://other.test/", "shared with another");
    const auto only_ours = code("only ours");
    const auto shared = code("shared with another");
    const auto orphan = code("named by nobody");

    const auto files_of = [&](const Site& of) {
        std::set<std::string> files;
        for (const Item& item : find_code_cache(folder.path(), of).items) {
            for (const Piece& piece : item.pieces) {
                CHECK(files.insert(piece.key).second);
            }
        }
        return files;
    };
    const auto found = files_of(site("stuck.test"));
    for (const auto& file : {by_lock, by_origin, again, only_ours}) {
        CHECK(found.contains(file));
    }
    for (const auto& file : {theirs, shared, orphan}) {
        CHECK_FALSE(found.contains(file));
    }
    CHECK(found.size() == 4 + 3 + 1);  // and the small script, the large one with its code, the row
    const auto of_host = files_of(site("stuck.test").only_host());
    CHECK(of_host == std::set<std::string>{again});
}

TEST_CASE("a code cache that the browser was writing is left alone, and so is an unknown one")
{
    const TempFolder folder;
    testing::write_code_cache(folder.path(), {"stuck.test"});
    testing::put(folder / "pc/lock1.journal", "what was there before");
    CHECK(find_code_cache(folder.path(), site("stuck.test")).problems.at(0).code == Code::unsupported);
    testing::put(folder / "pc/lock1.journal", "");
    CHECK(find_code_cache(folder.path(), site("stuck.test")).problems.empty());
    run_sql(folder / "pc/lock1.db", "PRAGMA user_version = 4");
    CHECK(find_code_cache(folder.path(), site("stuck.test")).problems.at(0).code == Code::unsupported);
    CHECK_FALSE(find_code_cache(folder / "nowhere", site("stuck.test")).present);
}

TEST_CASE("shared dictionaries: rows, their entries, and the total of sizes")
{
    const TempFolder folder;
    testing::write_dictionaries(folder.path(), {"app.stuck.test", "notstuck.test"});
    const fs::path database = folder / "db";
    const auto total = [&] { return value_of(database, "SELECT value FROM meta WHERE key = 'total_dict_size'"); };
    const auto rows = [&] { return value_of(database, "SELECT count(*) FROM dictionaries"); };
    const Found found = find_shared_dictionaries(folder.path(), site("stuck.test"));
    CHECK(found.items.size() == 2);
    const std::string entry = simple_cache::stem_of_key("FFFFFFFFFFFFFFFF0000000000000001") + "_0";
    REQUIRE(fs::exists(folder / "cache" / entry));
    StoreRun run(found);
    CHECK(run.erase().empty());
    CHECK(total() == "2000");
    CHECK(rows() == "2");
    CHECK_FALSE(fs::exists(folder / "cache" / entry));

    SECTION("undo")
    {
        CHECK(run.undo().problems.empty());
        CHECK(total() == "4000");
        CHECK(fs::exists(folder / "cache" / entry));
        CHECK(run.undo().problems.empty());  // a second time: nothing to do
        CHECK(total() == "4000");
        CHECK(rows() == "4");
        CHECK(value_of(database, "SELECT typeof(value) FROM meta WHERE key = 'total_dict_size'") == "text");
    }
    SECTION("undo after the browser wrote: the rest comes back, and counts")
    {
        run_sql(database,
                "INSERT INTO dictionaries SELECT NULL, 'https://app.stuck.test', 'https://stuck.test', "
                "'https://app.stuck.test', '/SECRET-app.stuck.test-match/*', '', url, 5, 6, 7, 8, 9 FROM dictionaries "
                "LIMIT 1;"
                "INSERT OR REPLACE INTO meta VALUES('total_dict_size', 2007)");
        const auto undone = run.undo();
        CHECK(undone.stores.at(0).refused.size() == 1);
        CHECK(total() == "3007");
    }
    SECTION("undo when the browser made the database anew")
    {
        run_sql(database, "DELETE FROM dictionaries; DELETE FROM meta WHERE key = 'total_dict_size'");
        CHECK(run.undo().problems.empty());
        CHECK(total() == "2000");
    }
}

TEST_CASE("a total that is smaller than what it adds up: nothing of the store is changed")
{
    const TempFolder folder;
    testing::write_dictionaries(folder.path(), {"stuck.test"});
    run_sql(folder / "db", "UPDATE meta SET value = '1999' WHERE key = 'total_dict_size'");
    StoreRun run(find_shared_dictionaries(folder.path(), site("stuck.test")));
    const auto problems = run.erase();
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].code == Code::corrupt);
    CHECK(value_of(folder / "db", "SELECT count(*) FROM dictionaries") == "2");
    CHECK(run.undo().problems.empty());
    CHECK(value_of(folder / "db", "SELECT value FROM meta WHERE key = 'total_dict_size'") == "1999");
}

TEST_CASE("SQL cache: resources with their bodies, and what the databases count")
{
    const TempFolder folder;
    const auto key = [](const std::string& url, const std::string& top) { return testing::cache_key(url, top); };
    testing::write_sql_cache(folder.path(), {
                                                key("https://stuck.test/a", "https://stuck.test"),
                                                key("https://cdn.test/b", "https://stuck.test"),
                                                key("https://app.stuck.test/c", "https://other.test"),
                                                key("https://other.test/d?https://stuck.test/", "https://other.test"),
                                                key("https://notstuck.test/e", "https://notstuck.test"),
                                            });
    // Removed by the browser, but not gone yet: counted in no total.
    run_sql(folder / "sqldb0",
            "INSERT INTO resources SELECT NULL, 5000, 1, 0, cache_key, head FROM resources, (SELECT 1 "
            "UNION SELECT 2) WHERE res_id = 1");
    const auto totals = [&] {
        Strings all;
        for (const char* name : {"sqldb0", "sqldb1", "sqldb2"}) {
            all.push_back(value_of(folder / name,
                                   "SELECT group_concat(value, ' ') FROM (SELECT value FROM meta WHERE key IN "
                                   "('EntryCount', 'TotalSize') ORDER BY key)") +
                          " " + value_of(folder / name, "SELECT count(*) FROM resources") + " " +
                          value_of(folder / name, "SELECT count(*) FROM blobs"));
        }
        return all;
    };
    const Strings before = totals();
    CHECK(before == Strings{"2 200 4 4", "2 200 2 4", "1 100 1 2"});
    const Found found = find_http_cache(folder.path(), site("stuck.test"));
    CHECK(found.version == "sql");
    CHECK(found.items.size() == 5);
    StoreRun run(found);
    CHECK(run.erase().empty());
    CHECK(totals() == Strings{"1 100 1 2", "1 100 1 2", "0 0 0 0"});
    CHECK(find_http_cache(folder.path(), site("stuck.test")).items.empty());

    SECTION("undo")
    {
        CHECK(run.undo().problems.empty());
        CHECK(totals() == before);
        CHECK(run.undo().problems.empty());
        CHECK(totals() == before);
    }
    SECTION("what the browser has fetched again stays, once")
    {
        run_sql(folder / "sqldb2", "INSERT INTO resources VALUES(NULL, 70, 0, 2, '" +
                                       key("https://app.stuck.test/c", "https://other.test") +
                                       "', 'new'); UPDATE meta SET value = 1 WHERE key = 'EntryCount';"
                                       "UPDATE meta SET value = 70 WHERE key = 'TotalSize'");
        const auto undone = run.undo();
        CHECK(undone.stores.at(0).refused.size() == 1);
        CHECK(totals() == Strings{"2 200 4 4", "2 200 2 4", "1 70 1 0"});
    }
}

TEST_CASE("SQL cache: what is kept with an answer tells its status and where it leads")
{
    const TempFolder folder;
    testing::write_sql_cache(folder.path(), {testing::cache_key("https://stuck.test/old", "https://stuck.test")});
    // As Chromium 156 wrote it: size, flags, extra flags, three times, size of the headers, the headers.
    const std::string headers = "HTTP/1.1 301 Moved" + std::string(1, '\0') + "Location: /new" + std::string(2, '\0');
    const std::string rest = "\x03" + std::string(2, '\0') + "\x80\x06" + std::string(27, '\0') +
                             static_cast<char>(headers.size()) + std::string(3, '\0') + headers;
    const std::string record = static_cast<char>(rest.size()) + std::string(3, '\0') + rest;
    run_sql(folder / "sqldb0", "UPDATE resources SET head = x'" + hex(record) + "'");
    const Found found = find_http_cache(folder.path(), site("stuck.test"));
    REQUIRE(found.items.size() == 1);
    const auto& response = std::get<CachedResponse>(found.items[0].traits);
    CHECK(response.status == 301);
    CHECK(response.location == "/new");
    run_sql(folder / "sqldb0", "UPDATE resources SET head = NULL");
    const Item unread = find_http_cache(folder.path(), site("stuck.test")).items.at(0);
    CHECK(std::get<CachedResponse>(unread.traits).status == 0);
}

TEST_CASE("SQL cache: a database that is not known is a problem, the others are cleaned")
{
    const TempFolder folder;
    testing::write_sql_cache(folder.path(), {"https://stuck.test/a", "https://stuck.test/b", "https://stuck.test/c"});
    run_sql(folder / "sqldb0", "UPDATE meta SET value = '9' WHERE key = 'version'");
    run_sql(folder / "sqldb1", "UPDATE meta SET value = '1' WHERE key = 'SharedCacheEnabled'");
    const Found found = find_http_cache(folder.path(), site("stuck.test"));
    CHECK(found.problems.size() == 2);
    CHECK(found.items.size() == 1);
}

TEST_CASE("local and session storage in SQLite: maps with their entries, which have no rowids")
{
    const TempFolder folder;
    testing::write_dom_storage(folder.path(), {"app.stuck.test", "notstuck.test"});
    const fs::path local = folder / "LocalStorage";
    const fs::path session = folder / "SessionStorage";
    const auto seen = [](const fs::path& file, const char* owners) {
        return value_of(file,
                        "SELECT group_concat(map_id || ' ' || quote(key) || quote(value), char(10)) FROM map_entries") +
               value_of(file, std::string("SELECT group_concat(") + owners);
    };
    const auto seen_local = [&] { return seen(local, "row_id || quote(storage_key)) FROM maps"); };
    const auto seen_session = [&] {
        return seen(session, "session_id || quote(storage_key) || map_id) FROM session_metadata");
    };
    const std::string local_before = seen_local();
    const std::string session_before = seen_session();
    Found found = find_local_storage_sql(local, site("stuck.test"));
    CHECK(found.items.size() == 2);
    const Found of_tabs = find_session_storage_sql(session, site("stuck.test"));
    CHECK(of_tabs.items.size() == 2);
    CHECK(pieces_of(of_tabs).size() == 2 * (2 + 2));
    found.items.insert(found.items.end(), of_tabs.items.begin(), of_tabs.items.end());
    StoreRun run(found);
    CHECK(run.erase().empty());
    CHECK(value_of(local, "SELECT group_concat(row_id) FROM maps") == "3,4");
    CHECK(value_of(local, "SELECT group_concat(DISTINCT map_id) FROM map_entries") == "3,4");
    CHECK(value_of(session, "SELECT group_concat(DISTINCT map_id) FROM map_entries") == "3,4");

    SECTION("undo")
    {
        CHECK(run.undo().problems.empty());
        CHECK(seen_local() == local_before);
        CHECK(seen_session() == session_before);
    }
    SECTION("a map's number that has been given to another site is not mixed with it")
    {
        run_sql(session,
                "INSERT INTO session_metadata VALUES('new tab', CAST('https://other.test/' AS BLOB), 1);"
                "INSERT INTO map_entries VALUES(1, 0, x'01ff', x'01')");
        const auto undone = run.undo();
        CHECK(undone.stores.at(0).refused.size() == 1);
        CHECK(value_of(session, "SELECT count(*) FROM map_entries WHERE map_id = 1") == "1");
        CHECK(value_of(session, "SELECT count(*) FROM map_entries WHERE map_id = 2") == "2");
    }
    SECTION("unknown versions")
    {
        for (const auto& file : {local, session}) {
            run_sql(file, "UPDATE meta SET value = '2' WHERE key = 'version'");
        }
        CHECK(find_local_storage_sql(local, site("notstuck.test")).problems.size() == 1);
        CHECK(find_session_storage_sql(session, site("notstuck.test")).problems.size() == 1);
    }
}
