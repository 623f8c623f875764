#pragma once
// Of most of what a browser keeps, one look at its text tells that it is not the site's.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "web/site.h"

namespace unstick {

/// Looks for the site's names in texts, whatever their case: a text in which none is found can be no URL or key of the
/// site, unless it writes names in another way. It is told by every tenth character or so (Horspool).
class NameSearch {
public:
    explicit NameSearch(const Site& site);

    /// Whatever the text for a site that owns everything.
    bool is_in(std::string_view text) const;

private:
    struct Name {
        std::string text;
        std::array<std::uint8_t, 256> steps{};  ///< how far on the name may be, by the character at its end; 0: here
        std::uint8_t after_last = 1;            ///< the same behind a last character of the name, if that was not it

        explicit Name(std::string name);
        bool is_in(std::string_view where) const;
    };

    bool everything_;
    std::vector<Name> names_;
};

}  // namespace unstick
