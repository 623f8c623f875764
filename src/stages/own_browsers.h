#pragma once
// --retest browser: the profiles' own browsers, each opened on a private copy of its profile.

#include <vector>

#include "../browser_retest.h"
#include "../plan.h"
#include "job.h"

namespace unstick {

enum class Moment { before, after };

/// What keeps a browser from being asked goes to Report::retest_problems; the client that has nothing stored stands in.
class OwnBrowsers {
public:
    /// The job has to live as long as this does.
    explicit OwnBrowsers(Job& job);

    /// Takes a copy of a profile that we hold, as it is now.
    void copy(const Adapter& adapter, const Profile& profile);
    /// The same for a profile that nobody has open; it is held meanwhile.
    void hold_and_copy(const Adapter& adapter, const Profile& profile);
    /// Opens the target in the browser of each copy, notes what it met with the profile's report, and erases the
    /// copies.
    void visit(Moment moment);

private:
    struct Copied {
        ProfilePlan plan;
        PrivateCopy copy;
    };

    Job& job_;
    BrowserRetest retest_;
    std::vector<Copied> copies_;
};

}  // namespace unstick
