// Texts for people and for the shell.

#include "base/text.h"
#include "tests/fixtures/testing.h"

using namespace unstick;

TEST_CASE("a word for the shell")
{
    CHECK(shell_word("Default") == "Default");
    CHECK(shell_word("Profile 1") == R"("Profile 1")");
    CHECK(shell_word(R"(C:\Users\J. O'Neil)") == R"("C:\Users\J. O'Neil")");
    CHECK(shell_word("a'b;$(c)") == R"('a'\''b;$(c)')");
    CHECK(shell_word(R"(\\server\share)") == R"('\\server\share')");
    CHECK(shell_word("") == R"("")");
}

TEST_CASE("a moment in words, of the times that have four digits for the year")
{
    CHECK(utc_of(0) == "1970-01-01T00:00:00Z");
    CHECK(utc_of(951782399) == "2000-02-28T23:59:59Z");
    CHECK(utc_of(951782400) == "2000-02-29T00:00:00Z");
    CHECK(utc_of(1764000000) == "2025-11-24T16:00:00Z");
    CHECK(utc_of(253402300799) == "9999-12-31T23:59:59Z");
    CHECK(utc_of(253402300800).empty());
    CHECK(utc_of(-1).empty());
}

TEST_CASE("a time of a place")
{
    CHECK(local_of(1795489200, 0) == "2026-11-24 03:00:00 +00:00");
    CHECK(local_of(1795489200, 3600) == "2026-11-24 04:00:00 +01:00");
    CHECK(local_of(1795489200, -34200) == "2026-11-23 17:30:00 -09:30");
    CHECK(local_of(0, 0).empty());
}
