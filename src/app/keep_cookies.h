#pragma once
// --keep-cookie: cookies that stay, by their names.

#include <string>
#include <string_view>
#include <vector>

#include "inventory/plan.h"

namespace unstick {

/// Is a name meant by a pattern? `*` stands for any characters, also none; case counts, as in names of cookies.
bool is_meant(std::string_view pattern, std::string_view name);

/// Takes the cookies that are meant out of a plan: nothing looks at them any more. What was taken out is a note of
/// their store.
void keep_cookies(const std::vector<std::string>& patterns, ProfilePlan& plan);

}  // namespace unstick
