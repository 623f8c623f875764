#pragma once
// Whose rights a run has, and where it keeps its journal.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "cli/parse.h"
#include "cli/request.h"
#include "model/adapter.h"
#include "platform/machine.h"

namespace unstick {

/// Root works on other people's folders with their rights: what they put there can trick nobody.
class Rights {
public:
    /// Root gives up its rights, for good, for those of the first other owner on the way to any of these places, links
    /// included. Nothing happens if all are root's, or we are not root. Errors: as take_rights_of.
    Result<void> give_up_for(const std::vector<fs::path>& places);
    /// The same for all that a request names or leads to. Also finds the place for the runs if none was named; it has
    /// to be one that we believe. Errors: as take_rights_of, as trust::believed.
    Result<void> take_for(Request& request, const Machine& here, std::span<const Adapter> adapters);

private:
    fs::path state_folder_for(const Request& request) const;

    struct Taken {
        std::uint64_t owner = 0;
        fs::path home;
    };
    std::optional<Taken> taken_;
};

/// Places that decide about rights before the configuration is known: what was named, and where the configuration lies.
std::vector<fs::path> first_places(const NamedPlaces& named);

}  // namespace unstick
