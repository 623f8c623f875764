#pragma once
// Other programs of this computer: how a Host runs them. Implemented in posix_programs.cpp.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "../src/host.h"

namespace unstick {

/// As Host::run_program.
Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                        std::chrono::milliseconds patience);

/// As Host::start_program.
Result<void> start_program(const std::vector<std::string>& command);

/// As Host::start_piped.
Result<std::unique_ptr<PipedProgram>> start_piped(const std::vector<std::string>& command,
                                                  const std::vector<std::string>& variables);

}  // namespace unstick
