#pragma once
// Profiles of any size for the benchmark, written fast: nothing is synced. `sites` says over how many sites the
// entries are spread; the benchmark cleans the first one.

#include <filesystem>
#include <string>

namespace unstick::bench {

namespace fs = std::filesystem;

/// The site that owns the entries 0, n, 2n, ... of a profile with n sites.
std::string site_of(int entry, int sites);

/// A user data folder of Chromium with one profile, `Default`, that holds nothing yet.
void write_chromium(const fs::path& data);

/// Entries of 1500 bytes in a Simple cache.
void write_simple_cache(const fs::path& folder, int entries, int sites);

/// More of them, of one site that has no other.
void add_simple_cache(const fs::path& folder, int entries, const std::string& site);

/// Entries of 300 bytes in a blockfile cache.
void write_blockfile_cache(const fs::path& folder, int entries, int sites);

/// A profile of Firefox that holds nothing yet.
void write_firefox(const fs::path& root, const std::string& name);

/// Entries of Firefox's cache: 5 to 9 KB of metadata, as a chain of certificates makes it, behind a body of 2 to 62 KB.
void write_cache2(const fs::path& folder, int entries, int sites);

void write_cookie_database(const fs::path& file, int cookies, int sites);

/// Local storage in entries of 1 KiB that cannot be compressed.
void write_local_storage(const fs::path& folder, int mebibytes, int sites);

/// A cookie jar of Safari.
void write_cookie_jar(const fs::path& file, int cookies, int sites);

/// Records of WebKit's cache, each with a body of 1500 bytes in a file of its own; partitioned: under its own site.
void write_webkit_cache(const fs::path& folder, int records, int sites, bool partitioned);

}  // namespace unstick::bench
