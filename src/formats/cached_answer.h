#pragma once
// What the HTTP cache of Chromium knows about an answer, from the record that it keeps with it.
// Source: docs/formats-chromium.md, "Cached answers".

#include <string>
#include <string_view>

namespace unstick {

/// An address without what may be a secret of the user: fragment, user name and password are dropped, a query becomes
/// "?". Two addresses that both end in "?" may differ.
std::string bare_address(std::string_view url);

struct CachedAnswer {
    int status = 0;        ///< 0: not understood
    std::string location;  ///< as `bare_address`; relative ones as they are
};

/// `record` is the stream 0 of an entry: a pickled net::HttpResponseInfo, version 3. Never fails.
CachedAnswer read_cached_answer(std::string_view record);

}  // namespace unstick
