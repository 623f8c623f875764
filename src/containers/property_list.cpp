#include "containers/property_list.h"

#include <plist/plist.h>

#include <cstdlib>

#include "containers/property_list_size.h"
#include "platform/files.h"

namespace unstick {

namespace {

bool is_dictionary(plist_t node)
{
    return node != nullptr && plist_get_node_type(node) == PLIST_DICT;
}

/// A member of a dictionary, also of none.
plist_t member(plist_t dictionary, const std::string& name)
{
    return is_dictionary(dictionary) ? plist_dict_get_item(dictionary, name.c_str()) : nullptr;
}

std::vector<std::string> names_if(plist_t dictionary, bool (*wanted)(plist_t))
{
    std::vector<std::string> names;
    if (!is_dictionary(dictionary)) {
        return names;
    }
    plist_dict_iter place = nullptr;
    plist_dict_new_iter(dictionary, &place);
    for (;;) {
        char* name = nullptr;
        plist_t value = nullptr;
        plist_dict_next_item(dictionary, place, &name, &value);
        if (name == nullptr) {
            break;
        }
        if (wanted(value)) {
            names.emplace_back(name);
        }
        std::free(name);
    }
    std::free(place);
    return names;
}

std::string bytes_of(plist_t node)
{
    char* bytes = nullptr;
    std::uint32_t size = 0;
    plist_to_bin(node, &bytes, &size);
    std::string text = bytes == nullptr ? std::string() : std::string(bytes, size);
    std::free(bytes);
    return text;
}

/// nullptr if it is no list, or more than any real one holds.
plist_t node_of(std::string_view bytes)
{
    plist_t node = nullptr;
    if (is_within(bytes, PropertyListLimits())) {
        plist_from_bin(bytes.data(), static_cast<std::uint32_t>(bytes.size()), &node);
    }
    return node;
}

}  // namespace

void PropertyList::Free::operator()(void* node) const
{
    plist_free(node);
}

Result<PropertyList> PropertyList::read(const fs::path& file)
{
    constexpr std::uint64_t largest = 16U << 20U;
    TRY_ASSIGN(const auto bytes, files::read_file(file, largest));
    return of_bytes(bytes, file.string());
}

Result<PropertyList> PropertyList::of_bytes(std::string_view bytes, const std::string& where)
{
    if (!bytes.starts_with("bplist00")) {
        return fail(Code::unsupported, where, "it is not a binary property list", "nothing in it was touched");
    }
    if (!is_within(bytes, PropertyListLimits())) {
        return fail(Code::unsupported, where, "it is nested deeper or holds more than any real one",
                    "nothing in it was touched");
    }
    PropertyList list;
    list.root_.reset(node_of(bytes));
    if (!is_dictionary(list.root_.get())) {
        return fail(Code::corrupt, where, "it is not a valid property list", "nothing in it was touched");
    }
    return list;
}

Result<void> PropertyList::write(const fs::path& file) const
{
    const std::string bytes = bytes_of(root_.get());
    const std::unique_ptr<void, Free> again(node_of(bytes));
    if (again == nullptr || bytes_of(again.get()) != bytes) {
        return fail(Code::io, file.string(), "its new content could not be made", "nothing in it was touched");
    }
    return files::write_file(file, bytes);
}

std::optional<std::uint64_t> PropertyList::number(const std::string& name) const
{
    plist_t node = member(root_.get(), name);
    if (node == nullptr || plist_get_node_type(node) != PLIST_UINT) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    plist_get_uint_val(node, &value);
    return value;
}

std::optional<std::string> PropertyList::text(const std::string& name) const
{
    plist_t node = member(root_.get(), name);
    if (node == nullptr || plist_get_node_type(node) != PLIST_STRING) {
        return std::nullopt;
    }
    char* value = nullptr;
    plist_get_string_val(node, &value);
    const std::string text = value == nullptr ? "" : value;
    std::free(value);
    return text;
}

std::vector<std::string> PropertyList::dictionaries() const
{
    return names_if(root_.get(), is_dictionary);
}

std::vector<std::string> PropertyList::names_in(const std::string& dictionary) const
{
    return names_if(member(root_.get(), dictionary), [](plist_t) { return true; });
}

std::optional<double> PropertyList::number_of(const std::string& dictionary, const std::string& name,
                                              const std::string& what) const
{
    plist_t node = member(member(member(root_.get(), dictionary), name), what);
    if (node != nullptr && plist_get_node_type(node) == PLIST_REAL) {
        double value = 0;
        plist_get_real_val(node, &value);
        return value;
    }
    if (node != nullptr && plist_get_node_type(node) == PLIST_UINT) {
        std::uint64_t value = 0;
        plist_get_uint_val(node, &value);
        return static_cast<double>(value);
    }
    return std::nullopt;
}

std::optional<std::string> PropertyList::value(const std::string& dictionary, const std::string& name) const
{
    plist_t node = member(member(root_.get(), dictionary), name);
    return node == nullptr ? std::nullopt : std::optional(bytes_of(node));
}

void PropertyList::take(const std::string& dictionary, const std::string& name)
{
    if (plist_t place = member(root_.get(), dictionary); is_dictionary(place)) {
        plist_dict_remove_item(place, name.c_str());
    }
}

bool PropertyList::put(const std::string& dictionary, const std::string& name, std::string_view value)
{
    plist_t place = member(root_.get(), dictionary);
    if (place == nullptr) {
        place = plist_new_dict();
        plist_dict_set_item(root_.get(), dictionary.c_str(), place);
    }
    plist_t node = is_dictionary(place) && member(place, name) == nullptr ? node_of(value) : nullptr;
    if (node == nullptr) {
        return false;
    }
    plist_dict_set_item(place, name.c_str(), node);
    return true;
}

}  // namespace unstick
