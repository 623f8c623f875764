#include "request_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "findings/finding.h"
#include "text.h"

namespace unstick {

namespace {

std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> parts;
    while (true) {
        const std::size_t comma = text.find(',');
        if (const auto part = text.substr(0, comma); !part.empty()) {
            parts.emplace_back(part);
        }
        if (comma == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(comma + 1);
    }
}

/// Typed access to the values; remembers the first error.
class Reader {
public:
    explicit Reader(const Values& values) : values_(values) {}

    bool has(std::string_view name) const { return values_.contains(name); }

    bool flag(std::string_view name)
    {
        const std::string value = text(name);
        if (is_off(value)) {
            return false;
        }
        if (value != "1" && value != "yes" && value != "true") {
            complain(name, "it is a switch: 1 or 0");
        }
        return true;
    }

    std::string text(std::string_view name)
    {
        const auto found = values_.find(name);
        if (found == values_.end()) {
            return {};
        }
        if (const Option* option = option_named(name);
            found->second.size() > 1 && option != nullptr && !option->argument.empty()) {
            complain(name, "it was given more than once");
        }
        return found->second.back();
    }

    std::vector<std::string> list(std::string_view name) const
    {
        const auto found = values_.find(name);
        return found == values_.end() ? std::vector<std::string>{} : found->second;
    }

    int number(std::string_view name, int otherwise, int least, int most)
    {
        if (!has(name)) {
            return otherwise;
        }
        const std::string value = text(name);
        int result = 0;
        const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), result);
        if (code != std::errc() || end != value.data() + value.size() || result < least || result > most) {
            complain(name, fmt::format("it has to be a whole number from {} to {}", least, most));
        }
        return result;
    }

    std::set<Kind> kinds(std::string_view name)
    {
        std::set<Kind> chosen;
        for (const std::string& word : split(text(name))) {
            if (const auto kind = kind_named(word)) {
                chosen.insert(*kind);
            } else {
                std::string known;
                for (const KindInfo& info : unstick::kinds) {
                    known += (known.empty() ? "" : ", ") + std::string(info.name);
                }
                complain(name, "'" + printable(word) + "' is no kind of data", "known kinds: " + known);
            }
        }
        if (has(name) && chosen.empty()) {
            complain(name, "it names no kind of data");
        }
        return chosen;
    }

    std::set<std::string> rules(std::string_view name)
    {
        std::vector<std::string> known;
        for (const RuleInfo& rule : unstick::rules()) {
            known.emplace_back(rule.id);
        }
        std::set<std::string> chosen;
        for (const std::string& word : split(text(name))) {
            if (std::find(known.begin(), known.end(), word) == known.end()) {
                complain(name, "'" + printable(word) + "' is no rule", suggestion(word, known));
            }
            chosen.insert(word);
        }
        if (has(name) && chosen.empty()) {
            complain(name, "it names no rule");
        }
        return chosen;
    }

    void refuse_contradictions()
    {
        for (const auto& [option, other, hint] : contradictions) {
            if (is_on(values_, option) && is_on(values_, other)) {
                complain(option, fmt::format("it cannot be used together with --{}", other), std::string(hint));
            }
        }
    }

    void complain(std::string_view name, std::string what, std::string hint = {})
    {
        if (!error_) {
            error_ = Error{Code::usage, "--" + std::string(name), std::move(what), std::move(hint)};
        }
    }

    const std::optional<Error>& error() const { return error_; }

private:
    const Values& values_;
    std::optional<Error> error_;
};

std::chrono::seconds age_of(Reader& reader)
{
    const std::string text = reader.text("older-than");
    long number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit(end, text.data() + text.size());
    const std::map<std::string, long> units{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    if (code != std::errc() || number <= 0 || number > 100000 || !units.contains(unit)) {
        reader.complain("older-than", "it has to be an age like 7d, 12h or 30m");
        return {};
    }
    return std::chrono::seconds(number * units.at(unit));
}

/// HOST:PORT:ADDR, where an address of IPv6 has colons of its own.
void check_resolve(Reader& reader, const std::vector<std::string>& entries)
{
    for (const std::string& entry : entries) {
        const std::size_t port = entry.find(':');
        const std::size_t address = port == std::string::npos ? port : entry.find(':', port + 1);
        if (port == 0 || address == std::string::npos || address + 1 == entry.size() ||
            !is_number(std::string_view(entry).substr(port + 1, address - port - 1))) {
            reader.complain("resolve", "'" + printable(entry) + "' is not HOST:PORT:ADDR",
                            "for example: --resolve example.com:443:192.0.2.1");
        }
    }
}

void read_kinds(Reader& reader, Request& request)
{
    request.kinds = reader.has("only") ? reader.kinds("only") : default_kinds();
    request.kinds.merge(reader.kinds("with"));
    for (const Kind kind : reader.kinds("keep")) {
        request.kinds.erase(kind);
    }
    if (request.kinds.empty()) {
        reader.complain("keep", "nothing is left that could be removed");
    }
    request.whole_cache = reader.flag("whole-cache");
    if (request.whole_cache && !request.kinds.contains(Kind::cache)) {
        reader.complain("whole-cache", "the cache is not among what is to be removed",
                        "leave out --keep cache, or add cache to --only");
    }
}

Result<void> read_sites(Reader& reader, const std::string& argument, Request& request)
{
    auto site = Site::parse(argument);
    if (!site) {
        return tl::unexpected<Error>(site.error());
    }
    if (reader.has("url")) {
        auto target = Site::parse(reader.text("url"));
        if (!target) {
            return tl::unexpected<Error>(target.error());
        }
        site->set_target(target->target());
    }
    request.only_host = reader.flag("host");
    if (request.only_host) {
        site = site->only_host();
    }
    for (const std::string& also : reader.list("also")) {
        const auto other = Site::parse(also);
        if (!other) {
            return tl::unexpected<Error>(other.error());
        }
        site->add(*other);
    }
    request.site = std::move(*site);
    return {};
}

void read_options(Reader& reader, Request& request)
{
    reader.refuse_contradictions();
    request.browsers = split(reader.text("browser"));
    request.profile = reader.text("profile");
    request.user_data_dir = reader.text("user-data-dir");
    request.home = reader.text("home");
    request.all_users = reader.flag("all-users");
    request.state_dir = reader.text("state-dir");
    request.report_file = reader.text("report");
    request.log = reader.text("log");
    if (reader.has("os")) {
        request.os = os_named(reader.text("os"));
        if (!request.os) {
            reader.complain("os", "it has to be linux, macos or windows");
        }
        if (!reader.has("home")) {
            reader.complain("os", "it needs --home", "--os says how the home folder given with --home is laid out");
        }
    }
    read_kinds(reader, request);
    request.rules = reader.rules("rule");
    request.stale = reader.flag("stale") || !request.rules.empty();
    request.escalate = reader.flag("escalate");
    request.dry_run = reader.flag("dry-run");
    request.yes = reader.flag("yes");
    request.reopen = reader.flag("reopen");
    request.close = reader.flag("close") || request.reopen;
    request.no_undo = reader.flag("no-undo");
    if (const std::string how = reader.text("retest"); how == "none") {
        request.retest = Retest::none;
    } else if (!how.empty() && how != "http") {
        reader.complain("retest", "it has to be http or none");
    }
    if (request.escalate && request.retest == Retest::none) {
        reader.complain("escalate", "it cannot be used together with --retest none",
                        "only the re-test says when to stop");
    }
    request.probe.retries = reader.number("retries", request.probe.retries, 0, 20);
    request.probe.http.timeout = std::chrono::seconds(reader.number("timeout", 15, 1, 3600));
    request.probe.http.proxy = reader.text("proxy");
    request.probe.http.cacert = reader.text("cacert");
    request.probe.http.resolve = reader.list("resolve");
    check_resolve(reader, request.probe.http.resolve);
    if (reader.has("expect-status")) {
        request.probe.expect_status = reader.number("expect-status", 200, 100, 599);
    }
    request.purge = reader.flag("purge");
    if (reader.has("older-than")) {
        request.older_than = age_of(reader);
        if (!request.purge) {
            reader.complain("older-than", "it needs --purge");
        }
    }
    request.json = reader.flag("json");
    request.quiet = reader.flag("quiet");
    request.verbose = reader.flag("verbose");
    request.no_color = reader.flag("no-color");
    (void)reader.flag("all-profiles");  // it is what happens anyway; a wrong value is an error all the same
}

}  // namespace

Result<void> read_request(const Values& values, const std::optional<std::string>& site, Request& request)
{
    Reader reader(values);
    read_options(reader, request);
    if (site) {
        if (auto read = read_sites(reader, *site, request); !read) {
            return read;
        }
    }
    return reader.error() ? Result<void>(tl::unexpected<Error>(*reader.error())) : Result<void>();
}

}  // namespace unstick
