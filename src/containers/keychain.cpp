#include "containers/keychain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace unstick::keychain {

namespace {

constexpr std::string_view tool = "/usr/bin/security";
constexpr std::chrono::milliseconds patience{20000};
constexpr std::chrono::milliseconds patience_with_people{120000};
constexpr std::size_t longest_line = 4000;  // the tool reads up to 4096 bytes

/// An attribute and the option that stands for it, of `find`, `delete` and `add`.
struct Option {
    std::string_view attribute;
    std::string_view option;
};
// `srvr` first: the tool's messages name it.
constexpr std::array<Option, 6> primary{
    {{"srvr", "-s"}, {"acct", "-a"}, {"sdmn", "-d"}, {"path", "-p"}, {"ptcl", "-r"}, {"atyp", "-t"}}};
constexpr std::array<Option, 5> others{
    {{"0x00000007", "-l"}, {"desc", "-D"}, {"icmt", "-j"}, {"crtr", "-c"}, {"type", "-C"}}};

bool is_primary(std::string_view attribute)
{
    return attribute == "port" ||
           std::any_of(primary.begin(), primary.end(), [&](const Option& one) { return one.attribute == attribute; });
}

/// Takes the next line off `text`, without its end.
std::string_view take_line(std::string_view& text)
{
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

/// `    "srvr"<blob>=...` or `    0x00000007 <blob>=...`: its name, and what follows the '='. Empty if it is no such
/// line.
std::pair<std::string_view, std::string_view> attribute_in(std::string_view line)
{
    line = trimmed(line);
    const std::size_t type = line.find('<');
    const std::size_t is = line.find(">=", std::min(type, line.size()));
    if (type == line.npos || is == line.npos) {
        return {};
    }
    std::string_view name = trimmed(line.substr(0, type));
    if (name.size() > 2 && name.front() == '"' && name.back() == '"') {
        name = name.substr(1, name.size() - 2);
    }
    return {name, line.substr(is + 2)};
}

std::optional<unsigned> digit(char c)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const std::size_t at = digits.find(to_lower(c));
    return at == digits.npos ? std::nullopt : std::optional(static_cast<unsigned>(at));
}

/// A value as the tool prints it: `<NULL>`, `"text"`, or `0x41C3  "A\303"` where not all of it is printable. A
/// quotation mark inside is not marked in any way.
std::optional<std::string> value_of(std::string_view printed)
{
    printed = trimmed(printed);
    if (printed == "<NULL>") {
        return std::nullopt;
    }
    std::string value;
    if (printed.starts_with("0x")) {
        for (std::size_t i = 2; i + 1 < printed.size(); i += 2) {
            const auto high = digit(printed[i]);
            const auto low = digit(printed[i + 1]);
            if (!high || !low) {
                break;
            }
            value += static_cast<char>(*high << 4U | *low);
        }
    } else if (printed.size() >= 2 && printed.front() == '"' && printed.back() == '"') {
        value = printed.substr(1, printed.size() - 2);
    }
    return value;
}

/// The tool ends with the last byte of the system's error number (Security/SecBase.h).
Error error_of(const fs::path& keychain, const Ran& ran)
{
    switch (ran.exit_code) {
        case 44:  // errSecItemNotFound
            return {Code::changed, keychain.string(), "a saved sign-in is not there any more", "run unstick again"};
        case 45:  // errSecDuplicateItem
            return {Code::exists, keychain.string(), "a saved sign-in is there already", {}};
        case 36:  // errSecInteractionNotAllowed
        case 29:  // errSecInteractionRequired
            return {Code::denied, keychain.string(), "the keychain is locked, or macOS cannot ask you here",
                    "run unstick in a window of the desktop, as the user whose keychain it is"};
        case 128:  // errSecUserCanceled
        case 51:   // errSecAuthFailed
            return {Code::denied, keychain.string(), "macOS was not allowed to show a saved sign-in; it was kept",
                    "run unstick again and allow it, so that it can be put back, or remove it with Keychain Access"};
        default:
            return {Code::io,
                    keychain.string(),
                    fmt::format("{} failed ({}): {}", tool, ran.exit_code,
                                printable(trimmed(std::string_view(ran.err).substr(0, ran.err.find('\n'))))),
                    {}};
    }
}

Result<Ran> run(Programs& programs, const fs::path& keychain, std::vector<std::string> arguments,
                std::chrono::milliseconds time, const std::string& input = {})
{
    arguments.insert(arguments.begin(), std::string(tool));
    TRY_ASSIGN(auto ran, programs.run_program(arguments, input, time));
    if (ran.exit_code != 0) {
        return tl::unexpected<Error>(error_of(keychain, ran));
    }
    return ran;
}

/// The command with all options that name an entry. What is empty cannot be searched for.
std::vector<std::string> command_for(std::string_view command, const Entry& entry)
{
    std::vector<std::string> words{std::string(command)};
    for (const auto& [attribute, option] : primary) {
        if (const auto value = entry.value(attribute); value && !value->empty()) {
            words.emplace_back(option);
            words.push_back(*value);
        }
    }
    if (entry.port() != 0) {
        words.emplace_back("-P");
        words.push_back(std::to_string(entry.port()));
    }
    return words;
}

/// Runs `find-internet-password`, and takes its answer only if it is about this very entry: attributes that an entry
/// does not have cannot be asked for, so another one may match too.
Result<Ran> find(Programs& programs, const fs::path& keychain, const Entry& entry, bool with_password)
{
    auto words = command_for("find-internet-password", entry);
    if (with_password) {
        words.emplace_back("-g");
    }
    words.push_back(keychain.string());
    auto ran = run(programs, keychain, words, with_password ? patience_with_people : patience);
    if (!ran) {
        return ran;
    }
    const auto found = parse(ran->out);
    if (found.size() != 1 || found[0].primary_key() != entry.primary_key()) {
        return fail(Code::unsupported, keychain.string(),
                    "a saved sign-in cannot be told from another one; it was kept", "remove it with Keychain Access");
    }
    return ran;
}

/// A word as `security -i` reads it.
std::string word_for_tool(std::string_view word)
{
    std::string text = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\') {
            text += '\\';
        }
        text += c;
    }
    return text + "\"";
}

}  // namespace

std::optional<std::string> Entry::value(std::string_view attribute) const
{
    std::string_view rest = lines_;
    while (!rest.empty()) {
        if (const auto [name, printed] = attribute_in(take_line(rest)); name == attribute) {
            return value_of(printed);
        }
    }
    return std::nullopt;
}

std::uint16_t Entry::port() const
{
    const auto bytes = value("port");
    if (!bytes || bytes->size() != 4) {
        return 0;
    }
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>((*bytes)[i])); };
    return static_cast<std::uint16_t>(byte(2) << 8U | byte(3));
}

std::string Entry::primary_key() const
{
    std::string key;
    std::string_view rest = lines_;
    while (!rest.empty()) {
        const std::string_view line = take_line(rest);
        if (is_primary(attribute_in(line).first)) {
            key.append(trimmed(line)) += '\n';
        }
    }
    return key;
}

std::vector<Entry> parse(std::string_view dump)
{
    std::vector<Entry> entries;
    std::string lines;
    bool wanted = false;
    const auto close = [&] {
        if (wanted && !lines.empty()) {
            entries.emplace_back(std::move(lines));
        }
        lines.clear();
        wanted = false;
    };
    while (!dump.empty()) {
        const std::string_view line = take_line(dump);
        if (line.starts_with("keychain: ")) {
            close();
        } else if (line.starts_with("class: ")) {
            wanted = trimmed(line.substr(7)) == "\"inet\"";
        } else if (wanted && line.starts_with("    ") && !attribute_in(line).first.empty()) {
            lines.append(line) += '\n';
        }
    }
    close();
    return entries;
}

Result<std::vector<Entry>> list(Programs& programs, const fs::path& keychain)
{
    return run(programs, keychain, {"dump-keychain", keychain.string()}, patience).map([](const Ran& ran) {
        return parse(ran.out);
    });
}

Result<std::string> read_password(Programs& programs, const fs::path& keychain, const Entry& entry)
{
    TRY_ASSIGN(const auto ran, find(programs, keychain, entry, true));
    constexpr std::string_view before = "password: ";
    std::string_view rest = ran.err;
    while (!rest.empty()) {
        if (const std::string_view line = take_line(rest); line.starts_with(before)) {
            return value_of(line.substr(before.size())).value_or("");
        }
    }
    return fail(Code::io, keychain.string(), fmt::format("{} did not show a saved sign-in; it was kept", tool));
}

Result<void> remove(Programs& programs, const fs::path& keychain, const Entry& entry)
{
    TRY(find(programs, keychain, entry, false));
    auto words = command_for("delete-internet-password", entry);
    words.push_back(keychain.string());
    return run(programs, keychain, words, patience_with_people).map([](const Ran&) {});
}

Result<std::string> line_to_add(const fs::path& keychain, const Entry& entry, const std::string& password)
{
    std::string line;
    for (const std::string& word : command_for("add-internet-password", entry)) {
        line += word_for_tool(word) + " ";
    }
    for (const auto& [attribute, option] : others) {
        if (const auto value = entry.value(attribute); value && !value->empty()) {
            line += fmt::format("{} {} ", option, word_for_tool(*value));
        }
    }
    if (!password.empty()) {
        line += "-X " + hex(password) + " ";
    }
    line += "-T \"\" " + word_for_tool(keychain.string()) + "\n";
    if (line.size() > longest_line || line.find_first_of(std::string_view("\n\0", 2)) != line.size() - 1) {
        return fail(Code::unsupported, keychain.string(),
                    "a saved sign-in could not be put back by macOS' own tool; it was kept",
                    "remove it with Keychain Access");
    }
    return line;
}

Result<void> add(Programs& programs, const fs::path& keychain, const std::string& line)
{
    return run(programs, keychain, {"-i"}, patience_with_people, line).map([](const Ran&) {});
}

}  // namespace unstick::keychain
