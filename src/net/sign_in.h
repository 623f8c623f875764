#pragma once
// Does a site take a name and password that it asks for itself (HTTP Basic, Digest)?
//
// The password goes to one address: the one that asked. Its origin must be the target's: no redirect takes the password
// elsewhere. It does not go over plain http, but for the own computer or if the user says so: Basic shows it to whoever
// listens, and Digest lets them try out passwords.

#include <string>

#include "net/probe.h"
#include "web/url.h"

namespace unstick {

/// Where and how a password would be sent.
struct SignInPlan {
    std::string address;  ///< whole; not to be shown
    std::string host;
    SignInScheme scheme = SignInScheme::basic;
    std::string realm;
};

/// Whether a site takes a password that it asks for itself (`test --user`).
struct SignInCheck {
    std::string scheme;  ///< "Basic" or "Digest": how it was sent
    std::string realm;
    Probe probe;  ///< the answer to it
    bool taken = false;
};

/// Digest if the site offers it, else Basic. Errors (usage): it offers neither; another origin asks; plain http.
Result<SignInPlan> plan_sign_in(const Probe& probe, const Url& target, bool plain_http_allowed);

/// Asks with the password.
SignInCheck sign_in(Network& network, const SignInPlan& plan, std::string user, Secret password,
                    const ProbeOptions& options);

}  // namespace unstick
