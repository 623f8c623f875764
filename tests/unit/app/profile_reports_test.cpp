// What of a plan is shown, and that counts stand with the stores that they belong to.

#include "app/profile_reports.h"

#include "tests/fixtures/testing.h"

using namespace unstick;

namespace {

Found nothing(const fs::path&, const Site&)
{
    return {};
}

const StoreSpec cookies{Kind::cookies, "Cookies", Base::profile, "Cookies", nothing};
const StoreSpec cache{Kind::cache, "HTTP cache", Base::profile, "Cache", nothing};

StorePlan store(const StoreSpec& spec, std::size_t items, std::vector<std::string> notes = {})
{
    StorePlan plan;
    plan.spec = &spec;
    plan.path = fs::path("/home/ann/Default") / spec.path;
    plan.found.items.resize(items);
    plan.found.notes = std::move(notes);
    return plan;
}

/// A store without items, and two with.
ProfilePlan plan()
{
    ProfilePlan plan;
    plan.profile.path = "/home/ann/Default";
    plan.stores = {store(cookies, 0, {"said once"}), store(cookies, 2, {"said once"}), store(cache, 3, {"more"})};
    plan.stores[0].found.problems = {{Code::corrupt, "Cookies", "it is damaged", ""}};
    return plan;
}

}  // namespace

TEST_CASE("a profile is shown with the stores that have items, each with what was removed from it")
{
    const ProfileReport shown = with_stores({}, plan(), {{1, 1}, {2, 3}});
    REQUIRE(shown.stores.size() == 2);
    CHECK(shown.stores[0].store == "Cookies");
    CHECK(shown.stores[0].path == "Cookies");
    CHECK(shown.stores[0].found == 2);
    CHECK(shown.stores[0].removed == 1);
    CHECK(shown.stores[1].store == "HTTP cache");
    CHECK(shown.stores[1].removed == 3);

    const ProfileReport untouched = with_stores({}, plan());
    CHECK(untouched.stores.at(0).removed == 0);
}

TEST_CASE("problems are those of all stores of a plan, notes are said once")
{
    CHECK(problems_of(plan()).size() == 1);
    const std::vector<ProfilePlan> plans{plan(), plan()};
    CHECK(notes_of(plans) == std::vector<std::string>{"said once", "more"});
}
