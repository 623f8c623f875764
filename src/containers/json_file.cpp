#include "containers/json_file.h"

#include <algorithm>

#include "base/limited_json.h"

namespace unstick::json_file {

namespace {

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
    TRY_ASSIGN(const auto text, files::read_file(file, largest_file));
    auto document = parse_json<Json>(text, file.string());
    if (!document) {
        document.error().hint = "nothing in it was touched";
    }
    return document;
}

Result<void> write(const fs::path& file, const Json& document)
{
    // A document that was read holds valid UTF-8 only; the handler keeps `dump` from throwing in any case.
    const std::string text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (json_or_discarded<Json>(text) != document) {
        return fail(Code::io, file.string(), "its new content could not be made", "nothing in it was touched");
    }
    return files::write_file(file, text);
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
