// Which profiles a command is about: what the computer says of its browsers counts, and for another home folder it does
// not.

#include "app/chosen_profiles.h"

#include "tests/fixtures/fake_host.h"
#include "tests/fixtures/home.h"

using namespace unstick;

TEST_CASE("policies in the registry are asked of this computer, not for another home folder", "[not-windows]")
{
    const testing::TempFolder folder;
    const fs::path moved = folder / "moved";
    const fs::path home = folder / "home";
    for (const fs::path& data : {moved, home / "AppData/Local/Google/Chrome/User Data"}) {
        testing::put(data / "Default/Preferences", "{}");
        testing::put(data / "Local State", R"({"profile": {"info_cache": {"Default": {}}}})");
    }
    testing::FakeHost host;
    host.computer = Machine::at_home(home, Os::windows);
    host.registry[{"Software\\Policies\\Google\\Chrome", "UserDataDir"}] = moved.string();
    host.registry[{"Software\\Policies\\Google\\Chrome", "DiskCacheDir"}] = (folder / "caches").string();
    const Console console;
    Stages stages(console);
    Request request;
    request.browsers = {"chrome"};
    const auto found_by = [&] {
        std::vector<fs::path> found;
        const Context context{.request = request,
                              .host = host,
                              .adapters = testing::all_adapters(),
                              .console = console,
                              .stages = stages};
        const Discovery discovery = discover_for(context).value();
        for (const auto& [adapter, profile] : discovery.profiles) {
            found.push_back(profile.root);
            CHECK((profile.cache == without_links(folder / "caches/Default")) == request.home.empty());
        }
        return found;
    };
    const fs::path usual = without_links(home / "AppData/Local/Google/Chrome/User Data");
    CHECK(found_by() == std::vector{usual, without_links(moved)});
    request.home = home;
    CHECK(found_by() == std::vector{usual});
}
