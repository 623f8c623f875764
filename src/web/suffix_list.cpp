#include "web/suffix_list.h"

#include <fmt/format.h>
#include <libpsl.h>

#include <cstdint>

#include "base/text.h"
#include "platform/files.h"

namespace unstick {

namespace {

constexpr std::size_t length_of_day = 10;  // of "2023-02-09T..."

std::string day_of(std::int64_t unix_seconds)
{
    return unix_seconds > 0 ? utc_of(unix_seconds).substr(0, length_of_day) : std::string();
}

}  // namespace

SuffixList suffix_list()
{
    constexpr std::int64_t nanoseconds = 1'000'000'000;
    const std::int64_t own = psl_builtin_file_time();  // -1: libpsl was built without a list
    const char* const name = psl_dist_filename();
    const fs::path file = name == nullptr ? "" : name;
    if (!file.empty()) {
        const auto info = files::info(file);
        if (info && info->modified_ns / nanoseconds > own) {
            return {.day = day_of(info->modified_ns / nanoseconds), .file = file};
        }
    }
    return {.day = day_of(own), .file = {}};
}

std::string to_text(const SuffixList& list)
{
    return fmt::format("public suffix list of {} ({})", list.day.empty() ? "an unknown day" : list.day,
                       list.file.empty() ? "in libpsl" : list.file.string());
}

}  // namespace unstick
