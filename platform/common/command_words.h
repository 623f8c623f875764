#pragma once
// What the systems' ways to see the words of running programs share.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace unstick {

/// Does a word begin with one of these?
bool has_word(const std::vector<std::string>& words, std::span<const std::string_view> beginnings);

/// What a process was started with.
struct ProcessWords {
    std::vector<std::string> arguments;  ///< the program first
    std::vector<std::string> variables;  ///< "HOME=/Users/ann"
};

/// Reads what macOS's sysctl KERN_PROCARGS2 gives of a process: the number of its arguments (32 bits), the path of the
/// program, zeros up to the first argument, the arguments and then the variables, each ended by a zero, with an empty
/// one at the end. Source: Apple's ps (adv_cmds, ps/print.c, getproclline). Empty if it is cut off before the last
/// argument.
ProcessWords words_in_procargs(std::string_view bytes);

}  // namespace unstick
