// Apart from testing.cpp, which fuzz targets use: they have no Catch2.

#include <cstdlib>

#include "testing.h"

namespace unstick::testing {

fs::path real_data()
{
    const char* folder = std::getenv("UNSTICK_REALDATA");
    if (folder == nullptr) {
        WARN("UNSTICK_REALDATA is not set: this test with real browser files did not run");
    }
    return folder == nullptr ? "" : folder;
}

}  // namespace unstick::testing
