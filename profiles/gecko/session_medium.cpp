// gecko-session: cookies and session storage in the files of a session, copied into the journal as JSON text. What
// belongs to a tab is only put back into a tab with the same pages. A session that is gone is another one by now:
// nothing is put back into none.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <algorithm>

#include "base/hash.h"
#include "base/limited_json.h"
#include "base/text.h"
#include "containers/sqlite/query.h"
#include "journal/medium.h"
#include "platform/files.h"
#include "profiles/gecko/session_file.h"

namespace unstick::gecko {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE gecko_sessions(id INTEGER PRIMARY KEY, container INTEGER, item INTEGER, pointer TEXT, identity TEXT,
                                pages TEXT, value TEXT);
)sql";

/// A piece in the journal.
struct Saved {
    ItemId item = 0;
    std::string pointer;
    Json identity;      ///< of a cookie; null for a tab's storage
    std::string pages;  ///< of the tab: a checksum
    Json value;         ///< of a cookie an array of all that are meant

    bool is_cookie() const { return identity.is_object(); }
};

/// The tab of a piece of storage: the pointer without "/storage/<origin>".
std::string tab_of(const std::string& pointer)
{
    const std::string storage = pointer.substr(0, pointer.rfind('/'));
    return storage.substr(0, storage.rfind('/'));
}

std::string pages_of(const Json& tab)
{
    return hex(sha256(tab.value("entries", Json()).dump(-1, ' ', false, Json::error_handler_t::replace)));
}

/// What is there now: as Saved::value; null if nothing is.
Json value_at(const Json& session, const std::string& pointer, const Json& identity)
{
    const Json* const found = find_in_session(session, pointer);
    if (found == nullptr || !identity.is_object()) {
        return found == nullptr ? Json() : *found;
    }
    Json cookies = Json::array();
    for (const Json& cookie : found->is_array() ? *found : Json::array()) {
        if (json_file::is_meant(identity, cookie)) {
            cookies.push_back(cookie);
        }
    }
    return cookies.empty() ? Json() : cookies;
}

void remove_at(Json& session, const Saved& saved)
{
    if (saved.is_cookie()) {
        Json& cookies = *find_in_session(session, saved.pointer);
        cookies.erase(std::remove_if(cookies.begin(), cookies.end(),
                                     [&](const Json& cookie) { return json_file::is_meant(saved.identity, cookie); }),
                      cookies.end());
        return;
    }
    find_in_session(session, saved.pointer.substr(0, saved.pointer.rfind('/')))
        ->erase(json_file::names_in(saved.pointer).back());
}

/// Puts a value into its place, which is free. False if the way to it is barred.
bool put_at(Json& session, const Saved& saved)
{
    if (saved.is_cookie()) {
        Json& cookies = session["cookies"];
        if (cookies.is_null()) {
            cookies = Json::array();
        }
        if (cookies.is_array()) {
            cookies.insert(cookies.end(), saved.value.begin(), saved.value.end());
        }
        return cookies.is_array();
    }
    Json* const tab = find_in_session(session, tab_of(saved.pointer));
    if (tab == nullptr || !tab->is_object() || pages_of(*tab) != saved.pages) {
        return false;
    }
    Json& storage = (*tab)["storage"];
    if (storage.is_null()) {
        storage = Json::object();
    }
    if (storage.is_object()) {
        storage[json_file::names_in(saved.pointer).back()] = saved.value;
    }
    return storage.is_object();
}

std::vector<Saved> saved_of(Journal& journal, const Container& container)
{
    const auto saved = [](SQLite::Statement& row) {
        const std::string identity = row.getColumn(2).getString();
        return Saved{row.getColumn(0).getInt64(), row.getColumn(1).getString(),
                     identity.empty() ? Json() : json_or_discarded<Json>(identity), row.getColumn(3).getString(),
                     json_or_discarded<Json>(row.getColumn(4).getString())};
    };
    return rows::list(
        journal.database(),
        "SELECT item, pointer, identity, pages, value FROM gecko_sessions WHERE container = ? ORDER BY id", saved,
        container.id);
}

tl::unexpected<Error> changed(const Container& container)
{
    return fail(Code::changed, container.path.string(), "an entry is not what it was any more", "run unstick again");
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    TRY_ASSIGN(const auto session, read_session(container.path));
    SQLite::Statement insert(journal.database(), "INSERT INTO gecko_sessions VALUES(NULL, ?, ?, ?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const Json identity = piece->table.empty() ? Json() : json_or_discarded<Json>(piece->table);
        const Json value = value_at(session, piece->key, identity);
        const Json* const tab = piece->table.empty() ? find_in_session(session, tab_of(piece->key)) : nullptr;
        if (value.is_null() || (piece->table.empty() && tab == nullptr)) {
            return changed(container);
        }
        insert.reset();
        SQLite::bind(insert, container.id, item, piece->key, piece->table, tab == nullptr ? "" : pages_of(*tab),
                     value.dump(-1, ' ', false, Json::error_handler_t::replace));
        insert.exec();
    }
    return {};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    TRY_ASSIGN(auto session, read_session(container.path));
    for (const Saved& saved : saved_of(journal, container)) {
        const Json now = value_at(session, saved.pointer, saved.identity);
        if (now.is_null() || !json_file::equal(now, saved.value)) {
            return changed(container);
        }
        remove_at(session, saved);
    }
    return write_session(container.path, session);
}

PieceState state_of(Json& session, const Saved& saved)
{
    const Json now = value_at(session, saved.pointer, saved.identity);
    if (!now.is_null()) {
        return json_file::equal(now, saved.value) ? PieceState::same : PieceState::taken;
    }
    return put_at(session, saved) ? PieceState::free : PieceState::taken;
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    TRY_ASSIGN(auto session, if_there(read_session(container.path)));
    PresenceCount count;
    for (const Saved& saved : saved_of(journal, container)) {
        // This copy of the session is never written.
        count.add(saved.item, session ? state_of(*session, saved) : PieceState::taken);
    }
    return count.result();
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    auto all = saved_of(journal, container);
    std::erase_if(all, [&](const Saved& saved) { return !items.contains(saved.item); });
    if (all.empty()) {
        return {};  // the session may be gone
    }
    TRY_ASSIGN(auto session, read_session(container.path));
    bool is_new = false;
    for (const Saved& saved : all) {
        const PieceState state = state_of(session, saved);
        if (state == PieceState::taken) {
            return fail(Code::exists, container.path.string(), "something else has taken the place of an entry");
        }
        is_new |= state == PieceState::free;
    }
    return is_new ? write_session(container.path, session) : Result<void>();
}

void tidy(Journal&, const Container& container)
{
    files::tidy_beside(container.path);
}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    stored_pieces::each_row(journal, container,
                            "SELECT item, id, pointer, identity, pages, value FROM gecko_sessions WHERE container = ?",
                            each);
}

/// Nothing where the session itself, or the tab, is another one.
Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    TRY_ASSIGN(const auto session, if_there(read_session(container.path)));
    std::vector<Newer> found;
    for (const Saved& saved : session ? saved_of(journal, container) : std::vector<Saved>()) {
        const Json now = value_at(*session, saved.pointer, saved.identity);
        if (items.contains(saved.item) && !now.is_null() && !json_file::equal(now, saved.value)) {
            const std::string identity = saved.is_cookie() ? saved.identity.dump() : "";
            found.push_back({saved.item, {session_medium, container.path.string(), identity, saved.pointer}});
        }
    }
    return found;
}

}  // namespace

const MediumOps session_medium_ops{
    .name = session_medium.name,
    .order = 95,
    .schema = schema,
    .save = save,
    .erase = erase,
    .presence = presence,
    .restore = restore,
    .tidy = tidy,
    .stored = stored,
    .newer = newer,
};

}  // namespace unstick::gecko
