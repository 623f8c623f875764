#pragma once
// Cookies with their values from the table `moz_cookies`, which Firefox has and libsoup has after it. For the re-test
// alone (adapter.h, ReadJar).

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "finders/sql_finder.h"
#include "web/cookie_jar.h"
#include "web/site.h"

namespace unstick {

/// How the table of a browser differs.
struct MozCookies {
    KnownVersions known;
    /// Schemas from this version on have the times at which cookies expire in milliseconds; those before in seconds.
    std::optional<int> in_milliseconds_from = {};
    /// A column that says what keeps a cookie apart, and whether one with such a value goes along. Empty: no column.
    std::string_view apart_column = {};
    bool (*goes_along)(const Site& site, std::string_view apart) = nullptr;
};

/// The site's cookies that go along. None if anything about the file is not as it should be.
std::vector<JarCookie> read_moz_cookies(const std::filesystem::path& file, const Site& site, const MozCookies& manner);

}  // namespace unstick
