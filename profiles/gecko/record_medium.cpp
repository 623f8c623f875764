// gecko-record: records of slot files and of text files, copied into the journal as they are.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <algorithm>
#include <map>

#include "containers/data_storage.h"
#include "containers/sqlite/database.h"
#include "containers/sqlite/query.h"
#include "journal/medium.h"
#include "platform/files.h"
#include "profiles/gecko/records.h"

namespace unstick::gecko {

namespace {

constexpr const char* schema = R"sql(
    CREATE TABLE gecko_records(id INTEGER PRIMARY KEY, container INTEGER, item INTEGER, form TEXT, bytes BLOB);
)sql";

struct Saved {
    ItemId item = 0;
    RecordForm form = RecordForm::lines;
    Record record;
};

std::optional<RecordForm> form_named(std::string_view name)
{
    for (const RecordForm form :
         {RecordForm::small_slots, RecordForm::large_slots, RecordForm::lines, RecordForm::salt_lines}) {
        if (name_of(form) == name) {
            return form;
        }
    }
    return std::nullopt;
}

/// What the journal keeps; records that are none, which only a damaged journal has, are left out.
std::vector<Saved> saved_of(Journal& journal, const Container& container)
{
    SQLite::Statement query(journal.database(),
                            "SELECT item, form, bytes FROM gecko_records WHERE container = ? ORDER BY id");
    query.bind(1, container.id);
    std::vector<Saved> saved;
    while (query.executeStep()) {
        const auto form = form_named(query.getColumn(1).getString());
        auto records = form ? records_in(rows::blob_of(query.getColumn(2)), *form) : std::vector<Record>();
        if (records && records->size() == 1) {
            saved.push_back({query.getColumn(0).getInt64(), *form, std::move(records->front())});
        }
    }
    return saved;
}

bool is_there(const std::vector<Record>& records, const Record& sought)
{
    return std::any_of(records.begin(), records.end(),
                       [&](const Record& record) { return record.bytes == sought.bytes; });
}

bool has_key(const std::vector<Record>& records, const Record& sought)
{
    return std::any_of(records.begin(), records.end(), [&](const Record& record) { return record.key == sought.key; });
}

/// All records of a container have one form.
RecordForm form_of(const std::vector<Saved>& saved)
{
    return saved.empty() ? RecordForm::lines : saved.front().form;
}

std::string without_lines(std::string_view content, const std::vector<std::string>& lines)
{
    std::string left;
    while (!content.empty()) {
        const std::string_view line = content.substr(0, content.find('\n'));
        const std::string_view whole = content.substr(0, line.size() + 1);
        content.remove_prefix(whole.size());
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
            left += whole;
        }
    }
    return left;
}

std::string with_lines(std::string content, RecordForm form, const std::vector<std::string>& lines)
{
    content = content.empty() ? std::string(heading_of(form)) : std::move(content);
    for (const std::string& line : lines) {
        content += (content.empty() || content.ends_with('\n') ? "" : "\n") + line + "\n";
    }
    return content;
}

/// The layout of slots; none: the records are lines.
std::optional<data_storage::Layout> layout_of(RecordForm form)
{
    switch (form) {
        case RecordForm::small_slots:
            return data_storage::small_values;
        case RecordForm::large_slots:
            return data_storage::large_values;
        case RecordForm::lines:
        case RecordForm::salt_lines:
            break;
    }
    return std::nullopt;
}

std::string without(std::string_view content, RecordForm form, const std::vector<std::string>& records)
{
    const auto layout = layout_of(form);
    return layout ? data_storage::without(content, *layout, records) : without_lines(content, records);
}

Result<std::string> with(const std::string& content, RecordForm form, const std::vector<std::string>& records)
{
    const auto layout = layout_of(form);
    return layout ? data_storage::with(content, *layout, records) : with_lines(content, form, records);
}

Result<void> save(Journal& journal, const Container& container, const std::vector<PieceOf>& pieces)
{
    const auto form = pieces.empty() ? std::nullopt : form_named(pieces.front().piece->table);
    TRY_ASSIGN(const auto records, read_records(container.path, form.value_or(RecordForm::lines)));
    SQLite::Statement insert(journal.database(), "INSERT INTO gecko_records VALUES(NULL, ?, ?, ?, ?)");
    for (const auto& [item, piece] : pieces) {
        const std::string& key = piece->key;
        if (!std::any_of(records.begin(), records.end(), [&](const Record& one) { return one.bytes == key; })) {
            return fail(Code::changed, container.path.string(), "a record is not there any more", "run unstick again");
        }
        insert.reset();
        SQLite::bind(insert, container.id, item, piece->table);
        rows::bind_blob(insert, 4, piece->key);
        insert.exec();
    }
    return {};
}

Result<void> erase(Journal& journal, const Container& container, HeldLocks&)
{
    const auto saved = saved_of(journal, container);
    std::vector<std::string> unwanted;
    for (const Saved& one : saved) {
        unwanted.push_back(one.record.bytes);
    }
    TRY_ASSIGN(const auto content, files::read_file(container.path, largest_file));
    return files::write_file(container.path, without(content, form_of(saved), unwanted));
}

/// Which records there are now; none of a file that is gone: the browser makes it anew.
Result<std::vector<Record>> records_now(const Container& container, RecordForm form)
{
    TRY_ASSIGN(auto records, if_there(read_records(container.path, form)));
    return std::move(records).value_or(std::vector<Record>());
}

Result<Presence> presence(Journal& journal, const Container& container)
{
    const auto saved = saved_of(journal, container);
    TRY_ASSIGN(const auto records, records_now(container, form_of(saved)));
    PresenceCount count;
    for (const Saved& one : saved) {
        count.add(one.item, is_there(records, one.record)  ? PieceState::same
                            : has_key(records, one.record) ? PieceState::taken
                                                           : PieceState::free);
    }
    return count.result();
}

Result<void> restore(Journal& journal, const Container& container, const std::set<ItemId>& items, HeldLocks&)
{
    const auto saved = saved_of(journal, container);
    TRY_ASSIGN(const auto records, records_now(container, form_of(saved)));
    std::vector<std::string> missing;
    for (const Saved& one : saved) {
        if (items.contains(one.item) && !is_there(records, one.record)) {
            missing.push_back(one.record.bytes);
        }
    }
    if (missing.empty()) {
        return {};
    }
    TRY_ASSIGN(auto content, if_there(files::read_file(container.path, largest_file)));
    auto changed = with(std::move(content).value_or(""), form_of(saved), missing);
    if (!changed) {
        changed.error().where = container.path.string();
        return tl::unexpected<Error>(std::move(changed.error()));
    }
    return files::write_file(container.path, *changed);
}

void tidy(Journal&, const Container& container)
{
    files::tidy_beside(container.path);
}

void stored(Journal& journal, const Container& container, const EachStored& each)
{
    stored_pieces::each_row(journal, container, "SELECT item, id, form, bytes FROM gecko_records WHERE container = ?",
                            each);
}

Result<std::vector<Newer>> newer(Journal& journal, const Container& container, const std::set<ItemId>& items)
{
    const auto saved = saved_of(journal, container);
    TRY_ASSIGN(const auto records, records_now(container, form_of(saved)));
    std::vector<Newer> found;
    for (const Saved& one : saved) {
        for (const Record& record : records) {
            if (items.contains(one.item) && record.key == one.record.key && record.bytes != one.record.bytes) {
                found.push_back({one.item, piece_of(container.path, one.form, record)});
            }
        }
    }
    return found;
}

}  // namespace

const MediumOps record_medium_ops{
    .name = record_medium.name,
    .order = 90,
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
