#include "journal/run_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/hash.h"
#include "base/text.h"
#include "platform/files.h"
#include "platform/trust.h"

namespace unstick {

namespace {

constexpr std::string_view first_line = "unstick's index of runs, 1; may be removed at any time\n";
constexpr std::string_view separator = "\t";
constexpr std::uint64_t largest_index = 8U << 20U;
constexpr std::int64_t ns = 1'000'000'000;
/// Timestamps of file systems are up to two seconds coarse.
constexpr std::int64_t settled_ns = 3 * ns;
/// Reading so few runs costs no more than writing the index anew.
constexpr std::size_t worth_writing = 8;

/// The next field of a line, which it loses.
std::string_view field(std::string_view& line)
{
    const std::size_t end = std::min(line.find(separator), line.size());
    const std::string_view text = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return text;
}

template <class Number>
bool read(std::string_view text, Number& number)
{
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    return code == std::errc() && end == text.data() + text.size();
}

RunIndex read_index(const fs::path& runs)
{
    return RunIndex::from(files::read_file(runs / "index", largest_index).value_or(""));
}

/// What the next start may take from an index.
bool is_for_index(const RunSummary& run)
{
    return is_complete(run) && run.state != "preparing" && !run.unsettled;
}

}  // namespace

RunIndex RunIndex::from(std::string_view text)
{
    constexpr std::size_t sum_size = 64;
    RunIndex index;
    if (!text.starts_with(first_line) || text.size() < first_line.size() + sum_size ||
        hex(sha256(text.substr(0, text.size() - sum_size))) != text.substr(text.size() - sum_size)) {
        return index;
    }
    text.remove_suffix(sum_size);
    text.remove_prefix(first_line.size());
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        Known known;
        RunSummary& run = known.run;
        run.id = field(line);
        run.state = field(line);
        if (!read(field(line), known.changed_ns) || !read(field(line), run.when) || !read(field(line), run.profiles) ||
            !read(field(line), run.items) || !read(field(line), run.bytes) || !is_for_index(run)) {
            return {};
        }
        run.site = line;
        run.changed = known.changed_ns / ns;
        std::string id = run.id;
        index.runs_.emplace(std::move(id), std::move(known));
    }
    return index;
}

std::string RunIndex::text() const
{
    std::string text(first_line);
    for (const auto& [id, known] : runs_) {
        const RunSummary& run = known.run;
        text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", id, run.state, known.changed_ns, run.when, run.profiles,
                            run.items, run.bytes, run.site);
    }
    return text + hex(sha256(text));
}

std::optional<RunSummary> RunIndex::find(const std::string& id, std::int64_t changed_ns) const
{
    const auto found = runs_.find(id);
    return found != runs_.end() && found->second.changed_ns == changed_ns ? std::optional(found->second.run)
                                                                          : std::nullopt;
}

void RunIndex::put(const RunSummary& run, std::int64_t changed_ns)
{
    const bool is_line = run.site.find_first_of("\t\n") == std::string::npos;  // names of sites have neither
    if (is_for_index(run) && is_line) {
        runs_[run.id] = {run, changed_ns};
    }
}

Result<std::vector<RunSummary>> list_runs_by_index(const fs::path& state_folder, const Media& media, std::int64_t now,
                                                   KeepIndex keep)
{
    std::vector<RunSummary> runs;
    const fs::path folder_path = runs_folder(state_folder);
    const auto folder = files::Folder::open(folder_path);
    if (!folder && folder.error().code == Code::not_found) {
        return runs;
    }
    TRY(trust::believed(folder_path));
    TRY_ASSIGN(const auto entries, folder.and_then([](const files::Folder& opened) { return opened.list(); }));
    const RunIndex known = read_index(folder_path);
    RunIndex fresh;
    std::size_t learned = 0;
    for (const files::Entry& entry : entries) {
        if (entry.type != files::Type::folder || !is_run_id(entry.name)) {
            continue;
        }
        const auto info = folder->info(entry.name.c_str());
        const std::int64_t changed_ns = info ? info->modified_ns : 0;
        auto run = known.find(entry.name, changed_ns);
        const bool is_new = !run;
        if (is_new) {
            run = summary_of_run(folder_path / entry.name, media);
        }
        if (info && std::abs(now * ns - changed_ns) > settled_ns) {
            fresh.put(*run, changed_ns);
            learned += is_new && is_for_index(*run) ? 1U : 0U;
        }
        runs.push_back(std::move(*run));
    }
    if (keep == KeepIndex::yes && (learned > worth_writing || fresh.size() + worth_writing < known.size())) {
        (void)files::write_file(folder_path / "index", fresh.text());  // if it fails, the next start reads the runs
    }
    std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
    return runs;
}

}  // namespace unstick
