// Storage keys and origin identifiers.

#include "profiles/chromium/storage_key.h"

#include "base/text.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

namespace {

/// What follows the host must be a port, and it must be the host that decides who owns it.
void check_origin(const std::string& origin)
{
    const std::string_view host = host_of(origin);
    check(!host.empty(), "an origin has a host");
    check(origin.find_first_of("/@?#\\ ", origin.find("://") + 3) == std::string::npos, "an origin has a host only");
    const std::string url = origin + "/?https://other.test/";
    check(host_of(url) == host, "what follows an origin does not change its host");
}

void check_storage_key(std::string_view text)
{
    const Site example = Site::parse("example.com").value();
    const auto key = parse_storage_key(text);
    if (!key) {
        check(!owns_storage_key(example, text), "what is not understood is not owned");
        return;
    }
    check_origin(key->origin);
    check(text.starts_with(key->origin), "a storage key starts with its origin");
    if (!key->top_level_site.empty()) {
        check_origin(key->top_level_site);
        check(key->origin + "/^0" + key->top_level_site == text, "a partitioned key is its two parts");
        check(!key->opaque, "a key with a known top level is not opaque");
    }
    if (owns_storage_key(example, text)) {
        check(example.owns_host(host_of(key->origin)) || example.owns_host(host_of(key->top_level_site)),
              "who owns a key owns its host or its partition");
    }
    if (const auto own = Site::parse(key->origin); own && own->target().host == lower(host_of(key->origin))) {
        check(owns_storage_key(*own, text), "a key belongs to the site of its origin");
    }
}

void check_identifier(std::string_view text)
{
    const auto origin = origin_of_identifier(text);
    if (!origin) {
        return;
    }
    check_origin(*origin);
    const auto key = parse_storage_key(*origin + "/");
    check(origin->find('^') != std::string::npos || (key && key->origin == *origin),
          "it is the origin of a storage key");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    check_storage_key(fuzz::text_of(data, size));
    check_identifier(fuzz::text_of(data, size));
    return 0;
}
