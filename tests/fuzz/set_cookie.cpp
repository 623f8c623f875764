// Set-Cookie fields as servers send them.

#include "web/set_cookie.h"

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view field = fuzz::text_of(data, size);
    for (const std::string_view url : {"https://app.example.com/", "http://example.com/a", "http://127.0.0.1/"}) {
        const std::string_view reason = refusal_of(field, url);
        check(reason.empty() == explain_refusal(reason).empty(), "every reason is explained");
        const CookieName cookie = cookie_set_by(field, parse_url(url).value());
        check(cookie.path.starts_with('/'), "every cookie has a path");
        check(cookie.name == cookie_name(field), "a cookie is called as its field says");
    }
    check(cookie_name(field).empty() || fuzz::is_within(cookie_name(field), field), "the name is a part of the field");
    check(cookie_name(field).find('=') == std::string_view::npos, "no value gets into the name");
    return 0;
}
