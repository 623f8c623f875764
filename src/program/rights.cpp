#include "rights.h"

#include "../../platform/platform.h"
#include "../../platform/users.h"
#include "../machine.h"
#include "environment.h"

namespace unstick {

Result<void> take_rights_for(Request& request)
{
    const fs::path home = variable("HOME");
    const fs::path whose = !request.home.empty()            ? request.home
                           : !request.user_data_dir.empty() ? request.user_data_dir
                           : fs::exists(request.state_dir)  ? request.state_dir
                                                            : home;
    const auto owner = take_rights_of_owner(whose);
    if (!owner) {
        return tl::unexpected<Error>(owner.error());
    }
    if (request.state_dir.empty()) {
        const bool not_ours = *owner && whose != home;
        request.state_dir =
            not_ours ? state_folder_below(request.home.empty() ? **owner : request.home) : state_folder();
    }
    request.state_dir = without_links(request.state_dir);
    return {};
}

}  // namespace unstick
