#pragma once
// The time of the running computer.

#include <chrono>
#include <cstdint>

namespace unstick {

class Clock {
public:
    virtual ~Clock() = default;

    virtual std::int64_t now() const = 0;  ///< Unix seconds
    virtual void sleep(std::chrono::milliseconds time) = 0;
};

}  // namespace unstick
