#pragma once
// --retest browser: the profiles' own browsers, each opened on a private copy of its profile.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "app/context.h"
#include "devtools/profile_copy.h"
#include "devtools/remote.h"
#include "inventory/plan.h"

namespace unstick {

/// What the browsers met.
struct Visits {
    std::optional<Probe> decisive;      ///< of several the one that is not let in; none: no browser could be asked
    std::map<std::size_t, Probe> each;  ///< by the number that was given with the profile
};

/// The profiles whose browsers showed that they are not stuck.
std::set<std::size_t> not_stuck(const Visits& visits, const std::optional<int>& expect_status);

class RetestBrowsers {
public:
    /// `clean`: what a client that has nothing stored met. The context has to live as long as this does.
    RetestBrowsers(const Context& context, const std::optional<Probe>& clean);

    /// Takes a copy of a profile that we hold, as it is now. What is met is found under `number` again.
    void copy(std::size_t number, const Adapter& adapter, const Profile& profile);
    /// The same for a profile that nobody has open; it is held meanwhile.
    void hold_and_copy(std::size_t number, const Adapter& adapter, const Profile& profile);
    /// Opens the target in the browser of each copy. With `keep`, the copies stay as they are for visit_again, and a
    /// copy of each is opened; else they are erased.
    enum class Copies { erase, keep };
    Visits visit(Copies copies = Copies::erase);

    /// What the copy that was kept of a profile holds of a site.
    ProfilePlan plan_of_copy(std::size_t number, const Site& site) const;
    /// Opens the target once more on a copy of the copy, which `prepare` may change: it is given what the copy holds of
    /// `site`. Errors: as RemoteSession::visit, and those of `prepare`.
    Result<Probe> visit_again(std::size_t number, const std::function<Result<void>(const ProfilePlan&)>& prepare,
                              const Site& site);
    /// Erases what was kept.
    void drop_copies() { kept_.clear(); }

    /// The site, and those that the way to the page leads over.
    const Site& way() const { return way_; }
    /// From now on copies take along what belongs to the sites that this visit led over, too.
    void follow(const Probe& visit);

    /// What kept browsers from being asked, each once: the client that has nothing stored stood in.
    const std::vector<Error>& problems() const { return problems_; }

    /// An order to use https only is gone: where https gives no answer and http does, a browser asks by http now.
    void ask_by_http() { target_ = plain_.value_or(target_); }

    /// What they open: what the client was given that has nothing stored.
    const Url& target() const { return target_; }

private:
    struct Copied {
        std::size_t number = 0;
        ProfilePlan plan;
        PrivateCopy copy;
    };

    void note(const Adapter& adapter, const Profile& profile, Error error);
    /// What browsers are asked: one with an order to use https only goes to https by itself.
    std::string address() const { return plain_.value_or(target_).text(); }
    /// What the browser of a profile meets with nothing stored; asked once for each browser.
    Result<std::shared_ptr<const Probe>> fresh(const ProfilePlan& plan);
    /// What it meets on a copy, compared with a fresh one.
    Result<Probe> met_on(const ProfilePlan& plan, const PrivateCopy& copy);

    const Context& context_;
    Site way_;  ///< the site, and those that the way to the page leads over: their cookies and answers belong to it
    Url target_;
    std::optional<Url> plain_;  ///< the same by http, if that is all that the site answers by
    std::optional<int> clean_status_;
    BrowserRetest retest_;
    std::map<std::string, std::shared_ptr<const Probe>, std::less<>> fresh_;  ///< by Adapter::id
    std::vector<Copied> copies_;
    std::map<std::size_t, Copied> kept_;  ///< by number
    std::vector<Error> problems_;
};

}  // namespace unstick
