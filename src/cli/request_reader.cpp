#include "cli/request_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "diagnosis/finding.h"
#include "web/pasted.h"
#include "web/resolve_entry.h"
#include "web/url.h"

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
        const std::string list_of_rules = "unstick why --help lists the rules";
        std::vector<std::string> known;
        for (const RuleInfo& rule : unstick::rules()) {
            known.emplace_back(rule.id);
        }
        std::set<std::string> chosen;
        for (const std::string& word : split(text(name))) {
            if (std::find(known.begin(), known.end(), word) == known.end()) {
                const std::string meant = suggestion(word, known);
                complain(name, "'" + printable(word) + "' is no rule", meant.empty() ? list_of_rules : meant);
            }
            chosen.insert(word);
        }
        if (has(name) && chosen.empty()) {
            complain(name, "it names no rule", list_of_rules);
        }
        return chosen;
    }

    void refuse_contradictions()
    {
        for (const auto& [option, other, hint] : contradictions) {
            if (is_on(values_, option) && is_on(values_, other)) {
                complain(option, fmt::format("it cannot be used together with --{}", other),
                         hint.empty() ? "leave out one of the two" : std::string(hint));
            }
        }
    }

    /// Where the option table lists the words that an option takes, it takes no others.
    void refuse_other_words()
    {
        for (const auto& [name, given] : values_) {
            const Option* const option = option_named(name);
            const auto is_known = [&](const std::string& value) {
                return std::any_of(option->values.words.begin(), option->values.words.end(),
                                   [&](const Word& known) { return known.word == value; });
            };
            if (option != nullptr && !option->values.words.empty() &&
                !std::all_of(given.begin(), given.end(), is_known)) {
                complain(name, "it has to be " + words_of(option->values));
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

std::vector<std::string> resolve_entries(Reader& reader)
{
    std::vector<std::string> entries;
    for (const std::string& text : reader.list("resolve")) {
        if (const auto entry = parse_resolve_entry(text)) {
            entries.push_back(entry->text());
        } else {
            reader.complain("resolve", entry.error().what, entry.error().hint);
        }
    }
    return entries;
}

void read_kinds(Reader& reader, Request& request)
{
    request.kinds = reader.has("only") ? reader.kinds("only") : default_kinds();
    request.kinds.merge(reader.kinds("with"));
    for (const Kind kind : reader.kinds("keep")) {
        request.kinds.erase(kind);
    }
    if (request.kinds.empty()) {
        reader.complain("keep", "nothing is left that could be removed",
                        "leave one of the kinds out of it, or name others with --with");
    }
    request.keep_cookies = reader.list("keep-cookie");
    if (std::find(request.keep_cookies.begin(), request.keep_cookies.end(), "") != request.keep_cookies.end()) {
        reader.complain("keep-cookie", "it names no cookie");
    }
    request.whole_cache = reader.flag("whole-cache");
    if (request.whole_cache && !request.kinds.contains(Kind::cache)) {
        reader.complain("whole-cache", "the cache is not among what is to be removed",
                        "leave out --keep cache, or add cache to --only");
    }
}

/// Reads an address as it may have been pasted, and says so if something came along with it.
Result<Site> read_site(const std::string& pasted, Request& request, Site::BareLabel bare = Site::BareLabel::refused)
{
    const std::string address = address_in(pasted);
    TRY_ASSIGN(auto site, Site::parse(address.empty() ? trimmed(pasted) : address, bare));
    if (address != pasted) {
        request.notes.push_back("The address was read as " + printable(bare_url(address)) + ".");
    }
    return site;
}

Result<void> read_sites(Reader& reader, const std::string& argument, Request& request)
{
    // Which profiles there are is not known yet; `test` looks into none.
    const auto bare = request.command == Command::test ? Site::BareLabel::refused : Site::BareLabel::if_stored;
    TRY_ASSIGN(auto site, read_site(argument, request, bare));
    if (reader.has("url")) {
        TRY_ASSIGN(const auto target, read_site(reader.text("url"), request));
        site.set_target(target);
    }
    request.only_host = reader.flag("host");
    if (request.only_host) {
        site = site.only_host();
    }
    for (const std::string& also : reader.list("also")) {
        TRY_ASSIGN(const auto other, read_site(also, request));
        site.add(other);
    }
    request.all_ports = reader.flag("all-ports");
    if (request.all_ports) {
        site = site.all_ports();
    }
    request.subdomains = reader.flag("subdomains");
    if (request.subdomains) {
        TRY_ASSIGN(site, site.with_subdomains());
    }
    request.site = std::move(site);
    return {};
}

void read_places(Reader& reader, Request& request)
{
    request.browsers = split(reader.text("browser"));
    request.profile = reader.text("profile");
    request.user_data_dir = reader.text("user-data-dir");
    request.browser_family = reader.text("browser-family");
    request.cache_dir = reader.text("cache-dir");
    request.home = reader.text("home");
    request.all_users = reader.flag("all-users");
    request.user_time = std::chrono::minutes(reader.number("user-minutes", 10, 1, 1440));
    (void)reader.flag("all-profiles");  // it is what happens anyway; a wrong value is an error all the same
    if (reader.has("os")) {
        request.os = os_named(reader.text("os"));
        if (!reader.has("home")) {
            reader.complain("os", "it needs --home", "--os says how the home folder given with --home is laid out");
        }
    }
}

void read_manner(Reader& reader, Request& request)
{
    request.rules = reader.rules("rule");
    request.stale = reader.flag("stale") || !request.rules.empty();
    request.escalate = reader.flag("escalate");
    request.least = reader.flag("least");
    request.dry_run = reader.flag("dry-run");
    request.yes = reader.flag("yes");
    request.reopen = reader.flag("reopen");
    request.close = reader.flag("close") || request.reopen;
    request.ok_if_nothing = reader.flag("ok-if-nothing");
    request.no_undo = reader.flag("no-undo");
    request.replace = reader.flag("replace");
    request.flush_dns = reader.flag("flush-dns");
}

void read_retest(Reader& reader, Request& request)
{
    const std::string how = reader.text("retest");
    const bool is_by_person = how == "person";  // the search asks them where neither browser nor requests tell
    request.retest = how == "none" || is_by_person ? Retest::none : how == "browser" ? Retest::browser : Retest::http;
    const bool is_asked = (request.retest != Retest::none && how != "clean") || is_by_person;
    if (request.least && reader.has("retest") && !is_asked) {
        reader.complain("least", "it needs --retest browser, http or person",
                        "only the browser itself, a client with its cookies, or you can prove what keeps it out");
    }
    if (is_by_person && (!request.least || request.dry_run || request.yes)) {
        reader.complain("retest", "person goes with --least, without --yes and --dry-run",
                        "you are asked after each step whether you are in");
    }
    if (request.least && !reader.has("retest")) {
        request.retest = Retest::browser;
    }
    request.visits = static_cast<std::size_t>(reader.number("visits", 12, 0, 1000));
    request.send_cookies = how != "clean";
    if (request.escalate && request.retest == Retest::none) {
        reader.complain("escalate", "it cannot be used together with --retest none",
                        "only the re-test says when to stop");
    }
    request.har = reader.text("har");
    if (!request.har.empty() && request.retest == Retest::browser) {
        reader.complain("har", "it cannot be used together with --retest browser",
                        "what was recorded takes the place of the re-test");
    }
    if (!request.har.empty()) {
        request.retest = Retest::none;
    }
    ProbeOptions& probe = request.probe;
    probe.browser = {reader.text("browser-program"), reader.list("browser-argument"), reader.text("expect-text"),
                     reader.text("expect-url"), reader.text("stuck-text")};
    for (const std::string_view option : {"expect-text", "expect-url", "stuck-text"}) {
        if (reader.has(option) && request.retest != Retest::browser) {
            reader.complain(option, "it needs --retest browser");
        }
    }
    if (reader.has("visits") && !is_asked) {
        reader.complain("visits", "it needs --retest browser or --retest http");
    }
    if (const auto url = parse_url(probe.browser.expect_url); reader.has("expect-url") && !url) {
        reader.complain("expect-url", url.error().what, url.error().hint);
    }
    probe.retries = reader.number("retries", probe.retries, 0, 20);
    probe.http.timeout = std::chrono::seconds(reader.number("timeout", 15, 1, 3600));
    probe.http.proxy = reader.text("proxy");
    probe.http.cacert = reader.text("cacert");
    probe.http.resolve = resolve_entries(reader);
    if (reader.has("expect-status")) {
        probe.expect_status = reader.number("expect-status", 200, 100, 599);
    }
}

void read_sign_in(Reader& reader, Request& request)
{
    request.user = reader.text("user");
    request.password_stdin = reader.flag("password-stdin");
    request.plain_password = reader.flag("plain-http");
    if (reader.has("user") && request.user.empty()) {
        reader.complain("user", "must not be empty");
    }
    for (const std::string_view option : {"password-stdin", "plain-http"}) {
        if (reader.flag(option) && request.user.empty()) {
            reader.complain(option, "it needs --user NAME");
        }
    }
}

void read_runs(Reader& reader, Request& request)
{
    request.check = reader.flag("check");
    request.purge = reader.flag("purge");
    if (reader.has("older-than")) {
        request.older_than = age_of(reader);
        if (!request.purge) {
            reader.complain("older-than", "it needs --purge");
        }
    }
}

void read_output(Reader& reader, Request& request)
{
    request.json = reader.flag("json");
    request.quiet = reader.flag("quiet");
    request.verbose = reader.flag("verbose");
    request.no_color = reader.flag("no-color");
    request.report_file = reader.text("report");
    request.log = reader.text("log");
    for (const auto kind : {SystemLog::Kind::journal, SystemLog::Kind::syslog, SystemLog::Kind::eventlog}) {
        if (reader.text("log-to") == name_of(kind)) {
            request.log_to = kind;
        }
    }
    request.state_dir = reader.text("state-dir");
}

}  // namespace

Result<void> read_request(const Values& values, const std::vector<std::string>& sites, Request& request)
{
    Reader reader(values);
    reader.refuse_contradictions();
    reader.refuse_other_words();
    for (const auto read : {read_places, read_kinds, read_manner, read_retest, read_sign_in, read_runs, read_output}) {
        read(reader, request);
    }
    if (sites.size() > 1) {
        for (const std::string_view option : {"url", "har", "report", "all-users", "user"}) {
            if (reader.has(option) && reader.text(option) != "0") {
                reader.complain(option, "it goes with one site at a time");
            }
        }
    }
    for (std::size_t i = 0; i < sites.size(); ++i) {
        Request of_site;
        of_site.command = request.command;
        TRY(read_sites(reader, sites[i], i == 0 ? request : of_site));
        if (i > 0) {
            request.more_sites.push_back({std::move(*of_site.site), std::move(of_site.notes)});
        }
    }
    return reader.error() ? Result<void>(tl::unexpected<Error>(*reader.error())) : Result<void>();
}

}  // namespace unstick
