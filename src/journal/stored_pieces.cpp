#include "journal/stored_pieces.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <span>

#include "base/hash.h"
#include "base/sha256.h"
#include "base/text.h"
#include "containers/sqlite/database.h"
#include "journal/medium.h"

namespace unstick::stored_pieces {

namespace {

struct Digest {
    std::uint64_t size = 0;
    std::string sha256;  ///< empty: it was not known, the file could be moved but not read

    bool operator==(const Digest&) const = default;
};

/// Folders in folders that we follow; no browser makes so many.
constexpr int deepest = 100;

/// Of a longer file as much is read at its start, and at its end: it may be larger than any disk (a hole costs
/// nothing).
constexpr std::uint64_t most_read = 64ULL << 20U;

/// Adds what stands in a file from `begin` on, up to `end`, which is not before it.
Result<void> add_content(const files::Folder& folder, const std::string& name, std::uint64_t begin, std::uint64_t end,
                         Sha256& hash)
{
    constexpr std::uint64_t most_at_once = 1U << 18U;
    std::string buffer(static_cast<std::size_t>(std::min(most_at_once, end - begin)), '\0');
    while (begin < end) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), end - begin));
        TRY_ASSIGN(const auto count, folder.read(name.c_str(), begin, std::span(buffer).first(wanted)));
        if (count == 0) {
            break;
        }
        hash.add({buffer.data(), count});
        begin += count;
    }
    return {};
}

Result<Digest> digest_of_file(const files::Folder& folder, const std::string& name, std::uint64_t size)
{
    Sha256 hash;
    const std::uint64_t first = std::min(size, most_read);
    TRY(add_content(folder, name, 0, first, hash));
    TRY(add_content(folder, name, std::max(first, size - std::min(size, most_read)), size, hash));
    return Digest{size, hash.result()};
}

/// A file's content; of a folder all names below it with their types and contents; what a link says.
Result<Digest> digest_of(const fs::path& path, int depth = 0)
{
    TRY_ASSIGN(const auto info, files::info(path));
    if (info.type == files::Type::link) {
        return files::read_link(path).map([](const std::string& target) {
            return Digest{target.size(), sha256(target)};
        });
    }
    if (info.type == files::Type::other || depth > deepest) {
        return Digest{};
    }
    TRY_ASSIGN(const auto folder, files::Folder::open(info.type == files::Type::folder ? path : path.parent_path()));
    if (info.type == files::Type::file) {
        return digest_of_file(folder, path.filename().string(), info.size);
    }
    TRY_ASSIGN(auto entries, folder.list());
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    Digest whole;
    Sha256 hash;
    for (const files::Entry& entry : entries) {
        const auto part = digest_of(path / entry.name, depth + 1);
        if (!part) {
            return part;
        }
        whole.size += part->size;
        hash.add(std::to_string(static_cast<int>(entry.type)) + entry.name + '\0');
        hash.add(part->sha256 + '\0');
    }
    whole.sha256 = hash.result();
    return whole;
}

Result<Digest> digest_of(const StoredPiece& piece)
{
    return piece.file.empty() ? Digest{piece.bytes.size(), sha256(piece.bytes)} : digest_of(piece.file);
}

/// What was noted of a piece.
struct Note {
    ItemId item = 0;
    Digest digest;
};

/// What was noted of a container's pieces; nothing if the journal is one without notes.
using Noted = std::map<std::string, Note>;

std::optional<Noted> noted_of(Journal& journal, const Container& container)
{
    if (!journal.notes_pieces()) {
        return std::nullopt;
    }
    Noted noted;
    SQLite::Statement query(journal.database(), "SELECT name, item, size, sha256 FROM pieces WHERE container = ?");
    query.bind(1, container.id);
    while (query.executeStep()) {
        noted[query.getColumn(0).getString()] = {
            query.getColumn(1).getInt64(),
            {static_cast<std::uint64_t>(query.getColumn(2).getInt64()), rows::blob_of(query.getColumn(3))}};
    }
    return noted;
}

/// What is wrong with a piece; empty: nothing.
Result<std::string> fault_of(const StoredPiece& piece, const std::optional<Digest>& expected)
{
    if (!piece.file.empty()) {
        TRY_ASSIGN(const bool is_there, files::exists(piece.file));
        if (!is_there) {
            return "it is missing";
        }
        if (piece.is_in_profile) {
            return "";  // the run keeps nothing of it
        }
    }
    if (!expected || expected->sha256.empty()) {
        return "";
    }
    TRY_ASSIGN(const auto found, digest_of(piece));
    return found == *expected ? "" : "it is damaged";
}

}  // namespace

Result<void> note(Journal& journal, const Container& container)
{
    Result<void> result;
    SQLite::Transaction transaction(journal.database());
    SQLite::Statement insert(journal.database(), "INSERT INTO pieces VALUES(?, ?, ?, ?, ?)");
    container.medium->stored(journal, container, [&](const StoredPiece& piece) {
        auto digest = digest_of(piece);
        if (!digest && digest.error().code == Code::denied) {
            digest = Digest{};
        }
        if (!digest) {
            result = tl::unexpected<Error>(digest.error());
            return;
        }
        insert.reset();
        insert.bind(1, container.id);
        insert.bind(2, piece.item);
        insert.bind(3, piece.name);
        insert.bind(4, static_cast<std::int64_t>(digest->size));
        rows::bind_blob(insert, 5, digest->sha256);
        insert.exec();
    });
    transaction.commit();
    return result;
}

Result<Damaged> check(Journal& journal, const Container& container)
try {
    Damaged damaged;
    auto noted = noted_of(journal, container);
    std::optional<Error> error;
    container.medium->stored(journal, container, [&](const StoredPiece& piece) {
        std::optional<Digest> expected;
        ItemId item = piece.item;
        if (noted) {
            const auto found = noted->find(piece.name);
            if (found == noted->end()) {
                return;  // it is back in the profile
            }
            expected = found->second.digest;
            item = found->second.item;
            noted->erase(found);
        }
        const auto fault = fault_of(piece, expected);
        if (!fault) {
            error = fault.error();
        } else if (!fault->empty() || item != piece.item) {  // it may be the piece's own number that is damaged
            damaged.emplace(piece.item, fault->empty() ? "it is damaged" : *fault);
            damaged.emplace(item, fault->empty() ? "it is damaged" : *fault);
        }
    });
    if (error) {
        return tl::unexpected<Error>(*error);
    }
    // What was noted and is not kept any more.
    for (const auto& [name, note] : noted.value_or(Noted{})) {
        damaged.emplace(note.item, "it is missing");
    }
    return damaged;
} catch (const SQLite::Exception& exception) {
    return tl::unexpected<Error>(rows::error_of(journal.folder() / "journal.db", exception));
}

void each_row(Journal& journal, const Container& container, const std::string& query, const EachStored& each)
{
    SQLite::Statement statement(journal.database(), query);
    statement.bind(1, container.id);
    while (statement.executeStep()) {
        StoredPiece piece{statement.getColumn(0).getInt64(), statement.getColumn(1).getString(), {}};
        for (int i = 2; i < statement.getColumnCount(); ++i) {
            const std::string value = rows::blob_of(statement.getColumn(i));
            piece.bytes +=
                std::to_string(statement.getColumn(i).getType()) + ":" + std::to_string(value.size()) + ":" + value;
        }
        each(piece);
    }
}

void forget(Journal& journal, const Container& container, const std::vector<std::string>& names)
{
    if (names.empty() || !journal.notes_pieces()) {
        return;
    }
    SQLite::Transaction transaction(journal.database());
    for (const std::string& name : names) {
        SQLite::Statement statement(journal.database(), "DELETE FROM pieces WHERE container = ? AND name = ?");
        statement.bind(1, container.id);
        statement.bind(2, name);
        statement.exec();
    }
    transaction.commit();
}

Result<bool> is_as_stored(Journal& journal, const Container& container, const std::string& name, const fs::path& file)
{
    if (!journal.notes_pieces()) {
        return true;
    }
    SQLite::Statement query(journal.database(),
                            "SELECT size, sha256 FROM pieces WHERE container = ? AND name = ? AND sha256 <> x''");
    query.bind(1, container.id);
    query.bind(2, name);
    if (!query.executeStep()) {
        return true;
    }
    const Digest expected{static_cast<std::uint64_t>(query.getColumn(0).getInt64()), rows::blob_of(query.getColumn(1))};
    return digest_of(file).map([&](const Digest& found) { return found == expected; });
}

Result<bool> are_alike(const fs::path& a, const fs::path& b)
{
    TRY_ASSIGN(const Digest one, digest_of(a));
    TRY_ASSIGN(const Digest other, digest_of(b));
    return one == other && !one.sha256.empty();
}

}  // namespace unstick::stored_pieces
