#include "diagnosis/visit_seen.h"

#include <algorithm>

#include "net/judgement.h"
#include "web/url.h"

namespace unstick {

namespace {

/// The signs of a visit that one with nothing stored does not have.
VisitSigns without_common(VisitSigns signs, const VisitSigns& fresh)
{
    signs.misfit_database = signs.misfit_database && !fresh.misfit_database;
    std::erase_if(signs.refused, [&](const FailedRequest& part) {
        return std::any_of(fresh.refused.begin(), fresh.refused.end(),
                           [&](const FailedRequest& one) { return one.url == part.url; });
    });
    return signs;
}

/// Nothing is wrong, or a form waits that may come of just what a rule looks at: then it is what should come.
bool is_in_order(const Probe& visit)
{
    const PageState state = visit.fresh ? judge(visit).state : PageState::own;
    return state == PageState::like_fresh || state == PageState::signed_in || state == PageState::sign_in_form;
}

}  // namespace

VisitSeen seen_in(const Probe& visit)
{
    VisitSeen seen{.may_be_stuck = visit.said_stuck || !is_in_order(visit),
                   .is_signed_in = visit.page && visit.page->sign_out,
                   .shows_little = !visit.page || visit.page->text < little_text || visit.status >= 400,
                   .signs = visit.fresh ? without_common(visit.signs, visit.fresh->signs) : visit.signs};
    for (const Hop& hop : visit.hops) {
        seen.hosts.insert(std::string(host_of(hop.url)));
    }
    return seen;
}

}  // namespace unstick
