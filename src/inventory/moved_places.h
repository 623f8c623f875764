#pragma once
// Data folders and caches that variables, policies, launchers and running browsers name. Whoever can write what they
// name must not lead a stronger user astray: see is_ours.

#include <span>
#include <vector>

#include "inventory/discover.h"
#include "model/place_rules.h"

namespace unstick {

/// Does all that lies on the way to a path belong to us or the system, so that nobody else has put it there? Also if
/// there is nothing.
bool is_ours(const fs::path& path);

/// What a command line says about where a browser of `adapter` keeps its things.
struct Moved {
    fs::path data;   ///< empty: at its usual place
    fs::path cache;  ///< empty: it says nothing
    std::string why;
};

/// Of each command line that starts this browser and moves something. Values that are not absolute, nor below the home
/// folder by its name (~, $HOME), are left out.
std::vector<Moved> moved_by_commands(const Adapter& adapter, const Machine& machine,
                                     std::span<const CommandLine> commands);

}  // namespace unstick
