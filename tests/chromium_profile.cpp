#include "chromium_profile.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <leveldb/db.h>
#include <openssl/sha.h>
#include <zlib.h>

#include <array>
#include <cstring>
#include <memory>

#include "../src/formats/simple_cache.h"
#include "testing.h"

namespace unstick::testing {

namespace {

template <class Number>
void add(std::string& bytes, Number number)
{
    bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

/// The end record of a stream.
std::string end_record(std::string_view stream, bool with_key_hash)
{
    std::string record;
    add(record, std::uint64_t{0xf4fa6f45970d41d8});
    add(record, std::uint32_t{with_key_hash ? 3U : 1U});
    add(record, static_cast<std::uint32_t>(
                    crc32(0, reinterpret_cast<const Bytef*>(stream.data()), static_cast<uInt>(stream.size()))));
    add(record, static_cast<std::uint32_t>(with_key_hash ? stream.size() : 0));
    add(record, std::uint32_t{0});
    return record;
}

void field(std::string& message, unsigned number, std::string_view bytes)
{
    message += static_cast<char>(number << 3U | 2U);
    message += static_cast<char>(bytes.size());
    message += bytes;
}

void field(std::string& message, unsigned number, unsigned value)
{
    message += static_cast<char>(number << 3U);
    message += static_cast<char>(value);
}

std::string identifier(const std::string& host)
{
    return "https_" + host + "_0";
}

std::string secret(const std::string& host, std::string_view place)
{
    return fmt::format("SECRET-{}-{}", host, place);
}

void write_logins(const fs::path& file, const std::vector<std::string>& hosts)
{
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(
        "CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);"
        "INSERT INTO meta VALUES('version', '43'), ('last_compatible_version', '40');"
        "CREATE TABLE logins(origin_url VARCHAR NOT NULL, username_value VARCHAR, password_value BLOB, signon_realm "
        "VARCHAR "
        "NOT NULL, date_created INTEGER NOT NULL, blacklisted_by_user INTEGER NOT NULL, scheme INTEGER NOT NULL, "
        "id INTEGER PRIMARY KEY AUTOINCREMENT, UNIQUE(origin_url, username_value, signon_realm));"
        "CREATE TABLE insecure_credentials(parent_id INTEGER REFERENCES logins ON DELETE CASCADE, insecurity_type "
        "INTEGER "
        "NOT NULL);"
        "CREATE TABLE password_notes(id INTEGER PRIMARY KEY AUTOINCREMENT, parent_id INTEGER NOT NULL REFERENCES "
        "logins ON "
        "DELETE CASCADE, key VARCHAR NOT NULL, value BLOB);"
        "CREATE TABLE stats(origin_domain VARCHAR NOT NULL, username_value VARCHAR)");
    for (const auto& host : hosts) {
        for (const int scheme : {0, 1}) {
            SQLite::Statement insert(
                database, "INSERT INTO logins VALUES(?, 'user', CAST(? AS BLOB), ?, 13400000000000000, 0, ?, NULL)");
            insert.bind(1, "https://" + host + "/");
            insert.bind(2, secret(host, scheme == 0 ? "form-password" : "basic-password"));
            insert.bind(3, "https://" + host + "/" + (scheme == 0 ? "" : "Realm"));
            insert.bind(4, scheme);
            insert.exec();
        }
    }
    database.exec(
        "INSERT INTO password_notes(parent_id, key, value) SELECT id, 'note', password_value FROM logins;"
        "INSERT INTO insecure_credentials SELECT id, 1 FROM logins");
}

void write_quota(const fs::path& folder, const std::vector<std::string>& hosts)
{
    fs::create_directories(folder);
    SQLite::Database database((folder / "QuotaManager").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(
        "CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);"
        "INSERT INTO meta VALUES('version', '11'), ('last_compatible_version', '11');"
        "CREATE TABLE buckets(id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, storage_key TEXT NOT NULL, host TEXT NOT "
        "NULL, "
        "name TEXT NOT NULL, use_count INTEGER NOT NULL, last_accessed INTEGER NOT NULL, last_modified INTEGER NOT "
        "NULL, "
        "expiration INTEGER NOT NULL, quota INTEGER NOT NULL, persistent INTEGER NOT NULL, durability INTEGER NOT NULL,"
        "UNIQUE(storage_key, name))");
    for (const auto& host : hosts) {
        for (const auto* suffix : {"", "^0https://top.test"}) {
            SQLite::Statement insert(
                database, "INSERT INTO buckets VALUES(NULL, ?, ?, '_default', 1, 2, 13400000000000000, 0, 0, 0, 0)");
            insert.bind(1, "https://" + host + "/" + suffix);
            insert.bind(2, host);
            insert.exec();
            if (*suffix != '\0') {
                put(folder / std::to_string(database.getLastInsertRowid()) / "IndexedDB/indexeddb.leveldb/000003.log",
                    secret(host, "bucket"));
            }
        }
    }
}

}  // namespace

void write_cache_entry(const fs::path& folder, const std::string& key, std::size_t body_size, const std::string& record)
{
    const std::string body(body_size, 'b');
    const std::string headers = record.empty() ? "headers of " + key : record;
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
    std::string file;
    add(file, std::uint64_t{0xfcfb6d1ba7725c30});
    add(file, std::uint32_t{5});
    add(file, static_cast<std::uint32_t>(key.size()));
    add(file, std::uint32_t{0});  // SuperFastHash of the key; nobody but Chromium looks at it
    add(file, std::uint32_t{0});
    file += key + body + end_record(body, false) + headers;
    file.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    file += end_record(headers, true);
    put(folder / (simple_cache::stem_of_key(key) + "_0"), file);
}

void write_cache_index(const fs::path& folder)
{
    std::string index;
    add(index, std::uint64_t{0xfcfb6d1ba7725c30});
    add(index, std::uint32_t{9});
    index.resize(24);
    put(folder / "index", index);
    fs::create_directories(folder / "index-dir");
}

std::string cache_key(const std::string& url, const std::string& top_site)
{
    return fmt::format("1/0/_dk_{} {} {}", top_site, top_site, url);
}

void write_cookies(const fs::path& file, const std::vector<CookieRow>& rows, int version)
{
    fs::create_directories(file.parent_path());
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(
        "CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);"
        "CREATE TABLE cookies(creation_utc INTEGER NOT NULL, host_key TEXT NOT NULL, top_frame_site_key TEXT NOT NULL, "
        "name "
        "TEXT NOT NULL, value TEXT NOT NULL, encrypted_value BLOB NOT NULL, path TEXT NOT NULL, expires_utc INTEGER "
        "NOT NULL, "
        "is_secure INTEGER NOT NULL, is_httponly INTEGER NOT NULL, last_access_utc INTEGER NOT NULL, has_expires "
        "INTEGER NOT "
        "NULL, is_persistent INTEGER NOT NULL, priority INTEGER NOT NULL, samesite INTEGER NOT NULL, source_scheme "
        "INTEGER "
        "NOT NULL, source_port INTEGER NOT NULL, last_update_utc INTEGER NOT NULL, source_type INTEGER NOT NULL, "
        "has_cross_site_ancestor INTEGER NOT NULL);"
        "CREATE UNIQUE INDEX cookies_unique_index ON cookies(host_key, top_frame_site_key, has_cross_site_ancestor, "
        "name, "
        "path, source_scheme, source_port)");
    SQLite::Statement meta(database, "INSERT INTO meta VALUES('version', ?), ('last_compatible_version', ?)");
    meta.bind(1, version);
    meta.bind(2, version);
    meta.exec();
    SQLite::Transaction transaction(database);
    SQLite::Statement insert(
        database,
        "INSERT INTO cookies VALUES(13400000000000000, ?, ?, ?, '', CAST(? AS BLOB), '/', "
        "13500000000000000, 1, 1, 13400000000000000, 1, 1, 1, 0, 2, 443, 13400000000000000, 1, 1)");
    for (const CookieRow& row : rows) {
        insert.reset();
        insert.bind(1, row.host_key);
        insert.bind(2, row.partition);
        insert.bind(3, row.name);
        insert.bind(4, "v10" + secret(row.host_key, "cookie"));
        insert.exec();
    }
    transaction.commit();
}

void write_pairs(const fs::path& folder, const std::vector<std::pair<std::string, std::string>>& pairs)
{
    fs::create_directories(folder);
    leveldb::Options options;
    options.create_if_missing = true;
    leveldb::DB* opened = nullptr;
    const auto status = leveldb::DB::Open(options, folder.string(), &opened);
    const std::unique_ptr<leveldb::DB> database(opened);
    if (!status.ok()) {
        throw std::runtime_error(status.ToString());
    }
    for (const auto& [key, value] : pairs) {
        database->Put({}, key, value);
    }
}

void write_profile(const fs::path& profile, const fs::path& cache, const std::vector<std::string>& hosts)
{
    const std::string zero(1, '\0');
    const std::string one(1, '\1');
    put(profile.parent_path() / "Local State",
        fmt::format(R"({{"profile":{{"info_cache":{{"{}":{{"name":"Person 1"}}}}}}}})", profile.filename().string()));
    put(profile / "Preferences", "{}");
    std::vector<CookieRow> cookies;
    std::vector<std::pair<std::string, std::string>> local{{"VERSION", "1"}};
    std::vector<std::pair<std::string, std::string>> session{{"version", "1"}, {"next-map-id", "100"}};
    std::vector<std::pair<std::string, std::string>> workers{{"INITDATA_DB_VERSION", "2"},
                                                             {"INITDATA_NEXT_VERSION_ID", "50"}};
    std::vector<std::pair<std::string, std::string>> file_systems{{"LAST_PATH", "099"}};
    write_cache_index(cache / "Cache/Cache_Data");
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        const std::string& host = hosts[i];
        const std::string origin = "https://" + host;
        const std::string number = std::to_string(i + 1);
        cookies.push_back({host, "session", ""});
        cookies.push_back({"." + host, "shared", ""});
        cookies.push_back({host, "parted", "https://top.test"});
        write_cache_entry(cache / "Cache/Cache_Data",
                          cache_key(origin + "/page?token=" + secret(host, "url"), "https://" + host), 100);
        write_cache_entry(cache / "Cache/Cache_Data", cache_key(origin + "/framed", "https://top.test"), 100);
        local.push_back({"_" + origin + zero + one + "token", one + secret(host, "local")});
        local.push_back({"_" + origin + "/^0https://top.test" + zero + one + "token", one + secret(host, "framed")});
        local.push_back({"META:" + origin, "meta"});
        local.push_back({"METAACCESS:" + origin, "meta"});
        session.push_back({fmt::format("namespace-{:08}_aaaa_bbbb_cccc_dddddddddddd-{}/", i, origin), number});
        session.push_back({"map-" + number + "-key", secret(host, "session")});
        std::string registration;
        field(registration, 1, static_cast<unsigned>(i + 1));
        field(registration, 2, origin + "/");
        field(registration, 3, origin + "/sw.js");
        field(registration, 4, static_cast<unsigned>(i + 10));
        workers.push_back({"INITDATA_UNIQUE_ORIGIN:" + origin + "/", ""});
        workers.push_back({"REG:" + origin + "/" + zero + number, registration});
        workers.push_back({"REGID_TO_ORIGIN:" + number, origin + "/"});
        workers.push_back({"RES:" + std::to_string(i + 10) + zero + std::to_string(i + 20), secret(host, "script")});
        workers.push_back({"REG_USER_DATA:" + number + zero + "push", secret(host, "push")});
        workers.push_back({"REG_HAS_USER_DATA:push" + zero + number, ""});
        write_cache_entry(profile / "Service Worker/ScriptCache", std::to_string(i + 20), 50);
        std::string index;
        field(index, 2, origin + "/");
        field(index, 3, origin + "/");
        put(profile / "Service Worker/CacheStorage" / fmt::format("{:040x}", i) / "index.txt", index);
        put(profile / "Service Worker/CacheStorage" / fmt::format("{:040x}", i) / "uuid/entry_0",
            secret(host, "cache storage"));
        put(profile / "IndexedDB" / (identifier(host) + ".indexeddb.leveldb") / "000003.log", secret(host, "database"));
        put(profile / "IndexedDB" / (identifier(host) + ".indexeddb.blob") / "1/00/2", secret(host, "blob"));
        file_systems.push_back({"ORIGIN:" + identifier(host), fmt::format("{:03}", i)});
        put(profile / "File System" / fmt::format("{:03}", i) / "t/00/00000000", secret(host, "file"));
    }
    write_cookies(profile / "Cookies", cookies);
    write_logins(profile / "Login Data", hosts);
    write_pairs(profile / "Local Storage/leveldb", local);
    write_pairs(profile / "Session Storage", session);
    write_pairs(profile / "Service Worker/Database", workers);
    write_pairs(profile / "File System/Origins", file_systems);
    write_quota(profile / "WebStorage", hosts);
}

}  // namespace unstick::testing
