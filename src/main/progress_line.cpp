#include "main/progress_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/display_width.h"
#include "base/text.h"

namespace unstick {

namespace {

/// Work that is over sooner needs no line.
constexpr std::chrono::milliseconds patience{500};
constexpr std::chrono::seconds tick{1};

/// To the first column, and nothing left of the line: what every terminal understands that is not a dumb one.
constexpr std::string_view wiped = "\r\x1b[K";

std::string bar_of(const Progress& now)
{
    constexpr std::size_t length = 20;
    if (now.total == 0) {
        return "";
    }
    const std::size_t filled = length * std::min(now.done, now.total) / now.total;
    return fmt::format("[{}{}] {} of {}: ", std::string(filled, '#'), std::string(length - filled, '-'),
                       std::min(now.done + 1, now.total), now.total);
}

}  // namespace

std::string progress_line(const Progress& now, std::chrono::seconds lasted, int columns)
{
    const std::string time = lasted < std::chrono::seconds(2) ? "" : fmt::format(" ({} s)", lasted.count());
    const auto room = static_cast<std::size_t>(std::max(columns - 1, 0));
    if (room < time.size()) {
        return "";
    }
    return cut(bar_of(now) + printable(now.what), room - time.size()) + time;
}

ProgressLine::ProgressLine(std::function<void(const std::string&)> write, int columns)
    : write_(std::move(write)), columns_(columns), thread_([this] { draw_while_working(); })
{
}

ProgressLine::~ProgressLine()
{
    clear();
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void ProgressLine::show(Progress now)
{
    const std::lock_guard lock(mutex_);
    if (!now_) {
        began_ = Clock::now();
    }
    now_ = std::move(now);
    fresh_ = true;
    changed_.notify_all();
}

void ProgressLine::clear()
{
    const std::lock_guard lock(mutex_);
    now_.reset();
    if (drawn_) {
        write_(std::string(wiped));
        drawn_ = false;
    }
    changed_.notify_all();
}

void ProgressLine::draw_while_working()
{
    std::unique_lock lock(mutex_);
    while (!ended_) {
        if (!now_) {
            changed_.wait(lock);
            continue;
        }
        const auto lasted = Clock::now() - began_;
        if (lasted < patience) {
            changed_.wait_for(lock, patience - lasted);
            continue;
        }
        write_(std::string(wiped) +
               progress_line(*now_, std::chrono::duration_cast<std::chrono::seconds>(lasted), columns_));
        drawn_ = true;
        fresh_ = false;
        changed_.wait_for(lock, tick, [this] { return fresh_ || !now_ || ended_; });
    }
}

}  // namespace unstick
