#pragma once
// Chromium profiles as tests need them: the real schemas and formats, filled for any list of hosts.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace unstick::testing {

namespace fs = std::filesystem;

/// An entry of a Simple cache (version 5) as Chromium writes it: key, body, record (stream 0), end records with
/// checksums. Without a record something that is none.
void write_cache_entry(const fs::path& folder, const std::string& key, std::size_t body_size,
                       const std::string& record = {});
/// `index` and an empty `index-dir`.
void write_cache_index(const fs::path& folder);

/// Key of the HTTP cache for a resource in its own top-level site.
std::string cache_key(const std::string& url, const std::string& top_site);

/// Cookies v24 with one cookie `session` for each host key; more columns as given.
struct CookieRow {
    std::string host_key;
    std::string name = "session";
    std::string partition;
};
void write_cookies(const fs::path& file, const std::vector<CookieRow>& rows, int version = 24);

/// Pairs into a LevelDB, made if it is not there.
void write_pairs(const fs::path& folder, const std::vector<std::pair<std::string, std::string>>& pairs);

/// Everything in one profile for each host: a cookie, a partitioned cookie, a Basic and a form login, cached files,
/// local and session storage, a database, caches, a service worker, a file system, a bucket. Every value holds
/// "SECRET-<host>". `Local State` is written to the folder above.
void write_profile(const fs::path& profile, const fs::path& cache, const std::vector<std::string>& hosts);

}  // namespace unstick::testing
