#include "base/utf8.h"

#include "base/display_width.h"
#include "tests/fixtures/catch.h"

using namespace unstick;

TEST_CASE("UTF-8: what is not valid has no length")
{
    CHECK(decode("a").length == 1);
    CHECK(decode("\xc3\xa4").point == 0xe4);
    CHECK(decode("\xe2\x82\xac...").point == 0x20ac);
    CHECK(decode("\xf0\x9f\x98\x80").point == 0x1f600);
    for (const char* bytes :
         {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xe2\x82"}) {
        CHECK(decode(bytes).length == 0);
    }
}

TEST_CASE("UTF-8: what is written reads the same; half of a surrogate pair is written, too")
{
    for (const char32_t point : {U'a', U'\u00e4', U'\u20ac', U'\U0001f600', U'\U0010ffff'}) {
        std::string text;
        append_utf8(text, point);
        CHECK(decode(text).point == point);
        CHECK(decode(text).length == text.size());
    }
    std::string half;
    append_utf8(half, 0xd83d);
    CHECK(half == "\xed\xa0\xbd");
}

TEST_CASE("Latin-1 and UTF-16 as UTF-8")
{
    CHECK(from_latin1("").empty());
    CHECK(from_latin1("plain") == "plain");
    CHECK(from_latin1("sixteen letters:\xe9 and behind it more") == "sixteen letters:\xc3\xa9 and behind it more");
    CHECK(from_latin1("M\xfcller \xff\x80.") == "M\xc3\xbcller \xc3\xbf\xc2\x80.");
    CHECK(from_utf16(std::string_view("M\0\xfc\0\x3d\xd8\0\xde", 8)) == "M\xc3\xbc\xf0\x9f\x98\x80");
    CHECK(from_utf16(std::string_view("\x3d\xd8z\0", 4)) == "\xef\xbf\xbdz");  // half of a pair
}

TEST_CASE("the columns that a terminal gives to a text")
{
    CHECK(columns_of("") == 0);
    CHECK(columns_of("Profile 1") == 9);
    CHECK(columns_of("M\xc3\xbcller") == 6);
    CHECK(columns_of("Mu\xcc\x88ller") == 6);            // a letter and a mark
    CHECK(columns_of("\xe6\x9d\xb1\xe4\xba\xac") == 4);  // Tokyo
    CHECK(columns_of("\xf0\x9f\x98\x80") == 2);          // an emoji
    CHECK(columns_of("\xff") == 1);
    CHECK(padded("\xe6\x9d\xb1", 4) == "\xe6\x9d\xb1  ");
    CHECK(cut("Profile of Ann", 10) == "Profile...");
    CHECK(cut("\xe6\x9d\xb1\xe4\xba\xac\xe6\x9d\xb1\xe4\xba\xac", 6) == "\xe6\x9d\xb1...");
    CHECK(cut("short", 5) == "short");
}
