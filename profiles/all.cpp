#include "profiles.h"

namespace unstick {

// One family so far; with the second this becomes the list of all of them, in the order users see.
std::span<const Adapter> adapters()
{
    return chromium_family();
}

}  // namespace unstick
