#include "main/sudo.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "inventory/discover.h"
#include "main/environment.h"
#include "platform/trust.h"
#include "platform/users.h"

namespace unstick {

namespace {

/// The home folder of the account, if all on the way there is root's or the account's own.
std::optional<fs::path> home_of(const std::string& name, const std::string& number)
{
    const auto people = users();
    if (!people) {
        return std::nullopt;
    }
    const auto user = std::find_if(people->begin(), people->end(), [&](const User& one) { return one.name == name; });
    if (user == people->end()) {
        return std::nullopt;
    }
    const auto owner = trust::first_owner(trust::way_to(user->home));
    return owner && std::to_string(*owner) == number ? std::optional(user->home) : std::nullopt;
}

bool names_a_place(const Request& request)
{
    return request.all_users || !request.home.empty() || !request.user_data_dir.empty() || !request.state_dir.empty();
}

/// `test` asks the site, as whoever calls it; only a browser has a profile.
bool needs_a_home(const Request& request)
{
    return request.command != Command::test || request.retest == Retest::browser;
}

/// Is this root's home folder, and is there no profile in it?
bool is_roots_and_empty(const Host& host, std::span<const Adapter> adapters)
{
    const auto found = trust::first_owner(trust::way_to(variable("HOME")))
                           ? Result<Discovery>(fail(Code::denied, "", ""))
                           : discover(host.machine(), adapters, {});
    return found && found->profiles.empty();
}

}  // namespace

void look_where_sudo_was_called(Request& request, const Host& host, std::span<const Adapter> adapters)
{
    const std::string name = variable("SUDO_USER");
    const std::string number = variable("SUDO_UID");
    if (!trust::is_root() || name.empty() || number.empty() || number == "0" || names_a_place(request) ||
        !needs_a_home(request) || !is_roots_and_empty(host, adapters)) {
        return;
    }
    if (const auto home = home_of(name, number)) {
        request.home = *home;
        request.notes.push_back(
            fmt::format("By sudo: this is about {}'s home folder, {}, and was done with {}'s rights.", printable(name),
                        printable(home->string()), printable(name)));
    } else {
        request.notes.push_back(fmt::format(
            "By sudo: there is no browser profile in root's home folder, and {}'s is not known, or not {}'s alone: "
            "name "
            "it with --home DIR, or run unstick without sudo.",
            printable(name), printable(name)));
    }
}

}  // namespace unstick
