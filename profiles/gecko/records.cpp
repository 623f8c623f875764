#include "profiles/gecko/records.h"

#include <algorithm>
#include <array>

#include "containers/data_storage.h"
#include "platform/files.h"

namespace unstick::gecko {

namespace {

Result<std::vector<Record>> slots_of(std::string_view content, data_storage::Layout layout)
{
    TRY_ASSIGN(const auto slots, data_storage::slots_in(content, layout));
    std::vector<Record> records;
    for (const auto& slot : slots) {
        records.push_back({slot.key, slot.value, slot.bytes});
    }
    return records;
}

/// "key\tvalue".
std::optional<Record> record_of(std::string_view line)
{
    const std::size_t tab = line.find('\t');
    if (tab == line.npos || line.starts_with('#')) {
        return std::nullopt;
    }
    return Record{std::string(line.substr(0, tab)), std::string(line.substr(tab + 1)), std::string(line)};
}

/// "salt time key".
std::optional<Record> salt_of(std::string_view line)
{
    const std::size_t first = line.find(' ');
    const std::size_t second = first == line.npos ? first : line.find(' ', first + 1);
    if (second == line.npos) {
        return std::nullopt;
    }
    return Record{std::string(line.substr(second + 1)), std::string(line.substr(first + 1, second - first - 1)),
                  std::string(line)};
}

std::vector<Record> lines_of(std::string_view content, std::optional<Record> (*parse)(std::string_view line))
{
    std::vector<Record> records;
    while (!content.empty()) {
        const std::string_view line = content.substr(0, content.find('\n'));
        content.remove_prefix(std::min(line.size() + 1, content.size()));
        if (auto record = parse(line)) {
            records.push_back(std::move(*record));
        }
    }
    return records;
}

}  // namespace

std::string_view name_of(RecordForm form)
{
    constexpr std::array<std::string_view, 4> names{"small slots", "large slots", "lines", "salt lines"};
    return names[static_cast<std::size_t>(form)];
}

std::string_view heading_of(RecordForm form)
{
    return form == RecordForm::salt_lines ? "1\n" : "";
}

Result<std::vector<Record>> records_in(std::string_view content, RecordForm form)
{
    switch (form) {
        case RecordForm::small_slots:
            return slots_of(content, data_storage::small_values);
        case RecordForm::large_slots:
            return slots_of(content, data_storage::large_values);
        case RecordForm::salt_lines:
            return lines_of(content, salt_of);
        case RecordForm::lines:
            break;
    }
    return lines_of(content, record_of);
}

Result<std::vector<Record>> read_records(const fs::path& file, RecordForm form)
{
    TRY_ASSIGN(const auto content, files::read_file(file, largest_file));
    if (!content.empty() && !content.starts_with(heading_of(form))) {
        return fail(Code::unsupported, file.string(), "it is of a version that unstick does not know");
    }
    auto records = records_in(content, form);
    if (!records) {
        records.error().where = file.string();
    }
    return records;
}

Piece piece_of(const fs::path& file, RecordForm form, const Record& record)
{
    return {
        .medium = record_medium, .container = file.string(), .table = std::string(name_of(form)), .key = record.bytes};
}

}  // namespace unstick::gecko
