#pragma once
// The smaller databases of a Chromium profile, in the schemas of Chromium 156, filled for any list of hosts.

#include <filesystem>
#include <string>
#include <vector>

namespace unstick::testing {

namespace fs = std::filesystem;

/// "SECRET-<host>-<place>": the value that a test looks for.
std::string secret(const std::string& host, const std::string& place);

/// Makes a database, or opens it, and runs the statements.
void run_sql(const fs::path& file, const std::string& sql);

/// Chromium's name for a network partition: `["<base64>",false,0]`.
std::string network_key(const std::string& top_level_site);

/// Reporting and NEL, DIPS, Trust Tokens and others that are SQLite tables and nothing else.
void write_databases(const fs::path& profile, const std::vector<std::string>& hosts);

/// A name of compiled code as the code cache has it, 64 hex digits; another for each text.
std::string code_name(const std::string& text);

/// `Code Cache`: for each host a small and a large script in `js`, and one in the SQLite databases of `pc`.
void write_code_cache(const fs::path& folder, const std::vector<std::string>& hosts);

/// `Shared Dictionary`: for each host one of its own, and one under top.test; each of 1000 bytes.
void write_dictionaries(const fs::path& folder, const std::vector<std::string>& hosts);

/// A cache folder of the SQL backend with three databases: entries with these keys, each of 100 bytes by its row.
void write_sql_cache(const fs::path& folder, const std::vector<std::string>& keys);

/// `LocalStorage` and `SessionStorage`. Each host has a partitioned copy of its local storage, and two tabs that share
/// a map.
void write_dom_storage(const fs::path& profile, const std::vector<std::string>& hosts);

}  // namespace unstick::testing
