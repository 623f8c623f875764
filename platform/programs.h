#pragma once
// Other programs of this computer: how a Host runs them. Implemented in posix_programs.cpp and
// windows_programs.cpp.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "../src/host.h"

namespace unstick {

constexpr std::size_t longest_output = 16U << 20U;  ///< of each member of Ran

/// As Host::run_program.
Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                        std::chrono::milliseconds patience);

/// As Host::start_program.
Result<void> start_program(const std::vector<std::string>& command);

/// As Host::start_piped. On Windows, which has no descriptors 3 and 4, the program gets one more argument that names
/// the handles of its two pipes, as Chromium takes it: --remote-debugging-io-pipes=READ,WRITE.
Result<std::unique_ptr<PipedProgram>> start_piped(const std::vector<std::string>& command,
                                                  const std::vector<std::string>& variables);

}  // namespace unstick
