// Takes all cookies of one domain string out of a Safari jar, for tests/tools/check_jars.py:
//   jar_tool FROM TO DOMAIN      writes the jar FROM without the records of DOMAIN to TO

#include <iostream>

#include "../../src/media/jars.h"

using namespace unstick;

int main(int count, char** arguments)
{
    if (count != 4) {
        std::cerr << "jar_tool FROM TO DOMAIN\n";
        return 2;
    }
    auto jar = jars::read(arguments[1]);
    if (!jar) {
        std::cerr << jar.error().where << ": " << jar.error().what << '\n';
        return 1;
    }
    binary_cookies::take(*jar, [&](const auto& record) { return record.cookie.domain == arguments[3]; });
    if (const auto written = jars::write(arguments[2], *jar); !written) {
        std::cerr << written.error().where << ": " << written.error().what << '\n';
        return 1;
    }
    return 0;
}
