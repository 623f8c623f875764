#include "cli/each_user.h"

#include <algorithm>
#include <array>

#include "cli/option_values.h"

namespace unstick {

std::vector<std::string> arguments_for_each(std::vector<std::string> arguments)
{
    std::erase(arguments, "--all-users");
    return arguments;
}

bool is_for_each(std::string_view variable)
{
    const std::string_view name = variable.substr(0, variable.find('='));
    constexpr std::array inherited{"LANG",        "TERM",      "NO_COLOR",  "http_proxy", "https_proxy",
                                   "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",   "NO_PROXY"};
    if (std::find(inherited.begin(), inherited.end(), name) != inherited.end() || name.starts_with("LC_")) {
        return true;
    }
    const auto names = [&](const Option& option) { return variable_of(option) == name; };
    const auto* const option = std::find_if(options.begin(), options.end(), names);
    return option != options.end() && option->name != "all-users" && !contradict("all-users", option->name);
}

}  // namespace unstick
