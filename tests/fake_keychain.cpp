#include "fake_keychain.h"

#include <fmt/format.h>

#include <algorithm>

namespace unstick::testing {

namespace {

const std::map<std::string, std::string> options{{"-s", "srvr"}, {"-a", "acct"}, {"-d", "sdmn"}, {"-p", "path"},
                                                 {"-r", "ptcl"}, {"-t", "atyp"}, {"-P", "port"}, {"-l", "0x00000007"},
                                                 {"-D", "desc"}, {"-j", "icmt"}, {"-c", "crtr"}, {"-C", "type"}};

bool is_printable(char c)
{
    return c >= ' ' && c <= '~' && c != '\\';
}

/// As the tool prints bytes: as text, or as digits and, if any of them can be read, as text too.
std::string shown(const std::string& bytes)
{
    std::string digits = "0x";
    std::string text = "\"";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        digits += fmt::format("{:02X}", byte);
        text += is_printable(c) ? std::string(1, c) : fmt::format("\\{:03o}", byte);
    }
    const bool all = std::all_of(bytes.begin(), bytes.end(), is_printable);
    const bool any = std::any_of(bytes.begin(), bytes.end(), is_printable);
    return bytes.empty() ? "" : all ? text + "\"" : digits + (any ? "  " + text + "\"" : " ");
}

std::string four_bytes(unsigned number)
{
    return {'\0', '\0', static_cast<char>(number >> 8U), static_cast<char>(number & 0xffU)};
}

/// A line of `security -i`, in words.
std::vector<std::string> words_in(const std::string& line)
{
    std::vector<std::string> words;
    for (std::size_t i = 0; i < line.size();) {
        if (line[i] == ' ' || line[i] == '\n') {
            ++i;
            continue;
        }
        const bool is_quoted = line[i] == '"';
        i += is_quoted ? 1U : 0U;
        std::string word;
        for (; i < line.size() && (is_quoted ? line[i] != '"' : line[i] != ' ' && line[i] != '\n'); ++i) {
            i += line[i] == '\\' ? 1U : 0U;
            word += line.at(i);
        }
        i += is_quoted ? 1U : 0U;
        words.push_back(word);
    }
    return words;
}

}  // namespace

Credential credential(const std::string& server, const std::string& account, const std::string& kind,
                      const std::string& protocol, const std::string& realm)
{
    Credential made{{{"0x00000007", server + " (" + account + ")"},
                     {"srvr", server},
                     {"acct", account},
                     {"atyp", kind},
                     {"ptcl", protocol},
                     {"port", four_bytes(0)}},
                    "SECRET-" + server + "-" + kind};
    if (!realm.empty()) {
        made.attributes["sdmn"] = realm;
    }
    return made;
}

std::string printed(const Credential& credential, const std::string& keychain)
{
    std::string text = "keychain: \"" + keychain + "\"\nversion: 512\nclass: \"inet\"\nattributes:\n";
    for (const auto& [name, type] : std::vector<std::pair<std::string, std::string>>{
             {"0x00000007", "blob"}, {"0x00000008", "blob"}, {"acct", "blob"},     {"atyp", "blob"},
             {"cdat", "timedate"},   {"crtr", "uint32"},     {"cusi", "sint32"},   {"desc", "blob"},
             {"icmt", "blob"},       {"invi", "sint32"},     {"mdat", "timedate"}, {"nega", "sint32"},
             {"path", "blob"},       {"port", "uint32"},     {"prot", "blob"},     {"ptcl", "uint32"},
             {"scrp", "sint32"},     {"sdmn", "blob"},       {"srvr", "blob"},     {"type", "uint32"}}) {
        const auto value = credential.attributes.find(name);
        text += fmt::format("    {}<{}>={}\n", name.size() == 4 ? '"' + name + '"' : name + " ", type,
                            value == credential.attributes.end() ? "<NULL>" : shown(value->second));
    }
    return text;
}

Result<Ran> FakeMac::run_program(const std::vector<std::string>& command, const std::string& input,
                                 std::chrono::milliseconds patience)
{
    if (command.at(0) != "/usr/bin/security") {
        return FakeHost::run_program(command, input, patience);
    }
    std::string line;
    for (const std::string& word : command) {
        line += word + " ";
    }
    commands.push_back(line);
    fed.push_back(input);
    return obey(command.at(1) == "-i" ? words_in(input) : std::vector(command.begin() + 1, command.end()));
}

Ran FakeMac::obey(std::vector<std::string> words)
{
    const std::string verb = words.at(0);
    const std::string keychain = words.back();
    if (verb == "dump-keychain") {
        Ran ran;
        ran.out = "keychain: \"" + keychain +
                  "\"\nversion: 512\nclass: \"genp\"\nattributes:\n    0x00000007 <blob>=\"stuck.test\"\n"
                  "    \"svce\"<blob>=\"stuck.test\"\n";
        for (const Credential& one : credentials) {
            ran.out += printed(one, keychain);
        }
        return ran;
    }
    Credential wanted;
    bool with_password = false;
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
        if (words[i] == "-g") {
            with_password = true;
        } else if (words[i] == "-X") {
            for (std::size_t at = 0; at < words[i + 1].size(); at += 2) {
                wanted.password += static_cast<char>(std::stoi(words[i + 1].substr(at, 2), nullptr, 16));
            }
            ++i;
        } else if (words[i] == "-T") {
            ++i;
        } else {
            const std::string attribute = options.at(words[i]);
            ++i;
            wanted.attributes[attribute] =
                attribute == "port" ? four_bytes(static_cast<unsigned>(std::stoi(words[i]))) : words[i];
        }
    }
    if (verb == "add-internet-password") {
        wanted.attributes.emplace("port", four_bytes(0));
        credentials.push_back(wanted);
        return {};
    }
    const auto found = std::find_if(credentials.begin(), credentials.end(), [&](const Credential& one) {
        return std::all_of(wanted.attributes.begin(), wanted.attributes.end(), [&](const auto& attribute) {
            const auto value = one.attributes.find(attribute.first);
            return value != one.attributes.end() && value->second == attribute.second;
        });
    });
    if (found == credentials.end()) {
        return {44, "",
                "security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.\n"};
    }
    if (with_password && refusal != 0) {
        return {refusal, "", "security: SecKeychainItemCopyContent\n"};
    }
    Ran ran{0, printed(*found, keychain), with_password ? "password: " + shown(found->password) + "\n" : ""};
    if (verb == "delete-internet-password") {
        ran.err = "password has been deleted.\n";
        credentials.erase(found);
    }
    return ran;
}

}  // namespace unstick::testing
