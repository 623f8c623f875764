#include "profiles/gecko/session_file.h"

#include <algorithm>
#include <charconv>

#include "base/limited_json.h"
#include "base/text.h"
#include "containers/moz_lz4.h"
#include "platform/files.h"

namespace unstick::gecko {

namespace {

template <class Document>
Document* walk(Document& session, std::string_view pointer)
{
    Document* place = &session;
    for (const std::string& name : json_file::names_in(pointer)) {
        if (place->is_array() && is_number(name)) {
            std::size_t index = place->size();
            std::from_chars(name.data(), name.data() + name.size(), index);
            if (index >= place->size()) {
                return nullptr;
            }
            place = &(*place)[index];
            continue;
        }
        const auto member = place->is_object() ? place->find(name) : place->end();
        if (member == place->end()) {
            return nullptr;
        }
        place = &*member;
    }
    return place;
}

/// Nothing else in a session has both. What pages have put into it is not searched.
bool is_tab(const Json& object)
{
    return object.contains("entries") && object["entries"].is_array();
}

void each_tab_below(const Json& node, const std::string& pointer,
                    const std::function<void(const Json&, const std::string&)>& use)
{
    if (node.is_array()) {
        for (std::size_t i = 0; i < node.size(); ++i) {
            each_tab_below(node[i], pointer + "/" + std::to_string(i), use);
        }
        return;
    }
    if (!node.is_object()) {
        return;
    }
    if (is_tab(node)) {
        use(node, pointer);
        return;
    }
    for (const auto& [name, member] : node.items()) {
        if (member.is_structured()) {
            each_tab_below(member, json_file::pointer_to(pointer, name), use);
        }
    }
}

}  // namespace

Result<Json> session_in(std::string_view content)
{
    TRY_ASSIGN(const std::string text, moz_lz4::unpack(content, json_file::largest_file));
    return parse_json<Json>(text, "session");
}

Result<Json> read_session(const fs::path& file)
{
    TRY_ASSIGN(const std::string content, files::read_file(file, json_file::largest_file));
    auto session = session_in(content);
    if (!session) {
        session.error().where = file.string();
        session.error().hint = "nothing in it was touched";
    }
    return session;
}

Result<void> write_session(const fs::path& file, const Json& session)
{
    const std::string text = session.dump(-1, ' ', false, Json::error_handler_t::replace);
    auto content = moz_lz4::pack(text);
    // A session that Firefox cannot read is a session lost: all tabs of all sites.
    if (!content || session_in(*content) != session) {
        return fail(Code::io, file.string(), "its new content could not be made", "nothing in it was touched");
    }
    return files::write_file(file, *content);
}

void each_tab(const Json& session, const std::function<void(const Json& tab, const std::string& pointer)>& use)
{
    each_tab_below(session, "", use);
}

const Json* find_in_session(const Json& session, std::string_view pointer)
{
    return walk(session, pointer);
}

Json* find_in_session(Json& session, std::string_view pointer)
{
    return walk(session, pointer);
}

}  // namespace unstick::gecko
