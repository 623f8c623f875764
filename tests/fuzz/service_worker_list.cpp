// The list of Firefox's service workers: read, written, one taken out and put back.

#include "containers/service_worker_list.h"

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;
namespace list = unstick::service_worker_list;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::text_of(data, size);
    auto read = list::parse(text);
    if (!read) {
        return 0;
    }
    check(read->version >= list::oldest_version && read->version <= list::newest_version, "a known version");
    check(list::write(*read) == text, "what was not changed is written as it was read");
    if (read->records.empty()) {
        return 0;
    }
    const list::Record first = read->records.front();
    const auto alone = list::parse(std::to_string(read->version) + "\n" + first.bytes);
    check(alone && alone->records.size() == 1 && alone->records.front().key() == first.key(),
          "a record is understood alone as it is among others");
    read->records.erase(read->records.begin());
    const auto rest = list::parse(list::write(*read));
    check(rest && rest->records.size() == read->records.size(), "without one the others stay");
    read->records.push_back(first);
    const auto whole = list::parse(list::write(*read));
    check(whole && whole->records.back().bytes == first.bytes, "what was put back is there");
    return 0;
}
