// --all-users: what the runs of many users say together.

#include "../src/all_users.h"

#include <nlohmann/json.hpp>

#include "testing.h"

using namespace unstick;

namespace {

UserRun ended(Exit code)
{
    return {"ann", "", code};
}

}  // namespace

TEST_CASE("each user's run has the same arguments but --all-users")
{
    CHECK(arguments_for_each({"fix", "example.com", "--all-users", "--json"}) ==
          std::vector<std::string>{"fix", "example.com", "--json"});
}

TEST_CASE("each user's run gets the options and the way to the network, and nothing else of root's variables")
{
    for (const char* variable : {"UNSTICK_YES=1", "UNSTICK_ONLY=cookies", "LANG=C.UTF-8", "LC_ALL=C", "NO_COLOR=1",
                                 "https_proxy=http://proxy.example", "no_proxy=localhost"}) {
        CAPTURE(variable);
        CHECK(is_for_each(variable));
    }
    for (const char* variable : {"UNSTICK_ALL_USERS=1", "UNSTICK_LOG=/root/log", "UNSTICK_STATE_DIR=/root",
                                 "UNSTICK_HOME=/root", "UNSTICK_REALDATA=/x", "HOME=/root", "SSH_AUTH_SOCK=/tmp/s",
                                 "LD_PRELOAD=x.so", "XDG_CONFIG_HOME=/root/.config", "LANGUAGE_OF=x"}) {
        CAPTURE(variable);
        CHECK_FALSE(is_for_each(variable));
    }
}

TEST_CASE("the exit code of many runs")
{
    CHECK(exit_of({}) == Exit::nothing_found);
    const std::vector<UserRun> nothing{ended(Exit::nothing_found), ended(Exit::nothing_found)};
    CHECK(exit_of(nothing) == Exit::nothing_found);
    const std::vector<UserRun> some{ended(Exit::nothing_found), ended(Exit::ok)};
    CHECK(exit_of(some) == Exit::ok);
    const std::vector<UserRun> undone{ended(Exit::usage), ended(Exit::ok)};
    CHECK(exit_of(undone) == Exit::ok);
    const std::vector<UserRun> busy{ended(Exit::nothing_found), ended(Exit::in_use)};
    CHECK(exit_of(busy) == Exit::in_use);
    const std::vector<UserRun> mixed{ended(Exit::ok), ended(Exit::in_use)};
    CHECK(exit_of(mixed) == Exit::partial);
    const std::vector<UserRun> wrong{ended(Exit::ok), ended(Exit::wrong_found), ended(Exit::partial)};
    CHECK(exit_of(wrong) == Exit::wrong_found);
    const std::vector<UserRun> broken{ended(Exit::wrong_found), ended(Exit::internal)};
    CHECK(exit_of(broken) == Exit::internal);
}

TEST_CASE("the JSON of many runs holds that of each")
{
    const std::vector<UserRun> runs{{"ann", "{\"exit_code\": 0}\n", Exit::ok},
                                    {"b\x1b", "Segmentation fault", Exit::internal}};
    const auto json = nlohmann::json::parse(to_json("fix", runs));
    CHECK(json["command"] == "fix");
    CHECK(json["exit_code"] == 1);
    CHECK(json["users"][0]["user"] == "ann");
    CHECK(json["users"][0]["report"]["exit_code"] == 0);
    CHECK(json["users"][1]["user"] == "b\\x1B");
    CHECK(json["users"][1]["report"].is_null());
    CHECK(json["users"][1]["exit_code"] == 1);
}

TEST_CASE("the text of many runs has a title for each")
{
    const std::vector<UserRun> runs{{"ann", "Done.\n", Exit::ok}, {"bob", "Nothing.\n", Exit::nothing_found}};
    CHECK(to_text(runs) == "== ann\nDone.\n\n== bob\nNothing.\n");
}
