// Messages of protocol buffers.

#include "base/protobuf.h"

#include "tests/fuzz/fuzz.h"

using namespace unstick;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view message = fuzz::text_of(data, size);
    protobuf::Reader reader(message);
    std::size_t fields = 0;
    while (const auto field = reader.next()) {
        check(++fields <= size / 2, "a field has two bytes at least");
        check(field->number > 0 && field->number <= 0x1fffffff, "numbers are those of the format");
        check(fuzz::is_within(field->bytes, message), "bytes are a part of the message");
        check(field->is_bytes ? field->value == 0 : field->bytes.empty(), "a field is a number or bytes");
        const bool is_number = protobuf::number_in(message, field->number).has_value();
        const bool is_bytes = protobuf::bytes_in(message, field->number).has_value();
        check(is_number != is_bytes, "a field that was seen is found, as one type");
        if (fields > 100) {
            break;  // each look starts at the front
        }
    }
    return 0;
}
