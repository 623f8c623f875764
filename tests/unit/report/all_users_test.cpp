// --all-users: what the runs of many users say together.

#include "report/all_users.h"
#include "cli/each_user.h"

#include <nlohmann/json.hpp>

#include "tests/fixtures/testing.h"

using namespace unstick;

namespace {

UserRun ended(Exit code)
{
    return {"ann", "", "", code};
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
    const std::vector<UserRun> runs{{"ann", "{\"exit_code\": 0}\n", "", Exit::ok},
                                    {"b\x1b", "Segmentation fault", "", Exit::internal}};
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
    const std::vector<UserRun> runs{{"ann", "Done.\n", "", Exit::ok}, {"bob", "Nothing.\n", "", Exit::nothing_found}};
    CHECK(to_text(runs) == "== ann\nDone.\n\n== bob\nNothing.\n");
}

TEST_CASE("what a user's run prints cannot reach a terminal as anything but text")
{
    const std::string evil =
        "title \x1b]0;owned\x07 \x1b[2J\x1b[31mred\r over \xc2\x9b"
        "1m csi \xe2\x80\xae override\nsecond line";
    const std::vector<UserRun> runs{{"bob\x1b[2J", evil, evil, Exit::ok}};
    for (const std::string& shown : {to_text(runs), messages_of(runs)}) {
        CHECK(shown.find_first_of("\x1b\x07\r") == std::string::npos);
        CHECK(shown.find("\xc2\x9b") == std::string::npos);
        CHECK(shown.find("\xe2\x80\xae") == std::string::npos);
        CHECK(shown.find("\\x1B[2J") != std::string::npos);
        CHECK(shown.find("\nsecond line\n") != std::string::npos);
    }
    const std::string json = R"({"verdict":{"text":"a\u001b[2J\u009b1m","\u202ekey":["\u001b"]}})";
    const std::string shown = to_json("why", std::vector<UserRun>{{"bob", json, "", Exit::ok}});
    CHECK(shown.find("\\u001b") == std::string::npos);
    CHECK(shown.find("\xc2\x9b") == std::string::npos);
    CHECK(shown.find("\xe2\x80\xae") == std::string::npos);
    CHECK(shown.find(R"("a\\x1B[2J\\u{9B}1m")") != std::string::npos);
}

TEST_CASE("a user's run that prints what is nested without end has no report")
{
    const std::string deep = "{\"a\":" + std::string(1U << 20U, '[');
    const auto shown = nlohmann::json::parse(to_json("why", std::vector<UserRun>{{"bob", deep, "", Exit::ok}}));
    CHECK(shown["users"][0]["report"].is_null());
    const auto text = nlohmann::json::parse(to_json(
        "why", std::vector<UserRun>{{"bob", R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[["})", "", Exit::ok}}));
    CHECK(text["users"][0]["report"]["a"].is_string());
}
