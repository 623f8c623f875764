#include "chromium_databases.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>

#include "../src/site.h"
#include "../src/text.h"
#include "chromium_profile.h"
#include "testing.h"

namespace unstick::testing {

namespace {

std::string base64(const std::string& bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                    static_cast<int>(bytes.size()));
    text.pop_back();  // the zero that ends it
    return text;
}

std::string meta(int version)
{
    return fmt::format(
        "CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);"
        "INSERT INTO meta VALUES('version', '{0}'), ('last_compatible_version', '{0}');",
        version);
}

void write_reports(const fs::path& file, const std::vector<std::string>& hosts)
{
    const std::string origin =
        "nik TEXT NOT NULL, origin_scheme TEXT NOT NULL, origin_host TEXT NOT NULL, "
        "origin_port INTEGER NOT NULL, group_name TEXT NOT NULL, ";
    std::string sql =
        meta(2) + "CREATE TABLE nel_policies(" + origin +
        "expires_us_since_epoch INTEGER NOT NULL, UNIQUE(origin_scheme, origin_host, origin_port, nik));"
        "CREATE TABLE reporting_endpoints(" +
        origin +
        "url TEXT NOT NULL, UNIQUE(origin_scheme, origin_host, origin_port, group_name, url, nik));"
        "CREATE TABLE reporting_endpoint_groups(" +
        origin +
        "expires_us_since_epoch INTEGER NOT NULL, UNIQUE(origin_scheme, origin_host, origin_port, group_name, nik));";
    for (const auto& host : hosts) {
        const auto key = network_key("https://top.test");
        const std::string values = fmt::format("VALUES('{}', 'https', '{}', 443, 'default', ", key, host);
        sql += "INSERT INTO nel_policies " + values + "13440052504199078);";
        sql +=
            "INSERT INTO reporting_endpoints " + values + "'https://collector.test/" + secret(host, "report") + "');";
        sql += "INSERT INTO reporting_endpoint_groups " + values + "13440052504199078);";
    }
    run_sql(file, sql);
}

void write_bounces(const fs::path& file, const std::vector<std::string>& hosts)
{
    std::string sql = meta(11) +
                      "CREATE TABLE bounces(site TEXT PRIMARY KEY NOT NULL, first_bounce_time INTEGER);"
                      "CREATE TABLE popups(opener_site TEXT NOT NULL, popup_site TEXT NOT NULL, access_id INT64, "
                      "PRIMARY KEY(`opener_site`, `popup_site`));";
    for (const auto& host : hosts) {
        const std::string site = registrable_domain(host);
        sql += fmt::format(
            "INSERT OR IGNORE INTO bounces VALUES('{0}', 1);"
            "INSERT OR IGNORE INTO popups VALUES('{0}', 'popup.test', 2), ('opener.test', '{0}', 3);",
            site);
    }
    run_sql(file, sql);
}

void write_trust_tokens(const fs::path& file, const std::vector<std::string>& hosts)
{
    std::string sql = meta(2);
    for (const char* table :
         {"trust_tokens_issuer_config", "trust_tokens_toplevel_config", "trust_tokens_issuer_toplevel_pair_config"}) {
        const bool pair = std::string_view(table).find("pair") != std::string_view::npos;
        sql += fmt::format("CREATE TABLE {} (key TEXT, proto BLOB, PRIMARY KEY(key));", table);
        for (const auto& host : hosts) {
            const std::string value = fmt::format("CAST('{}' AS BLOB)", secret(host, "token"));
            sql += fmt::format("INSERT INTO {} VALUES('https://{}{}', {});", table, host,
                               pair ? " https://top.test" : "", value);
            if (pair) {
                sql += fmt::format("INSERT INTO {} VALUES('https://issuer.test https://{}', {});", table, host, value);
            }
        }
    }
    run_sql(file, sql);
}

void write_shared_storage(const fs::path& file, const std::vector<std::string>& hosts)
{
    std::string sql =
        meta(6) +
        "CREATE TABLE values_mapping(context_origin TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, "
        "last_used_time INTEGER NOT NULL, PRIMARY KEY(context_origin, key)) WITHOUT ROWID;"
        "CREATE TABLE per_origin_mapping(context_origin TEXT NOT NULL PRIMARY KEY, creation_time INTEGER NOT NULL, "
        "num_bytes INTEGER NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE budget_mapping(id INTEGER NOT NULL PRIMARY KEY, context_site TEXT NOT NULL, time_stamp INTEGER "
        "NOT NULL, bits_debit REAL NOT NULL);";
    for (const auto& host : hosts) {
        sql += fmt::format(
            "INSERT INTO values_mapping VALUES('https://{0}', x'6b00', CAST('{1}' AS BLOB), 1);"
            "INSERT INTO per_origin_mapping VALUES('https://{0}', 1, 9);"
            "INSERT INTO budget_mapping VALUES(NULL, 'https://{2}', 1, 0.5);",
            host, secret(host, "shared"), registrable_domain(host));
    }
    run_sql(file, sql);
}

/// Databases that name their owner in one column.
void write_by_owner(const fs::path& profile, const std::vector<std::string>& hosts)
{
    std::string observer =
        meta(2) +
        "CREATE TABLE declarative_performance_observer_policies(origin TEXT PRIMARY KEY NOT NULL, "
        "capture_early_failures BOOLEAN NOT NULL, created_at INTEGER NOT NULL);"
        "CREATE TABLE declarative_performance_observer_reports(id INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT "
        "NULL, payload TEXT NOT NULL, created_at INTEGER NOT NULL);";
    std::string ads =
        "CREATE TABLE previews_v1(host_name VARCHAR NOT NULL, time INTEGER NOT NULL, opt_out INTEGER NOT NULL, type "
        "INTEGER NOT NULL, PRIMARY KEY(host_name, time DESC, opt_out, type));"
        "CREATE TABLE enabled_previews_v1(type INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY(type));";
    std::string licences =
        meta(2) +
        "CREATE TABLE cdm_storage(storage_key TEXT NOT NULL, cdm_type BLOB NOT NULL, file_name TEXT NOT NULL, data "
        "BLOB NOT NULL, PRIMARY KEY(storage_key, cdm_type, file_name));";
    std::string salts =
        meta(1) +
        "CREATE TABLE media_device_salts(storage_key TEXT PRIMARY KEY NOT NULL, creation_time INTEGER NOT NULL, salt "
        "TEXT NOT NULL);";
    for (const auto& host : hosts) {
        observer += fmt::format(
            "INSERT INTO declarative_performance_observer_policies VALUES('https://{0}', 1, 13400000000000000);"
            "INSERT INTO declarative_performance_observer_reports VALUES(NULL, 'https://{0}', '{1}', 2);",
            host, secret(host, "speed"));
        ads += fmt::format("INSERT INTO previews_v1 VALUES('{}', 13400000000000000, 1, 6);", host);
        for (const char* partition : {"", "^0https://top.test"}) {
            licences += fmt::format("INSERT INTO cdm_storage VALUES('https://{}/{}', x'00', 'file', '{}');", host,
                                    partition, secret(host, "licence"));
            salts += fmt::format("INSERT INTO media_device_salts VALUES('https://{}/{}', 13400000000000000, '{}');",
                                 host, partition, secret(host, "salt"));
        }
    }
    run_sql(profile / "declarative_performance_observer.db", observer);
    run_sql(profile / "heavy_ad_intervention_opt_out.db", ads);
    run_sql(profile / "CdmStorage.db", licences);
    run_sql(profile / "MediaDeviceSalts", salts);
}

void write_advertising(const fs::path& profile, const std::vector<std::string>& hosts)
{
    std::string groups =
        meta(35) +
        "CREATE TABLE interest_groups(expiration INTEGER NOT NULL, owner TEXT NOT NULL, joining_origin "
        "TEXT NOT NULL, name TEXT NOT NULL, bidding_url TEXT NOT NULL, PRIMARY KEY(owner, name));"
        "CREATE TABLE cooldown_debugging_only_report(origin TEXT NOT NULL, starting_time INTEGER NOT "
        "NULL, type INTEGER NOT NULL, PRIMARY KEY(origin));"
        "CREATE TABLE view_and_click_events(provider_origin TEXT NOT NULL, eligible_origin TEXT NOT "
        "NULL, PRIMARY KEY(provider_origin, eligible_origin));";
    for (const char* table : {"join_history", "bid_history", "win_history"}) {
        groups +=
            fmt::format("CREATE TABLE {}(owner TEXT NOT NULL, name TEXT NOT NULL, time INTEGER NOT NULL);", table);
    }
    std::string conversions =
        meta(67) +
        "CREATE TABLE sources(source_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, source_origin TEXT NOT NULL, "
        "reporting_origin TEXT NOT NULL, expiry_time INTEGER NOT NULL, source_site TEXT NOT NULL);"
        "CREATE TABLE reports(report_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, source_id INTEGER NOT NULL, "
        "context_origin TEXT NOT NULL, reporting_origin TEXT NOT NULL, metadata BLOB NOT NULL);"
        "CREATE TABLE rate_limits(id INTEGER PRIMARY KEY NOT NULL, source_id INTEGER NOT NULL, source_site TEXT NOT "
        "NULL, destination_site TEXT NOT NULL, context_origin TEXT NOT NULL, reporting_origin TEXT NOT NULL);"
        "CREATE TABLE dedup_keys(source_id INTEGER NOT NULL, report_type INTEGER NOT NULL, dedup_key INTEGER NOT NULL, "
        "PRIMARY KEY(source_id, report_type, dedup_key)) WITHOUT ROWID;"
        "CREATE TABLE source_destinations(source_id INTEGER NOT NULL, destination_site TEXT NOT NULL, "
        "PRIMARY KEY(source_id, destination_site)) WITHOUT ROWID;"
        "CREATE TABLE aggregatable_debug_rate_limits(id INTEGER PRIMARY KEY NOT NULL, context_site TEXT NOT NULL, "
        "reporting_origin TEXT NOT NULL);";
    std::string reports =
        meta(3) +
        "CREATE TABLE urls(url_id INTEGER PRIMARY KEY NOT NULL, url TEXT NOT NULL);"
        "CREATE TABLE keys(url_id INTEGER NOT NULL, key_id TEXT NOT NULL, key BLOB NOT NULL, PRIMARY KEY(url_id, "
        "key_id)) WITHOUT ROWID;"
        "CREATE TABLE report_requests(request_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, reporting_origin TEXT NOT "
        "NULL, request_proto BLOB NOT NULL);";
    for (const auto& host : hosts) {
        const std::string site = "https://" + registrable_domain(host);
        groups += fmt::format(
            "INSERT INTO interest_groups VALUES(1, 'https://{0}', 'https://shop.test', 'own of {0}', '{1}'),"
            " (1, 'https://ads.test', 'https://{0}', 'joined at {0}', '{1}');"
            "INSERT INTO cooldown_debugging_only_report VALUES('https://{0}', 1, 2);"
            "INSERT INTO view_and_click_events VALUES('https://{0}', 'https://ads.test'), ('https://shop.test', "
            "'https://{0}');"
            "INSERT INTO join_history VALUES('https://{0}', '{1}', 1);"
            "INSERT INTO bid_history VALUES('https://{0}', '{1}', 1);"
            "INSERT INTO win_history VALUES('https://{0}', '{1}', 1);",
            host, secret(host, "group"));
        conversions += fmt::format(
            "INSERT INTO sources VALUES(NULL, 'https://{0}', 'https://ads.test', 1, '{2}');"
            "INSERT INTO reports SELECT NULL, max(source_id), 'https://{0}', 'https://ads.test', '{1}' FROM "
            "sources;"
            "INSERT INTO source_destinations SELECT max(source_id), '{2}' FROM sources;"
            "INSERT INTO sources VALUES(NULL, 'https://news.test', 'https://ads.test', 1, 'https://news.test');"
            "INSERT INTO source_destinations SELECT max(source_id), '{2}' FROM sources;"
            "INSERT INTO rate_limits VALUES(NULL, 1, 'https://news.test', '{2}', 'https://{0}', 'https://ads.test');"
            "INSERT INTO aggregatable_debug_rate_limits VALUES(NULL, '{2}', 'https://ads.test');",
            host, secret(host, "conversion"), site);
        reports += fmt::format(
            "INSERT INTO urls VALUES(NULL, 'https://{0}/keys');"
            "INSERT INTO keys SELECT max(url_id), 'key', '{1}' FROM urls;"
            "INSERT INTO report_requests VALUES(NULL, 'https://{0}', '{1}');",
            host, secret(host, "report that waits"));
    }
    run_sql(profile / "InterestGroups", groups);
    run_sql(profile / "Conversions", conversions);
    run_sql(profile / "AggregationService", reports);
}

}  // namespace

std::string secret(const std::string& host, const std::string& place)
{
    return fmt::format("SECRET-{}-{}", host, place);
}

void run_sql(const fs::path& file, const std::string& sql)
{
    fs::create_directories(file.parent_path());
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Transaction transaction(database);
    database.exec(sql);
    transaction.commit();
}

std::string network_key(const std::string& top_level_site)
{
    const auto little = [](std::size_t number) {
        return std::string{static_cast<char>(number), static_cast<char>(number >> 8U), '\0', '\0'};
    };
    const std::size_t padded = (top_level_site.size() + 3) / 4 * 4;
    std::string record = little(4 + padded) + little(top_level_site.size()) + top_level_site;
    record.resize(8 + padded);
    return "[\"" + base64(record) + "\",false,0]";
}

void write_databases(const fs::path& profile, const std::vector<std::string>& hosts)
{
    write_reports(profile / "Reporting and NEL", hosts);
    write_bounces(profile / "DIPS", hosts);
    write_trust_tokens(profile / "Trust Tokens", hosts);
    write_shared_storage(profile / "SharedStorage", hosts);
    write_by_owner(profile, hosts);
    write_advertising(profile, hosts);
}

std::string code_name(const std::string& text)
{
    std::string name = hex(text);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'a' ? c - 'a' + 'A' : c; });
    name.resize(64, '0');
    return name;
}

void write_code_cache(const fs::path& folder, const std::vector<std::string>& hosts)
{
    write_cache_index(folder / "js");
    const std::string start(12, '\1');
    int number = 0;
    for (const auto& host : hosts) {
        const std::string lock = " \nhttps://" + registrable_domain(host) + "/";
        write_cache_entry(folder / "js", "_keyhttps://" + host + "/small.js" + lock, start + secret(host, "code"), "");
        write_cache_entry(folder / "js", "_keyhttps://" + host + "/large.js" + lock, start + code_name(host), "");
        write_cache_entry(folder / "js", code_name(host), "", secret(host, "large code"));
        const std::string database = "lock" + std::to_string(++number);
        run_sql(
            folder / "pc" / (database + ".db"),
            fmt::format("PRAGMA user_version = 3; CREATE TABLE entries(key BLOB PRIMARY KEY UNIQUE NOT NULL, content "
                        "BLOB NOT NULL, input_signature INTEGER, write_timestamp INTEGER);"
                        "INSERT INTO entries VALUES(CAST('_keyhttps://{}/a.js' AS BLOB), '{}', 1, 2)",
                        host, secret(host, "row of code")));
        put(folder / "pc" / (database + ".journal"), "");
    }
}

void write_dictionaries(const fs::path& folder, const std::vector<std::string>& hosts)
{
    std::string sql =
        meta(4) +
        "CREATE TABLE dictionaries(primary_key INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, frame_origin TEXT NOT NULL, "
        "top_frame_site TEXT NOT NULL, host TEXT NOT NULL, match TEXT NOT NULL, match_dest TEXT NOT NULL, url TEXT NOT "
        "NULL, last_fetch_time INTEGER NOT NULL, exp_time INTEGER NOT NULL, size INTEGER NOT NULL, token_high INTEGER "
        "NOT NULL, token_low INTEGER NOT NULL);"
        "CREATE UNIQUE INDEX unique_index ON dictionaries(frame_origin, top_frame_site, host, match, match_dest);";
    write_cache_index(folder / "cache");
    int token = 0;
    for (const auto& host : hosts) {
        for (const std::string& top : {"https://" + registrable_domain(host), std::string("https://top.test")}) {
            ++token;
            sql += fmt::format(
                "INSERT INTO dictionaries VALUES(NULL, 'https://{0}', '{1}', 'https://{0}', '/{2}/*', '', "
                "'https://{0}/dictionary', 1, 2, 1000, -{3}, {3});",
                host, top, secret(host, "match"), token);
            write_cache_entry(folder / "cache",
                              fmt::format("{:016X}{:016X}", static_cast<std::uint64_t>(-token), token), "",
                              secret(host, "dictionary"));
        }
    }
    run_sql(folder / "db", sql + fmt::format("INSERT INTO meta VALUES('total_dict_size', '{}')", 1000 * token));
}

void write_sql_cache(const fs::path& folder, const std::vector<std::string>& keys)
{
    put(folder / "index", "SQLCacheTruncate3");
    std::vector<std::string> sql(
        3,
        meta(8) +
            "INSERT INTO meta VALUES('SharedCacheEnabled', '0'), ('EntryCount', '0'), ('TotalSize', '0');"
            "CREATE TABLE resources(res_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, bytes_usage INTEGER NOT NULL, "
            "doomed INTEGER NOT NULL, cache_key_hash INTEGER NOT NULL, cache_key TEXT NOT NULL, head BLOB);"
            "CREATE TABLE blobs(blob_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, res_id INTEGER NOT NULL, start "
            "INTEGER NOT NULL, end INTEGER NOT NULL, blob BLOB NOT NULL);"
            "CREATE UNIQUE INDEX index_blobs_res_id_start ON blobs(res_id, start);");
    for (std::size_t i = 0; i < keys.size(); ++i) {
        sql[i % 3] += fmt::format(
            "INSERT INTO resources VALUES(NULL, 100, 0, {0}, '{1}', 'head of {1}');"
            "INSERT INTO blobs SELECT NULL, max(res_id), 0, 9, 'blob of {1}' FROM resources;"
            "INSERT INTO blobs SELECT NULL, max(res_id), 9, 12, 'more of {1}' FROM resources;"
            "UPDATE meta SET value = value + 1 WHERE key = 'EntryCount';"
            "UPDATE meta SET value = value + 100 WHERE key = 'TotalSize';",
            i, keys[i]);
    }
    for (std::size_t i = 0; i < sql.size(); ++i) {
        run_sql(folder / ("sqldb" + std::to_string(i)), sql[i]);
    }
}

void write_dom_storage(const fs::path& profile, const std::vector<std::string>& hosts)
{
    const std::string entries =
        "CREATE TABLE map_entries(map_id INTEGER NOT NULL, value_compression_type INTEGER NOT NULL, key BLOB NOT NULL, "
        "value BLOB NOT NULL, PRIMARY KEY(map_id, key)) WITHOUT ROWID;";
    std::string local =
        meta(1) + entries +
        "CREATE TABLE maps(row_id INTEGER PRIMARY KEY AUTOINCREMENT, storage_key BLOB NOT NULL, last_accessed INTEGER, "
        "last_modified INTEGER, total_size INTEGER);"
        "CREATE UNIQUE INDEX maps_by_storage_key ON maps(storage_key);";
    std::string session =
        meta(1) + entries +
        "CREATE TABLE session_metadata(session_id TEXT NOT NULL, storage_key BLOB NOT NULL, map_id INTEGER NOT NULL, "
        "PRIMARY KEY(session_id, storage_key)) WITHOUT ROWID;";
    int map = 0;
    for (const auto& host : hosts) {
        for (const char* partition : {"", "^0https://top.test"}) {
            ++map;
            const std::string key = "https://" + host + "/" + partition;
            for (const char* name : {"x'01' || 'it''s'", "x'0041'"}) {
                const std::string entry =
                    fmt::format("INSERT INTO map_entries VALUES({}, 0, CAST({} AS BLOB), CAST('{}' AS BLOB));", map,
                                name, secret(host, "entry"));
                local += entry;
                session += entry;
            }
            local += fmt::format("INSERT INTO maps VALUES({}, CAST('{}' AS BLOB), 1, 2, 3);", map, key);
            for (const char* tab : {"tab", "clone"}) {
                session +=
                    fmt::format("INSERT INTO session_metadata VALUES('{}', CAST('{}' AS BLOB), {});", tab, key, map);
            }
        }
    }
    run_sql(profile / "LocalStorage", local);
    run_sql(profile / "SessionStorage", session);
}

}  // namespace unstick::testing
