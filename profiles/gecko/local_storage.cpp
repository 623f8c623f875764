#include "profiles/gecko/local_storage.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "base/utf8.h"
#include "containers/snappy_block.h"
#include "finders/sql_finder.h"
#include "web/jwt.h"

namespace unstick::gecko {

namespace {

constexpr std::size_t longest_value = 2 * (std::size_t{256} << 10U);  // more than token_times looks into

/// A value as UTF-8; empty if it is not understood.
std::string decoded(std::string_view stored, int conversion, int compression)
{
    enum { as_it_is = 0, compressed = 1 };  // compression_type
    enum { utf16 = 0, utf8 = 1 };           // conversion_type
    std::string text(stored);
    if (compression == compressed) {
        text = from_snappy_block(stored, longest_value).value_or("");
    } else if (compression != as_it_is) {
        return {};
    }
    return conversion == utf8 ? text : conversion == utf16 ? from_utf16(text) : std::string();
}

}  // namespace

void add_local_storage_traits(const std::filesystem::path& file, Item& item)
{
    constexpr int known_version = 5 * 16;
    Found opened;
    OriginStorage storage;
    look_into_sql(file, {known_version, known_version, VersionIn::user_version}, opened,
                  [&](SQLite::Database& database) {
                      SQLite::Statement query(database,
                                              "SELECT key, conversion_type, compression_type, CAST(value AS BLOB)"
                                              " FROM data WHERE length(value) <= ?");
                      query.bind(1, static_cast<int>(longest_value));
                      while (query.executeStep()) {
                          const SQLite::Column value = query.getColumn(3);
                          const std::string_view bytes(static_cast<const char*>(value.getBlob()),
                                                       static_cast<std::size_t>(value.getBytes()));
                          storage.entries.push_back(
                              {query.getColumn(0).getString(),
                               token_times(decoded(bytes, query.getColumn(1).getInt(), query.getColumn(2).getInt()))});
                      }
                  });
    if (opened.present && opened.problems.empty()) {
        item.traits = std::move(storage);
    }
}

}  // namespace unstick::gecko
