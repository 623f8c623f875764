// Several profiles at once, and nobody sees it: plans and lines of progress stay in order.

#include "app/plan_each.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "tests/fixtures/testing.h"
#include "tests/fixtures/toy/family.h"

using namespace unstick;

namespace {

const Adapter toy{.id = "toy", .label = "Toy", .roots = {}, .stores = {}, .list_profiles = nullptr, .in_use = nullptr};

std::vector<Discovered> profiles(int count)
{
    std::vector<Discovered> found;
    for (int i = 0; i < count; ++i) {
        Discovered& one = found.emplace_back(Discovered{&toy, {}});
        one.profile.id = "P" + std::to_string(i);
    }
    return found;
}

/// Or for 20 seconds.
void wait_until(const std::function<bool()>& is_so)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_so() && std::chrono::steady_clock::now() < end) {
        std::this_thread::yield();
    }
}

}  // namespace

TEST_CASE("plans are in the order of the profiles, and so is what is said of them")
{
    const auto found = profiles(50);
    std::vector<std::string> said;
    Console console;
    console.progress = [&](const Progress& now) { said.push_back(now.what + " " + std::to_string(now.done)); };
    Stages stages(console);
    std::atomic<int> ended = 0;
    const auto plans = plan_each(
        found,
        [&](std::size_t number) {
            wait_until([&] { return number != 0 || ended >= 10; });  // the first one is not the first to end
            ++ended;
            return ProfilePlan{found[number].adapter, found[number].profile, {}, {}};
        },
        &stages);
    REQUIRE(plans.size() == 50);
    REQUIRE(said.size() == 50);
    for (std::size_t i = 0; i < plans.size(); ++i) {
        CHECK(plans[i].profile.id == "P" + std::to_string(i));
        CHECK(said[i] == "looking into Toy P" + std::to_string(i) + " " + std::to_string(i));
    }
}

TEST_CASE("several profiles are looked into at once")
{
    const auto found = profiles(2);
    std::atomic<int> begun = 0;
    std::atomic<bool> together = false;
    plan_each(found, [&](std::size_t) {
        ++begun;
        wait_until([&] { return begun == 2; });
        together = together || begun == 2;
        return ProfilePlan{};
    });
    CHECK(together);
}

TEST_CASE("no profile, no plan")
{
    CHECK(plan_each({}, [](std::size_t) { return ProfilePlan{}; }).empty());
}

TEST_CASE("whether one of several profiles has something of a site")
{
    testing::TempFolder folder;
    const Adapter& browser = testing::toy_family().front();
    auto found = profiles(20);
    for (Discovered& one : found) {
        one.adapter = &browser;
        one.profile.path = one.profile.cache = folder.path() / one.profile.id;
    }
    testing::put(found[17].profile.cache / "pages/test.stuck.page", "page");
    CHECK(have_items(found, *Site::parse("stuck.test"), {Kind::cache}));
    CHECK_FALSE(have_items(found, *Site::parse("stuck.test"), {Kind::cookies}));
    CHECK_FALSE(have_items(found, *Site::parse("other.test"), {Kind::cache}));
    CHECK_FALSE(have_items({}, *Site::parse("stuck.test"), {Kind::cache}));
}
