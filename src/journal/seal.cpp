#include "journal/seal.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <array>
#include <vector>

#include "base/sha256.h"
#include "base/text.h"
#include "containers/sqlite/database.h"
#include "journal/medium.h"

namespace unstick::seal {

namespace {

/// Those of every journal; how far the run has come may change. The version says whether pieces have digests.
constexpr std::array common{"PRAGMA user_version",
                            "SELECT site, started FROM run",
                            "SELECT * FROM profiles ORDER BY id",
                            "SELECT * FROM stores ORDER BY id",
                            "SELECT * FROM containers ORDER BY id",
                            "SELECT * FROM items ORDER BY id",
                            "SELECT * FROM item_containers ORDER BY rowid"};

void add(SQLite::Database& database, const std::string& query, Sha256& hash)
{
    SQLite::Statement statement(database, query);
    hash.add(query + '\0');
    while (statement.executeStep()) {
        for (int i = 0; i < statement.getColumnCount(); ++i) {
            const std::string value = rows::blob_of(statement.getColumn(i));
            hash.add(std::to_string(statement.getColumn(i).getType()) + ":" + std::to_string(value.size()) + ":");
            hash.add(value);
        }
    }
}

}  // namespace

std::string text_of(SQLite::Database& database, const Media& media)
{
    Sha256 hash;
    for (const char* query : common) {
        add(database, query, hash);
    }
    for (const MediumOps* medium : media) {
        for (const std::string_view table : medium->places) {
            if (!table.empty()) {
                add(database, "SELECT * FROM main." + rows::sql_name(table) + " ORDER BY rowid", hash);
            }
        }
    }
    return hex(hash.result()) + "\n";
}

Result<void> check(SQLite::Database& database, const Media& media, const fs::path& run)
{
    constexpr std::size_t longest = 128;
    const auto folder = files::Folder::open(run);
    std::string sealed(longest, '\0');
    const auto size = folder ? folder->read(file_name, 0, sealed) : tl::unexpected<Error>(folder.error());
    if (!size) {
        return size.error().code == Code::not_found ? Result<void>() : tl::unexpected<Error>(size.error());
    }
    sealed.resize(*size);
    if (sealed.empty() || sealed == text_of(database, media)) {
        return {};
    }
    return fail(Code::corrupt, "run " + run.filename().string(),
                "its list of what it took out, and from where, is not what it was: nobody can say whether all is back",
                "restore the run's folder from a backup, and undo it again");
}

}  // namespace unstick::seal
