#include "app/chosen_profiles.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "app/plan_each.h"
#include "base/text.h"
#include "inventory/launchers.h"
#include "inventory/plan.h"
#include "model/place_rules.h"
#include "web/cookie_match.h"
#include "web/typo.h"

namespace unstick {

namespace {

/// What Windows' registry says of the browsers.
std::map<RegistryText, std::string> registry_of(const Context& context)
{
    std::map<RegistryText, std::string> registry;
    for (const Adapter& adapter : context.adapters) {
        for (const RegistryText& text :
             adapter.places != nullptr ? adapter.places->registry_texts(adapter) : std::vector<RegistryText>()) {
            if (auto found = context.host.registry_text(text)) {
                registry.emplace(text, std::move(*found));
            }
        }
    }
    return registry;
}

Machine machine_of(const Context& context)
{
    const Request& request = context.request;
    Machine machine = context.host.machine();
    if (!request.home.empty()) {
        return Machine::at_home(request.home, request.os.value_or(machine.os));
    }
    if (machine.os == Os::windows) {
        machine.registry = registry_of(context);
    }
    return machine;
}

/// Asked for by name: that it is not there is not the same as an empty one.
Result<void> check_home(const fs::path& home)
{
    std::error_code failed;
    if (home.empty() || fs::is_directory(home, failed)) {
        return {};
    }
    const bool denied = failed == std::errc::permission_denied;
    return fail(denied ? Code::denied : Code::not_found, "--home " + home.string(),
                denied ? "permission denied" : "there is no such folder",
                denied ? "run unstick as this user, or as root"
                       : "name the folder that holds the user's files, for example /home/ann");
}

/// How browsers are started there and, where it is this computer, were.
std::vector<CommandLine> commands_on(const Machine& machine, const Context& context)
{
    std::set<std::string_view> each;
    for (const Adapter& adapter : context.adapters) {
        if (adapter.places != nullptr) {
            each.insert({adapter.places->data_switch, adapter.places->cache_switch});
        }
    }
    const std::vector<std::string_view> switches(each.begin(), each.end());
    auto commands = launcher_commands(machine, switches);
    const auto home = machine.expand("{home}");
    if (context.request.home.empty() && home) {
        for (auto& words : context.host.commands_with(switches, *home)) {
            commands.push_back({std::move(words), "switch of a browser that runs"});
        }
    }
    return commands;
}

/// A label that is a public suffix elsewhere names a host only if a profile has something of exactly that host.
Result<void> check_label(const Site& site, std::span<const Discovered> profiles)
{
    return !site.is_in_doubt() || have_items(profiles, site, all_kinds()) ? Result<void>()
                                                                          : tl::unexpected<Error>(site.refusal());
}

}  // namespace

Result<Discovery> discover_for(const Context& context)
{
    const Request& request = context.request;
    TRY(check_home(request.home));
    const Machine machine = machine_of(context);
    TRY_ASSIGN(auto discovery, discover(machine, context.adapters,
                                        {.browsers = request.browsers,
                                         .profile = request.profile,
                                         .user_data_dir = request.user_data_dir,
                                         .family = request.browser_family,
                                         .cache_dir = request.cache_dir,
                                         .commands = commands_on(machine, context)}));
    if (request.site) {
        TRY(check_label(*request.site, discovery.profiles));
    }
    return discovery;
}

std::vector<std::string> advice_on(const Context& context, const Discovery& discovery)
{
    const Request& request = context.request;
    std::vector<std::string> advice = discovery.notes;
    const bool is_all = request.browsers.empty() && request.profile.empty() && request.user_data_dir.empty();
    const auto unknown =
        is_all ? unknown_data_folders(machine_of(context), context.adapters, discovery) : std::vector<fs::path>();
    for (const fs::path& folder : unknown) {
        advice.push_back(
            fmt::format("{0} looks like the data folder of a browser that unstick does not know. If it is: "
                        "--browser-family chromium --user-data-dir {1}",
                        printable(folder.string()), shell_word(printable(folder.string()))));
    }
    return advice;
}

std::vector<std::string> near_misses_in(std::span<const Discovered> profiles, const Site& site)
{
    const Site near = near_misses(site.name());
    std::set<std::string> known;
    const auto look = [&](std::size_t number) {
        return plan_profile(*profiles[number].adapter, profiles[number].profile, near, {Kind::cookies});
    };
    for (const ProfilePlan& plan : plan_each(profiles, look)) {
        for (const StorePlan& store : plan.stores) {
            for (const Item& item : store.found.items) {
                const std::string domain = registrable_domain(cookie_domain(item.host));
                if (near.owns_host(domain)) {
                    known.insert(domain);
                }
            }
        }
    }
    std::vector<std::string> next;
    for (const std::string& name : known) {
        next.push_back("Did you mean " + name + "? The browser has cookies of it.");
    }
    return next;
}

}  // namespace unstick
