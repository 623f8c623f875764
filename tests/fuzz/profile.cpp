// A whole home folder, through the entry point: fix, fix again, undo, with all that is shown. The first byte is the
// operating system whose layout it has, 'm' or any other (Linux); then follows an archive (place.h).

#include <algorithm>
#include <map>
#include <set>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "app/commands/run.h"
#include "containers/sqlite/database.h"
#include "profiles/all.h"
#include "tests/fixtures/fake_host.h"
#include "tests/fixtures/testing.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/place.h"
#include "tests/fuzz/shown.h"

using namespace unstick;
using fuzz::check;

namespace {

using Rows = std::multiset<std::string>;

/// The cookies of other sites, or nothing if it is no database or no table of cookies.
Rows cookies_of_others(const fs::path& file, const Site& site)
{
    Rows rows;
    auto reader = rows::Reader::open(file);
    if (!reader) {
        return rows;
    }
    try {
        SQLite::Statement kind(reader->database(),
                               "SELECT 1 FROM pragma_table_list WHERE name = 'cookies' AND type = 'table'");
        if (!kind.executeStep()) {
            return rows;
        }
        SQLite::Statement query(reader->database(),
                                "SELECT host_key, top_frame_site_key, name, value, encrypted_value, path FROM cookies");
        while (query.executeStep()) {
            std::string line;
            for (int i = 0; i < query.getColumnCount(); ++i) {
                line += query.getColumn(i).getString() + '\0';
            }
            if (!site.owns_host(query.getColumn(0).getString()) &&
                !site.owns_partition(query.getColumn(1).getString())) {
                rows.insert(std::move(line));
            }
        }
    } catch (const SQLite::Exception&) {
        rows.clear();
    }
    return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::Place place("profile");
    if (size == 0) {
        return 0;
    }
    const fs::path home = place.path() / "home";
    const fs::path outside = place.path() / "outside";
    for (const char* name : {"home", "outside", "state"}) {
        fs::remove_all(place.path() / name);
        fs::create_directories(place.path() / name);
    }
    testing::put(outside / "canary", "https://stuck.test/");
    testing::put(outside / "Default/Preferences", "{}");
    fuzz::unpack(fuzz::read_archive(fuzz::text_of(data + 1, size - 1)), home);
    const std::string outside_before = testing::snapshot(outside);

    testing::FakeHost host;
    Request request;
    request.site = Site::parse("stuck.test").value();
    request.home = home;
    request.os = *data == 'm' ? Os::macos : Os::linux_os;
    request.state_dir = place.path() / "state";
    request.kinds = all_kinds();
    request.yes = true;
    request.retest = Retest::none;
    const fs::path cookies = home / ".config/chromium/Default/Cookies";
    const Rows before = cookies_of_others(cookies, *request.site);

    for (const Command command : {Command::fix, Command::fix, Command::undo, Command::profiles}) {
        request.command = command;
        const Report report = run(request, host, adapters(), {});
        check(report.exit_code != Exit::internal, "no input is a fault of unstick");
        check(report.exit_code != Exit::partial || !report.problems.empty(), "what was not done is explained");
        fuzz::check_shown(report);
        check(testing::snapshot(outside) == outside_before, "nothing outside of the home folder is changed");
        check(cookies_of_others(cookies, *request.site) == before, "the cookies of other sites stay");
    }
    return 0;
}
