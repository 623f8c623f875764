#pragma once
// The one way in which an expected failure travels: as a value.

#include <optional>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace unstick {

/// What kind of failure it was. Each has one meaning for the exit code (docs/cli.md).
enum class Code {
    usage,        ///< the user asked for something that cannot be; nothing was touched
    not_found,    ///< the file or thing is not there
    denied,       ///< the operating system refused (rights, Full Disk Access)
    locked,       ///< another process holds it
    corrupt,      ///< the bytes are not what the format says
    unsupported,  ///< a version, magic or layout that this build does not know: hands off
    changed,      ///< it is not what it was when the plan was made
    exists,       ///< something else is there already (an item that came back before an undo)
    io,           ///< reading or writing failed (disk full, I/O error)
};

/// One failure, ready to be shown: what happened, where, and what to do next.
/// Never holds a cookie value, token or password.
struct Error {
    Code code = Code::io;
    std::string where;  ///< path, URL or argument
    std::string what;   ///< one clause, lower case, no full stop
    std::string hint;   ///< what to do next; may be empty
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Code code, std::string where, std::string what, std::string hint = {})
{
    return tl::unexpected<Error>(Error{code, std::move(where), std::move(what), std::move(hint)});
}

/// What may be missing: none then, and no error.
template <class T>
Result<std::optional<T>> if_there(Result<T> found)
{
    if (!found && found.error().code == Code::not_found) {
        return std::nullopt;
    }
    return std::move(found).map([](T&& value) { return std::optional<T>(std::move(value)); });
}

}  // namespace unstick

/// Hands the error of a Result on to the caller; its value is not looked at: TRY(files::remove(path));
#define TRY(...)                                                                                   \
    do {                                                                                           \
        if (auto&& tried = (__VA_ARGS__); !tried) {                                                \
            return tl::unexpected<::unstick::Error>(std::forward<decltype(tried)>(tried).error()); \
        }                                                                                          \
    } while (false)

/// The same, and puts its value into a variable: TRY_ASSIGN(const auto url, parse_url(text)); Not the only statement of
/// an `if` or a loop, for it is several.
#define TRY_ASSIGN(variable, ...) UNSTICK_TRY_ASSIGN(UNSTICK_TRIED(__LINE__), variable, __VA_ARGS__)

#define UNSTICK_TRY_ASSIGN(tried, variable, ...)                                               \
    auto&& tried = (__VA_ARGS__);                                                              \
    if (!tried) {                                                                              \
        return tl::unexpected<::unstick::Error>(std::forward<decltype(tried)>(tried).error()); \
    }                                                                                          \
    variable = *std::forward<decltype(tried)>(tried)
#define UNSTICK_TRIED(line) UNSTICK_TRIED_ON(line)
#define UNSTICK_TRIED_ON(line) tried_on_##line
