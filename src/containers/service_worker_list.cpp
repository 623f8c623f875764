#include "containers/service_worker_list.h"

#include <array>
#include <charconv>

#include "platform/files.h"

namespace unstick::service_worker_list {

namespace {

constexpr std::string_view terminator = "#";

/// Lines one after the other; after the last one, or where the last has no end, nothing.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}

    std::string_view rest() const { return rest_; }
    std::optional<std::string_view> next()
    {
        const std::size_t end = rest_.find('\n');
        if (end == rest_.npos) {
            return std::nullopt;
        }
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return line;
    }

private:
    std::string_view rest_;
};

template <class Number>
std::optional<Number> number_in(std::string_view text, int base = 10)
{
    Number number{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return failed == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// How many lines a record has before what more a version may have added to it.
std::size_t first_lines(int version)
{
    constexpr std::array<std::size_t, 6> by_version{4, 5, 6, 9, 9, 11};
    return by_version.at(static_cast<std::size_t>(std::min(version - oldest_version, 5)));
}

/// The lines that came with versions 10 to 12: a number (in hexadecimal) of names and values that others than the
/// registrar keep with it, these, and four numbers.
bool skip_later_lines(Lines& lines, int version)
{
    constexpr std::uint32_t most = 1U << 16U;
    std::uint32_t more = version >= 12 ? 4 : version >= 11 ? 3 : 0;
    if (version >= 10) {
        const auto line = lines.next();
        const auto pairs = line ? number_in<std::uint32_t>(*line, 16) : std::nullopt;
        if (!pairs || *pairs > most) {
            return false;
        }
        more += 2 * *pairs;
    }
    for (; more > 0; --more) {
        if (!lines.next()) {
            return false;
        }
    }
    return true;
}

std::optional<Record> next_record(Lines& lines, int version)
{
    constexpr int first_with_fetch = 5;
    constexpr std::size_t line_of_check = 8;
    constexpr std::int64_t us_per_s = 1'000'000;
    Record record;
    const std::string_view start = lines.rest();
    for (std::size_t i = 0; i < first_lines(version); ++i) {
        const auto line = lines.next();
        if (!line) {
            return std::nullopt;
        }
        if (i < 3) {
            (i == 0 ? record.attributes : i == 1 ? record.scope : record.script) = *line;
        } else if (i == 3 && version >= first_with_fetch) {
            if (*line != "true" && *line != "false") {
                return std::nullopt;
            }
            record.handles_fetch = *line == "true";
        } else if (i == line_of_check) {
            const auto time = number_in<std::int64_t>(*line);
            record.checked = time && *time > 0 ? std::optional(*time / us_per_s) : std::nullopt;
        }
    }
    if (!skip_later_lines(lines, version) || lines.next() != terminator) {
        return std::nullopt;
    }
    record.bytes = start.substr(0, start.size() - lines.rest().size());
    return record;
}

}  // namespace

Result<List> parse(std::string_view text)
{
    Lines lines(text);
    const auto first = lines.next();
    const auto version = first ? number_in<int>(*first) : std::nullopt;
    if (!version || std::to_string(*version) != *first) {
        return fail(Code::corrupt, {}, "it does not begin with a version");
    }
    if (*version < oldest_version || *version > newest_version) {
        return fail(Code::unsupported, {},
                    "version " + std::string(*first) + " of the list is not known to this unstick",
                    "nothing in it was touched; a newer unstick may know it");
    }
    List list{.version = *version, .records = {}};
    while (!lines.rest().empty()) {
        auto record = next_record(lines, list.version);
        if (!record) {
            return fail(Code::corrupt, {}, "a registration in it is not understood; it was left");
        }
        list.records.push_back(std::move(*record));
    }
    return list;
}

std::string write(const List& list)
{
    std::string text = std::to_string(list.version) + "\n";
    for (const Record& record : list.records) {
        text += record.bytes;
    }
    return text;
}

Result<List> read_file(const std::filesystem::path& file)
{
    constexpr std::uint64_t largest = 16U << 20U;
    TRY_ASSIGN(const std::string text, files::read_file(file, largest));
    if (text.empty()) {
        return fail(Code::not_found, file.string(), "it is empty");
    }
    auto list = parse(text);
    if (!list) {
        list.error().where = file.string();
    }
    return list;
}

Result<void> write_file(const std::filesystem::path& file, const List& list)
{
    return files::write_file(file, write(list));
}

}  // namespace unstick::service_worker_list
