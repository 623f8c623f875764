// Sign-in tokens in stored values.

#include "web/jwt.h"

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

namespace {

void check_time(const std::optional<std::int64_t>& time)
{
    constexpr std::int64_t year_2001 = 1'000'000'000;
    constexpr std::int64_t year_5138 = 100'000'000'000;
    check(!time || (*time >= year_2001 && *time <= year_5138), "a time is of our days");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const TokenTimes times = token_times(fuzz::text_of(data, size));
    check_time(times.expires);
    check_time(times.valid_from);
    return 0;
}
