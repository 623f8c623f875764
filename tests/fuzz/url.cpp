// URLs and sites as users type them, servers send them and browsers write them.

#include "web/url.h"

#include "base/text.h"
#include "tests/fuzz/fuzz.h"
#include "web/masking.h"
#include "web/site.h"

using namespace unstick;
using fuzz::check;

namespace {

void check_error(const Error& error)
{
    check(error.code == Code::usage, "what cannot be parsed is an error of usage");
    check(error.where == printable(error.where) && error.what == printable(error.what), "errors are printable");
}

void check_url(std::string_view text)
{
    const auto url = parse_url(text);
    if (!url) {
        check_error(url.error());
        return;
    }
    check(url->scheme == "http" || url->scheme == "https", "only the web's schemes");
    check(url->path.starts_with('/'), "a path starts with a slash");
    check(host_of(url->text()) == url->host, "both readers of URLs see one host");
    check(canonical_host(url->host).value_or("") == url->host, "a canonical host stays as it is");
    const auto again = parse_url(url->text());
    check(again && again->text() == url->text(), "a parsed URL stays as it is");
}

void check_site(std::string_view text)
{
    const auto site = Site::parse(text);
    if (!site) {
        check_error(site.error());
        return;
    }
    const Url& target = site->target();
    check(!site->name().empty() && site->name() == printable(site->name()), "names are printable");
    check(site->owns_host(target.host), "a site owns the host of its target");
    check(site->owns_url(target.text()), "a site owns its target");
    check(site->owns_host(site->names().front()), "a site owns its own name");
    check(!site->owns_host("not" + site->names().front()), "a look-alike is another site");
    check(!site->owns_host(site->names().front() + ".evil.test"), "a site under another one is that other one's");
    check(!site->owns_url("https://evil.test/?" + target.text()), "a URL in a URL is not where it leads");
    check(site->only_host().owns_host(target.host), "one host owns itself");
    check(!site->only_host().owns_host("www." + target.host), "one host owns no other");
    check(registrable_domain(target.host) == site->names().front(), "a site is named after its registrable domain");
}

void check_shown(std::string_view text)
{
    const std::string shown = shown_text(text);
    check(shown_text(shown) == shown, "what is shown is shown as it is");
    const std::string token = "eyJhbGciOiJIUzI1NiJ9";
    check(shown_path_of_url("/" + token + "/" + std::string(text)).find(token + "/") == std::string::npos,
          "a token in a path is not shown, whatever comes after it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::text_of(data, size);
    check_url(text);
    check_shown(text);
    check_site(text);
    check(fuzz::is_within(host_of(text), text), "the host is a part of the URL");
    const Site site = Site::parse("example.com").value();
    if (site.owns_url(text) || site.owns_host(text) || site.owns_partition(text)) {
        check(lower(text).find("example.com") != std::string::npos, "what is owned names the site");
    }
    return 0;
}
