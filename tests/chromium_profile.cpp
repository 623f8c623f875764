#include "chromium_profile.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <leveldb/db.h>
#include <openssl/sha.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "../src/formats/digests.h"
#include "../src/formats/simple_cache.h"
#include "../src/text.h"
#include "blockfile_cache.h"
#include "chromium_databases.h"
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

/// As in Chromium's network anonymization keys, for names of any length: base64 of sizes, site, zeros.
std::string anonymization(const std::string& site)
{
    std::string pickle;
    add(pickle, static_cast<std::uint32_t>((site.size() + 3) / 4 * 4 + 4));
    add(pickle, static_cast<std::uint32_t>(site.size()));
    pickle += site;
    pickle.resize((pickle.size() + 3) / 4 * 4);
    return fmt::format(R"(["{}",false,0])", base64(pickle));
}

std::string joined(const std::vector<std::string>& parts)
{
    return fmt::format("{}", fmt::join(parts, ","));
}

void write_preferences(const fs::path& file, const std::vector<std::string>& hosts)
{
    std::vector<std::string> settings;
    std::vector<std::string> records;
    std::vector<std::string> levels;
    std::vector<std::string> sign_ins;
    for (const std::string& host : hosts) {
        settings.push_back(fmt::format(R"("https://{0}:443,*":{{"last_modified":"13400000000000000","setting":1,)"
                                       R"("note":"{1}"}},"*,[*.]{0}":{{"setting":2}})",
                                       host, secret(host, "setting")));
        records.push_back(fmt::format(
            R"("https://{}:443,*":{{"setting":{{"lastEngagementTime":1.3439966272429256e+16,"note":"{}"}}}})", host,
            secret(host, "record")));
        sign_ins.push_back(
            fmt::format(R"("https://{}:443,*":{{"setting":{{"note":"{}"}}}})", host, secret(host, "sign-in")));
        levels.push_back(fmt::format(R"("{}":{{"last_modified":"13400000000000000","zoom_level":1.5}})", host));
    }
    put(file,
        fmt::format(
            R"({{"browser":{{"last_known_google_url":"https://other.test/?u=https://stuck.test/"}},)"
            R"("partition":{{"per_host_zoom_levels":{{"x":{{{2}}}}}}},"profile":{{"content_settings":)"
            R"({{"exceptions":{{"fedcm_idp_signin":{{{3}}},"geolocation":{{{0}}},"has_migrated_local_network_access":true,)"
            R"("site_engagement":{{{1}}}}}}},"name":"Person 1"}}}})",
            joined(settings), joined(records), joined(levels), joined(sign_ins)));
}

void write_transport_security(const fs::path& file, const std::vector<std::string>& hosts)
{
    std::vector<std::string> elements;
    for (const std::string& host : hosts) {
        std::string name;
        for (std::size_t at = 0; at < host.size();) {
            const std::size_t end = std::min(host.find('.', at), host.size());
            name += static_cast<char>(end - at) + host.substr(at, end - at);
            at = end + 1;
        }
        elements.push_back(fmt::format(R"({{"expiry":1893456000.5,"host":"{}","mode":"force-https","note":"{}",)"
                                       R"("sts_include_subdomains":false,"sts_observed":1760000000.25}})",
                                       base64(sha256(name + '\0')), secret(host, "sts")));
    }
    put(file, fmt::format(R"({{"sts":[{}],"version":2}})", joined(elements)));
}

void write_network_state(const fs::path& file, const std::vector<std::string>& hosts)
{
    std::vector<std::string> servers;
    std::vector<std::string> broken;
    std::vector<std::string> quic;
    for (const std::string& host : hosts) {
        servers.push_back(fmt::format(
            R"({{"alternative_service":[{{"expiration":"13400000000000000","port":443,"protocol_str":"h3"}}],)"
            R"("anonymization":{0},"network_stats":{{"srtt":1234}},"server":"https://{1}","note":"{2}"}},)"
            R"({{"anonymization":{3},"server":"https://{1}","supports_spdy":true}})",
            anonymization("https://" + host), host, secret(host, "server"), anonymization("https://top.test")));
        broken.push_back(fmt::format(R"({{"anonymization":[],"broken_count":1,"host":"{}","port":443,)"
                                     R"("protocol_str":"quic","note":"{}"}})",
                                     host, secret(host, "broken")));
        quic.push_back(fmt::format(R"({{"anonymization":[],"server_id":"https://{}:443","server_info":"{}"}})", host,
                                   secret(host, "quic")));
    }
    put(file, fmt::format(R"({{"net":{{"http_server_properties":{{"broken_alternative_services":[{}],)"
                          R"("quic_servers":[{}],"servers":[{}],"version":5}},)"
                          R"("network_qualities":{{"CAESABiAgICA+P////8B":"4G"}}}}}})",
                          joined(broken), joined(quic), joined(servers)));
}

}  // namespace

void write_cache_entry(const fs::path& folder, const std::string& key, std::size_t body_size)
{
    write_cache_entry(folder, key, "headers of " + key, std::string(body_size, 'b'));
}

void write_cache_entry(const fs::path& folder, const std::string& key, const std::string& headers,
                       const std::string& body)
{
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

namespace {

void write_simple(const fs::path& folder, const std::vector<std::string>& hosts)
{
    write_cache_index(folder);
    for (const std::string& host : hosts) {
        const std::string origin = "https://" + host;
        write_cache_entry(folder, cache_key(origin + "/page?token=" + secret(host, "url"), origin), 100);
        write_cache_entry(folder, cache_key(origin + "/framed", "https://top.test"), 100);
    }
}

}  // namespace

void write_blockfile(const fs::path& folder, const std::vector<std::string>& hosts)
{
    make_empty_blockfile(folder);
    std::vector<blockfile_cache::Saved> entries;
    const auto add_entry = [&](const std::string& host, const std::string& key, std::size_t body_size) {
        auto& entry = entries.emplace_back();
        entry.key = key;
        entry.last_used = entry.last_modified = 1000 + entries.size();
        entry.streams[0].bytes = "headers with " + secret(host, "header");
        entry.streams[1].bytes = secret(host, "body") + std::string(body_size, 'b');
        for (auto& stream : entry.streams) {
            stream.size = static_cast<std::uint32_t>(stream.bytes.size());
        }
    };
    for (const std::string& host : hosts) {
        const std::string origin = "https://" + host;
        add_entry(host, cache_key(origin + "/page?token=" + secret(host, "url"), origin), 100);
        add_entry(host, cache_key(origin + "/framed", "https://top.test"), 100);
        add_entry(host, cache_key(origin + "/middle", origin), 20'000);
        add_entry(host, cache_key(origin + "/large", origin), blockfile_cache::longest_saved_inline);
        const std::string ranges = cache_key(origin + "/ranges", origin);
        add_entry(host, ranges, 0);
        entries.back().flags = 1;
        add_entry(host, "Range_" + ranges + ":2e05bd2cba8d3f:0", 3000);
        entries.back().flags = 2;
        add_entry(host, cache_key(origin + "/evicted", origin), 0);
        entries.back().streams = {};
        entries.back().state = 1;
        entries.back().list = 4;
    }
    if (const auto inserted = blockfile_cache::insert(folder, entries, folder); !inserted) {
        throw std::runtime_error(inserted.error().what);
    }
}

void write_profile(const fs::path& profile, const fs::path& cache, const std::vector<std::string>& hosts,
                   CacheKind cache_kind)
{
    const std::string zero(1, '\0');
    const std::string one(1, '\1');
    put(profile.parent_path() / "Local State",
        fmt::format(R"({{"profile":{{"info_cache":{{"{}":{{"name":"Person 1"}}}}}}}})", profile.filename().string()));
    std::vector<CookieRow> cookies;
    std::vector<std::pair<std::string, std::string>> local{{"VERSION", "1"}};
    std::vector<std::pair<std::string, std::string>> session{{"version", "1"}, {"next-map-id", "100"}};
    std::vector<std::pair<std::string, std::string>> workers{{"INITDATA_DB_VERSION", "2"},
                                                             {"INITDATA_NEXT_VERSION_ID", "50"}};
    std::vector<std::pair<std::string, std::string>> file_systems{{"LAST_PATH", "099"}};
    std::vector<std::pair<std::string, std::string>> characteristics{{"database_metadata", "1"}};
    std::vector<std::pair<std::string, std::string>> notifications{{"NEXT_NOTIFICATION_ID", "7"}};
    std::vector<std::pair<std::string, std::string>> budgets;
    std::vector<std::pair<std::string, std::string>> trials;
    if (cache_kind == CacheKind::blockfile) {
        write_blockfile(cache / "Cache/Cache_Data", hosts);
    } else {
        write_simple(cache / "Cache/Cache_Data", hosts);
    }
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        const std::string& host = hosts[i];
        const std::string origin = "https://" + host;
        const std::string number = std::to_string(i + 1);
        cookies.push_back({host, "session", ""});
        cookies.push_back({"." + host, "shared", ""});
        cookies.push_back({host, "parted", "https://top.test"});
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
        notifications.push_back({"DATA:" + identifier(host) + zero + "p#" + origin + "/#1tag", secret(host, "shown")});
        notifications.push_back(
            {"RESOURCES:" + identifier(host) + zero + "p#" + origin + "/#1tag", secret(host, "icon")});
        budgets.push_back({origin, secret(host, "budget")});
        trials.push_back({origin, secret(host, "trial")});
        characteristics.push_back({hex(md5(host)), secret(host, "tab")});
        put(profile / "IndexedDB" / identifier(host) / "252AGOW5QBPAPYMMORGI7GOASCBVUWFVTOLUO4IXTMW4CGBZ6NCA",
            secret(host, "SQLite database"));
        file_systems.push_back({"ORIGIN:" + identifier(host), fmt::format("{:03}", i)});
        put(profile / "File System" / fmt::format("{:03}", i) / "t/00/00000000", secret(host, "file"));
    }
    write_cookies(profile / "Cookies", cookies);
    write_logins(profile / "Login Data", hosts);
    write_pairs(profile / "Local Storage/leveldb", local);
    write_pairs(profile / "Session Storage", session);
    write_pairs(profile / "Service Worker/Database", workers);
    write_pairs(profile / "File System/Origins", file_systems);
    write_pairs(profile / "Site Characteristics Database", characteristics);
    write_pairs(profile / "Platform Notifications", notifications);
    write_pairs(profile / "BudgetDatabase", budgets);
    write_pairs(profile / "PersistentOriginTrials", trials);
    write_quota(profile / "WebStorage", hosts);
    write_preferences(profile / "Preferences", hosts);
    write_transport_security(profile / "TransportSecurity", hosts);
    write_network_state(profile / "Network Persistent State", hosts);
    write_databases(profile, hosts);
    write_code_cache(cache / "Code Cache", hosts);
    write_dom_storage(profile, hosts);
    write_dictionaries(profile / "Shared Dictionary", hosts);
}

}  // namespace unstick::testing
