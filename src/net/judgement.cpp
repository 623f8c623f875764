#include "net/judgement.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "web/url.h"

namespace unstick {

namespace {

constexpr std::size_t blank = 3;  // characters: "..." is no text
constexpr std::size_t enough_to_compare = 40;

bool has_error_status(const Probe& probe)
{
    return probe.status >= 400;
}

/// The visit's page is worse than nothing that a fresh browser shows of itself. Both came to a page.
bool is_broken(const Probe& visit, const Probe& fresh_visit)
{
    const PageSeen& page = *visit.page;
    const PageSeen& fresh = *fresh_visit.page;
    if (page.password) {
        return false;
    }
    if (page.text < blank) {
        return fresh.text >= blank || fresh.password;
    }
    const bool is_refused = visit.signs.refused.size() > fresh_visit.signs.refused.size();
    const bool has_trouble =
        is_refused || page.exceptions > fresh.exceptions || page.failed.size() > fresh.failed.size();
    // A sentence where a fresh browser is asked for a password may be all that somebody who is signed in gets: then an
    // error of a script is no reason to sign them out.
    const bool may_be_signed_in = fresh.password && page.text >= enough_to_compare && !is_refused;
    return has_trouble && !may_be_signed_in && page.text < little_text &&
           (page.text <= fresh.text || fresh.text < little_text);
}

/// Compared with a fresh browser that got an answer, too.
Judgement judge_error(const Probe& visit, const Probe& fresh)
{
    const bool is_refusal = visit.status < 500 && visit.status != 404;
    const PageState state = is_refusal ? PageState::refused : PageState::error;
    if (visit.status == fresh.status && asks_for_password(visit) == asks_for_password(fresh)) {
        return {PageState::like_fresh, std::nullopt};
    }
    const bool fresh_is_welcome = fresh.status < 400 || (fresh.status == 401 && asks_for_password(fresh));
    return {state, fresh_is_welcome && !asks_for_password(visit) ? std::optional(true) : std::nullopt};
}

}  // namespace

std::string_view name_of(PageState state)
{
    switch (state) {
        case PageState::like_fresh:
            return "like-fresh";
        case PageState::signed_in:
            return "signed-in";
        case PageState::sign_in_form:
            return "sign-in-form";
        case PageState::kept:
            return "kept";
        case PageState::broken:
            return "broken";
        case PageState::circles:
            return "circles";
        case PageState::refused:
            return "refused";
        case PageState::error:
            return "error";
        case PageState::no_answer:
            return "no-answer";
        case PageState::own:
            break;
    }
    return "own";
}

bool is_alike(const Probe& a, const Probe& b)
{
    if (a.status != b.status || goes_in_circles(a) != goes_in_circles(b) || !a.page != !b.page ||
        host_of(a.final_url) != host_of(b.final_url)) {
        return false;
    }
    if (!a.page || goes_in_circles(a)) {
        return true;
    }
    const PageSeen& one = *a.page;
    const PageSeen& other = *b.page;
    if (one.password != other.password || one.sign_out != other.sign_out) {
        return false;
    }
    const std::size_t more = std::max(one.text, other.text);
    const std::size_t less = std::min(one.text, other.text);
    const bool about_as_long = less >= enough_to_compare && (more - less) * 10 <= more && one.title == other.title;
    return one.fingerprint == other.fingerprint || about_as_long;
}

Judgement judge(const Probe& visit)
{
    const Probe& fresh = *visit.fresh;
    if (visit.robot_check) {
        return {PageState::own, std::nullopt};
    }
    if (goes_in_circles(visit)) {
        return {PageState::circles, true};
    }
    if (visit.status == 0) {
        return {PageState::no_answer, fresh.status > 0 ? std::optional(true) : std::nullopt};
    }
    if (has_error_status(visit) && fresh.status > 0) {
        return judge_error(visit, fresh);
    }
    const bool form = visit.page && visit.page->password;
    if (is_alike(visit, fresh)) {
        // Both have the same settings, perhaps, and lack the same frame.
        const bool tells = !form && visit.signs.without_cookies.empty();
        return {form ? PageState::sign_in_form : PageState::like_fresh, tells ? std::optional(false) : std::nullopt};
    }
    // What a worker or the cache gives is no fault by itself.
    if (visit.direct && is_alike(*visit.direct, fresh) && !is_alike(visit, *visit.direct)) {
        return {PageState::kept, true};
    }
    if (visit.page && visit.page->sign_out && !(fresh.page && fresh.page->sign_out)) {
        return {PageState::signed_in, false};
    }
    if (form) {
        return {PageState::sign_in_form, std::nullopt};
    }
    if (fresh.page && fresh.status < 400 && (!visit.page || is_broken(visit, fresh))) {
        return {PageState::broken, true};
    }
    return {PageState::own, std::nullopt};
}

std::optional<bool> is_stuck(const Probe& visit, const std::optional<int>& expect_status)
{
    if (visit.fresh && visit.status == 0) {
        return judge(visit).stuck;
    }
    const Answer answer = answer_of(visit, expect_status);
    if (answer == Answer::refused || answer == Answer::unreachable) {
        return true;
    }
    const bool is_expected = visit.shows_text || visit.at_expected_url || expect_status;
    return is_expected ? std::optional(false) : visit.fresh && visit.status > 0 ? judge(visit).stuck : std::nullopt;
}

std::string page_in_words(const Probe& visit)
{
    if (visit.status == 0) {
        return "no answer";
    }
    if (goes_in_circles(visit)) {
        return "pages that go in circles";
    }
    if (has_error_status(visit)) {
        return fmt::format("the answer {}{}", visit.status,
                           visit.status == 401 && asks_for_password(visit) ? ", which asks for a password" : "");
    }
    if (!visit.page) {
        return "a page that hangs";
    }
    const PageSeen& page = *visit.page;
    std::string words = page.password       ? "a page with a field for a password"
                        : page.sign_out     ? "a page with a way to sign out"
                        : page.text < blank ? "a page without text"
                        : page.text < little_text
                            ? "a page with little text (" + count_of(page.text, "character", "characters") + ")"
                            : "a page with text";
    if (page.exceptions > 0) {
        words += ", " + count_of(page.exceptions, "script error", "script errors");
    }
    if (!page.failed.empty()) {
        words += ", " + count_of(page.failed.size(), "request that failed", "requests that failed");
    }
    return words;
}

}  // namespace unstick
