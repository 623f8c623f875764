#pragma once
// Binary property lists of macOS (libplist): dictionaries in a dictionary, whose members are taken out and put back.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace unstick {

namespace fs = std::filesystem;

/// A file's content: a dictionary, in which some members are dictionaries themselves. Other members stay as they are.
class PropertyList {
public:
    /// Errors: not_found, denied, io; unsupported if it is no binary property list; corrupt.
    static Result<PropertyList> read(const fs::path& file);
    /// The same of bytes; `where` is for errors.
    static Result<PropertyList> of_bytes(std::string_view bytes, const std::string& where);

    /// Replaces the file, atomically and in binary form. Errors: denied, io.
    Result<void> write(const fs::path& file) const;

    /// A text of the outer dictionary.
    std::optional<std::string> text(const std::string& name) const;

    /// An integer of the outer dictionary.
    std::optional<std::uint64_t> number(const std::string& name) const;

    /// The names of the inner dictionaries, and of what is in one of them.
    std::vector<std::string> dictionaries() const;
    std::vector<std::string> names_in(const std::string& dictionary) const;

    /// A number in a dictionary that is a member of an inner one.
    std::optional<double> number_of(const std::string& dictionary, const std::string& name,
                                    const std::string& what) const;

    /// A member of an inner dictionary, as the bytes of a property list of its own. Nothing if it is not there.
    std::optional<std::string> value(const std::string& dictionary, const std::string& name) const;

    void take(const std::string& dictionary, const std::string& name);

    /// Puts a `value` back; the inner dictionary is made if it is gone. False if something else is in the way.
    bool put(const std::string& dictionary, const std::string& name, std::string_view value);

private:
    struct Free {
        void operator()(void* node) const;
    };
    std::unique_ptr<void, Free> root_;
};

}  // namespace unstick
