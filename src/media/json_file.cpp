#include "json_file.h"

#include <algorithm>

namespace unstick::json_file {

namespace {

/// Ordered objects look through all their members for each new name: the sum of these looks is the time that parsing
/// takes. Enough for 30000 members in one object, or for a million in objects of a thousand.
constexpr std::uint64_t highest_cost = 500'000'000;

/// Can the library read this text without trouble? Looks at brackets, commas and strings only; says nothing on whether
/// the text is JSON.
bool is_bearable(std::string_view text)
{
    struct Level {
        bool is_object = false;
        std::uint64_t members = 0;
    };
    std::vector<Level> open;
    std::uint64_t cost = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            i += c == '\\' ? 1U : 0U;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            open.push_back({c == '{'});
        } else if ((c == '}' || c == ']') && !open.empty()) {
            open.pop_back();
        } else if (c == ',' && !open.empty() && open.back().is_object) {
            cost += ++open.back().members;
        }
        if (open.size() > deepest_nesting || cost > highest_cost) {
            return false;
        }
    }
    return true;
}

/// One name of a pointer as it was before it was escaped.
std::string unescaped(std::string_view name)
{
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool escape = name[i] == '~' && i + 1 < name.size();
        if (escape) {
            ++i;
        }
        text += !escape ? name[i] : name[i] == '1' ? '/' : '~';
    }
    return text;
}

template <class Document>
Document* walk(Document& document, std::string_view pointer)
{
    Document* place = &document;
    for (const std::string& name : names_in(pointer)) {
        const auto member = place->is_object() ? place->find(name) : place->end();
        if (member == place->end()) {
            return nullptr;
        }
        place = &*member;
    }
    return place;
}

}  // namespace

Result<Json> read(const fs::path& file)
{
    const auto text = files::read_file(file, largest_file);
    if (!text) {
        return tl::unexpected<Error>(text.error());
    }
    if (!is_bearable(*text)) {
        return fail(Code::unsupported, file.string(), "it is nested deeper or has more members than any real file",
                    "nothing in it was touched");
    }
    auto document = Json::parse(*text, nullptr, false);
    if (document.is_discarded()) {
        return fail(Code::corrupt, file.string(), "it is not valid JSON", "nothing in it was touched");
    }
    return document;
}

Result<void> write(const fs::path& file, const Json& document)
{
    // A document that was read holds valid UTF-8 only; the handler keeps `dump` from throwing in any case.
    const std::string text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (Json::parse(text, nullptr, false) != document) {
        return fail(Code::io, file.string(), "its new content could not be made", "nothing in it was touched");
    }
    return files::write_file(file, text);
}

void tidy(const fs::path& file)
{
    const auto folder = files::Folder::open(file.parent_path());
    if (!folder) {
        return;
    }
    const std::string start = file.filename().string() + std::string(files::temporary_suffix);
    for (const auto& entry : folder->list().value_or(std::vector<files::Entry>{})) {
        if (entry.type == files::Type::file && entry.name.starts_with(start) &&
            entry.name.size() == start.size() + files::temporary_digits) {
            (void)files::remove_tree(file.parent_path() / entry.name);
        }
    }
}

std::string pointer_to(std::string_view parent, std::string_view name)
{
    std::string pointer(parent);
    pointer += '/';
    for (const char c : name) {
        pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return pointer;
}

std::vector<std::string> names_in(std::string_view pointer)
{
    std::vector<std::string> names;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);  // the '/'
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        names.push_back(unescaped(pointer.substr(0, end)));
        pointer.remove_prefix(end);
    }
    return names;
}

const Json* find(const Json& document, std::string_view pointer)
{
    return walk(document, pointer);
}

Json* find(Json& document, std::string_view pointer)
{
    return walk(document, pointer);
}

bool is_meant(const Json& identity, const Json& element)
{
    if (!identity.is_object() || !element.is_object()) {
        return false;
    }
    for (const auto& [name, value] : identity.items()) {
        const auto found = element.find(name);
        if (found == element.end() ? !value.is_null() : !equal(*found, value)) {
            return false;
        }
    }
    return true;
}

bool equal(const Json& a, const Json& b)
{
    return nlohmann::json(a) == nlohmann::json(b);
}

}  // namespace unstick::json_file
