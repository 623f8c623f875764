#include "platform/piped_program.h"

#include <algorithm>

namespace unstick {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t longest_message = 8U << 20U;  // a page's largest headers are below 1 MB
constexpr milliseconds patience_to_end{200};

}  // namespace

Result<std::optional<std::string>> Piped::receive(milliseconds patience)
{
    const auto end = steady_clock::now() + patience;
    while (true) {
        if (auto message = next()) {
            return message;
        }
        if (!is_open()) {
            (void)has_ended(patience_to_end);
            (void)hear(milliseconds::zero());  // its last words
            return fail(Code::io, name_, "it has ended: " + words_);
        }
        const auto left = std::max(end - steady_clock::now(), steady_clock::duration::zero());
        if (!hear(std::chrono::duration_cast<milliseconds>(left))) {
            return std::optional<std::string>();
        }
    }
}

/// Cuts the first whole message off what was heard.
std::optional<std::string> Piped::next()
{
    std::size_t end = 0;
    while ((end = heard_.find('\0', searched_)) != std::string::npos) {
        std::string message = heard_.substr(0, end);
        heard_.erase(0, end + 1);
        searched_ = 0;
        if (!std::exchange(too_long_, false)) {
            return message;
        }
    }
    searched_ = heard_.size();
    if (heard_.size() > longest_message) {
        too_long_ = true;
        heard_.clear();
        searched_ = 0;
    }
    return std::nullopt;
}

}  // namespace unstick
