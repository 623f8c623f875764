#include "web/site.h"

#include <fmt/format.h>
#include <libpsl.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "platform/ip.h"
#include "web/cookie_match.h"

namespace unstick {

namespace {

/// The public suffix list that libpsl carries or the system keeps, whichever is newer; loaded once.
const psl_ctx_t* suffixes()
{
    static psl_ctx_t* const list = psl_latest(nullptr);
    return list;
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
    host = cookie_domain(host);
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

/// http for http and ws, https for https and wss: what is not the same is another origin.
std::string_view secured(std::string_view scheme)
{
    return equal_ignoring_case(scheme, "https") || equal_ignoring_case(scheme, "wss") ? "https" : "http";
}

/// Is a port written at the end of what stands before the path?
bool says_port(std::string_view argument)
{
    const auto parts = split_url(argument);
    const std::string_view authority = parts ? parts->authority : argument.substr(0, argument.find_first_of("/?#"));
    const std::size_t last = authority.find_last_not_of("0123456789");
    return last != authority.npos && authority[last] == ':' && last + 1 < authority.size();
}

bool is_single_label(std::string_view host)
{
    return host.find('.') == host.npos;
}

}  // namespace

Result<Site> Site::parse(std::string_view argument, BareLabel bare_label)
{
    if (argument.empty()) {
        return fail(Code::usage, "SITE", "no site was given", "for example: unstick example.com");
    }
    // "localhost:8080" and "example.com/path" have no scheme; "javascript:alert(1)" has one.
    const std::size_t colon = argument.find(':');
    const bool has_scheme = split_url(argument).has_value();
    const bool has_port = colon != std::string_view::npos && colon + 1 < argument.size() &&
                          argument[colon + 1] >= '0' && argument[colon + 1] <= '9';
    if (!has_scheme && colon != std::string_view::npos && !has_port && !argument.starts_with('[')) {
        return fail(Code::usage, printable(argument.substr(0, 80)), "this is not the address of a web site",
                    "give a site's name (example.com) or an https:// address");
    }
    TRY_ASSIGN(auto url, parse_url(has_scheme ? std::string(argument) : "https://" + std::string(argument)));
    Site site;
    site.target_ = std::move(url);
    site.has_scheme_ = has_scheme;
    const std::string& host = site.target_.host;
    const char* domain = registrable_part(host);
    const bool names_port = says_port(argument);
    site.has_port_ = names_port;
    const bool is_suffix = domain == nullptr && !is_ip(host) && is_listed_suffix(host);
    site.in_doubt_ = is_suffix && is_single_label(host) && !has_scheme && !names_port;
    if (is_suffix && (!is_single_label(host) || (site.in_doubt_ && bare_label == BareLabel::refused))) {
        return tl::unexpected<Error>(site.refusal());
    }
    Scope scope{.domain = domain == nullptr ? host : domain, .exact = domain == nullptr};
    scope.registrable = domain != nullptr;
    if (domain == nullptr && names_port) {
        scope.port = site.target_.port_number();
        scope.scheme = has_scheme ? site.target_.scheme : "";
    }
    site.name_ = scope.argument();
    site.scopes_.push_back(std::move(scope));
    return site;
}

Error Site::refusal() const
{
    const std::string& host = target_.host;
    return {Code::usage, host, "this is a public suffix, under which many unrelated sites live",
            "give the site's own name, like example." + host +
                (is_single_label(host) ? "; if a computer of your network has this name, say http://" + host + "/"
                                       : std::string())};
}

Site Site::only_host() const
{
    Site site = *this;
    Scope& scope = site.scopes_.front();
    if (scope.domain != target_.host) {
        scope = {.domain = target_.host};
    }
    scope.exact = true;
    scope.registrable = registrable_part(target_.host) != nullptr;
    scope.whole_site = !scope.registrable;
    site.name_ = scope.argument();
    return site;
}

void Site::add(const Site& other)
{
    for (const Scope& scope : other.scopes_) {
        const bool known = std::any_of(scopes_.begin(), scopes_.end(), [&](const Scope& s) {
            return s.domain == scope.domain && s.exact == scope.exact && s.argument() == scope.argument();
        });
        if (!known) {
            scopes_.push_back(scope);
        }
    }
}

Result<Site> Site::with_subdomains() const
{
    Site site = *this;
    for (Scope& scope : site.scopes_) {
        if (scope.registrable || is_ip(scope.domain)) {
            continue;
        }
        if (is_listed_suffix(scope.domain)) {
            return fail(Code::usage, scope.domain, "this is a public suffix, under which many unrelated sites live",
                        "leave out --subdomains, or name a host below it");
        }
        scope.exact = false;
    }
    return site;
}

Site Site::all_ports() const
{
    Site site = *this;
    for (Scope& scope : site.scopes_) {
        scope.port = 0;
        scope.scheme.clear();
    }
    if (!site.scopes_.empty()) {
        site.name_ = site.scopes_.front().argument();
    }
    return site;
}

bool Site::is_of_one_port() const
{
    return std::any_of(scopes_.begin(), scopes_.end(), [](const Scope& scope) { return scope.is_one_port(); });
}

Site Site::own_ports_only() const
{
    Site site = *this;
    site.shared_by_ports_ = false;
    site.known_.clear();  // where hosts are named by hashes, no port is
    return site;
}

Site Site::of_target_by(std::string_view scheme) const
{
    Site site = only_host();
    site.scopes_ = {{.domain = target_.host, .exact = true, .whole_site = false, .scheme = std::string(scheme)}};
    return site.own_ports_only();
}

void Site::set_target(const Site& other)
{
    target_ = other.target_;
    has_scheme_ = other.has_scheme_;
    has_port_ = other.has_port_;
}

Url Site::plain_target() const
{
    Url plain = target_;
    plain.scheme = "http";
    const std::uint16_t given = has_port_ ? target_.port_number() : std::uint16_t{0};
    plain.port = 0;
    plain.port = given == plain.port_number() ? std::uint16_t{0} : given;
    return plain;
}

Site Site::everything()
{
    Site site;
    site.everything_ = true;
    return site;
}

Site Site::of_hosts(const std::vector<std::string>& hosts)
{
    Site site;
    for (const std::string& host : hosts) {
        site.scopes_.push_back({.domain = host, .exact = true, .whole_site = false});
    }
    return site;
}

std::vector<std::string> Site::names() const
{
    std::vector<std::string> names;
    for (const Scope& scope : scopes_) {
        names.push_back(scope.domain);
    }
    return names;
}

std::vector<std::string> Site::arguments() const
{
    std::vector<std::string> arguments;
    for (const Scope& scope : scopes_) {
        const bool is_bare_ip6 = scope.port == 0 && scope.domain.find(':') != scope.domain.npos;
        arguments.push_back(is_bare_ip6 ? "[" + scope.domain + "]" : scope.argument());
    }
    return arguments;
}

bool Site::Scope::has_host(std::string_view host) const
{
    const std::string_view name = domain;
    if (host.size() < name.size() || !equal_ignoring_case(host.substr(host.size() - name.size()), name)) {
        return false;
    }
    return host.size() == name.size() ||
           (!exact && host[host.size() - name.size() - 1] == '.' && host.size() > name.size() + 1);
}

/// Does the origin in `url`, whose host is this scope's, have the scope's scheme and port?
bool Site::Scope::has_authority(std::string_view url_scheme, std::string_view url) const
{
    return (scheme.empty() || secured(url_scheme) == scheme) && (port == 0 || port_of(url) == port);
}

std::string Site::Scope::argument() const
{
    if (port == 0) {
        return domain;
    }
    const bool is_ip6 = domain.find(':') != domain.npos;
    return fmt::format("{}{}{}{}{}:{}", scheme, scheme.empty() ? "" : "://", is_ip6 ? "[" : "", domain,
                       is_ip6 ? "]" : "", port);
}

bool Site::owns_host(std::string_view host) const
{
    host = bare(host);
    return (everything_ && !host.empty()) || std::any_of(scopes_.begin(), scopes_.end(), [&](const Scope& scope) {
               return (shared_by_ports_ || !scope.is_one_port()) && scope.has_host(host);
           });
}

bool Site::owns_url(std::string_view url) const
{
    for (const std::string_view wrapper : {"blob:", "filesystem:"}) {
        if (url.starts_with(wrapper)) {
            url.remove_prefix(wrapper.size());
        }
    }
    const auto parts = split_url(url);
    if (!parts || !is_web_scheme(parts->scheme)) {
        return false;
    }
    const std::string_view host = bare(host_of(url));
    return (everything_ && !host.empty()) || std::any_of(scopes_.begin(), scopes_.end(), [&](const Scope& scope) {
               return scope.has_host(host) && (!scope.is_one_port() || scope.has_authority(parts->scheme, url));
           });
}

bool Site::owns_partition(std::string_view top_level_site) const
{
    const auto parts = split_url(top_level_site);
    if (!parts || !is_web_scheme(parts->scheme)) {
        return false;
    }
    const std::string_view host = bare(host_of(top_level_site));
    return (everything_ && !host.empty()) || std::any_of(scopes_.begin(), scopes_.end(), [&](const Scope& scope) {
               // Below a name without a registrable domain there are sites of their own.
               const bool is_it = scope.registrable ? equal_ignoring_case(host, scope.domain) : scope.has_host(host);
               return scope.whole_site && !scope.is_one_port() && is_it;
           });
}

void Site::know(std::string_view host_or_url)
{
    constexpr std::size_t longest_name = 253;
    std::string name = lower(bare(split_url(host_or_url) ? host_of(host_or_url) : host_or_url));
    // Where one is known, so are those above it.
    while (name.size() <= longest_name && !known_.contains(name) && owns_host(name)) {
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

bool is_private_name(std::string_view host)
{
    // RFC 6761, 6762 and 8375, ICANN's resolution on .internal; .lan and .corp are not given out either.
    constexpr std::array<std::string_view, 9> kept{".local", ".internal", ".home.arpa", ".test",    ".localhost",
                                                   ".lan",   ".corp",     ".home",      ".intranet"};
    return is_single_label(host) || is_ip(std::string(host)) ||
           std::any_of(kept.begin(), kept.end(), [&](std::string_view suffix) { return host.ends_with(suffix); });
}

}  // namespace unstick
