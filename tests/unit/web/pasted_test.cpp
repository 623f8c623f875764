#include "web/pasted.h"

#include "tests/fixtures/testing.h"

using namespace unstick;

TEST_CASE("an address is taken out of what was pasted with it")
{
    for (const std::string_view pasted :
         {"https://a.example/x", "  https://a.example/x\n", "<https://a.example/x>", "\"https://a.example/x\"",
          "\u201chttps://a.example/x\u201d,", "'https://a.example/x'.", "`https://a.example/x`",
          "[https://a.example/x]", "(https://a.example/x)", "https://a.example/x);", "**https://a.example/x**",
          "\u00abhttps://a.example/x\u00bb", "\ufeffhttps://a.example/x\u00a0", "view-source:https://a.example/x",
          "https:/a.example/x", "https//a.example/x", "https:a.example/x", "HTTPS:///a.example/x",
          "(<\"https://a.example/x.\">)."}) {
        CAPTURE(pasted);
        CHECK(address_in(pasted) == "https://a.example/x");
    }
}

TEST_CASE("what is an address already stays as it is")
{
    for (const std::string_view address :
         {"a.example", "a.example/path", "localhost:8080", "[::1]", "[::1]:8443", "http://[fe80::1]/", "http:8080",
          "http", "https/x", "https-gate.example", "https://a.example/(x)", "https://a.example/?q=a,b",
          "httpbin.example", "-x", "b\u00fccher.example", ""}) {
        CAPTURE(address);
        CHECK(address_in(address) == address);
    }
}

TEST_CASE("marks alone are no address")
{
    for (const std::string_view marks : {"<>", "\"\"", "...", "()", "[]", "view-source:", " ,; "}) {
        CAPTURE(marks);
        CHECK(address_in(marks).empty());
    }
}
