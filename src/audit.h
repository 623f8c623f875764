#pragma once
// What a failed re-test is compared with.

#include "probe.h"
#include "url.h"

namespace unstick {

/// Asks once more where that tells something: by http where https gave no answer, for the site's root page where a deep
/// link is refused or not there, and the same again where it asks for a password. Each with an empty jar.
void compare(Host& host, const Url& target, const ProbeOptions& options, Probe& probe);

/// What the comparisons say, one sentence each, for people.
std::vector<std::string> comparisons_of(const Probe& probe);

}  // namespace unstick
