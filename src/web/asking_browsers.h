#pragma once
// Which browsers ask for a password after an answer, by their engines. They read WWW-Authenticate in ways of their own,
// none of them by the grammar alone: docs/judged-by-browsers.md. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace unstick {

/// "chromium", "firefox", "webkit": those that ask. Of NTLM as they come: Firefox answers it only where it was set up
/// to.
std::vector<std::string_view> browsers_that_ask(const std::vector<std::string>& field_values);

}  // namespace unstick
