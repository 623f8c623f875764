#pragma once
// The one way from JSON text to a document (the test `layering` knows no other): texts come from profiles, sites, pages
// and other people's processes, and the library by itself takes any depth and any number of values.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace unstick {

struct JsonLimits {
    /// No browser's own parser takes more (Chromium's limit is 200), and functions of the JSON library call themselves
    /// once for each level.
    std::size_t depth = 200;
    /// Of text and document together, by an estimate that is rather too high. Preferences of real profiles are mostly
    /// below 1 MB, and take four times their size.
    std::uint64_t bytes = 44U << 20U;
    /// In one array: to take a document apart again, the library needs three times the memory of its longest.
    std::uint64_t elements = 200'000;
    /// Ordered objects look through all their members for each new name: the sum of these looks is the time that
    /// parsing takes. Enough for 30000 members in one object, or for a million in objects of a thousand.
    std::uint64_t looks = 500'000'000;
};

/// Can the JSON library read this text within the limits? Looks at brackets, commas and strings only; says nothing on
/// whether the text is JSON.
bool is_within(std::string_view text, const JsonLimits& limits);

/// A text as a document: nlohmann::json or nlohmann::ordered_json, whose header the caller includes. `where` is for
/// errors: corrupt if it is not JSON in UTF-8, unsupported if it is beyond the limits.
template <class Json>
Result<Json> parse_json(std::string_view text, std::string where = "JSON", const JsonLimits& limits = {})
{
    if (!is_within(text, limits)) {
        return fail(Code::unsupported, std::move(where), "it is nested deeper or has more members than any real one");
    }
    Json document = Json::parse(text, nullptr, false);
    if (document.is_discarded()) {
        return fail(Code::corrupt, std::move(where), "it is not valid JSON");
    }
    return Result<Json>(std::move(document));  // by `return document` some compilers copy it
}

/// The same where a text that cannot be read is as good as none: what is no object, no array and nothing else.
template <class Json>
Json json_or_discarded(std::string_view text, const JsonLimits& limits = {})
{
    return parse_json<Json>(text, {}, limits).value_or(Json(Json::value_t::discarded));
}

}  // namespace unstick
