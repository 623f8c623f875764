#include "profiles/gecko/origin.h"

#include "tests/fixtures/looking.h"

using namespace unstick;
using namespace unstick::gecko;
using unstick::testing::site;

TEST_CASE("suffixes of origin attributes say container, partition and first party")
{
    CHECK(parse_suffix("")->is_plain());
    CHECK(parse_suffix("^partitionKey=%28https%2Calpha.test%29")->partition_site == "https://alpha.test");
    CHECK(parse_suffix("^userContextId=2")->container == 2);
    const auto both = parse_suffix("^userContextId=2&partitionKey=%28https%2Calpha.test%29");
    REQUIRE(both);
    CHECK(both->container == 2);
    CHECK(both->partition_site == "https://alpha.test");
    CHECK(parse_suffix("^firstPartyDomain=alpha.test")->first_party_domain == "alpha.test");
    CHECK(parse_suffix("^privateBrowsingId=1")->is_private);
    CHECK_FALSE(parse_suffix("^userContextId=none")->is_plain());
    CHECK(parse_suffix("^inBrowser=1")->is_plain());
    for (const char* none : {"alpha.test", "^", "^x", "userContextId=2"}) {
        CHECK_FALSE(parse_suffix(none));
    }
}

TEST_CASE("the site in a partition key has neither port nor mark of an ancestor")
{
    CHECK(site_of_partition_key("(https,alpha.test)") == "https://alpha.test");
    CHECK(site_of_partition_key("(http,alpha.test,8443)") == "http://alpha.test");
    CHECK(site_of_partition_key("(https,alpha.test,f)") == "https://alpha.test");
    CHECK(site_of_partition_key("(https,[::1],8443,f)") == "https://[::1]");
    for (const char* none : {"", "(", "()", "(https)", "(https,)", "(,alpha.test)", "https,alpha.test", "alpha.test"}) {
        CHECK(site_of_partition_key(none).empty());
    }
}

TEST_CASE("origins are read from databases and from names of folders")
{
    const auto [text, folder, scheme, host, port] =
        GENERATE(table<std::string, std::string, std::string, std::string, std::uint16_t>(
            {{"https://alpha.test", "https+++alpha.test", "https", "alpha.test", 0},
             {"https://app.alpha.test:8443", "https+++app.alpha.test+8443", "https", "app.alpha.test", 8443},
             {"http://[::1]:8080", "http+++[++1]+8080", "http", "[::1]", 8080},
             {"http://127.0.0.1", "http+++127.0.0.1", "http", "127.0.0.1", 0},
             {"moz-extension://4e2f", "moz-extension+++4e2f", "moz-extension", "4e2f", 0}}));
    const std::string suffix = GENERATE("", "^userContextId=2&partitionKey=%28https%2Cbeta.test%29");
    for (const auto& origin : {parse_origin(text + suffix), parse_origin_folder(folder + suffix)}) {
        REQUIRE(origin);
        CHECK(origin->scheme == scheme);
        CHECK(origin->host == host);
        CHECK(origin->port == port);
        CHECK(origin->text() == text);
        CHECK(origin->attributes == *parse_suffix(suffix));
    }
}

TEST_CASE("what is no origin is none")
{
    for (const char* none :
         {"", "alpha.test", "https:alpha.test", "https://", "https://alpha.test/path", "https://user@alpha.test",
          "https://alpha.test:x", "https://alpha.test:99999", "https://alpha.test^", "https://alpha.test^x"}) {
        CAPTURE(none);
        CHECK_FALSE(parse_origin(none));
    }
    for (const char* none : {"", "alpha.test", "file++++home+user", "https+++", "https+++alpha.test+x",
                             "https++alpha.test", "https+++alpha.test+8443+9", "uuid+++", "https+++alpha.test^"}) {
        CAPTURE(none);
        CHECK_FALSE(parse_origin_folder(none));
    }
    CHECK(parse_origin_folder("1007+t+https+++alpha.test")->text() == "https://alpha.test");
}

TEST_CASE("what is the site's own, and what is stored under it, belongs to it")
{
    const Site alpha = site("alpha.test");
    for (const char* owned : {"https://alpha.test", "http://app.alpha.test:8080", "https://alpha.test^userContextId=2",
                              "https://beta.test^partitionKey=%28https%2Calpha.test%29",
                              "https://beta.test^userContextId=1&partitionKey=%28http%2Calpha.test%2C8080%2Cf%29",
                              "https://beta.test^firstPartyDomain=alpha.test"}) {
        CAPTURE(owned);
        CHECK(owns_origin(alpha, owned));
    }
    for (const char* other : {"https://notalpha.test", "https://alpha.test.beta.test", "https://beta.test",
                              "https://beta.test^partitionKey=%28https%2Cnotalpha.test%29",
                              "https://beta.test^firstPartyDomain=notalpha.test",
                              "https://beta.test^partitionKey=%28https%2Capp.alpha.test%29",
                              "https://beta.test^userContextId=2", "garbage"}) {
        CAPTURE(other);
        CHECK_FALSE(owns_origin(alpha, other));
    }
    CHECK(owns_suffix(alpha, "^partitionKey=%28https%2Calpha.test%29"));
    CHECK_FALSE(owns_suffix(alpha, ""));
    CHECK_FALSE(owns_suffix(alpha.only_host(), "^partitionKey=%28https%2Calpha.test%29"));
}

TEST_CASE("what keeps data apart is told in words")
{
    CHECK(partition_of_suffix("").empty());
    CHECK(partition_of_suffix("^partitionKey=%28https%2Cbeta.test%2Cf%29") == "https://beta.test");
    CHECK(partition_of_suffix("^userContextId=2") == "container 2");
    CHECK(partition_of_suffix("^userContextId=2&partitionKey=%28https%2Cbeta.test%29") ==
          "https://beta.test in container 2");
    CHECK(partition_of_suffix("^firstPartyDomain=beta.test") == "first party beta.test");
}
