#pragma once
// What of an address may be shown: people attach reports and logs to tickets.

#include <string>
#include <string_view>

namespace unstick {

/// Must the value of a parameter not be shown, by its name or by what it is?
bool is_secret_parameter(std::string_view name, std::string_view value);

/// A path, from its first '/' on and without query, as it may be shown: a segment that is a token (`eyJ...`), that
/// looks as if chance had made it, or that comes after a word like "token" and is no word itself, becomes "...", and so
/// does the value of a parameter in it (`;sid=...`).
std::string shown_path_of_url(std::string_view path);

/// What stands for something that is not shown.
inline constexpr std::string_view masked = "...";

/// May something of the path have been masked? Two such addresses may differ.
bool has_masked_segment(std::string_view address);

/// A text for people with what may be shown of the addresses and paths in it.
std::string shown_text(std::string_view text);

}  // namespace unstick
