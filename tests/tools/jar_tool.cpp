// Safari's cookie jar by our own reader and writer, for tests/tools/check_jars.py and tests/browser/webkit_test.mjs:
//   jar_tool take FROM TO DOMAIN   writes the jar FROM without the records of DOMAIN to TO
//   jar_tool make TO               writes a jar of the records on standard input, one after the other

#include <cstring>
#include <iostream>
#include <iterator>
#include <string_view>

#include "containers/binary_cookies_file.h"

using namespace unstick;

namespace {

int report(const Error& error)
{
    std::cerr << error.where << ": " << error.what << '\n';
    return 1;
}

int write(const char* file, const binary_cookies::Jar& jar)
{
    const auto written = jars::write(file, jar);
    return written ? 0 : report(written.error());
}

int take(const char* from, const char* to, std::string_view domain)
{
    auto jar = jars::read(from);
    if (!jar) {
        return report(jar.error());
    }
    binary_cookies::take(*jar, [&](const auto& record) { return record.cookie.domain == domain; });
    return write(to, *jar);
}

int make(const char* to)
{
    const std::string all(std::istreambuf_iterator<char>(std::cin), {});
    binary_cookies::Jar jar;
    jar.trailer = std::string("\x07\x17\x20\x05\0\0\0\x08", 8) + "bplist00";
    for (std::size_t at = 0; at + sizeof(std::uint32_t) <= all.size();) {
        std::uint32_t size = 0;
        std::memcpy(&size, all.data() + at, sizeof(size));
        auto record = binary_cookies::parse_record(std::string_view(all).substr(at, size));
        if (!record) {
            return report(record.error());
        }
        put(jar, std::move(*record));
        at += size;
    }
    return write(to, jar);
}

}  // namespace

int main(int count, char** arguments)
{
    const std::string_view command = count > 1 ? arguments[1] : "";
    if (command == "take" && count == 5) {
        return take(arguments[2], arguments[3], arguments[4]);
    }
    if (command == "make" && count == 3) {
        return make(arguments[2]);
    }
    std::cerr << "jar_tool take FROM TO DOMAIN | make TO\n";
    return 2;
}
