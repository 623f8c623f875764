#pragma once
// What a failed re-test is compared with.

#include "net/probe.h"
#include "web/url.h"

namespace unstick {

/// Did https give no answer: no connection, no time, or no TLS? A certificate that is not trusted is an answer.
bool is_without_https(const Probe& probe);

/// Asks once more where that tells something: by http where https gave no answer, for the site's root page where a deep
/// link is refused or not there, and the same again where it asks for a password. Each with an empty jar.
void compare(Host& host, const Url& target, const ProbeOptions& options, Probe& probe);

/// Does something that is not the site seem to answer for it by http, where https gave no answer? So does a network
/// that wants a sign-in of its own first: it answers 511 (RFC 6585), or leads to another site's page. As far as
/// `compare` has asked.
bool is_answered_by_network(const Probe& probe);

/// Does the host itself answer by http, and not only to lead to https, where https gave no answer? As far as `compare`
/// has asked.
bool answers_by_http_only(const Probe& probe);

/// Is the address that is refused one for programs rather than people, by its name ("/api/", "api.example.com")? Then
/// it may refuse by design, and say so to programs only.
bool is_for_programs(const Probe& probe);

/// The page to start at where only a deep link is refused; empty if it is refused, too, or was not asked.
std::string page_to_start_at(const Probe& probe);

/// What the comparisons say, one sentence each, for people.
std::vector<std::string> comparisons_of(const Probe& probe);

}  // namespace unstick
