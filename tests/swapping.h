#pragma once
// Somebody who exchanges two names all the time, a folder and a link for example.

#include <atomic>
#include <filesystem>
#include <thread>

#include "../platform/system_calls.h"

namespace unstick::testing {

/// Swaps two names all the time, until it is destroyed.
class Swapping {
public:
    Swapping(const std::filesystem::path& a, const std::filesystem::path& b)
        : thread_([this, a, b] {
              while (!stop_) {
                  system_calls::swap_names(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str());
              }
          })
    {
    }
    ~Swapping()
    {
        stop_ = true;
        thread_.join();
    }
    Swapping(const Swapping&) = delete;
    Swapping& operator=(const Swapping&) = delete;

private:
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

}  // namespace unstick::testing
