#pragma once
// What this program has open, by number, and who closes it.

#include <utility>

namespace unstick {

/// Owns what a number stands for: a descriptor, a handle, a place in a list. -1: nothing. A class with one as a member
/// needs no destructor and no move operations of its own.
template <void (*close_it)(int)>
class Owned {
public:
    explicit Owned(int number = -1) : number_(number) {}
    Owned(Owned&& other) noexcept : number_(other.release()) {}
    Owned& operator=(Owned&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Owned() { close(); }

    explicit operator bool() const { return number_ >= 0; }
    int get() const { return number_; }
    int release() { return std::exchange(number_, -1); }
    void close()
    {
        if (number_ >= 0) {
            close_it(release());
        }
    }

private:
    int number_;
};

}  // namespace unstick
