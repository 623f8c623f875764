#pragma once
// Other programs of this computer: how Programs runs them. Implemented in posix/subprocess.cpp
// and windows/subprocess.cpp.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "platform/programs.h"

namespace unstick {

constexpr std::size_t longest_output = 16U << 20U;  ///< of each member of Ran

/// As Programs::run_program.
Result<Ran> run_program(const std::vector<std::string>& command, const std::string& input,
                        std::chrono::milliseconds patience);

/// As Programs::start_program.
Result<void> start_program(const std::vector<std::string>& command);

/// As Programs::start_piped. On Windows, which has no descriptors 3 and 4, the program gets one more argument that
/// names the handles of its two pipes, as Chromium takes it: --remote-debugging-io-pipes=READ,WRITE.
Result<std::unique_ptr<PipedProgram>> start_piped(const std::vector<std::string>& command,
                                                  const std::vector<std::string>& variables);

}  // namespace unstick
