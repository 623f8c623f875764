#pragma once
// This computer. Which .cpp implements it is chosen in platform/CMakeLists.txt.

#include <filesystem>
#include <memory>

#include "platform/host.h"

namespace unstick {

std::unique_ptr<Host> this_host();

// Each of these is an absolute path, or empty where no home folder is known.

/// Where runs are kept: $XDG_STATE_HOME/unstick or ~/.local/state/unstick on Linux, ~/Library/Application
/// Support/unstick on macOS, %LOCALAPPDATA%\unstick on Windows.
std::filesystem::path state_folder();

/// The same for the owner of this home folder.
std::filesystem::path state_folder_below(const std::filesystem::path& home);

/// The configuration file: $XDG_CONFIG_HOME/unstick/config on Linux, `config` beside the runs on macOS,
/// %APPDATA%\unstick\config on Windows.
std::filesystem::path config_file();

/// As Network::can_ask.
Result<void> find_http_client();

/// libcurl (common/http_client.cpp).
std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options);

}  // namespace unstick
