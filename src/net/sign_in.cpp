#include "net/sign_in.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "web/url.h"

namespace unstick {

namespace {

const Challenge* challenge_of(const Probe& probe, std::string_view scheme)
{
    const auto found = std::find_if(probe.challenges.begin(), probe.challenges.end(), [&](const Challenge& challenge) {
        return challenge.usable_by_browser && lower(challenge.scheme) == scheme;
    });
    return found == probe.challenges.end() ? nullptr : &*found;
}

}  // namespace

Result<SignInPlan> plan_sign_in(const Probe& probe, const Url& target, bool plain_http_allowed)
{
    const auto asker = parse_url(probe.address);
    const Challenge* const digest = challenge_of(probe, "digest");
    const Challenge* const chosen = digest != nullptr ? digest : challenge_of(probe, "basic");
    if (!asker || chosen == nullptr) {
        return fail(Code::usage, "--user", "the site asks for a sign-in in a way that cannot be tried here",
                    "only Basic and Digest can; the way it asks for is shown by unstick test without --user");
    }
    if (asker->origin() != target.origin()) {
        return fail(Code::usage, "--user",
                    fmt::format("another place than the one you named asks for the password, {}; it was not sent there",
                                asker->origin()),
                    "if that is right: unstick test " + shell_word(asker->origin() + "/") + " --user NAME");
    }
    if (asker->scheme != "https" && !is_this_computer(asker->host) && !plain_http_allowed) {
        return fail(Code::usage, "--user", "the site asks by plain http, where others can read the password; not sent",
                    "use its https address, or add --plain-http if the network is yours alone");
    }
    return SignInPlan{asker->text(), asker->host, digest != nullptr ? SignInScheme::digest : SignInScheme::basic,
                      std::string(chosen->realm())};
}

SignInCheck sign_in(Network& network, const SignInPlan& plan, std::string user, Secret password,
                    const ProbeOptions& options)
{
    const SignIn sign_in{plan.scheme, std::move(user), std::move(password)};
    Carried carried;
    carried.sign_in = &sign_in;
    SignInCheck check;
    check.scheme = plan.scheme == SignInScheme::digest ? "Digest" : "Basic";
    check.realm = plan.realm;
    const Reply reply = network.http(options.http)->get(plan.address, carried);
    check.probe.final_url = shown_url(plan.address);
    check.probe.status = reply.status;
    check.probe.error_code = reply.error_code;
    check.probe.error_text = reply.error_text;
    check.taken = reply.status != 0 && reply.status < 400;
    return check;
}

}  // namespace unstick
