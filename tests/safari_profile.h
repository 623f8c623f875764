#pragma once
// Profiles of Safari and of GNOME Web as tests need them: every store filled for any list of hosts. Every value holds
// "SECRET-<host>-".

#include <filesystem>
#include <string>
#include <vector>

namespace unstick::testing {

namespace fs = std::filesystem;

/// A record of a Safari jar; `value` is the cookie's.
std::string cookie_record(const std::string& domain, const std::string& name, const std::string& value);

/// A jar with the cookies "session" of each host and "shared" of each domain.
void write_jar(const fs::path& file, const std::vector<std::string>& hosts);

/// `HSTS.plist` with an order for each host: one that ends for the first, one that never does for the others.
void write_hsts(const fs::path& file, const std::vector<std::string>& hosts);

/// A record of WebKit's cache, with its body beside it; `partition` is the top-level page's domain.
void write_webkit_record(const fs::path& cache, const std::string& url, const std::string& partition,
                         const std::string& body);

/// An origin's folder in general storage, or in Cache Storage if `flat`.
void write_webkit_origin(const fs::path& root, bool flat, const std::string& top, const std::string& client,
                         const std::string& content);

/// `~/Library/Containers/com.apple.Safari/Data/Library` with the default profile, and one named "Work".
void write_safari_container(const fs::path& library, const std::string& bundle, const std::string& browser_folder,
                            const std::vector<std::string>& hosts);

/// `~/Library/Containers/com.apple.Safari.WebApp/Data/Library` with one web app, and what all of them share.
void write_safari_web_app(const fs::path& library, const std::vector<std::string>& hosts);

/// What Safari 12 keeps in `~/Library`.
void write_safari_classic(const fs::path& library, const std::vector<std::string>& hosts);

void write_epiphany(const fs::path& data, const fs::path& cache, const std::vector<std::string>& hosts);

}  // namespace unstick::testing
