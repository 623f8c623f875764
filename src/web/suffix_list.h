#pragma once
// Which public suffix list this program works with.

#include <filesystem>
#include <string>

namespace unstick {

namespace fs = std::filesystem;

struct SuffixList {
    std::string day;  ///< of the list's last change, UTC, "2023-02-09"; empty: libpsl does not say
    fs::path file;    ///< the system's list, newer than the one in libpsl; empty: the one in libpsl
};

/// The list that Site goes by: libpsl's own or the system's, whichever is newer (psl_latest, libpsl.h).
SuffixList suffix_list();

/// For people: "public suffix list of 2023-02-09 (/usr/share/publicsuffix/public_suffix_list.dafsa)".
std::string to_text(const SuffixList& list);

}  // namespace unstick
