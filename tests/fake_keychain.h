#pragma once
// A computer with /usr/bin/security and one keychain, which answers in the tool's own form (docs/formats-safari.md,
// "Keychain").

#include <vector>

#include "fake_host.h"

namespace unstick::testing {

/// An internet password. Attributes by their four letters; those that are left out are NULL.
struct Credential {
    std::map<std::string, std::string> attributes;
    std::string password;
};

/// A sign-in as a browser saves it: `kind` is "http", "form", "dflt" ...
Credential credential(const std::string& server, const std::string& account, const std::string& kind,
                      const std::string& protocol = "htps", const std::string& realm = "");

class FakeMac : public FakeHost {
public:
    std::vector<Credential> credentials;
    int refusal = 0;               ///< exit code with which passwords are refused; 0 = they are shown
    std::vector<std::string> fed;  ///< what programs got on their input

    Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                            std::chrono::milliseconds patience) override;

private:
    Ran obey(std::vector<std::string> words);
};

/// What the tool prints of an entry.
std::string printed(const Credential& credential, const std::string& keychain);

}  // namespace unstick::testing
