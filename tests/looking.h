#pragma once
// What tests of finders have in common.

#include "../src/item.h"
#include "../src/site.h"
#include "testing.h"

namespace unstick::testing {

inline Site site(const std::string& name)
{
    return *Site::parse(name);
}

}  // namespace unstick::testing
