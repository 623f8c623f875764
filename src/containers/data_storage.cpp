#include "containers/data_storage.h"

#include <algorithm>

namespace unstick::data_storage {

namespace {

constexpr std::size_t header_size = 6;  // checksum, score, day of the last access: two bytes each, the higher first
constexpr std::size_t key_size = 256;

/// The text in a field that zeros fill up.
std::string text_of(std::string_view field)
{
    return std::string(field.substr(0, field.find('\0')));
}

/// All numbers of two bytes together, by XOR: 0 in a sound slot, where the checksum is one of them.
unsigned sum_of(std::string_view slot)
{
    unsigned high = 0;
    unsigned low = 0;
    for (std::size_t i = 0; i + 1 < slot.size(); i += 2) {
        high ^= static_cast<unsigned char>(slot[i]);
        low ^= static_cast<unsigned char>(slot[i + 1]);
    }
    return high << 8U | low;
}

bool is_free(std::string_view slot)
{
    return slot.find_first_not_of('\0') == slot.npos || sum_of(slot) != 0;
}

/// Calls `use` with the place of each whole slot.
template <class Use>
void each_place(std::size_t file_size, Layout layout, const Use& use)
{
    for (std::size_t place = 0; place + layout.slot_size() <= file_size; place += layout.slot_size()) {
        use(place);
    }
}

}  // namespace

std::size_t Layout::slot_size() const
{
    return header_size + key_size + value_size;
}

Result<std::vector<Slot>> slots_in(std::string_view file, Layout layout)
{
    if (file.size() % layout.slot_size() != 0 || file.size() > most_slots * layout.slot_size()) {
        return fail(Code::corrupt, "data storage", "its size is not that of such a file", "nothing in it was touched");
    }
    std::vector<Slot> slots;
    each_place(file.size(), layout, [&](std::size_t place) {
        const std::string_view bytes = file.substr(place, layout.slot_size());
        if (!is_free(bytes)) {
            slots.push_back({.key = text_of(bytes.substr(header_size, key_size)),
                             .value = text_of(bytes.substr(header_size + key_size)),
                             .bytes = std::string(bytes)});
        }
    });
    return slots;
}

std::string without(std::string_view file, Layout layout, const std::vector<std::string>& slots)
{
    std::string changed(file);
    each_place(file.size(), layout, [&](std::size_t place) {
        const std::string_view bytes = file.substr(place, layout.slot_size());
        if (std::find(slots.begin(), slots.end(), bytes) != slots.end()) {
            std::fill_n(changed.begin() + static_cast<std::ptrdiff_t>(place), layout.slot_size(), '\0');
        }
    });
    return changed;
}

Result<std::string> with(std::string_view file, Layout layout, const std::vector<std::string>& slots)
{
    std::string changed(file);
    auto next = slots.begin();
    each_place(file.size(), layout, [&](std::size_t place) {
        if (next != slots.end() && is_free(file.substr(place, layout.slot_size()))) {
            changed.replace(place, layout.slot_size(), *next++);
        }
    });
    for (; next != slots.end(); ++next) {
        changed += *next;
    }
    if (changed.size() > most_slots * layout.slot_size()) {
        return fail(Code::io, "data storage", "there is no free place in it any more");
    }
    return changed;
}

std::string make_slot(Layout layout, std::string_view key, std::string_view value)
{
    std::string slot(layout.slot_size(), '\0');
    slot[3] = '\1';
    slot.replace(header_size, std::min(key.size(), key_size), key.substr(0, key_size));
    slot.replace(header_size + key_size, std::min(value.size(), layout.value_size), value.substr(0, layout.value_size));
    const unsigned sum = sum_of(slot);
    slot[0] = static_cast<char>(sum >> 8U);
    slot[1] = static_cast<char>(sum & 0xffU);
    return slot;
}

}  // namespace unstick::data_storage
