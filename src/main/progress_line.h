#pragma once
// What is being done, on one line of a terminal that is drawn anew and gone at the end. Prints nothing itself.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/console.h"

namespace unstick {

/// "[####------] 2 of 5: looking into Chromium Default (3 s)", in less than `columns` columns, so that the
/// terminal does not go on to a second line. The seconds since the work began are left out below 2.
std::string progress_line(const Progress& now, std::chrono::seconds lasted, int columns);

/// Draws that line once the work has lasted over half a second, and again at every step and second. All functions may
/// be called from any thread.
class ProgressLine {
public:
    /// `write` sends bytes to the terminal; it is called from a thread of this object.
    ProgressLine(std::function<void(const std::string&)> write, int columns);
    /// Clears.
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(Progress now);
    /// Takes the line away, before something else is written; the next step starts the half second anew.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    void draw_while_working();

    std::function<void(const std::string&)> write_;
    const int columns_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Progress> now_;  ///< none: nothing is to be shown
    Clock::time_point began_;
    bool fresh_ = false;  ///< now_ was not drawn yet
    bool drawn_ = false;  ///< there is a line on the terminal
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace unstick
