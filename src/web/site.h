#pragma once
// Site: the only place that decides what belongs to the site being fixed.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "web/url.h"

namespace unstick {

/// The scope of a run (whose data is removed) and its target (which URL is re-tested).
///
/// The scope is one registrable domain by the public suffix list (private section included) with all
/// its hosts, schemes and ports; or one exact host (`only_host`); plus the scopes added with `add`.
/// A host without a registrable domain (IP address, `localhost`, a single label) is that host alone. If it was
/// given with a port, the scope is its origin, and what the host has for all its ports alike (is_of_one_port).
/// Names are compared by whole labels, never as substrings.
class Site {
public:
    /// What becomes of a single label that is a public suffix elsewhere (`wiki`, `cloud`), without scheme or port.
    enum class BareLabel {
        refused,
        if_stored,  ///< is_in_doubt then says that it has to be looked for
    };

    /// `argument` is what a user types: `example.com`, `https://app.example.com/login?x=1`,
    /// `localhost:8080`, `bücher.example`, `[::1]:8443`. Without a scheme the target is https.
    /// Errors (Code::usage): bare public suffix, bad host, other schemes, control characters, too long.
    static Result<Site> parse(std::string_view argument, BareLabel bare_label = BareLabel::refused);

    /// Is it a bare label that is a public suffix elsewhere: this host only if a profile has something of it?
    bool is_in_doubt() const { return in_doubt_; }
    /// What to say if no profile has.
    Error refusal() const;

    /// A scope that owns nothing.
    Site() = default;
    bool owns_nothing() const { return scopes_.empty() && !everything_; }
    /// A scope that owns all of the web, to ask for what there is. It has no name and no target.
    static Site everything();
    bool owns_everything() const { return everything_; }

    /// The same target, but the scope is this exact host and not the whole registrable domain.
    Site only_host() const;

    /// Adds another site's scope (`--also`); the target stays.
    void add(const Site& other);

    /// The same, but hosts without a registrable domain bring all names below them along (`--subdomains`).
    /// Errors (Code::usage): such a name is a public suffix, below which there are other people's sites.
    Result<Site> with_subdomains() const;

    /// The same scopes with all ports of their hosts (`--all-ports`).
    Site all_ports() const;
    /// Is a scope one origin: a host without a registrable domain that was given with a port? Of what such a host has,
    /// some says no port (cookies, orders to use HTTPS, zoom) and is there for all of them: owned, unless
    /// `own_ports_only`. What other sites keep under it (partitions, which know no port either) is not.
    bool is_of_one_port() const;
    /// The same without what the other ports share.
    Site own_ports_only() const;
    /// All that the host of the target has by this scheme, and says so: nothing that knows neither scheme nor port.
    Site of_target_by(std::string_view scheme) const;
    /// Was the target given with its scheme?
    bool has_scheme() const { return has_scheme_; }
    /// The target by http: at the same port if one was given, else at http's own.
    Url plain_target() const;
    /// A scope of these exact hosts and nothing that is partitioned under them, to ask for what is known of them.
    static Site of_hosts(const std::vector<std::string>& hosts);

    /// Name of the scope as shown to people and in JSON: "example.com", "localhost:8080", "::1".
    const std::string& name() const { return name_; }
    /// The host names of all scopes, this one first.
    std::vector<std::string> names() const;
    /// The same as `parse` understands them.
    std::vector<std::string> arguments() const;
    const Url& target() const { return target_; }
    /// Re-tests another URL; the scope stays.
    void set_target(const Site& other);

    /// Does this host belong to the scope? Accepts a leading dot (domain cookies), any case and IPv6
    /// brackets. Safe for any bytes; anything that is not a host is not owned.
    bool owns_host(std::string_view host) const;

    /// Does the origin or URL (as a browser wrote it, any of the web's schemes) belong to the scope?
    /// `chrome-extension:`, `file:`, `data:` and the like never do.
    bool owns_url(std::string_view url) const;

    /// Is this the scope's site as a partition key names it (`https://example.com`, the schemeful site
    /// without sub-domain or port)? False for a scope of one host of a site, and of one port: a partition always spans
    /// the whole site.
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
        bool registrable = true;
        std::uint16_t port = 0;   // not 0: this port only
        std::string scheme = {};  // not empty: this scheme only

        bool is_one_port() const { return port != 0 || !scheme.empty(); }
        bool has_host(std::string_view host) const;
        bool has_authority(std::string_view url_scheme, std::string_view url) const;
        std::string argument() const;
    };
    std::vector<Scope> scopes_;
    bool shared_by_ports_ = true;  // what knows no port is owned by scopes of one port, too
    bool has_scheme_ = false;
    bool has_port_ = false;
    bool in_doubt_ = false;
    bool everything_ = false;
    std::string name_;
    Url target_;
    std::set<std::string> known_;
};

/// The registrable domain of a canonical host by the public suffix list; the host itself where it has
/// none (IP address, single label, public suffix). Used for naming the hops of a redirect chain.
std::string registrable_domain(std::string_view host);

/// Is this canonical host one that the public cannot have: an IP address, a single label, or below a name that is kept
/// for private networks (`.local`, `.internal`, `.home.arpa`) or tests? There http is as usual as https.
bool is_private_name(std::string_view host);

}  // namespace unstick
