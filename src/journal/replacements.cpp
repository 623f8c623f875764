#include "journal/replacements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "base/text.h"

namespace unstick {

namespace {

constexpr std::array<std::string_view, 3> step_names{"prepared", "in-place", "finished"};
constexpr std::uint64_t largest = 1U << 20U;
constexpr std::string_view none = "-";

std::string field(const std::string& bytes)
{
    std::string text;
    for (const char c : bytes) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    }
    return text.empty() ? std::string(none) : text;
}

std::optional<std::string> bytes_of(const std::string& field)
{
    std::string bytes;
    if (field == none) {
        return bytes;
    }
    for (std::size_t at = 0; at < field.size(); at += 2) {
        unsigned byte = 0;
        const char* const end = field.data() + std::min(at + 2, field.size());
        const auto [last, code] = std::from_chars(field.data() + at, end, byte, 16);
        if (code != std::errc() || last != field.data() + at + 2) {
            return std::nullopt;
        }
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

std::string line_of(std::int64_t container, const Replacement& replacement)
{
    return fmt::format("{} {} {} {} {}\n", container, step_names.at(static_cast<std::size_t>(replacement.step)),
                       replacement.fresh.number, field(replacement.fresh.content),
                       field(replacement.kept.filename().string()));
}

/// `kept` is a name only: its folder is the container's.
std::optional<std::pair<std::int64_t, Replacement>> parse_line(const std::string& line)
{
    std::istringstream words(line);
    std::int64_t container = 0;
    Replacement replacement;
    std::string step;
    std::string content;
    std::string kept;
    words >> container >> step >> replacement.fresh.number >> content >> kept;
    const auto* const found = std::find(step_names.begin(), step_names.end(), step);
    const auto digest = bytes_of(content);
    const auto name = bytes_of(kept);
    if (!words || !words.eof() || found == step_names.end() || !digest || !name || fs::path(*name).has_parent_path() ||
        *name == ".." || *name == ".") {
        return std::nullopt;
    }
    replacement.step = static_cast<Replacement::Step>(found - step_names.begin());
    replacement.fresh.content = *digest;
    replacement.kept = *name;
    return std::pair(container, replacement);
}

}  // namespace

/// A last line that is not whole was not noted: what it announced has not been done.
Result<void> Replacements::load()
{
    if (is_loaded_) {
        return {};
    }
    TRY_ASSIGN(const auto text, if_there(files::read_file(file_, largest)));
    for (std::size_t end = 0; text && (end = text->find('\n', size_)) != std::string::npos; size_ = end + 1) {
        const auto line = parse_line(text->substr(size_, end - size_));
        if (!line) {
            break;
        }
        known_.insert_or_assign(line->first, line->second);
    }
    is_loaded_ = true;
    return {};
}

Result<std::optional<Replacement>> Replacements::known(std::int64_t container)
{
    TRY(load());
    const auto found = known_.find(container);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
}

Result<void> Replacements::append(const std::string& line)
{
    if (!output_) {
        auto output = files::Output::open(file_);
        const bool is_new = !output && output.error().code == Code::not_found;
        if (is_new) {
            output = files::Output::create(file_);
        }
        TRY(output);
        if (auto synced = is_new ? files::sync_folder(file_.parent_path()) : Result<void>(); !synced) {
            (void)files::remove_tree(file_);
            return synced;
        }
        output_ = std::move(*output);
    }
    TRY(output_->write(size_, line));
    TRY(output_->sync());
    size_ += line.size();
    return {};
}

Result<void> Replacements::note(std::int64_t container, Replacement replacement)
{
    TRY(load());
    if (const auto found = known_.find(container); found != known_.end() && replacement.kept.empty()) {
        replacement.kept = found->second.kept;
    }
    TRY(append(line_of(container, replacement)));
    known_.insert_or_assign(container, std::move(replacement));
    return {};
}

void Replacements::end()
{
    const bool is_finished = load() && std::all_of(known_.begin(), known_.end(), [](const auto& one) {
                                 return one.second.step == Replacement::Step::finished;
                             });
    if (is_finished && files::exists(file_).value_or(true)) {
        output_.reset();
        size_ = 0;
        known_.clear();
        is_loaded_ = files::remove_tree(file_).has_value();
    }
}

}  // namespace unstick

namespace unstick::replacements {

namespace {

NoteReplacement note_in(Journal& journal, const Container& container)
{
    return [&journal, id = container.id](const Replacement& replacement) {
        return journal.replacements().note(id, replacement);
    };
}

}  // namespace

Replacing noted(Journal& journal, const Container& container, HeldLocks& locks)
{
    return {note_in(journal, container), &locks};
}

Result<void> settle(Journal& journal, const Container& container, Hold hold)
{
    TRY_ASSIGN(const auto known, journal.replacements().known(container.id));
    return settle_replaced(container.path, known, hold, note_in(journal, container));
}

std::optional<Error> left(Journal& journal, const Container& container)
{
    const auto known = journal.replacements().known(container.id);
    const bool is_left = known && *known && (*known)->step == Replacement::Step::in_place;
    const auto old = is_left ? left_of(container.path) : std::nullopt;
    if (!old) {
        return std::nullopt;
    }
    return Error{Code::io, old->string(),
                 "it holds what was in " + container.path.filename().string() + " before, and cannot be removed yet",
                 "close all programs that use the profile; the next start of unstick removes it"};
}

std::optional<fs::path> set_aside(Journal& journal, const Container& container)
{
    const auto known = journal.replacements().known(container.id);
    if (!known || !*known || (*known)->kept.empty()) {
        return std::nullopt;
    }
    const fs::path kept = container.path.parent_path() / (*known)->kept.filename();
    return files::exists(kept).value_or(true) ? std::optional(kept) : std::nullopt;
}

}  // namespace unstick::replacements
