#include "finders/name_search.h"

#include <algorithm>

#include "base/text.h"

namespace unstick {

NameSearch::NameSearch(const Site& site) : everything_(site.owns_everything())
{
    for (std::string& name : site.names()) {
        names_.emplace_back(std::move(name));
    }
}

bool NameSearch::is_in(std::string_view text) const
{
    return everything_ || std::any_of(names_.begin(), names_.end(), [&](const Name& name) { return name.is_in(text); });
}

NameSearch::Name::Name(std::string name) : text(std::move(name))
{
    constexpr std::size_t farthest = 255;
    const auto set = [&](char letter, std::uint8_t step) {
        const auto code = static_cast<unsigned char>(letter);
        steps[code] = step;
        if (code >= 'a' && code <= 'z') {
            steps[static_cast<unsigned char>(code - 'a' + 'A')] = step;
        }
    };
    steps.fill(static_cast<std::uint8_t>(std::min(text.size(), farthest)));
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        set(text[i], static_cast<std::uint8_t>(std::min(text.size() - 1 - i, farthest)));
    }
    if (!text.empty()) {
        after_last = steps[static_cast<unsigned char>(text.back())];
        set(text.back(), 0);
    }
}

bool NameSearch::Name::is_in(std::string_view where) const
{
    for (std::size_t end = text.size(); end <= where.size();) {
        const std::size_t step = end > 0 ? steps[static_cast<unsigned char>(where[end - 1])] : 0;
        if (step > 0) {
            end += step;
            continue;
        }
        const std::string_view here = where.substr(end - text.size(), text.size());
        if (std::equal(here.begin(), here.end(), text.begin(), [](char a, char b) { return to_lower(a) == b; })) {
            return true;
        }
        end += after_last;
    }
    return false;
}

}  // namespace unstick
