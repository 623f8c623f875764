#pragma once
// Reading messages of the Chrome DevTools Protocol: they tell of hostile pages, so nothing is taken for granted.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "net/probe.h"

namespace unstick::devtools {

using Json = nlohmann::json;

/// A member of an object; null if it is none, or has none of this name.
const Json& member(const Json& object, const char* name);
/// What a member says, if it is of the right type; else "", 0, false.
std::string text_of(const Json& object, const char* name);
int number_of(const Json& object, const char* name);
bool is_true(const Json& object, const char* name);

/// The headers of a Network.Response, or of an event with the headers as they were sent. The protocol joins those of
/// one name by line ends.
std::vector<std::pair<std::string, std::string>> headers_of(const Json& response);

/// Who gave a Network.Response.
From from_of(const Json& response);

struct Fault {
    std::string_view name;  ///< how the browser's name of it starts (Chromium: net/base/net_error_list.h)
    std::string_view code;  ///< as Probe::error_code
    std::string_view text;  ///< one clause for people
};

/// What "net::ERR_..." or "NS_ERROR_..." means. Of any text.
Fault fault_of(std::string_view error);

}  // namespace unstick::devtools
