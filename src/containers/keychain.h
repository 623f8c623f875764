#pragma once
// Internet passwords in a keychain file of macOS, by way of the system's own tool, /usr/bin/security: docs/
// formats-safari.md, "Keychain". Nothing here ever asks for a password but read_password().

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/machine.h"
#include "platform/programs.h"

namespace unstick::keychain {

/// An internet password without the password: its attributes as the tool prints them, a line each.
class Entry {
public:
    explicit Entry(std::string lines) : lines_(std::move(lines)) {}

    const std::string& lines() const { return lines_; }
    /// The value of an attribute, by its four letters ("srvr", "acct"; the label has none: "0x00000007"); std::nullopt
    /// if it is not there or NULL. Numbers are four bytes.
    std::optional<std::string> value(std::string_view attribute) const;
    /// 0 if none is said.
    std::uint16_t port() const;
    /// The attributes that make it another entry than all others: account, realm, server, protocol, kind, port, path.
    std::string primary_key() const;

private:
    std::string lines_;
};

/// The internet passwords in what `security dump-keychain` printed; all else is skipped.
std::vector<Entry> parse(std::string_view dump);

/// All internet passwords of a keychain. It need not be unlocked. Errors: not_found (this computer has no keychains),
/// denied, io.
Result<std::vector<Entry>> list(Programs& programs, const fs::path& keychain);

/// An entry's password; macOS asks the user whether we may. Errors: denied (the user, or nobody there to ask), changed
/// (the entry is not there), unsupported (the tool takes another one for it), io.
Result<std::string> read_password(Programs& programs, const fs::path& keychain, const Entry& entry);

/// Removes an entry. Errors: as read_password.
Result<void> remove(Programs& programs, const fs::path& keychain, const Entry& entry);

/// The line for `security -i` that makes the entry anew; no program is trusted with it: macOS asks when one wants to
/// use it. Error: unsupported if the tool could not be told.
Result<std::string> line_to_add(const fs::path& keychain, const Entry& entry, const std::string& password);

/// Gives the tool a line of line_to_add: on its input, for everybody can see arguments. Errors: exists, denied, io.
Result<void> add(Programs& programs, const fs::path& keychain, const std::string& line);

}  // namespace unstick::keychain
