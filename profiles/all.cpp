#include <vector>

#include "profiles.h"

namespace unstick {

std::span<const Adapter> adapters()
{
    static const std::vector<Adapter> all = [] {
        std::vector<Adapter> families;
        for (const auto family : {chromium_family(), safari_family(), epiphany_family()}) {
            families.insert(families.end(), family.begin(), family.end());
        }
        return families;
    }();
    return all;
}

}  // namespace unstick
