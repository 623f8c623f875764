// What /usr/bin/security prints of a keychain. Names and realms in it come from websites.

#include "containers/keychain.h"
#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    for (const keychain::Entry& entry : keychain::parse(fuzz::text_of(data, size))) {
        check(!entry.lines().empty(), "an entry has attributes");
        const keychain::Entry again(entry.primary_key());
        check(again.primary_key() == entry.primary_key(), "a primary key is one");
        check(again.value("srvr") == entry.value("srvr") && again.port() == entry.port(),
              "a primary key has its parts");
        if (const auto line = keychain::line_to_add("/a \"keychain\"", entry, "p\nw")) {
            check(line->find('\n') == line->size() - 1, "a command is one line");
            check(line->find("p\nw") == line->npos, "a password is digits");
        }
    }
    return 0;
}
