#pragma once
// What we run in a Firefox that was opened on a copy, with the rights of its own window: it says what the page meets.

#include <string_view>

namespace unstick {

/// A function of JavaScript that takes a value of the form
/// { preferences: {name: value}, addresses: [[host, address]], keepsSession: bool }
/// and returns true once it is there, or false if the browser's window is not complete yet: then it is to be called
/// again. From then on the window has `unstick.hear(message)` and `unstick.next()`, which promises what the agent has
/// to say: pieces of messages, each of which ends with a zero character. They are those messages of the Chrome DevTools
/// Protocol that devtools/visit.h exchanges; names of errors are Firefox's.
/// What it uses is in docs/formats-firefox.md, "A browser opened on a copy".
extern const std::string_view gecko_agent;

/// Where the functions are, as an expression.
constexpr std::string_view gecko_agent_place = "Services.wm.getMostRecentWindow('navigator:browser').unstick";

}  // namespace unstick
