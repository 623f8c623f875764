// Safari's cookie jar: parse, take out, write, put back.

#include "containers/binary_cookies.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"
#include "web/site.h"

using namespace unstick;
using fuzz::check;
using namespace binary_cookies;

namespace {

std::vector<std::string> records_of(const Jar& jar)
{
    std::vector<std::string> records;
    for (const Page& page : jar.pages) {
        for (const Record& record : page) {
            records.push_back(record.bytes);
        }
    }
    return records;
}

bool is_ours(const Record& record)
{
    static const Site site = Site::parse("stuck.test").value();
    return site.owns_host(record.cookie.domain);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view file = fuzz::text_of(data, size);
    if (const auto record = parse_record(file)) {
        check(record->bytes == file, "a record is its bytes");
        check(extra_of(*record).size() == record->cookie.extra_length, "what follows the texts is the record's end");
        check(record->cookie.value_length < size, "a value is a part of its record");
    }
    auto jar = parse(file);
    if (!jar) {
        return 0;
    }
    check(write(*jar) == file, "a jar that was not changed is written as it was read");
    auto before = records_of(*jar);
    const auto taken = take(*jar, is_ours);
    const auto kept = records_of(*jar);
    check(kept.size() + taken.size() == before.size(), "each record is taken or kept");
    const auto again = parse(write(*jar));
    check(again && records_of(*again) == kept, "what was kept is written as it was");
    check(again->trailer == jar->trailer, "what follows the pages stays");
    for (const Page& page : again->pages) {
        check(std::none_of(page.begin(), page.end(), is_ours), "what was taken is gone");
    }
    for (const Record& record : taken) {
        put(*jar, record);
        check(holds(*jar, record), "what was put back is there");
    }
    const auto whole = parse(write(*jar));
    check(whole.has_value(), "a jar with what was put back is a jar");
    auto after = records_of(*whole);
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    check(before == after, "taking and putting back changes no record");
    return 0;
}
