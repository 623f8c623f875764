#include "site.h"

#include <fmt/format.h>
#include <libpsl.h>

#include <algorithm>
#include <array>

#include "ip.h"
#include "text.h"

namespace unstick {

namespace {

/// The public suffix list that libpsl carries or the system keeps, whichever is newer; loaded once.
const psl_ctx_t* suffixes()
{
    static psl_ctx_t* const list = psl_latest(nullptr);
    return list;
}

bool is_ip(const std::string& host)
{
    return !ip_text(Ip::v4, host).empty() || !ip_text(Ip::v6, host).empty();
}

/// Is it in the list (not only by the rule that every unknown top-level name is a suffix)?
bool is_listed_suffix(const std::string& host)
{
    return psl_is_public_suffix2(suffixes(), host.c_str(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

/// nullptr if the host has no registrable domain.
const char* registrable_part(const std::string& host)
{
    return is_ip(host) ? nullptr : psl_registrable_domain(suffixes(), host.c_str());
}

bool equal_ignoring_case(std::string_view text, std::string_view lower_case)
{
    return text.size() == lower_case.size() &&
           std::equal(text.begin(), text.end(), lower_case.begin(), [](char a, char b) { return to_lower(a) == b; });
}

/// `host` without the dot of domain cookies, trailing dot and brackets.
std::string_view bare(std::string_view host)
{
    if (host.starts_with('[') && host.ends_with(']')) {
        return host.substr(1, host.size() - 2);
    }
    if (host.starts_with('.')) {
        host.remove_prefix(1);
    }
    if (host.ends_with('.')) {
        host.remove_suffix(1);
    }
    return host;
}

constexpr std::array<std::string_view, 5> web_schemes{"https", "http", "wss", "ws", "federation"};

bool is_web_scheme(std::string_view scheme)
{
    return std::any_of(web_schemes.begin(), web_schemes.end(),
                       [&](std::string_view known) { return equal_ignoring_case(scheme, known); });
}

}  // namespace

Result<Site> Site::parse(std::string_view argument)
{
    if (argument.empty()) {
        return fail(Code::usage, "SITE", "no site was given", "for example: unstick example.com");
    }
    // "localhost:8080" and "example.com/path" have no scheme; "javascript:alert(1)" has one.
    const std::size_t colon = argument.find(':');
    const bool has_scheme = argument.find("://") != std::string_view::npos;
    const bool has_port = colon != std::string_view::npos && colon + 1 < argument.size() &&
                          argument[colon + 1] >= '0' && argument[colon + 1] <= '9';
    if (!has_scheme && colon != std::string_view::npos && !has_port && !argument.starts_with('[')) {
        return fail(Code::usage, printable(argument.substr(0, 80)), "this is not the address of a web site",
                    "give a site's name (example.com) or an https:// address");
    }
    auto url = parse_url(has_scheme ? std::string(argument) : "https://" + std::string(argument));
    if (!url) {
        return tl::unexpected<Error>(url.error());
    }
    Site site;
    site.target_ = std::move(*url);
    const std::string& host = site.target_.host;
    const char* domain = registrable_part(host);
    if (domain == nullptr && !is_ip(host) && is_listed_suffix(host)) {
        return fail(Code::usage, host, "this is a public suffix, under which many unrelated sites live",
                    "give the site's own name, like example." + host);
    }
    site.name_ = domain == nullptr ? host : domain;
    site.scopes_.push_back({site.name_, false, true});
    return site;
}

Site Site::only_host() const
{
    Site site = *this;
    site.name_ = target_.host;
    site.scopes_.front() = {target_.host, true, registrable_part(target_.host) == nullptr};
    return site;
}

void Site::add(const Site& other)
{
    for (const Scope& scope : other.scopes_) {
        const bool known = std::any_of(scopes_.begin(), scopes_.end(), [&](const Scope& s) {
            return s.domain == scope.domain && s.exact == scope.exact;
        });
        if (!known) {
            scopes_.push_back(scope);
        }
    }
}

std::vector<std::string> Site::names() const
{
    std::vector<std::string> names;
    for (const Scope& scope : scopes_) {
        names.push_back(scope.domain);
    }
    return names;
}

bool Site::owns_host(std::string_view host) const
{
    host = bare(host);
    for (const Scope& scope : scopes_) {
        const std::string_view domain = scope.domain;
        if (host.size() < domain.size() || !equal_ignoring_case(host.substr(host.size() - domain.size()), domain)) {
            continue;
        }
        if (host.size() == domain.size() ||
            (!scope.exact && host[host.size() - domain.size() - 1] == '.' && host.size() > domain.size() + 1)) {
            return true;
        }
    }
    return false;
}

bool Site::owns_url(std::string_view url) const
{
    for (const std::string_view wrapper : {"blob:", "filesystem:"}) {
        if (url.starts_with(wrapper)) {
            url.remove_prefix(wrapper.size());
        }
    }
    const std::size_t colon = url.find("://");
    return colon != std::string_view::npos && is_web_scheme(url.substr(0, colon)) && owns_host(host_of(url));
}

bool Site::owns_partition(std::string_view top_level_site) const
{
    const std::size_t colon = top_level_site.find("://");
    if (colon == std::string_view::npos || !is_web_scheme(top_level_site.substr(0, colon))) {
        return false;
    }
    const std::string_view host = bare(host_of(top_level_site));
    return std::any_of(scopes_.begin(), scopes_.end(),
                       [&](const Scope& scope) { return scope.whole_site && equal_ignoring_case(host, scope.domain); });
}

void Site::know(std::string_view host_or_url)
{
    constexpr std::size_t longest_name = 253;
    const bool is_url = host_or_url.find("://") != std::string_view::npos;
    std::string name = lower(bare(is_url ? host_of(host_or_url) : host_or_url));
    while (name.size() <= longest_name && owns_host(name)) {
        known_.insert(name);
        name.erase(0, std::min(name.find('.'), name.size() - 1) + 1);
    }
}

std::set<std::string> Site::known_hosts() const
{
    Site knowing = *this;
    knowing.know(target_.host);
    for (const Scope& scope : scopes_) {
        knowing.know(scope.domain);
        if (!is_ip(scope.domain)) {
            knowing.know("www." + scope.domain);
        }
    }
    return knowing.known_;
}

std::string registrable_domain(std::string_view host)
{
    const std::string name(host);
    const char* domain = registrable_part(name);
    return domain == nullptr ? name : domain;
}

}  // namespace unstick
