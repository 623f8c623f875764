#include "safari_profile.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <openssl/sha.h>
#include <plist/plist.h>

#include <array>
#include <cstdlib>

#include "../src/media/jars.h"
#include "../src/text.h"
#include "webkit_files.h"

namespace unstick::testing {

namespace {

using webkit::little;
using webkit::text8;

constexpr const char* top_host = "top.test";

std::string secret(const std::string& host, std::string_view place)
{
    return fmt::format("SECRET-{}-{}", host, place);
}

std::string sha1(const std::string& text)
{
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string upper_hex(const std::string& bytes)
{
    std::string digits = hex(bytes);
    for (char& c : digits) {
        c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return digits;
}

SQLite::Database make_database(const fs::path& file, const char* schema)
{
    fs::create_directories(file.parent_path());
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(schema);
    return database;
}

template <class... Values>
void insert(SQLite::Database& database, const std::string& sql, const Values&... values)
{
    SQLite::Statement statement(database, sql);
    int index = 0;
    (statement.bind(++index, values), ...);
    statement.exec();
}

void write_observations(const fs::path& file, const std::vector<std::string>& hosts)
{
    auto database = make_database(file,
                                  "CREATE TABLE ObservedDomains(domainID INTEGER PRIMARY KEY, registrableDomain TEXT "
                                  "NOT NULL UNIQUE ON CONFLICT FAIL);"
                                  "CREATE TABLE TopLevelDomains(topLevelDomainID INTEGER PRIMARY KEY)");
    for (const std::string& host : hosts) {
        insert(database, "INSERT INTO ObservedDomains VALUES(NULL, ?)", host);
        insert(database, "INSERT INTO TopLevelDomains VALUES(?)", database.getLastInsertRowid());
    }
}

void write_workers(const fs::path& folder, const std::vector<std::string>& hosts)
{
    auto database = make_database(
        folder / "ServiceWorkerRegistrations-8.sqlite3",
        "CREATE TABLE Records(key TEXT NOT NULL UNIQUE, origin TEXT NOT NULL, scopeURL TEXT NOT NULL, topOrigin TEXT "
        "NOT NULL, scriptURL TEXT NOT NULL, scriptResourceMap BLOB NOT NULL)");
    for (const std::string& host : hosts) {
        for (const std::string& top : {host, std::string(top_host)}) {
            insert(database, "INSERT INTO Records VALUES(?, ?, '/', ?, ?, ?)",
                   fmt::format("https_{}__https://{}/", top, host), "https://" + host, "https_" + top + "_0",
                   "https://" + host + "/sw.js", secret(host, "worker"));
        }
    }
    put(folder / "Scripts/V1/salt", "saltsalt");
}

void write_named_storage(const fs::path& local_storage, const fs::path& indexed_db,
                         const std::vector<std::string>& hosts)
{
    for (const std::string& host : hosts) {
        const std::string name = "https_" + host + "_0";
        put(local_storage / (name + ".localstorage"), secret(host, "local"));
        put(local_storage / (name + ".localstorage-wal"), secret(host, "wal"));
        put(indexed_db / name / "ABCD/IndexedDB.sqlite3", secret(host, "database"));
        put(indexed_db / ("https_" + std::string(top_host) + "_0") / name / "ABCD/IndexedDB.sqlite3",
            secret(host, "framed"));
    }
}

void write_general_storage(const fs::path& storage, const fs::path& cache_storage,
                           const std::vector<std::string>& hosts)
{
    for (const std::string& host : hosts) {
        for (const std::string& top : {host, std::string(top_host)}) {
            write_webkit_origin(storage, false, top, host, secret(host, "storage"));
            write_webkit_origin(cache_storage, true, top, host, secret(host, "caches"));
        }
    }
}

void write_web_cache(const fs::path& cache, const std::vector<std::string>& hosts)
{
    for (const std::string& host : hosts) {
        write_webkit_record(cache, "https://" + host + "/page?token=" + secret(host, "url"), host,
                            secret(host, "body"));
        write_webkit_record(cache, "https://" + host + "/framed", top_host, secret(host, "body"));
    }
}

/// CFNetwork's cache; a body in a file, another in its row.
void write_own_cache(const fs::path& folder, const std::vector<std::string>& hosts)
{
    auto database = make_database(
        folder / "Cache.db",
        "PRAGMA user_version = 203;"
        "CREATE TABLE cfurl_cache_response(entry_ID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE, version INTEGER,"
        " hash_value INTEGER, storage_policy INTEGER, request_key TEXT UNIQUE,"
        " time_stamp NOT NULL DEFAULT CURRENT_TIMESTAMP, partition TEXT);"
        "CREATE TABLE cfurl_cache_blob_data(entry_ID INTEGER PRIMARY KEY, response_object BLOB, request_object BLOB,"
        " proto_props BLOB, user_info BLOB);"
        "CREATE TABLE cfurl_cache_receiver_data(entry_ID INTEGER PRIMARY KEY, isDataOnFS INTEGER, receiver_data BLOB)");
    for (const std::string& host : hosts) {
        for (const int in_file : {0, 1}) {
            insert(database, "INSERT INTO cfurl_cache_response VALUES(NULL, 0, 0, 0, ?, '2026-01-01 00:00:00', NULL)",
                   fmt::format("https://{}/{}", host, in_file));
            const std::int64_t id = database.getLastInsertRowid();
            insert(database, "INSERT INTO cfurl_cache_blob_data VALUES(?, ?, NULL, NULL, NULL)", id,
                   secret(host, "response"));
            insert(database, "INSERT INTO cfurl_cache_receiver_data VALUES(?, ?, ?)", id, in_file,
                   in_file == 0 ? secret(host, "receiver") : "BODY-" + host);
            if (in_file == 1) {
                put(folder / "fsCachedData" / ("BODY-" + host), secret(host, "file"));
            }
        }
    }
}

void write_alternative_services(const fs::path& file, const std::vector<std::string>& hosts)
{
    auto database = make_database(file,
                                  "CREATE TABLE alt_services(partition text NOT NULL, host text NOT NULL, "
                                  "alternateHost text NOT NULL, port int NOT NULL, alternatePort int NOT NULL, type "
                                  "int NOT NULL, creation_time int, expires_time int, UNIQUE(partition, host, port, "
                                  "type))");
    for (const std::string& host : hosts) {
        insert(database, "INSERT INTO alt_services VALUES('', ?, '', 443, 443, 1, 1700000000, 1900000000)", host);
        insert(database, "INSERT INTO alt_services VALUES(?, 'cdn.invalid', '', 443, 443, 1, 1, 2)", host);
    }
}

void write_tabs(const fs::path& file, const std::string& uuid)
{
    auto database = make_database(
        file, "CREATE TABLE bookmarks(id INTEGER PRIMARY KEY, subtype INTEGER, title TEXT, external_uuid TEXT)");
    insert(database, "INSERT INTO bookmarks VALUES(1, 2, 'Work', ?), (2, 0, 'a tab', 'x')", uuid);
}

}  // namespace

std::string cookie_record(const std::string& domain, const std::string& name, const std::string& value)
{
    constexpr std::uint32_t header = 56;
    std::string strings;
    std::string offsets;
    for (const std::string& text : {domain, name, std::string("/"), value}) {
        offsets += little(static_cast<std::uint32_t>(header + strings.size()));
        strings += text + '\0';
    }
    std::string record = little(static_cast<std::uint32_t>(header + strings.size()));
    record += little(std::uint32_t{0}) + little(binary_cookies::secure) + little(std::uint32_t{0}) + offsets;
    record += little(std::uint64_t{0}) + little(800000000.0) + little(700000000.0) + strings;
    return record;
}

void write_jar(const fs::path& file, const std::vector<std::string>& hosts)
{
    binary_cookies::Jar jar;
    jar.trailer = std::string("\x07\x17\x20\x05\0\0\0\x08", 8) + "bplist00";
    for (const std::string& host : hosts) {
        put(jar, binary_cookies::parse_record(cookie_record(host, "session", secret(host, "cookie"))).value());
        put(jar, binary_cookies::parse_record(cookie_record(host, "csrf", secret(host, "csrf"))).value());
        put(jar, binary_cookies::parse_record(cookie_record("." + host, "shared", secret(host, "shared"))).value());
    }
    testing::put(file, binary_cookies::write(jar));
}

void write_hsts(const fs::path& file, const std::vector<std::string>& hosts)
{
    constexpr std::uint64_t never = std::uint64_t{1} << 63U;
    plist_t root = plist_new_dict();
    plist_t session = plist_new_dict();
    plist_dict_set_item(root, "HSTS Store Schema Version", plist_new_uint(3));
    plist_dict_set_item(root, "HSTS Content Version", plist_new_uint(10));
    plist_dict_set_item(root, "com.apple.CFNetwork.defaultStorageSession", session);
    for (const std::string& host : hosts) {
        plist_t order = plist_new_dict();
        plist_dict_set_item(order, "Create Time", plist_new_real(466237831.5));
        plist_dict_set_item(order, "Expiry", host == hosts[0] ? plist_new_real(800000000.5) : plist_new_uint(never));
        plist_dict_set_item(order, "HSTS Host", plist_new_bool(1));
        plist_dict_set_item(session, host.c_str(), order);
    }
    char* bytes = nullptr;
    std::uint32_t size = 0;
    plist_to_bin(root, &bytes, &size);
    put(file, std::string(bytes, size));
    std::free(bytes);
    plist_free(root);
}

void write_webkit_record(const fs::path& cache, const std::string& url, const std::string& partition,
                         const std::string& body)
{
    const std::string key = sha1(partition + url);
    const std::string partition_key = sha1(partition);
    const std::string hash(20, 'h');
    const std::string record = little(std::uint32_t{17}) + text8(partition) + text8("Resource") + text8(url) +
                               webkit::null_text + key + partition_key + little(1700000000.0) + hash +
                               little(std::uint64_t{6}) + sha1(body) + little(std::uint64_t{body.size()}) + '\0' +
                               hash + "header";
    const fs::path version = cache / "Version 17";
    const fs::path file = version / "Records" / upper_hex(partition_key) / "Resource" / upper_hex(key);
    put(version / "salt", "saltsalt");
    put(file, record);
    const fs::path blob = version / "Blobs" / upper_hex(sha1(body));
    if (!fs::exists(blob)) {
        put(blob, body);
    }
    fs::create_hard_link(blob, file.string() + "-blob");
}

void write_webkit_origin(const fs::path& root, bool flat, const std::string& top, const std::string& client,
                         const std::string& content)
{
    const auto origin = [](const std::string& host) { return text8("https") + text8(host) + '\0'; };
    const fs::path folder =
        flat ? root / upper_hex(sha1(top + " " + client)) : root / upper_hex(sha1(top)) / upper_hex(sha1(client));
    put(root / "salt", "saltsalt");
    put(folder / "origin", origin(top) + origin(client));
    put(folder / "LocalStorage/localstorage.sqlite3", content);
}

void write_safari_container(const fs::path& library, const std::string& bundle, const std::string& browser_folder,
                            const std::vector<std::string>& hosts)
{
    const std::string uuid = "0f5c6e0a-8b1c-4b4e-9d6e-1f2a3b4c5d6e";
    const fs::path caches = library / "Caches";
    write_web_cache(caches / bundle / "WebKitCache", hosts);
    write_own_cache(caches / bundle, hosts);
    write_general_storage(library / "WebKit/WebsiteData/Default", caches / "WebKit/CacheStorage", hosts);
    write_workers(caches / "WebKit/ServiceWorkers", hosts);
    write_observations(library / "WebKit/WebsiteData/ResourceLoadStatistics/observations.db", hosts);
    write_jar(library / "Cookies/Cookies.binarycookies", hosts);
    write_hsts(caches / "WebKit/HSTS/HSTS.plist", hosts);
    write_alternative_services(caches / "WebKit/AlternativeServices/AlternativeService.sqlite", hosts);

    write_tabs(library / browser_folder / "SafariTabs.db", "0F5C6E0A-8B1C-4B4E-9D6E-1F2A3B4C5D6E");
    const fs::path named = library / "WebKit/WebsiteDataStore" / uuid;
    write_web_cache(named / "NetworkCache", hosts);
    write_general_storage(named / "Origins", named / "CacheStorage", hosts);
    write_workers(named / "ServiceWorkers", hosts);
    write_named_storage(named / "LocalStorage", named / "IndexedDB/v1", hosts);
    write_observations(named / "ResourceLoadStatistics/observations.db", hosts);
    write_jar(named / "Cookies/Cookies.binarycookies", hosts);
    write_hsts(named / "HSTS/HSTS.plist", hosts);
    write_alternative_services(named / "AlternativeServices/AlternativeService.sqlite", hosts);
}

void write_safari_web_app(const fs::path& library, const std::vector<std::string>& hosts)
{
    write_own_cache(library / "Caches/com.apple.Safari.WebApp", hosts);
    write_jar(library / "Cookies/Cookies.binarycookies", hosts);
    const fs::path app = library / "Containers/com.apple.Safari.WebApp.0E4F6A2C-1B3D-4E5F-8A9B-0C1D2E3F4A5B/Library";
    write_web_cache(app / "Caches/WebKit/NetworkCache", hosts);
    write_general_storage(app / "WebKit/WebsiteData/Default", app / "Caches/WebKit/CacheStorage", hosts);
    write_jar(app / "Cookies/Cookies.binarycookies", hosts);
    put(library / "Containers/com.apple.Safari.WebApp.notes/Library/note", "");
}

void write_safari_classic(const fs::path& library, const std::vector<std::string>& hosts)
{
    write_web_cache(library / "Caches/com.apple.Safari/WebKitCache", hosts);
    write_own_cache(library / "Caches/com.apple.Safari", hosts);
    write_named_storage(library / "Safari/LocalStorage", library / "Safari/Databases/___IndexedDB/v1", hosts);
    write_jar(library / "Cookies/Cookies.binarycookies", hosts);
    write_hsts(library / "Cookies/HSTS.plist", hosts);
}

void write_epiphany(const fs::path& data, const fs::path& cache, const std::vector<std::string>& hosts)
{
    put(data / "ephy-history.db", "");
    write_web_cache(cache / "WebKitCache", hosts);
    write_general_storage(data / "storage", cache / "CacheStorage", hosts);
    write_workers(data / "serviceworkers", hosts);
    write_named_storage(data / "localstorage", data / "databases/indexeddb/v1", hosts);
    write_observations(data / "itp/observations.db", hosts);
    auto cookies = make_database(data / "cookies.sqlite",
                                 "CREATE TABLE moz_cookies(id INTEGER PRIMARY KEY, name TEXT, value TEXT, host TEXT, "
                                 "path TEXT, expiry INTEGER, lastAccessed INTEGER, isSecure INTEGER, isHttpOnly "
                                 "INTEGER, sameSite INTEGER)");
    auto hsts = make_database(cache / "HSTS/hsts-storage.sqlite",
                              "CREATE TABLE soup_hsts_policies(id INTEGER PRIMARY KEY, host TEXT UNIQUE, max_age "
                              "INTEGER, expiry INTEGER, include_subdomains INTEGER)");
    for (const std::string& host : hosts) {
        for (const std::string& domain : {host, "." + host}) {
            insert(cookies, "INSERT INTO moz_cookies VALUES(NULL, 'session', ?, ?, '/', 1900000000, 0, 1, 1, 0)",
                   secret(host, "cookie"), domain);
        }
        insert(hsts, "INSERT INTO soup_hsts_policies VALUES(NULL, ?, 1, 1900000000, 1)", host);
    }
}

}  // namespace unstick::testing
