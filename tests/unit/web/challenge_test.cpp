// What WWW-Authenticate fields say, and whether a browser can answer them.

#include "web/challenge.h"

#include "web/asking_browsers.h"

#include "tests/fixtures/testing.h"

using namespace unstick;
using Catch::Matchers::Contains;

namespace {

using Params = std::vector<std::pair<std::string, std::string>>;

std::vector<Challenge> parse(const std::vector<std::string>& fields)
{
    return parse_challenges(fields, "https://example.com/");
}

/// The only challenge of one field.
Challenge one(const std::string& field)
{
    const auto challenges = parse({field});
    INFO(field);
    REQUIRE(challenges.size() == 1);
    return challenges.front();
}

std::vector<std::string> schemes_of(const std::vector<Challenge>& challenges)
{
    std::vector<std::string> schemes;
    for (const Challenge& challenge : challenges) {
        schemes.push_back(challenge.scheme);
    }
    return schemes;
}

}  // namespace

// --- The grammar ---

TEST_CASE("the example of RFC 9110 section 11.6.1: two challenges in one field")
{
    const auto challenges = parse({R"(Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"")"});
    REQUIRE(schemes_of(challenges) == std::vector<std::string>{"Basic", "Newauth"});
    CHECK(challenges[0].params == Params{{"realm", "simple"}});
    CHECK(challenges[1].params == Params{{"realm", "apps"}, {"type", "1"}, {"title", "Login to \"apps\""}});
    CHECK_FALSE(challenges[0].malformed);
    CHECK_FALSE(challenges[1].malformed);
}

TEST_CASE("the example of RFC 7235 section 4.1: the other challenge first")
{
    const auto challenges = parse({R"(Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple")"});
    REQUIRE(schemes_of(challenges) == std::vector<std::string>{"Newauth", "Basic"});
    CHECK(challenges[0].params.size() == 3);
    CHECK(challenges[1].realm() == "simple");
    CHECK_FALSE(challenges[1].malformed);
}

TEST_CASE("the example of RFC 7616 section 3.9.1: one Digest challenge a field, line breaks as spaces")
{
    const std::string nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    const auto challenges = parse({
        R"(Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce=")" + nonce +
            R"(", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")",
        R"(Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce=")" + nonce +
            R"(", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")",
    });
    REQUIRE(challenges.size() == 2);
    for (const Challenge& challenge : challenges) {
        CHECK(challenge.realm() == "http-auth@example.org");
        CHECK(challenge.param("qop") == "auth, auth-int");
        CHECK(challenge.param("nonce") == nonce);
        CHECK(challenge.usable_by_browser);
        CHECK_FALSE(challenge.malformed);
    }
    CHECK(challenges[0].param("algorithm") == "SHA-256");
    CHECK(challenges[1].param("algorithm") == "MD5");
}

TEST_CASE("the example of RFC 7616 section 3.9.2: parameters as tokens, and a hash that few browsers know")
{
    const Challenge challenge =
        one(R"(Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, )"
            R"(nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", )"
            R"(opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDssOS", charset=UTF-8, userhash=true)");
    CHECK_FALSE(challenge.malformed);
    CHECK(challenge.params.size() == 7);
    CHECK(challenge.param("algorithm") == "SHA-512-256");
    CHECK(challenge.param("charset") == "UTF-8");
    CHECK(challenge.param("userhash") == "true");
}

TEST_CASE("RFC 9110 section 11.2: parameters by name in any case, token or quoted string alike")
{
    for (const char* field : {R"(BASIC REALM="x")", "basic Realm=x", R"(Basic realm = "x")", "Basic realm\t=\tx",
                              R"(Basic realm="\x")", R"(, ,Basic realm="x",,)"}) {
        CAPTURE(field);
        const Challenge challenge = one(field);
        CHECK(challenge.realm() == "x");
        CHECK_FALSE(challenge.malformed);
    }
}

TEST_CASE("the examples of RFC 7617 section 2")
{
    CHECK(one(R"(Basic realm="WallyWorld")").realm() == "WallyWorld");
    const Challenge with_charset = one(R"(Basic realm="foo", charset="UTF-8")");
    CHECK(with_charset.param("charset") == "UTF-8");
    CHECK_THAT(with_charset.note, !Contains("ignored"));
}

TEST_CASE("the examples of RFC 6750 section 3")
{
    CHECK(one(R"(Bearer realm="example")").params == Params{{"realm", "example"}});
    const Challenge expired =
        one(R"(Bearer realm="example", error="invalid_token", error_description="The access token expired")");
    CHECK(expired.param("error") == "invalid_token");
    CHECK(expired.param("error_description") == "The access token expired");
    // What sections 3 and 3.1 describe without an example.
    const Challenge scope = one(R"(Bearer realm="example", scope="openid profile", error="insufficient_scope")");
    CHECK(scope.param("scope") == "openid profile");
    CHECK_FALSE(scope.malformed);
}

TEST_CASE("a scheme can stand alone, and several in one field")
{
    const auto challenges = parse({"Negotiate, NTLM,Basic realm=x"});
    REQUIRE(schemes_of(challenges) == std::vector<std::string>{"Negotiate", "NTLM", "Basic"});
    CHECK(challenges[2].realm() == "x");
    for (const Challenge& challenge : challenges) {
        CHECK_FALSE(challenge.malformed);
    }
}

TEST_CASE("fields keep their order")
{
    CHECK(schemes_of(parse({"Negotiate", "NTLM", R"(Basic realm="x")"})) ==
          std::vector<std::string>{"Negotiate", "NTLM", "Basic"});
}

TEST_CASE("a token68 stands in place of parameters")
{
    const auto [field, token] = GENERATE(table<std::string, std::string>({
        {"Negotiate oYG2MIGzoAMKAQChCwYJKoZIgvcSAQIC", "oYG2MIGzoAMKAQChCwYJKoZIgvcSAQIC"},
        {"Negotiate YII=", "YII="},
        {"NTLM TlRMTVNTUAACAAAA==", "TlRMTVNTUAACAAAA=="},
        {"X a-b._~+/9=", "a-b._~+/9="},
        {"Basic realm=", "realm="},  // looks like a parameter without a value, but the grammar says token68
    }));
    const Challenge challenge = one(field);
    CHECK(challenge.token68 == token);
    CHECK(challenge.params.empty());
    CHECK_FALSE(challenge.malformed);
}

TEST_CASE("a token68 ends at a comma")
{
    const auto challenges = parse({R"(Negotiate YII=, Basic realm="x")"});
    REQUIRE(schemes_of(challenges) == std::vector<std::string>{"Negotiate", "Basic"});
    CHECK(challenges[0].token68 == "YII=");
    CHECK(challenges[1].realm() == "x");
    CHECK_FALSE(challenges[0].malformed);
}

TEST_CASE("quoted strings hold commas, equals signs, schemes, spaces and escapes")
{
    const auto [quoted, value] = GENERATE(table<std::string, std::string>({
        {R"("a, b=c")", "a, b=c"},
        {R"("x", Digest realm="y")", "x"},
        {R"("Basic realm=evil, Negotiate")", "Basic realm=evil, Negotiate"},
        {R"("say \"hi\"")", "say \"hi\""},
        {R"("back\\slash")", "back\\slash"},
        {R"("\a\b")", "ab"},
        {R"("  ")", "  "},
        {R"("")", ""},
        {"\"gr\xC3\xBC\xC3\x9F\"", "gr\xC3\xBC\xC3\x9F"},
    }));
    CAPTURE(quoted);
    const auto challenges = parse({"Basic realm=" + quoted});
    REQUIRE_FALSE(challenges.empty());
    CHECK(challenges.front().realm() == value);
    CHECK_FALSE(challenges.front().malformed);
}

TEST_CASE("white space, empty list members and case do not matter")
{
    const Challenge challenge = one("  , ,\tbASIC \t ReAlM \t= \t\"x\" ,, charset=utf-8 , ");
    CHECK(challenge.scheme == "bASIC");
    CHECK(challenge.params == Params{{"realm", "x"}, {"charset", "utf-8"}});
    CHECK_FALSE(challenge.usable_by_browser);  // by Chromium, which takes the comma for the scheme
    CHECK_FALSE(challenge.malformed);
    CHECK(one("bASIC \t ReAlM \t= \t\"x\" ,, charset=utf-8 , ").usable_by_browser);
}

TEST_CASE("no field, or an empty one, holds no challenge")
{
    CHECK(parse({}).empty());
    CHECK(parse({"", "  ", ", ,\t,"}).empty());
}

// --- Malformed input ---

TEST_CASE("what is not as the grammar says is kept as far as it goes, and marked")
{
    const auto [field, scheme, realm] = GENERATE(table<std::string, std::string, std::string>({
        {R"(realm="x")", "", "x"},                             // no scheme
        {R"(Basic realm="x)", "Basic", "x"},                   // the quote never ends
        {R"(Basic realm="x\)", "Basic", "x\\"},                // it ends within an escape
        {R"(Basic realm=x, charset=)", "Basic", "x"},          // no value
        {R"(Basic realm="x" charset="UTF-8")", "Basic", "x"},  // no comma between
        {R"(Basic realm="x", realm="y")", "Basic", "y"},       // twice: browsers take the last
        {R"(Basic realm="x", @)", "Basic", "x"},               // no token
        {"\"", "", ""},
        {"=", "", ""},
        {"==", "", ""},
        {std::string("\0\x01\xFF", 3), "", ""},
    }));
    CAPTURE(field);
    const Challenge challenge = one(field);
    CHECK(challenge.scheme == scheme);
    CHECK(challenge.realm() == realm);
    CHECK(challenge.malformed);
    CHECK_THAT(challenge.note, Contains("RFC 9110"));
}

TEST_CASE("a parameter behind a token68 is malformed")
{
    const Challenge challenge = one(R"(Negotiate YII=, realm="x")");
    CHECK(challenge.token68 == "YII=");
    CHECK(challenge.realm() == "x");
    CHECK(challenge.malformed);
}

TEST_CASE("two schemes without a comma are two challenges, the second malformed")
{
    const auto challenges = parse({R"(Basic realm="x" Digest nonce="n")"});
    REQUIRE(schemes_of(challenges) == std::vector<std::string>{"Basic", "Digest"});
    CHECK_FALSE(challenges[0].malformed);
    CHECK(challenges[1].malformed);
    CHECK(challenges[1].param("nonce") == "n");
}

TEST_CASE("a parameter never belongs to a challenge of another field")
{
    const auto challenges = parse({"Basic", R"(realm="x")"});
    REQUIRE(schemes_of(challenges) == std::vector<std::string>{"Basic", ""});
    CHECK(challenges[0].realm().empty());
    CHECK_FALSE(challenges[0].malformed);
    CHECK(challenges[1].malformed);
    CHECK_FALSE(challenges[1].usable_by_browser);
}

TEST_CASE("a hostile server cannot make the list grow without bound")
{
    std::string many_schemes;
    std::string many_params = "Basic ";
    for (int i = 0; i < 5000; ++i) {
        many_schemes += "X" + std::to_string(i) + ", ";
        many_params += "p" + std::to_string(i) + "=v, ";
    }
    CHECK(parse({many_schemes}).size() == 64);
    CHECK(parse(std::vector<std::string>(200, "Basic")).size() == 64);
    CHECK(one(many_params).params.size() <= 64);
    CHECK(one("X" + std::string(100'000, 'y')).note.size() < 1000);
    CHECK(one("Bearer scope=\"" + std::string(100'000, 'y') + "\"").note.size() < 1000);
}

TEST_CASE("every prefix and every single broken byte of a field is read without a fault")
{
    const std::string field =
        R"(Digest realm="a, \"b\"", nonce="n", qop="auth", Negotiate YII=, Basic realm=x, Bearer error="invalid_token")";
    for (std::size_t i = 0; i <= field.size(); ++i) {
        CHECK(parse({field.substr(0, i)}).size() <= 4);
    }
    for (std::size_t i = 0; i < field.size(); ++i) {
        for (const char c : {'\0', '"', '\\', ',', '=', ' ', '\xFF'}) {
            std::string broken = field;
            broken[i] = c;
            CHECK(parse({broken}).size() <= 64);
        }
    }
}

// --- What a browser can do with it ---

TEST_CASE("whether a browser can answer, and what is said about it")
{
    const auto [field, usable, said] = GENERATE(table<std::string, bool, std::string>({
        {R"(Basic realm="x")", true, "asks for a user name and password"},
        {"Basic", true, "realm is missing"},
        {R"(Basic realm="")", true, "realm is missing"},
        {R"(Basic realm="x", charset="ISO-8859-1")", true, "\"ISO-8859-1\" is ignored"},
        {R"(Digest realm="x", nonce="n")", true, "checksum"},
        {R"(Digest realm="x", nonce="n", algorithm=md5-sess, qop="auth-int,auth")", true, "checksum"},
        {R"(Digest realm="x", nonce="n", algorithm=SHA-256-sess)", true, "checksum"},
        {R"(Digest realm="x")", false, "nonce is missing"},
        {R"(Digest realm="x", nonce="n", algorithm=SHA-512-256)", false, "do not know the algorithm \"SHA-512-256\""},
        {R"(Digest realm="x", nonce="n", qop="auth-int")", true, "checksum"},
        {R"(Digest realm="x", nonce="n", stale=TRUE)", true, "trying again should work"},
        {R"(Bearer realm="x")", false, "wants a token"},
        {R"(Bearer error="invalid_token")", false, "missing, has expired or is not valid"},
        {R"(Bearer error="insufficient_scope", scope="mail.read")", false, "needs the scope \"mail.read\""},
        {R"(Bearer error="insufficient_scope")", false, "does not allow this"},
        {R"(Bearer error="invalid_request")", false, "not well formed"},
        {R"(Bearer error="login_required")", false, "says \"login_required\""},
        {R"(Bearer error="invalid_token", error_description="The access token expired")", false,
         "adds: \"The access token expired\""},
        {"Negotiate", true, "same organisation"},
        {"ntlm", true, "same organisation"},
        {"Negotiate YII=", false, "same organisation"},  // a token is no beginning
        {R"(DPoP algs="ES256")", false, "no browser can answer"},
        {R"(HOBA max-age="180")", false, "no browser can answer"},
        {R"(realm="x")", false, "no scheme"},
    }));
    CAPTURE(field);
    const Challenge challenge = one(field);
    CHECK(challenge.usable_by_browser == usable);
    CHECK_THAT(challenge.note, Contains(said));
}

TEST_CASE("Basic over plain http is worth a warning")
{
    CHECK_THAT(parse_challenges({"Basic realm=x"}, "http://example.com/").at(0).note, Contains("anybody on the way"));
    CHECK_THAT(parse_challenges({"Basic realm=x"}, "https://example.com/").at(0).note, !Contains("anybody"));
}

TEST_CASE("a note never repeats a token or a nonce")
{
    CHECK_THAT(one("Negotiate c2VjcmV0").note, !Contains("c2VjcmV0"));
    CHECK_THAT(one(R"(Digest realm="x", nonce="s3cret", opaque="0paque")").note,
               !Contains("s3cret") && !Contains("0paque"));
}

TEST_CASE("a challenge behind another one in the same line is not seen by Chromium")
{
    const auto challenges =
        parse({R"(Bearer error="invalid_token", Basic realm="x")", R"(Digest realm="x", nonce="n")"});
    REQUIRE(schemes_of(challenges) == std::vector<std::string>{"Bearer", "Basic", "Digest"});
    CHECK_FALSE(challenges[0].is_behind_another);
    CHECK(challenges[1].is_behind_another);
    CHECK_FALSE(challenges[1].usable_by_browser);
    CHECK_THAT(challenges[1].note, Contains("take one a line"));
    CHECK_FALSE(challenges[2].is_behind_another);
    CHECK(challenges[2].usable_by_browser);
}

TEST_CASE("which browsers ask: all forms were asked of real ones (judged_test.mjs)")
{
    using Lines = std::vector<std::string>;
    using Names = std::vector<std::string_view>;
    const auto& [lines, names] = GENERATE(table<Lines, Names>({
        {{R"(Basic realm="zoo")"}, {"chromium", "firefox", "webkit"}},
        {{}, {}},
        {{""}, {}},
        {{"Bearer"}, {}},
        {{R"(Bearer, Basic realm="zoo")"}, {"firefox", "webkit"}},
        {{R"(Negotiate, Basic realm="zoo")"}, {}},
        {{R"(Bearer realm="a, Basic ")"}, {}},
        {{"Basic\trealm=x"}, {"chromium", "webkit"}},
        {{"Basic, realm=x"}, {"webkit"}},
        {{"Basic:realm=x"}, {}},
        {{"NTLM", "Basic realm=x"}, {"chromium", "firefox", "webkit"}},
        {{"NTLM"}, {"chromium", "webkit"}},
        {{R"(Digest realm="zoo", nonce="n", algorithm=SHA-256, qop="auth")"}, {"chromium", "firefox"}},
        {{R"(Digest realm="zoo")"}, {"firefox"}},
        {{R"(Digest realm="zoo" nonce="n")"}, {"firefox"}},
        {{R"(Digest realm="zoo", nonce="n", qop="auth-int")"}, {"chromium", "firefox"}},
    }));
    CAPTURE(lines);
    CHECK(browsers_that_ask(lines) == names);
}
