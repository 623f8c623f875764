#pragma once
// A program that is talked to through pipes, as far as all systems do that alike: what it says is cut into messages.
// How pipes are read and written and how a program ends is in posix/subprocess.cpp and
// windows/subprocess.cpp.

#include "platform/programs.h"

namespace unstick {

class Piped : public PipedProgram {
public:
    Result<std::optional<std::string>> receive(std::chrono::milliseconds patience) final;

protected:
    static constexpr std::size_t longest_words = 65536;
    static constexpr std::chrono::milliseconds patience_to_send{5000};

    explicit Piped(std::string name) : name_(std::move(name)) {}

    /// Waits until it says something, and adds that to `heard_` and `words_`. False if it has not in time.
    virtual bool hear(std::chrono::milliseconds patience) = 0;
    /// May there come more messages?
    virtual bool is_open() const = 0;

    std::string name_;
    std::string heard_;  ///< what it has sent and is not yet a whole message
    std::string words_;  ///< what it has said for people: the first `longest_words` bytes

private:
    std::optional<std::string> next();

    std::size_t searched_ = 0;  ///< bytes of `heard_` that hold no end of a message
    bool too_long_ = false;     ///< what is heard belongs to a message that is left out
};

}  // namespace unstick
