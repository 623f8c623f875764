#include "containers/binary_cookies.h"

#include <algorithm>
#include <utility>

#include "base/byte_reader.h"
#include "base/epoch.h"

namespace unstick::binary_cookies {

namespace {

constexpr std::string_view file_magic = "cook";
constexpr std::string_view page_magic{"\0\0\1\0", 4};
constexpr std::string_view trailer_magic = "\x07\x17\x20\x05";
constexpr std::uint32_t newest_record = 1;
constexpr std::size_t record_header = 56;
constexpr std::size_t no_offset = 0;

tl::unexpected<Error> corrupt(std::string what)
{
    return fail(Code::corrupt, {}, std::move(what), "the cookie jar was left as it is");
}

tl::unexpected<Error> unsupported(std::string what)
{
    return fail(Code::unsupported, {}, std::move(what),
                "the cookie jar was left as it is; a newer unstick may know its format");
}

/// The strings of a record, by their offsets.
class Strings {
public:
    explicit Strings(std::string_view record) : record_(record) {}

    std::string_view at(std::uint32_t offset)
    {
        const std::size_t end = record_.find('\0', offset);
        if (offset < record_header || end == std::string_view::npos) {
            ok_ = false;
            return {};
        }
        end_ = std::max(end_, end + 1);
        return record_.substr(offset, end - offset);
    }

    bool ok() const { return ok_; }
    std::size_t end() const { return end_; }

private:
    std::string_view record_;
    std::size_t end_ = record_header;
    bool ok_ = true;
};

std::uint32_t checksum_of(std::string_view page)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < page.size(); i += 4) {
        sum += static_cast<unsigned char>(page[i]);
    }
    return sum;
}

void add_big(std::string& bytes, std::size_t number)
{
    for (const int shift : {24, 16, 8, 0}) {
        bytes += static_cast<char>(number >> static_cast<unsigned>(shift) & 0xffU);
    }
}

void add_little(std::string& bytes, std::size_t number)
{
    for (const int shift : {0, 8, 16, 24}) {
        bytes += static_cast<char>(number >> static_cast<unsigned>(shift) & 0xffU);
    }
}

/// Size of what stands in a page before its records: magic, count, offsets, 0.
std::size_t page_header(std::size_t records)
{
    return page_magic.size() + 4 + 4 * records + 4;
}

std::string write_page(const Page& page)
{
    std::string bytes(page_magic);
    add_little(bytes, page.size());
    std::size_t offset = page_header(page.size());
    for (const Record& record : page) {
        add_little(bytes, offset);
        offset += record.bytes.size();
    }
    add_little(bytes, 0);
    for (const Record& record : page) {
        bytes += record.bytes;
    }
    return bytes;
}

Result<Page> parse_page(std::string_view bytes)
{
    ByteReader reader(bytes);
    if (reader.bytes(page_magic.size()) != page_magic) {
        return unsupported("a page of the cookie jar does not begin as known pages do");
    }
    const auto count = reader.little<std::uint32_t>();
    reader.bytes(4 * (std::uint64_t{count} + 1));  // offsets, which `write` makes anew, and 0
    Page page;
    for (std::uint32_t i = 0; reader.ok() && i < count; ++i) {
        const auto size = ByteReader(reader.rest()).little<std::uint32_t>();
        TRY_ASSIGN(auto record, parse_record(reader.bytes(size)));
        page.push_back(std::move(record));
    }
    if (!reader.ok()) {
        return corrupt("a page of the cookie jar is cut off");
    }
    return page;
}

/// A trailer is a magic, and in all but the oldest jars a property list with its length.
bool is_trailer(std::string_view bytes)
{
    ByteReader reader(bytes);
    if (reader.bytes(trailer_magic.size()) != trailer_magic) {
        return false;
    }
    return reader.rest().empty() || (reader.big32() == reader.rest().size() && reader.ok());
}

}  // namespace

std::string_view property_list_of(const Jar& jar)
{
    ByteReader reader(jar.trailer);
    reader.bytes(trailer_magic.size());
    (void)reader.big32();
    return reader.ok() ? reader.rest() : std::string_view();
}

Result<Record> parse_record(std::string_view bytes)
{
    ByteReader reader(bytes);
    const auto size = reader.little<std::uint32_t>();
    const auto version = reader.little<std::uint32_t>();
    Cookie cookie;
    cookie.flags = reader.little<std::uint32_t>();
    const auto has_port = reader.little<std::uint32_t>();
    const auto domain = reader.little<std::uint32_t>();
    const auto name = reader.little<std::uint32_t>();
    const auto path = reader.little<std::uint32_t>();
    const auto value = reader.little<std::uint32_t>();
    const auto comment = reader.little<std::uint32_t>();
    const auto comment_url = reader.little<std::uint32_t>();
    cookie.expires = from_seconds_since_2001(reader.little<double>());
    cookie.created = from_seconds_since_2001(reader.little<double>());
    if (!reader.ok() || size != bytes.size()) {
        return corrupt("a cookie's record is cut off");
    }
    if (version > newest_record) {
        return unsupported("a cookie's record is of an unknown version");
    }
    if (has_port == 1) {
        cookie.port = reader.little<std::uint16_t>();
    }
    Strings strings(bytes);
    cookie.domain = strings.at(domain);
    cookie.name = strings.at(name);
    cookie.path = strings.at(path);
    cookie.value_length = strings.at(value).size();
    for (const std::uint32_t optional : {comment, comment_url}) {
        if (optional != no_offset) {
            strings.at(optional);
        }
    }
    if (!strings.ok()) {
        return corrupt("a text of a cookie's record lies outside of it");
    }
    cookie.extra_length = bytes.size() - strings.end();
    return Record{std::move(cookie), std::string(bytes)};
}

Result<Jar> parse(std::string_view file)
{
    ByteReader reader(file);
    if (reader.bytes(file_magic.size()) != file_magic) {
        return unsupported("this is not a cookie jar of Safari");
    }
    ByteReader sizes(reader.bytes(4 * std::uint64_t{reader.big32()}));
    Jar jar;
    std::uint32_t checksum = 0;
    while (reader.ok() && !sizes.rest().empty()) {
        const std::string_view bytes = reader.bytes(sizes.big32());
        if (!reader.ok()) {
            break;
        }
        TRY_ASSIGN(auto page, parse_page(bytes));
        jar.pages.push_back(std::move(page));
        checksum += checksum_of(bytes);
    }
    const std::uint32_t expected = reader.big32();
    if (!reader.ok()) {
        return corrupt("the cookie jar is cut off");
    }
    if (checksum != expected) {
        return corrupt("the checksum of the cookie jar is wrong");
    }
    jar.trailer = reader.rest();
    if (!is_trailer(jar.trailer)) {
        return unsupported("the cookie jar does not end as known jars do");
    }
    if (write(jar) != file) {
        return unsupported("the pages of the cookie jar are laid out in an unknown way");
    }
    return jar;
}

std::string write(const Jar& jar)
{
    std::string file(file_magic);
    add_big(file, jar.pages.size());
    std::string pages;
    std::uint32_t checksum = 0;
    for (const Page& page : jar.pages) {
        const std::string bytes = write_page(page);
        add_big(file, bytes.size());
        checksum += checksum_of(bytes);
        pages += bytes;
    }
    file += pages;
    add_big(file, checksum);
    return file + jar.trailer;
}

std::string_view value_of(const Record& record)
{
    constexpr std::size_t value_offset = 28;
    ByteReader reader(record.bytes);
    reader.bytes(value_offset);
    return Strings(record.bytes).at(reader.little<std::uint32_t>());
}

std::string_view extra_of(const Record& record)
{
    const std::string_view bytes = record.bytes;
    return bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), record.cookie.extra_length));
}

std::vector<Record> take(Jar& jar, const std::function<bool(const Record&)>& unwanted)
{
    std::vector<Record> taken;
    std::vector<Page> kept;
    for (Page& page : jar.pages) {
        Page rest;
        const bool was_empty = page.empty();
        for (Record& record : page) {
            (unwanted(record) ? taken : rest).push_back(std::move(record));
        }
        if (was_empty || !rest.empty()) {
            kept.push_back(std::move(rest));
        }
    }
    jar.pages = std::move(kept);
    return taken;
}

bool is_same(const Record& a, const Record& b)
{
    return a.cookie.domain == b.cookie.domain && a.cookie.path == b.cookie.path && a.cookie.name == b.cookie.name &&
           extra_of(a) == extra_of(b);
}

bool holds(const Jar& jar, const Record& record)
{
    return std::any_of(jar.pages.begin(), jar.pages.end(), [&](const Page& page) {
        return std::any_of(page.begin(), page.end(), [&](const Record& other) { return is_same(other, record); });
    });
}

void put(Jar& jar, Record record)
{
    const auto page = std::find_if(jar.pages.begin(), jar.pages.end(), [&](const Page& candidate) {
        return !candidate.empty() && candidate.front().cookie.domain == record.cookie.domain;
    });
    (page == jar.pages.end() ? jar.pages.emplace_back() : *page).push_back(std::move(record));
}

}  // namespace unstick::binary_cookies
