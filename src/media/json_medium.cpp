// Medium::json: members and array elements of JSON files, copied into the journal as JSON text. A change writes the
// whole file anew, in one step.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>

#include "journal_rows.h"
#include "json_file.h"
#include "medium.h"

namespace unstick {

namespace {

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
    return {std::move(pointer), identity.empty() ? Json() : Json::parse(identity, nullptr, false)};
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
                     Json::parse(row.getColumn(3).getString(), nullptr, false)};
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
    const auto document = json_file::read(container.path);
    if (!document) {
        return tl::unexpected<Error>(document.error());
    }
    SQLite::Statement insert(journal.database(), "INSERT INTO members VALUES(NULL, ?, ?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const Place place = place_of(piece->key, piece->table);
        const auto value = value_at(*document, place);
        if (!value || (!place.is_member() && !value->is_array())) {
            return changed(container);
        }
        insert.reset();
        insert.bind(1, container.id);
        insert.bind(2, item);
        insert.bind(3, piece->key);
        insert.bind(4, piece->table);
        insert.bind(5, value->dump());
        insert.exec();
    }
    return {};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    auto document = json_file::read(container.path);
    if (!document) {
        return tl::unexpected<Error>(document.error());
    }
    for (const Saved& saved : saved_of(journal, container)) {
        const auto now = value_at(*document, saved.place);
        if (!now || !json_file::equal(*now, saved.value)) {
            return changed(container);
        }
        remove_at(*document, saved.place);
    }
    return json_file::write(container.path, *document);
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    auto document = json_file::read(container.path);
    if (!document) {
        return tl::unexpected<Error>(document.error());
    }
    PresenceCount count;
    for (const Saved& saved : saved_of(journal, container)) {
        const auto now = value_at(*document, saved.place);
        // This copy of the document is never written.
        const bool is_free = !now && put_at(*document, saved);
        const bool is_same = now && json_file::equal(*now, saved.value);
        count.add(saved.item, is_free ? PieceState::free : is_same ? PieceState::same : PieceState::taken);
    }
    return count.result();
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    auto document = json_file::read(container.path);
    if (!document) {
        return tl::unexpected<Error>(document.error());
    }
    bool is_new = false;
    for (const Saved& saved : saved_of(journal, container)) {
        if (!items.contains(saved.item)) {
            continue;
        }
        const auto now = value_at(*document, saved.place);
        if (now && json_file::equal(*now, saved.value)) {
            continue;
        }
        if (now || !put_at(*document, saved)) {
            return fail(Code::exists, container.path.string(), "something else has taken the place of an entry");
        }
        is_new = true;
    }
    return is_new ? json_file::write(container.path, *document) : Result<void>();
}

void tidy(Journal&, const Container& container)
{
    files::tidy_beside(container.path);
}

}  // namespace

const MediumOps json_medium{save, erase, presence, restore, tidy};

}  // namespace unstick
