// Loaded into a program (LD_PRELOAD), makes its file operations fail as two variables say: UNSTICK_FAULT, a name below,
// and UNSTICK_FAULT_AT, the operation. UNSTICK_FAULT_COUNT names a file in which the number of operations is left at
// the end.

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "fault_injection.h"

namespace unstick::testing {

namespace {

Fault named(std::string_view name)
{
    for (const auto& [fault, known] : {std::pair<Fault, std::string_view>(Fault::once, "once"),
                                       {Fault::disk_full, "disk_full"},
                                       {Fault::quota, "quota"},
                                       {Fault::read_only, "read_only"},
                                       {Fault::read, "read"},
                                       {Fault::kill, "kill"},
                                       {Fault::torn, "torn"}}) {
        if (name == known) {
            return fault;
        }
    }
    return Fault::none;
}

struct Preloaded {
    Preloaded()
    {
        const char* const name = std::getenv("UNSTICK_FAULT");
        const char* const at = std::getenv("UNSTICK_FAULT_AT");
        inject(named(name == nullptr ? "" : name), at == nullptr ? 1 << 30 : std::atoi(at));
    }
    ~Preloaded()
    {
        const int count = operations();
        inject(Fault::none, 0);
        if (const char* const file = std::getenv("UNSTICK_FAULT_COUNT"); file != nullptr) {
            if (std::FILE* const stream = std::fopen(file, "w"); stream != nullptr) {
                std::fprintf(stream, "%d\n", count);
                std::fclose(stream);
            }
        }
    }
};

const Preloaded preloaded;

}  // namespace

}  // namespace unstick::testing
