#pragma once
// A text that must not be shown, written down or left in memory: a cookie's value, a password.

#include <string>
#include <string_view>

namespace unstick {

/// Owns its bytes and overwrites them when it ends or gives them away. Not copied, not printed: whoever needs the text
/// asks for it by name.
class Secret {
public:
    Secret() = default;
    /// Takes the text over; nothing of it is left in the argument.
    explicit Secret(std::string&& text);
    explicit Secret(std::string_view text) { append(text); }
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(text_); }

    void append(std::string_view more);
    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }

    /// Overwrites all that the string has room for, and empties it.
    static void wipe(std::string& text);

private:
    std::string text_;
};

}  // namespace unstick
