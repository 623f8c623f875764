// What every HTML report keeps to.

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <set>

#include "tests/fixtures/reports.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using namespace testing::reports;
using Catch::Matchers::Contains;

TEST_CASE("every HTML report is whole: tags that belong to it, each closed, and no other")
{
    const std::set<std::string> empty{"!DOCTYPE", "meta", "br"};
    const std::set<std::string> others{"html",  "head", "title",  "style", "body", "main",  "h1",    "h2",
                                       "h3",    "p",    "strong", "code",  "bdi",  "table", "thead", "caption",
                                       "tbody", "tr",   "th",     "td",    "ul",   "li",    "footer"};
    for (const Example& example : examples) {
        const std::string html = to_html(example.make());
        std::vector<std::string> open;
        CAPTURE(example.name);
        for (std::size_t at = 0; (at = html.find('<', at)) != std::string::npos; ++at) {
            const std::size_t end = html.find_first_of(" >", at);
            const std::string tag = html.substr(at + 1, end - at - 1);
            CAPTURE(tag);
            if (tag.starts_with('/')) {
                REQUIRE_FALSE(open.empty());
                REQUIRE("/" + open.back() == tag);
                open.pop_back();
            } else if (!empty.contains(tag)) {
                REQUIRE(others.contains(tag));
                open.push_back(tag);
            }
        }
        CHECK(open.empty());
    }
}

TEST_CASE("an HTML report allows its own style and nothing else")
{
    const std::string html = to_html(fix_report());
    const std::size_t begin = html.find("<style>") + 7;
    const std::string style = html.substr(begin, html.find("</style>") - begin);
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(style.data()), style.size(), digest.data());
    std::array<unsigned char, 64> hash{};
    EVP_EncodeBlock(hash.data(), digest.data(), digest.size());
    const std::string policy = "content=\"default-src 'none'; style-src 'sha256-" +
                               std::string(reinterpret_cast<const char*>(hash.data())) +
                               "'; base-uri 'none'; form-action 'none'\"";
    CHECK_THAT(html, Contains(policy));
}

TEST_CASE("an HTML report says what somebody who reads a ticket needs")
{
    const std::string html = to_html(fix_report());
    CHECK_THAT(html, Contains("<html lang=\"en\">") && Contains("<title>unstick report: example.com</title>"));
    CHECK_THAT(html, Contains("Google Chrome, profile Default (Person 1)") && Contains("<td>12</td>"));
    CHECK_THAT(html, Contains("unstick undo 20261124T030000Z-a1b2") && Contains("close it, or add --reopen"));
    CHECK_THAT(html, Contains("The answer before and after the removal") && Contains("2026-11-24T03:00:07Z"));
    CHECK_THAT(html, Contains("What this does not prove"));
    CHECK_THAT(to_html(test_report()), Contains("x-request-id: 7f3a") && Contains("The access token expired"));
    CHECK_THAT(to_html(why_report()), Contains("cookie</th><td><bdi>session of app.example.com/"));
}
