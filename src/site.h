#pragma once
// Site: the only place that decides what belongs to the site being fixed.

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "result.h"
#include "url.h"

namespace unstick {

/// The scope of a run (whose data is removed) and its target (which URL is re-tested).
///
/// The scope is one registrable domain by the public suffix list (private section included) with all
/// its hosts, schemes and ports; or one exact host (`only_host`); plus the scopes added with `add`.
/// A host without a registrable domain (IP address, `localhost`, a single label) is its own scope.
/// Names are compared by whole labels, never as substrings.
class Site {
public:
    /// `argument` is what a user types: `example.com`, `https://app.example.com/login?x=1`,
    /// `localhost:8080`, `bücher.example`, `[::1]:8443`. Without a scheme the target is https.
    /// Errors (Code::usage): bare public suffix, bad host, other schemes, control characters, too long.
    static Result<Site> parse(std::string_view argument);

    /// A scope that owns nothing.
    Site() = default;

    /// The same target, but the scope is this exact host and not the whole registrable domain.
    Site only_host() const;

    /// Adds another site's scope (`--also`); the target stays.
    void add(const Site& other);

    /// Name of the scope as shown to people and in JSON: "example.com".
    const std::string& name() const { return name_; }
    /// All scopes, this one first.
    std::vector<std::string> names() const;
    const Url& target() const { return target_; }
    /// Re-tests another URL; the scope stays.
    void set_target(Url target) { target_ = std::move(target); }

    /// Does this host belong to the scope? Accepts a leading dot (domain cookies), any case and IPv6
    /// brackets. Safe for any bytes; anything that is not a host is not owned.
    bool owns_host(std::string_view host) const;

    /// Does the origin or URL (as a browser wrote it, any of the web's schemes) belong to the scope?
    /// `chrome-extension:`, `file:`, `data:` and the like never do.
    bool owns_url(std::string_view url) const;

    /// Is this the scope's site as a partition key names it (`https://example.com`, the schemeful site
    /// without sub-domain or port)? False for a single-host scope: a partition always spans the whole site.
    bool owns_partition(std::string_view top_level_site) const;

    /// Remembers a host name that was met in a profile (as in Item::host, or in a URL), and the names above it. What
    /// does not belong to the scope is ignored.
    void know(std::string_view host_or_url);

    /// Lower-case host names to ask stores for that keep only hashes of names: those of the scope, with `www.` too, the
    /// target's, and all that were met.
    std::set<std::string> known_hosts() const;

private:
    struct Scope {
        std::string domain;
        bool exact = false;      // an exact host: no sub-domains
        bool whole_site = true;  // partitions belong to it
    };
    std::vector<Scope> scopes_;
    std::string name_;
    Url target_;
    std::set<std::string> known_;
};

/// The registrable domain of a canonical host by the public suffix list; the host itself where it has
/// none (IP address, single label, public suffix). Used for naming the hops of a redirect chain.
std::string registrable_domain(std::string_view host);

}  // namespace unstick
