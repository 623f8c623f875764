// Medium::json: members and array elements of JSON files, copied into the journal as JSON text. A change writes the
// whole file anew, in one step.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <algorithm>

#include "base/limited_json.h"
#include "containers/json_file.h"
#include "containers/sqlite/query.h"
#include "journal/medium.h"

namespace unstick {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE members(id INTEGER PRIMARY KEY, container INTEGER, item INTEGER, pointer TEXT, identity TEXT,
                         value TEXT);
)sql";

using json_file::Json;

/// What a piece names in a file: a member, or those elements of an array that an identity means.
struct Place {
    std::string pointer;
    Json identity;  ///< an object; null for a member

    bool is_member() const { return identity.is_null(); }
};

/// A piece in the journal.
struct Saved {
    ItemId item = 0;
    Place place;
    Json value;  ///< the member's value; of elements an array of them
};

Place place_of(std::string pointer, const std::string& identity)
{
    return {std::move(pointer), identity.empty() ? Json() : json_or_discarded<Json>(identity)};
}

/// What is there now: the value as in Saved; nothing if the place is free.
std::optional<Json> value_at(const Json& document, const Place& place)
{
    const Json* found = json_file::find(document, place.pointer);
    if (found == nullptr) {
        return std::nullopt;
    }
    if (place.is_member() || !found->is_array()) {
        return *found;
    }
    Json elements = Json::array();
    for (const Json& element : *found) {
        if (json_file::is_meant(place.identity, element)) {
            elements.push_back(element);
        }
    }
    return elements.empty() ? std::nullopt : std::optional(std::move(elements));
}

void remove_at(Json& document, const Place& place)
{
    if (!place.is_member()) {
        Json& array = *json_file::find(document, place.pointer);
        array.erase(std::remove_if(array.begin(), array.end(),
                                   [&](const Json& element) { return json_file::is_meant(place.identity, element); }),
                    array.end());
        return;
    }
    const std::string parent = place.pointer.substr(0, place.pointer.rfind('/'));
    json_file::find(document, parent)->erase(json_file::names_in(place.pointer).back());
}

/// The way to a place, made where the browser has dropped it because it was empty. nullptr if something else is there.
Json* make_way(Json& document, const std::vector<std::string>& names)
{
    Json* place = &document;
    for (const std::string& name : names) {
        if (place->is_null()) {
            *place = Json::object();
        }
        if (!place->is_object()) {
            return nullptr;
        }
        place = &(*place)[name];
    }
    return place;
}

/// Puts a value into its place, which is free. False if the way to it is barred.
bool put_at(Json& document, const Saved& saved)
{
    Json* place = make_way(document, json_file::names_in(saved.place.pointer));
    if (place == nullptr) {
        return false;
    }
    if (saved.place.is_member()) {
        *place = saved.value;
        return true;
    }
    if (place->is_null()) {
        *place = Json::array();
    }
    if (!place->is_array()) {
        return false;
    }
    place->insert(place->end(), saved.value.begin(), saved.value.end());
    return true;
}

std::vector<Saved> saved_of(Journal& journal, const Container& container)
{
    const auto saved = [](SQLite::Statement& row) {
        return Saved{row.getColumn(0).getInt64(), place_of(row.getColumn(1).getString(), row.getColumn(2).getString()),
                     json_or_discarded<Json>(row.getColumn(3).getString())};
    };
    return rows::list(journal.database(),
                      "SELECT item, pointer, identity, value FROM members WHERE container = ? ORDER BY id", saved,
                      container.id);
}

tl::unexpected<Error> changed(const Container& container)
{
    return fail(Code::changed, container.path.string(), "an entry is not what it was any more", "run unstick again");
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    TRY_ASSIGN(const auto document, json_file::read(container.path));
    SQLite::Statement insert(journal.database(), "INSERT INTO members VALUES(NULL, ?, ?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const Place place = place_of(piece->key, piece->table);
        const auto value = value_at(document, place);
        if (!value || (!place.is_member() && !value->is_array())) {
            return changed(container);
        }
        insert.reset();
        SQLite::bind(insert, container.id, item, piece->key, piece->table, value->dump());
        insert.exec();
    }
    return {};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    TRY_ASSIGN(auto document, json_file::read(container.path));
    for (const Saved& saved : saved_of(journal, container)) {
        const auto now = value_at(document, saved.place);
        if (!now || !json_file::equal(*now, saved.value)) {
            return changed(container);
        }
        remove_at(document, saved.place);
    }
    return json_file::write(container.path, document);
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    TRY_ASSIGN(auto document, json_file::read(container.path));
    PresenceCount count;
    for (const Saved& saved : saved_of(journal, container)) {
        const auto now = value_at(document, saved.place);
        // This copy of the document is never written.
        const bool is_free = !now && put_at(document, saved);
        const bool is_same = now && json_file::equal(*now, saved.value);
        count.add(saved.item, is_free ? PieceState::free : is_same ? PieceState::same : PieceState::taken);
    }
    return count.result();
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    TRY_ASSIGN(auto document, json_file::read(container.path));
    bool is_new = false;
    for (const Saved& saved : saved_of(journal, container)) {
        if (!items.contains(saved.item)) {
            continue;
        }
        const auto now = value_at(document, saved.place);
        if (now && json_file::equal(*now, saved.value)) {
            continue;
        }
        if (now || !put_at(document, saved)) {
            return fail(Code::exists, container.path.string(), "something else has taken the place of an entry");
        }
        is_new = true;
    }
    return is_new ? json_file::write(container.path, document) : Result<void>();
}

void tidy(Journal&, const Container& container)
{
    files::tidy_beside(container.path);
}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    stored_pieces::each_row(journal, container,
                            "SELECT item, id, pointer, identity, value FROM members WHERE container = ?", each);
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    TRY_ASSIGN(const auto document, json_file::read(container.path));
    std::vector<Newer> found;
    for (const Saved& saved : saved_of(journal, container)) {
        const auto now = value_at(document, saved.place);
        if (items.contains(saved.item) && now && !json_file::equal(*now, saved.value)) {
            const std::string identity = saved.place.is_member() ? "" : saved.place.identity.dump();
            found.push_back({saved.item, {Medium::json, container.path.string(), identity, saved.place.pointer}});
        }
    }
    return found;
}

}  // namespace

extern const MediumOps json_medium{
    .name = Medium::json.name,
    .order = 40,
    .schema = schema,
    .save = save,
    .erase = erase,
    .presence = presence,
    .restore = restore,
    .tidy = tidy,
    .stored = stored,
    .newer = newer,
};

}  // namespace unstick
