#include "profiles/all.h"

#include <vector>

#include "profiles/chromium/family.h"
#include "profiles/gecko/family.h"
#include "profiles/webkit/family.h"

namespace unstick {

std::span<const Adapter> adapters()
{
    static const std::vector<Adapter> all = [] {
        std::vector<Adapter> families;
        for (const auto family : {chromium_family(), gecko_family(), safari_family(), epiphany_family()}) {
            families.insert(families.end(), family.begin(), family.end());
        }
        return families;
    }();
    return all;
}

}  // namespace unstick
