#pragma once
// Does a site take a name and password that it asks for itself (HTTP Basic, Digest)?
//
// The password goes to one address: the one that asked. Its origin must be the target's: no redirect takes the password
// elsewhere. It does not go over plain http, but for the own computer or if the user says so: Basic shows it to whoever
// listens, and Digest lets them try out passwords.

#include <string>

#include "report.h"

namespace unstick {

/// Where and how a password would be sent.
struct SignInPlan {
    std::string address;  ///< whole; not to be shown
    std::string host;
    SignInScheme scheme = SignInScheme::basic;
    std::string realm;
};

/// Digest if the site offers it, else Basic. Errors (usage): it offers neither; another origin asks; plain http.
Result<SignInPlan> plan_sign_in(const Probe& probe, const Url& target, bool plain_http_allowed);

/// Asks with the password.
SignInCheck sign_in(Host& host, const SignInPlan& plan, std::string user, Secret password, const ProbeOptions& options);

/// Sets verdict and exit code: 0 the password is taken, 4 it is not (or taken, and the user has no right to the page),
/// 6 there was no answer.
void conclude_sign_in(Report& report, const SignInCheck& check);

}  // namespace unstick
