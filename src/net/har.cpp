#include "net/har.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "base/limited_json.h"
#include "base/text.h"
#include "net/headers.h"
#include "platform/files.h"
#include "web/url.h"

namespace unstick {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t largest_file = 2ULL << 30U;
constexpr std::size_t longest_entry = 1U << 20U;
constexpr std::size_t longest_string = 64U << 10U;
constexpr std::size_t most_exchanges = 20'000;
constexpr std::size_t most_kept = 32U << 20U;  ///< bytes of addresses and headers in all

/// Finds the members of `log.entries` in a text that comes in pieces, and gives each as a text of its own, in which
/// long strings are cut.
class EntryFinder {
public:
    /// `found`: a whole entry; `lost`: one that is too long.
    EntryFinder(std::function<void(const std::string&)> found, std::function<void()> lost)
        : found_(std::move(found)), lost_(std::move(lost))
    {
    }

    void read(std::string_view piece)
    {
        for (const char c : piece) {
            if (is_done_) {
                return;
            }
            if (in_string_) {
                read_in_string(c);
            } else {
                read_between(c);
            }
        }
    }

    /// Was there such an array, and did it end?
    bool has_begun() const { return in_entries_ || is_done_; }
    bool is_done() const { return is_done_; }

private:
    static constexpr std::size_t depth_of_log = 2;
    static constexpr std::size_t depth_of_entries = 3;

    bool in_entry() const { return in_entries_ && depth_ > depth_of_entries; }

    void keep(char c)
    {
        if (in_entry() && text_.size() <= longest_entry) {
            text_ += c;
        }
    }

    void read_in_string(char c)
    {
        ++length_;
        if (escaped_) {
            escaped_ = false;
            digits_left_ = c == 'u' ? 4 : 0;
        } else if (c == '"') {
            in_string_ = false;
            keep(c);
            return;
        } else if (c == '\\') {
            escaped_ = true;
        } else if (digits_left_ > 0) {
            --digits_left_;
        } else if (length_ > longest_string && c >= ' ' && c <= '~') {
            is_cut_ = true;  // here the text before is whole, no character and no escape is cut in two
        }
        if (!is_cut_) {
            keep(c);
            if (depth_ <= depth_of_log && word_.size() < 32) {
                word_ += c;
            }
        }
    }

    void read_between(char c)
    {
        switch (c) {
            case '"':
                in_string_ = true;
                is_cut_ = escaped_ = false;
                digits_left_ = 0;
                length_ = 0;
                word_.clear();
                keep(c);
                return;
            case '{':
            case '[':
                in_entries_ = in_entries_ || (c == '[' && depth_ == depth_of_log && word_ == "entries");
                ++depth_;
                if (in_entries_ && depth_ == depth_of_entries + 1) {
                    text_.clear();
                }
                keep(c);
                word_.clear();
                return;
            case '}':
            case ']':
                keep(c);
                if (in_entries_ && depth_ == depth_of_entries + 1) {
                    text_.size() > longest_entry ? lost_() : found_(text_);
                }
                is_done_ = in_entries_ && depth_ == depth_of_entries;
                depth_ -= depth_ > 0 ? 1U : 0U;
                return;
            case ',':
                word_.clear();
                break;
            default:
                break;
        }
        keep(c);
    }

    std::function<void(const std::string&)> found_;
    std::function<void()> lost_;
    std::string text_;  ///< of the entry so far
    std::string word_;  ///< the last string at the top
    std::size_t depth_ = 0;
    std::size_t length_ = 0;  ///< of the string so far
    int digits_left_ = 0;     ///< of an escape
    bool in_string_ = false;
    bool escaped_ = false;
    bool is_cut_ = false;
    bool in_entries_ = false;
    bool is_done_ = false;
};

// --- One entry ---

/// A member of an object; null if there is none.
const Json& member(const Json& object, const char* name)
{
    static const Json none;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? *found : none;
}

std::string text_of(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::int64_t number_in(std::string_view digits)
{
    std::int64_t number = -1;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return failed == std::errc() && end == digits.data() + digits.size() ? number : -1;
}

/// Unix seconds of a date and a time of day; none if there is no such day.
std::optional<std::int64_t> seconds_of(std::int64_t year, std::int64_t month, std::int64_t day, std::string_view time)
{
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    const bool is_time = time.size() >= 8 && time[2] == ':' && time[5] == ':';
    if (year < 1970 || year > 9999 || month < 1 || day < 1 || !date.ok() || !is_time) {
        return std::nullopt;
    }
    const std::int64_t hours = number_in(time.substr(0, 2));
    const std::int64_t minutes = number_in(time.substr(3, 2));
    const std::int64_t seconds = number_in(time.substr(6, 2));
    if (hours < 0 || minutes < 0 || seconds < 0) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date).time_since_epoch().count() * 86400LL + hours * 3600 + minutes * 60 + seconds;
}

/// "2026-11-30T10:00:00.123+01:00" (ISO 8601).
std::optional<std::int64_t> iso_time(std::string_view text)
{
    if (text.size() < 19 || text[10] != 'T') {
        return std::nullopt;
    }
    const auto local = seconds_of(number_in(text.substr(0, 4)), number_in(text.substr(5, 2)),
                                  number_in(text.substr(8, 2)), text.substr(11));
    const std::size_t zone = text.find_first_of("+-", 19);
    if (!local || zone == text.npos || text.size() < zone + 6) {
        return local;
    }
    const std::int64_t shift = std::max<std::int64_t>(number_in(text.substr(zone + 1, 2)), 0) * 3600 +
                               std::max<std::int64_t>(number_in(text.substr(zone + 4, 2)), 0) * 60;
    return text[zone] == '+' ? *local - shift : *local + shift;
}

/// "Mon, 30 Nov 2026 10:00:00 GMT" (RFC 9110 section 5.6.7).
std::optional<std::int64_t> http_time(std::string_view text)
{
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() < 25) {
        return std::nullopt;
    }
    const auto* const month = std::find(months.begin(), months.end(), text.substr(8, 3));
    return seconds_of(number_in(text.substr(12, 4)), month == months.end() ? 0 : month - months.begin() + 1,
                      number_in(text.substr(5, 2)), text.substr(17));
}

/// An address in an answer, absolute; empty if that cannot be told.
std::string absolute(const std::string& location, const std::string& base)
{
    if (location.empty() || split_url(location)) {
        return location;
    }
    const auto from = split_url(base);
    if (!from) {
        return {};
    }
    const std::string origin = std::string(from->scheme) + "://" + std::string(from->authority);
    if (location.starts_with("//")) {
        return std::string(from->scheme) + ":" + location;
    }
    if (location.starts_with('/')) {
        return origin + location;
    }
    const std::string page = base.substr(0, base.find_first_of("?#"));
    const std::size_t slash = page.rfind('/');
    return location.starts_with('?') ? page + location
           : slash < origin.size()   ? origin + "/" + location
                                     : page.substr(0, slash + 1) + location;
}

/// The names of Chrome's errors, as our own client calls them.
std::string_view error_code_of(std::string_view error)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> known{
        {{"TOO_MANY_REDIRECTS", "too_many_redirects"},
         {"NAME_NOT_RESOLVED", "dns"},
         {"TIMED_OUT", "timeout"},
         {"CERT_", "tls"},
         {"SSL_", "tls"},
         {"CONNECTION_", "connect"},
         {"PROXY_", "proxy"}}};
    const auto* const found =
        std::find_if(known.begin(), known.end(), [&](const auto& one) { return error.find(one.first) != error.npos; });
    return found == known.end() ? "other" : found->second;
}

/// Headers of one name are one line in some recordings, with line ends between.
void add_headers(const Json& headers, Headers& all)
{
    constexpr std::size_t most = 500;
    for (const Json& header : headers.is_array() ? headers : Json::array()) {
        const std::string name = text_of(member(header, "name"));
        const std::string value = text_of(member(header, "value"));
        std::string_view rest = value;
        while (all.size() < most) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            all.emplace_back(name, rest.substr(0, end));
            if (end == rest.size()) {
                break;
            }
            rest.remove_prefix(end + 1);
        }
    }
}

/// The cookies of a Cookie header.
std::vector<SentCookie> cookies_in(std::string_view header)
{
    std::vector<SentCookie> cookies;
    while (!header.empty()) {
        const std::string_view pair = trimmed(header.substr(0, header.find(';')));
        header.remove_prefix(std::min(header.find(';'), header.size() - 1) + 1);
        const std::size_t equals = pair.find('=');
        if (!pair.empty()) {
            cookies.push_back(equals == pair.npos
                                  ? SentCookie{{}, pair.size()}
                                  : SentCookie{std::string(pair.substr(0, equals)), pair.size() - equals - 1});
        }
    }
    return cookies;
}

std::optional<Exchange> exchange_of(const std::string& text)
{
    const Json entry = json_or_discarded<Json>(text);
    const Json& request = member(entry, "request");
    const Json& response = member(entry, "response");
    Exchange exchange;
    exchange.url = text_of(member(request, "url"));
    if (!parse_url(exchange.url)) {
        return std::nullopt;  // data:, blob:, extensions
    }
    Headers asked;
    add_headers(member(request, "headers"), asked);
    exchange.sent = cookies_in(header_value(asked, "cookie"));

    Reply& reply = exchange.reply;
    const Json& status = member(response, "status");
    reply.status = status.is_number_integer() && status >= 100 && status <= 599 ? status.get<int>() : 0;
    add_headers(member(response, "headers"), reply.headers);
    const std::string location = text_of(member(response, "redirectURL"));
    if (reply.status >= 300 && reply.status < 400) {
        reply.redirect_url =
            absolute(location.empty() ? header_value(reply.headers, "location") : location, exchange.url);
    }
    const std::string error = text_of(member(response, "_error"));
    if (reply.status == 0 || error.find("TOO_MANY_REDIRECTS") != std::string::npos) {
        reply.error_code = error_code_of(error);
        reply.error_text = error.empty() ? "the recording holds no answer" : error;
    }
    exchange.from_cache = !member(entry, "_fromCache").is_null();
    const Json& took = member(entry, "time");
    constexpr double day_ms = 86'400'000;
    const double time_ms = took.is_number() ? std::clamp(took.get<double>(), 0.0, day_ms) : 0;
    exchange.at =
        iso_time(text_of(member(entry, "startedDateTime"))).value_or(0) + static_cast<std::int64_t>(time_ms / 1000);
    if (!exchange.from_cache && exchange.at != 0) {
        reply.date = http_time(header_value(reply.headers, "date"));
    }
    const std::string type = text_of(member(entry, "_resourceType"));
    const std::string dest = header_value(asked, "sec-fetch-dest");
    const bool is_html = text_of(member(member(response, "content"), "mimeType")).starts_with("text/html");
    exchange.is_page = !type.empty()   ? type == "document"
                       : !dest.empty() ? dest == "document"
                                       : is_html || !reply.redirect_url.empty();
    return exchange;
}

/// About what it takes of memory.
std::size_t size_of_kept(const Exchange& exchange)
{
    constexpr std::size_t each = 64;
    std::size_t size = sizeof(Exchange) + exchange.url.size() + exchange.reply.redirect_url.size();
    for (const auto& [name, value] : exchange.reply.headers) {
        size += each + name.size() + value.size();
    }
    for (const SentCookie& cookie : exchange.sent) {
        size += each + cookie.name.size();
    }
    return size;
}

/// Takes a text in pieces.
class HarReader {
public:
    void read(std::string_view piece) { finder_.read(piece); }
    bool is_done() const { return finder_.is_done(); }

    Result<Recording> end(const std::string& where)
    {
        if (!finder_.has_begun() || (recording_.exchanges.empty() && !finder_.is_done())) {
            return fail(Code::corrupt, where, "it is no recording of a browser (HAR)",
                        "save one in the browser's developer tools: Network, then \"Save all as HAR\"");
        }
        return std::move(recording_);
    }

private:
    void take(const std::string& text)
    {
        auto exchange = recording_.exchanges.size() < most_exchanges ? exchange_of(text) : std::nullopt;
        if (!exchange || kept_ + size_of_kept(*exchange) > most_kept) {
            ++recording_.left_out;
            return;
        }
        kept_ += size_of_kept(*exchange);
        recording_.has_cookies = recording_.has_cookies || !exchange->sent.empty() ||
                                 !header_value(exchange->reply.headers, "set-cookie").empty();
        recording_.exchanges.push_back(std::move(*exchange));
    }

    Recording recording_;
    std::size_t kept_ = 0;
    EntryFinder finder_{[this](const std::string& text) { take(text); }, [this] { ++recording_.left_out; }};
};

}  // namespace

Result<Recording> read_har(const fs::path& file)
{
    std::error_code failed;
    const fs::path whole = fs::canonical(file, failed);
    if (failed) {
        return fail(failed == std::errc::permission_denied ? Code::denied : Code::not_found, file.string(),
                    "the recording cannot be opened: " + failed.message(),
                    "name the file that was saved in the browser's developer tools: Network, then \"Save all as HAR\"");
    }
    TRY_ASSIGN(const auto folder, files::Folder::open(whole.parent_path()));
    TRY_ASSIGN(const auto input, folder.open_file(whole.filename().string().c_str()));
    TRY_ASSIGN(const std::uint64_t size, input.size());
    if (size > largest_file) {
        return fail(Code::unsupported, file.string(), "the recording is larger than 2 GiB",
                    "record again, only the page that does not work, and leave out the bodies");
    }
    HarReader reader;
    std::string buffer(1U << 20U, '\0');
    for (std::uint64_t offset = 0; offset < size && !reader.is_done();) {
        TRY_ASSIGN(const std::size_t count, input.read(offset, buffer));
        if (count == 0) {
            break;
        }
        reader.read(std::string_view(buffer).substr(0, count));
        offset += count;
    }
    return reader.end(file.string());
}

Result<Recording> parse_har(std::string_view text)
{
    HarReader reader;
    reader.read(text);
    return reader.end({});
}

std::optional<Probe> page_in(const Recording& recording, const Site& site)
{
    using Way = std::vector<const Exchange*>;
    Way last;
    Way way;
    const auto is_of_site = [&](const Exchange* one) { return site.owns_host(host_of(one->url)); };
    for (const Exchange& exchange : recording.exchanges) {
        if (!exchange.is_page) {
            continue;
        }
        const bool goes_on = !way.empty() && way.back()->reply.redirect_url == exchange.url;
        if (!goes_on) {
            way.clear();
        }
        way.push_back(&exchange);
        if (std::any_of(way.begin(), way.end(), is_of_site)) {
            last = way;
        }
    }
    if (last.empty()) {
        return std::nullopt;
    }
    constexpr std::size_t most_hops = 50;
    last.resize(std::min(last.size(), most_hops));
    Probe probe;
    probe.method = "recording";
    probe.asked = last.front()->url;
    probe.asked_at = last.front()->at;
    for (const Exchange* exchange : last) {
        add_hop(exchange->url, exchange->reply, probe);
        if (!exchange->reply.redirect_url.empty()) {
            probe.hops.back().location = shown_url(exchange->reply.redirect_url);
        }
    }
    read_answer(last.back()->reply, last.back()->at, probe);
    probe.address = last.back()->url;
    probe.from = last.back()->from_cache ? From::cache : From::site;
    constexpr std::size_t endless = 19;
    if (probe.error_code.empty() && last.size() > endless && !last.back()->reply.redirect_url.empty()) {
        probe.error_code = "too_many_redirects";
        probe.error_text = "the pages redirect to each other without end";
    }
    return probe;
}

}  // namespace unstick
