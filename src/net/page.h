#pragma once
// What a browser showed at the end of a visit: numbers, and what people are shown on their own terminal.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace unstick {

/// Characters: a message or a spinner has fewer, and hardly any page with content.
inline constexpr std::size_t little_text = 200;

/// A request of a page, besides the page itself, that failed or was refused.
struct FailedRequest {
    std::string url;   ///< without its query
    std::string what;  ///< "401", "net::ERR_BLOCKED_BY_CLIENT", "CORS"
};

struct PageSeen {
    std::size_t text = 0;                           ///< characters of visible text, white space not counted twice
    std::uint32_t fingerprint = 0;                  ///< of this text without its digits: to compare, never to be shown
    bool password = false;                          ///< a field for a password is visible
    bool sign_out = false;                          ///< a link, button or form to sign out is there
    std::size_t loads = 0;                          ///< pages that were loaded on the way, redirects not counted
    std::size_t exceptions = 0;                     ///< that no script of the page caught
    std::vector<std::string> exception_names = {};  ///< "TypeError", each once; never a message: it may hold anything
    std::vector<FailedRequest> failed = {};         ///< of the hosts on the way; the icon does not count

    // For a terminal only: never written into a report or a log.
    std::string title = {};
    std::string first_line = {};
};

/// What a visit tells of causes, whatever it ended with, a circle too: for rules.
struct VisitSigns {
    /// A script asked a database of its own for what is not in it, or for an older one: an exception of IndexedDB.
    bool misfit_database = false;
    std::vector<FailedRequest> refused = {};  ///< parts of pages that were answered 400 or 401, of any host; each once
    /// Hosts of other sites that frames or parts of the page ask, and whose cookies the browser's settings kept from
    /// these requests, if that may be why it came to nothing: they failed, or frames of them are there and pages go in
    /// circles.
    std::vector<std::string> without_cookies = {};
};

}  // namespace unstick
