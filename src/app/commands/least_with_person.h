#pragma once
// `fix --least` where neither a browser on a copy nor a client can be asked: the person is, after each removal.

#include <span>
#include <string>
#include <vector>

#include "app/context.h"
#include "app/locked_profiles.h"
#include "diagnosis/proof.h"

namespace unstick::commands {

/// What a search with the person came to. What was proved is away, and nothing else: every other step was undone.
struct FoundWithPerson {
    Proof proof;
    std::string run;                ///< the journal of what is away; empty: all is as it was
    std::vector<Error> problems;    ///< what could not be taken away or put back; `next` says what to type
    std::vector<std::string> next;  ///< of what could not be put back
};

/// Takes the smallest set of items away from the profile itself that may be the cause, lets the person open the page,
/// and asks whether they are in; if not, that is undone as any run, and the next set is tried. `held` is number
/// `profile` of the inventory, and has its plan still when this returns; its locks may be gone. The console has
/// `is_so`. `closing` says whether a browser may be asked to quit, and has those that are to be started again.
FoundWithPerson find_with_person(const Context& context, LockedProfile& held, std::size_t profile,
                                 std::span<const Finding> findings, Closing& closing);

}  // namespace unstick::commands
