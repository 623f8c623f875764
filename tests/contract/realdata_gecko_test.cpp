// A real profile of Firefox 153 (docs/testing.md says where it is from): one site at a time is removed from a copy, and
// what is left is compared byte by byte. Nothing of its content is printed: only counts and truths.

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "app/commands/run.h"
#include "profiles/all.h"
#include "tests/fixtures/fake_host.h"
#include "tests/fixtures/testing.h"

using namespace unstick;
using testing::TempFolder;

namespace {

/// Each file below a folder, by its path; and each folder.
using Tree = std::map<std::string, std::string>;

Tree tree_of(const fs::path& folder)
{
    Tree tree;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string name = fs::relative(entry.path(), folder).generic_string();
        tree[name] = entry.is_directory() ? "folder" : testing::get(entry.path());
    }
    return tree;
}

struct Copy {
    TempFolder folder;
    fs::path profile = folder / "profile";
    testing::FakeHost host;

    /// False, after a warning, if there is no real profile.
    bool unpack()
    {
        const fs::path packed = testing::real_data() / "firefox/firefox-153.tar.xz";
        if (!fs::exists(packed)) {
            WARN("firefox/firefox-153.tar.xz is not in UNSTICK_REALDATA: this test did not run");
            return false;
        }
        const std::string command = "tar -xJf '" + packed.string() + "' -C '" + folder.path().string() + "'";
        return std::system(command.c_str()) == 0;
    }

    Report go(Command command, const std::string& site)
    {
        Request request;
        request.command = command;
        request.site = Site::parse(site).value();
        request.user_data_dir = profile;
        request.state_dir = folder / "state";
        request.kinds = {Kind::cache, Kind::storage};
        request.yes = true;
        request.retest = Retest::none;
        return run(request, host, adapters(), {});
    }
};

struct Expected {
    std::string site;
    std::size_t cached;
    std::size_t origins;
    std::size_t workers;
    /// Is the folder of an origin the site's? Told here by its name alone.
    std::vector<std::string> folders;
};

std::uint64_t items_of(const Report& report, std::string_view store)
{
    for (const StoreReport& one : report.profiles.at(0).stores) {
        if (one.store == store) {
            return one.found;
        }
    }
    return 0;
}

bool is_below_any(const std::string& name, const std::vector<std::string>& folders)
{
    return std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) {
        const std::string path = "storage/default/" + folder;
        return name == path || name.starts_with(path + "/");
    });
}

/// Rewritten in place: compared by what is in it, not by its bytes.
bool is_rewritten(const std::string& name)
{
    return name == "serviceworker.txt" || name == "storage.sqlite" || name == "bounce-tracking-protection.sqlite" ||
           name.starts_with("sessionstore");
}

std::multiset<std::string> rows_of_sizes(const fs::path& file)
{
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    SQLite::Statement query(database, "SELECT * FROM origin");
    std::multiset<std::string> rows;
    while (query.executeStep()) {
        std::string row;
        for (int i = 0; i < query.getColumnCount(); ++i) {
            row += query.getColumn(i).getString() + "|";
        }
        rows.insert(row);
    }
    return rows;
}

/// The records of a list, without order.
std::multiset<std::string> workers_of(const std::string& text)
{
    std::multiset<std::string> records;
    std::size_t begin = text.find('\n') + 1;
    for (std::size_t end = text.find("\n#\n", begin); end != text.npos; end = text.find("\n#\n", begin)) {
        records.insert(text.substr(begin, end - begin));
        begin = end + 3;
    }
    return records;
}

}  // namespace

TEST_CASE("a real Firefox profile: each site's storage and cached files alone go, and come back", "[realdata]")
{
    const Expected expected = GENERATE(
        Expected{"alpha.test",
                 42,
                 8,
                 4,
                 {"https+++alpha.test", "https+++app.alpha.test", "https+++app.alpha.test+8443",
                  "https+++alpha.test^userContextId=2", "https+++alpha.test^partitionKey=%28https%2Cbeta.test%29",
                  "https+++app.alpha.test^partitionKey=%28https%2Cnotalpha.test%29",
                  "https+++beta.test^partitionKey=%28https%2Calpha.test%29",
                  "https+++gamma.test^userContextId=2&partitionKey=%28https%2Calpha.test%29"}},
        Expected{"one.github.io", 0, 1, 1, {"https+++one.github.io"}});
    if (testing::real_data().empty()) {
        return;
    }
    Copy copy;
    if (!copy.unpack()) {
        return;
    }
    CAPTURE(expected.site);
    const Tree before = tree_of(copy.profile);
    const auto sizes = rows_of_sizes(copy.profile / "storage.sqlite");
    const auto workers = workers_of(before.at("serviceworker.txt"));

    const Report fixed = copy.go(Command::fix, expected.site);
    CHECK(fixed.problems.empty());
    CHECK(fixed.exit_code == Exit::ok);
    if (expected.cached > 0) {
        CHECK(items_of(fixed, "HTTP cache") == expected.cached);
    }
    CHECK(items_of(fixed, "Site storage") == 5 * expected.origins);
    CHECK(items_of(fixed, "Storage in use") == expected.origins);
    CHECK(items_of(fixed, "Service workers") == expected.workers);

    const Tree after = tree_of(copy.profile);
    std::size_t cached = 0;
    for (const auto& [name, content] : before) {
        const bool ours = is_below_any(name, expected.folders);
        const auto now = after.find(name);
        CAPTURE(name);
        if (ours) {
            CHECK(now == after.end());
        } else if (name.starts_with("cache2/entries/") && now == after.end()) {
            ++cached;
            CHECK(content.find(expected.site) != content.npos);
        } else if (!is_rewritten(name)) {
            CHECK(now != after.end());
            CHECK((now != after.end() && now->second == content));
        }
    }
    CHECK(after.size() < before.size());
    CHECK(cached == items_of(fixed, "HTTP cache"));
    CHECK(rows_of_sizes(copy.profile / "storage.sqlite").size() == sizes.size() - expected.origins);
    CHECK(workers_of(after.at("serviceworker.txt")).size() == workers.size() - expected.workers);
    CHECK(copy.go(Command::fix, expected.site).exit_code == Exit::nothing_found);

    const Report undone = copy.go(Command::undo, expected.site);
    CHECK(undone.problems.empty());
    const Tree again = tree_of(copy.profile);
    CHECK(again.size() == before.size());
    for (const auto& [name, content] : before) {
        const auto now = again.find(name);
        CAPTURE(name);
        CHECK((now != again.end() && (now->second == content || is_rewritten(name))));
    }
    CHECK(rows_of_sizes(copy.profile / "storage.sqlite") == sizes);
    CHECK(workers_of(again.at("serviceworker.txt")) == workers);
}
