#pragma once
// Is a browser stuck? Told from what it met on a copy of its profile, compared with what the same browser met on an
// empty one. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "net/probe.h"

namespace unstick {

enum class PageState {
    like_fresh,    ///< the same page as a fresh browser gets
    signed_in,     ///< a page with a way to sign out, which a fresh browser does not get
    sign_in_form,  ///< a page that asks for a password
    own,           ///< another page than a fresh browser's, and no sign of trouble
    kept,          ///< a page that the browser keeps, where the site gives what a fresh browser gets
    broken,        ///< hardly any text, and scripts or requests that failed; or no text at all
    circles,
    refused,  ///< 401, 403 and other errors that the site blames on who asks
    error,
    no_answer,
};

/// A stable word for scripts: "like-fresh", "signed-in", ...
std::string_view name_of(PageState state);

struct Judgement {
    PageState state = PageState::own;
    std::optional<bool> stuck;  ///< none: what was seen does not tell
};

/// `visit.fresh` has to be there. Nothing that the user expects is looked at (answer_of does that).
Judgement judge(const Probe& visit);

/// The same of any visit, with what the user expects; none also if it was not compared with a fresh one and is no
/// refusal.
std::optional<bool> is_stuck(const Probe& visit, const std::optional<int>& expect_status);

/// Do both show the same page, as far as can be told?
bool is_alike(const Probe& a, const Probe& b);

/// "a page with a field for a password", "a page without text, 2 script errors": what a visit shows, for people.
std::string page_in_words(const Probe& visit);

}  // namespace unstick
