#include "platform/common/command_words.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

namespace unstick {

bool has_word(const std::vector<std::string>& words, std::span<const std::string_view> beginnings)
{
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return std::any_of(beginnings.begin(), beginnings.end(),
                           [&](std::string_view beginning) { return word.starts_with(beginning); });
    });
}

ProcessWords words_in_procargs(std::string_view bytes)
{
    std::int32_t count = 0;
    if (bytes.size() < sizeof(count)) {
        return {};
    }
    std::memcpy(&count, bytes.data(), sizeof(count));
    bytes.remove_prefix(sizeof(count));
    const auto next = [&]() -> std::optional<std::string> {
        const std::size_t end = bytes.find('\0');
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        std::string word(bytes.substr(0, end));
        bytes.remove_prefix(end + 1);
        return word;
    };
    if (!next()) {
        return {};
    }
    bytes.remove_prefix(std::min(bytes.find_first_not_of('\0'), bytes.size()));
    ProcessWords words;
    for (std::int32_t i = 0; i < count; ++i) {
        auto word = next();
        if (!word) {
            return {};
        }
        words.arguments.push_back(std::move(*word));
    }
    for (auto word = next(); word && !word->empty(); word = next()) {
        words.variables.push_back(std::move(*word));
    }
    return words;
}

}  // namespace unstick
