// Loaded into a program (LD_PRELOAD), makes its file operations fail as two variables say: UNSTICK_FAULT, a name below,
// and UNSTICK_FAULT_AT, the operation. UNSTICK_FAULT_COUNT names a file in which the number of operations is left at
// the end; UNSTICK_OPEN_COUNT one for the number of files and folders that were opened.
// UNSTICK_NO_EXCHANGE=1: names cannot be exchanged, as on a network's file system. UNSTICK_FAULT_RENAME: only
// renames from a name with this end count.

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/fixtures/fault_injection.h"

namespace unstick::testing {

namespace {

Fault named(std::string_view name)
{
    for (const auto& [fault, known] : {std::pair<Fault, std::string_view>(Fault::once, "once"),
                                       {Fault::disk_full, "disk_full"},
                                       {Fault::quota, "quota"},
                                       {Fault::read_only, "read_only"},
                                       {Fault::sync, "sync"},
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
        refuse_rename_flags(std::getenv("UNSTICK_NO_EXCHANGE") != nullptr);
        if (const char* const end = std::getenv("UNSTICK_FAULT_RENAME"); end != nullptr) {
            count_only_renames_of(end);
        }
        inject(named(name == nullptr ? "" : name), at == nullptr ? 1 << 30 : std::atoi(at));
    }
    ~Preloaded()
    {
        const int count = operations();
        inject(Fault::none, 0);
        leave(std::getenv("UNSTICK_FAULT_COUNT"), count);
        leave(std::getenv("UNSTICK_OPEN_COUNT"), opened());
    }

    static void leave(const char* file, int count)
    {
        if (std::FILE* const stream = file == nullptr ? nullptr : std::fopen(file, "w"); stream != nullptr) {
            std::fprintf(stream, "%d\n", count);
            std::fclose(stream);
        }
    }
};

const Preloaded preloaded;

}  // namespace

}  // namespace unstick::testing
