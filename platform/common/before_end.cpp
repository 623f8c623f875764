// Actions before the end: which there are. How a system asks a process to end is in its own_process.cpp.

#include <map>
#include <mutex>
#include <utility>

#include "platform/own_process.h"

namespace unstick {

namespace {

/// Never destroyed: a signal may come while the program returns from main.
struct Actions {
    std::mutex mutex;
    std::map<std::size_t, std::function<void()>> by_number;
    std::size_t last = 0;
};

Actions& actions()
{
    static auto* const all = new Actions;
    return *all;
}

/// Keeps the lock: what would be made from now on would be left behind, so whoever makes it waits for the end.
void do_all()
{
    actions().mutex.lock();
    auto& by_number = actions().by_number;
    for (auto action = by_number.rbegin(); action != by_number.rend(); ++action) {
        action->second();
    }
}

}  // namespace

BeforeEnd::BeforeEnd(std::function<void()> action)
{
    const std::lock_guard lock(actions().mutex);
    when_asked_to_end(do_all);
    number_ = ++actions().last;
    actions().by_number.emplace(number_, std::move(action));
}

BeforeEnd::BeforeEnd(BeforeEnd&& other) noexcept : number_(std::exchange(other.number_, 0)) {}

BeforeEnd& BeforeEnd::operator=(BeforeEnd&& other) noexcept
{
    std::swap(number_, other.number_);
    return *this;
}

BeforeEnd::~BeforeEnd()
{
    if (number_ != 0) {
        const std::lock_guard lock(actions().mutex);
        actions().by_number.erase(number_);
    }
}

}  // namespace unstick
