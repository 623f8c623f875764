// Saved sign-ins, and sessions that are bound to the device.

#include "tests/fixtures/findings.h"

using namespace unstick;
using namespace testing::findings;

TEST_CASE("saved sign-ins, and sites that ask for none")
{
    Probe probe = answer("https://example.com/x", 401);
    probe.challenges = parse_challenges({"Basic realm=\"Files\""}, probe.final_url);
    CHECK(named(causes({item_of(HttpLogin{"https://example.com", "Files"}, "example.com")}, probe), "saved-sign-in") ==
          Indices{0});
    CHECK(causes({item_of(HttpLogin{"https://example.com", "Other"}, "example.com")}, probe).empty());
    CHECK(causes({item_of(HttpLogin{"https://example.com:8443", "Files"}, "example.com")}, probe).empty());

    CHECK(causes({}, probe).empty());
    probe.challenges.clear();
    CHECK(fires(causes({}, probe), "no-usable-challenge"));
    probe.status = 403;
    CHECK(causes({}, probe).empty());
}

TEST_CASE("an address for programs, or a deep link alone, that refuses")
{
    Probe probe = answer("https://example.com/app/data", 401);
    CHECK(of_rule(causes({}, probe), "no-usable-challenge")->confidence == Confidence::high);
    SECTION("the first page answers")
    {
        probe.root = Hop{"https://example.com/", 200, "", {}};
        const auto found = causes({}, probe);
        CHECK(of_rule(found, "no-usable-challenge")->confidence == Confidence::low);
        CHECK(of_rule(found, "no-usable-challenge")->advice ==
              "another page of the site may work: start at https://example.com/");
        probe.root->status = 401;
        CHECK(of_rule(causes({}, probe), "no-usable-challenge")->confidence == Confidence::high);
    }
    SECTION("its name says that it is for programs")
    {
        probe.final_url =
            GENERATE("https://example.com/api/me", "https://api.example.com/", "https://example.com/v2/api");
        CHECK(of_rule(causes({}, probe), "no-usable-challenge")->confidence == Confidence::low);
    }
    SECTION("its name only sounds so")
    {
        probe.final_url =
            GENERATE("https://example.com/apiary", "https://rapid.example.com/", "https://example.com/?api");
        CHECK(of_rule(causes({}, probe), "no-usable-challenge")->confidence == Confidence::high);
    }
}

TEST_CASE("a way to sign in behind another one in the same line")
{
    Probe probe = answer("https://example.com/", 401);
    probe.challenges = parse_challenges({"Bearer realm=\"a\", Basic realm=\"b\""}, probe.final_url);
    const auto found = causes({}, probe);
    CHECK(of_rule(found, "challenges-in-one-line")->confidence == Confidence::high);
    CHECK_FALSE(fires(found, "no-usable-challenge"));
    probe.challenges = parse_challenges({"Bearer realm=\"a\"", "Basic realm=\"b\""}, probe.final_url);
    CHECK(causes({}, probe).empty());
    probe.challenges = parse_challenges({"Bearer realm=\"a\", DPoP algs=\"ES256\""}, probe.final_url);
    CHECK_FALSE(fires(causes({}, probe), "challenges-in-one-line"));
    probe.challenges = parse_challenges({"Basic realm=\"a\", Bearer realm=\"b\""}, probe.final_url);
    CHECK(causes({}, probe).empty());
}

TEST_CASE("a session bound to the device")
{
    const Item bound = item_of(BoundSession{}, "https://example.com");
    CHECK(named(causes({bound}), "bound-session-alone") == Indices{0});
    CHECK(causes({bound, cookie("id", ".example.com")}).empty());
    Item expired = cookie("id", ".example.com");
    expired.expires = now - 1;
    CHECK(fires(causes({bound, expired}), "bound-session-alone"));
}

TEST_CASE("where only other browsers ask for a password, they are named")
{
    Probe probe = answer("https://example.com/x", 401);
    probe.challenges = parse_challenges({"Basic realm"}, probe.final_url);
    const auto said = [&] {
        const auto found = causes({}, probe);
        REQUIRE(fires(found, "no-usable-challenge"));
        return *of_rule(found, "no-usable-challenge");
    };
    CHECK(said().advice.find("nothing in the browser helps") != std::string::npos);
    probe.asked_by = {"firefox", "webkit"};
    CHECK(said().what.find("Firefox and GNOME Web would ask") != std::string::npos);
    CHECK(said().advice.find("until then Firefox and GNOME Web may get in") != std::string::npos);
}
