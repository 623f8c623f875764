#pragma once
// The log that this system keeps for all programs (--log-to): a line a run, for who watches many computers. Implemented
// in linux/, macos/ and windows/system_log.cpp.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace unstick {

class SystemLog {
public:
    enum class Kind {
        journal,   ///< systemd's, by its native protocol: https://systemd.io/JOURNAL_NATIVE_PROTOCOL/
        syslog,    ///< POSIX syslog(3), facility "user"
        eventlog,  ///< the Application log of Windows, source "unstick"
    };
    /// A name in small letters, digits and "_"; a value of one line.
    struct Fact {
        std::string name;
        std::string value;
    };

    /// Errors: unsupported: this system has no such log; not_found: nobody takes its messages.
    static Result<SystemLog> open(Kind kind);

    /// One entry: what `line_of` says, and in the journal each fact as a field UNSTICK_NAME. A fault is a warning
    /// there, all else information. Errors: io.
    Result<void> write(bool is_fault, const std::vector<Fact>& facts) const;

private:
    explicit SystemLog(Kind kind) : kind_(kind) {}
    Kind kind_;
};

/// "command=fix site=example.com exit_code=0"; facts without a value are left out.
std::string line_of(const std::vector<SystemLog::Fact>& facts);

/// "journal".
std::string_view name_of(SystemLog::Kind kind);

}  // namespace unstick
