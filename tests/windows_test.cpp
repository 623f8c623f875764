// What is different on Windows: its file operations, locks and paths; and unstick.exe, run as a program on profiles
// laid out as Windows' are. Wine is not Windows: docs/platforms.md says what these tests show there, and what they do
// not.

#include <winsock2.h>
// after winsock2.h
#include <windows.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "../platform/platform.h"
#include "../platform/programs.h"
#include "../platform/windows_handle.h"
#include "../src/files.h"
#include "../src/journal.h"
#include "home.h"

namespace fs = std::filesystem;
namespace files = unstick::files;
namespace testing = unstick::testing;
using unstick::Code;
using unstick::windows::Handle;

namespace {

std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

unstick::Ran unstick_exe(const std::vector<std::string>& arguments)
{
    std::vector<std::string> command{variable("UNSTICK_EXE")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    auto ran = unstick::run_program(command, "", std::chrono::minutes(5));
    REQUIRE(ran);
    return *ran;
}

/// A home folder laid out as Windows' are, with a profile of Chromium.
struct WindowsHome {
    testing::TempFolder place;
    fs::path home;
    fs::path data;
    fs::path profile;

    explicit WindowsHome(const std::string& name = "Person")
        : home(place / name), data(home / "AppData/Local/Chromium/User Data"), profile(data / "Default")
    {
        testing::write_profile(profile, profile, {"stuck.test", "other.test"}, testing::CacheKind::blockfile);
    }

    std::vector<std::string> with(std::vector<std::string> arguments) const
    {
        for (const std::string& more : {std::string("--home"), home.string(), std::string("--state-dir"),
                                        (place / "state").string(), std::string("--json")}) {
            arguments.push_back(more);
        }
        return arguments;
    }
    unstick::Ran run(const std::vector<std::string>& arguments) const { return unstick_exe(with(arguments)); }
    unstick::Ran undo() const
    {
        return unstick_exe({"undo", "--yes", "--state-dir", (place / "state").string(), "--json"});
    }
    unstick::Ran fix() const { return run({"fix", "stuck.test", "--yes", "--retest=none"}); }
    std::set<std::string> seen() const { return testing::seen_in(home); }
};

bool names_ours(const std::set<std::string>& seen, const std::string& secret)
{
    return std::any_of(seen.begin(), seen.end(),
                       [&](const std::string& line) { return line.find(secret) != line.npos; });
}

std::wstring long_form(const fs::path& path)
{
    return LR"(\\?\)" + fs::absolute(path).make_preferred().native();
}

/// Opens a file as another program may: sharing nothing, or only reading.
Handle hold_open(const fs::path& file, DWORD sharing, DWORD disposition = OPEN_EXISTING, DWORD flags = 0)
{
    Handle handle(::CreateFileW(long_form(file).c_str(), GENERIC_READ | GENERIC_WRITE, sharing, nullptr, disposition,
                                flags, nullptr));
    REQUIRE(handle);
    return handle;
}

/// A folder whose path has more than 260 characters.
fs::path deep_below(const fs::path& folder)
{
    fs::path deep = folder;
    for (int level = 0; level < 12; ++level) {
        deep /= std::string(40, static_cast<char>('a' + level));
    }
    const auto made = files::make_private_folder(deep);
    CAPTURE(made ? "" : made.error().where + ": " + made.error().what);
    REQUIRE(made);
    return deep;
}

}  // namespace

TEST_CASE("files: what has a long path is written, read, listed, copied, moved and removed")
{
    const testing::TempFolder folder;
    const fs::path deep = deep_below(folder.path());
    REQUIRE(deep.native().size() > 400);
    REQUIRE(files::write_file(deep / "file", "first"));
    REQUIRE(files::write_file(deep / "file", "second"));
    CHECK(files::read_file(deep / "file", 100).value() == "second");
    CHECK(files::info(deep / "file")->size == 6);
    REQUIRE(files::copy_file(deep / "file", deep / "copy"));
    CHECK(files::copy_file(deep / "file", deep / "copy").error().code == Code::exists);
    REQUIRE(files::link_file(deep / "file", deep / "link"));
    CHECK(files::info(deep / "file")->names == 2);
    CHECK(files::tree_size(folder.path()) == 18);
    CHECK(files::Folder::open(deep)->list()->size() == 3);
    CHECK(files::sync_file(deep / "file"));
    CHECK(files::sync_folder(deep));
    CHECK(files::can_write(deep));
    CHECK(files::real_path(folder.path()).value() == folder.path());  // wine names no longer ones
    REQUIRE(files::move(folder / std::string(40, 'a'), folder / "moved"));
    REQUIRE(files::remove_tree(folder / "moved"));
    CHECK(files::Folder::open(folder.path())->list()->empty());
}

TEST_CASE("files: names of any script")
{
    const testing::TempFolder folder;
    const std::string name = "žluťoučký-日本-😀";
    REQUIRE(files::write_file(folder / name, "content"));
    const auto listed = files::Folder::open(folder.path())->list();
    REQUIRE(listed);
    REQUIRE(listed->size() == 1);
    CHECK(listed->front().name == name);
    std::string buffer(100, 0);
    CHECK(files::Folder::open(folder.path())->read(name.c_str(), 3, buffer) == 4);
    CHECK(buffer.starts_with("tent"));
    CHECK((folder / name).filename().string() == name);
}

TEST_CASE("files: nothing is replaced by a move, and what is missing is said")
{
    const testing::TempFolder folder;
    REQUIRE(files::write_file(folder / "a", "a"));
    REQUIRE(files::write_file(folder / "b", "b"));
    CHECK(files::move(folder / "a", folder / "b").error().code == Code::exists);
    CHECK(files::read_file(folder / "b", 10).value() == "b");
    CHECK(files::move(folder / "none", folder / "c").error().code == Code::not_found);
    CHECK(files::info(folder / "none").error().code == Code::not_found);
    CHECK(files::Folder::open(folder / "none").error().code == Code::not_found);
    CHECK(files::Folder::open(folder / "a").error().code == Code::unsupported);
    CHECK(files::read_file(folder.path(), 10).error().code == Code::unsupported);
    CHECK(files::read_file(folder / "b", 0).error().code == Code::unsupported);
    CHECK(files::remove_tree(folder / "none"));
}

TEST_CASE("files: a file that is read-only is removed all the same, and a copy keeps that it is")
{
    const testing::TempFolder folder;
    REQUIRE(files::write_file(folder / "tree/file", "x").has_value() == false);
    REQUIRE(files::make_private_folder(folder / "tree"));
    REQUIRE(files::write_file(folder / "tree/file", "x"));
    ::SetFileAttributesW(long_form(folder / "tree/file").c_str(), FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN);
    REQUIRE(files::copy_file(folder / "tree/file", folder / "copy"));
    CHECK((::GetFileAttributesW(long_form(folder / "copy").c_str()) & FILE_ATTRIBUTE_HIDDEN) != 0);
    CHECK(files::remove_tree(folder / "tree"));
    CHECK(files::remove_tree(folder / "copy"));
    CHECK(files::Folder::open(folder.path())->list()->empty());
}

TEST_CASE("files: what another program has open is locked")
{
    const testing::TempFolder folder;
    REQUIRE(files::write_file(folder / "file", "x"));
    const Handle held = hold_open(folder / "file", 0);
    CHECK(files::read_file(folder / "file", 10).error().code == Code::locked);
    CHECK(files::move(folder / "file", folder / "other").error().code == Code::locked);
    CHECK(files::remove_tree(folder / "file").error().code == Code::locked);
    CHECK(files::write_file(folder / "file", "y").error().code == Code::locked);
    CHECK(files::Folder::open(folder.path())->list()->size() == 1);  // and no temporary file is left
}

TEST_CASE("files: our locks bar others, and follow a folder that is exchanged")
{
    const testing::TempFolder folder;
    for (const char* name : {"a", "b"}) {
        REQUIRE(files::make_private_folder(folder / name));
        REQUIRE(files::write_file(folder / name / "LOCK", name));
    }
    CHECK(files::Lock::take(folder / "a/none").error().code == Code::not_found);
    auto a = files::Lock::take(folder / "a/LOCK");
    const auto b = files::Lock::take(folder / "b/LOCK");
    REQUIRE(a);
    REQUIRE(b);
    CHECK(files::Lock::take(folder / "a/LOCK").error().code == Code::locked);
    REQUIRE(files::exchange(folder / "a", folder / "b"));
    CHECK(files::Lock::take(folder / "a/LOCK").error().code == Code::locked);
    CHECK(files::Lock::take(folder / "b/LOCK").error().code == Code::locked);
    REQUIRE(files::remove_tree(folder / "b"));
    CHECK_FALSE(files::info(folder / "b"));
    CHECK(files::Lock::take(folder / "a/LOCK").error().code == Code::locked);
    {
        const auto dropped = std::move(*a);  // of what is b now, and gone
    }
    CHECK(files::Lock::take(folder / "a/LOCK").error().code == Code::locked);
}

TEST_CASE("files: what is behind a reparse point stays")
{
    // JUNCTION, which somebody else has made, leads to a folder that holds `precious`. Wine follows it when it is
    // opened, and shows that it is one only in its folder's listing: here no more is looked at than that it is not gone
    // into.
    const fs::path link = variable("JUNCTION");
    if (link.empty()) {
        WARN("not run: JUNCTION names no reparse point");
        return;
    }
    const fs::path precious = fs::path(variable("JUNCTION_TARGET")) / "precious";
    REQUIRE(files::read_file(precious, 100));
    CHECK(files::Folder::open(link.parent_path())->list()->at(0).type != files::Type::folder);
    CHECK(files::tree_size(link.parent_path()) == 0);
    (void)files::remove_tree(link.parent_path());
    CHECK(files::read_file(precious, 100));
}

TEST_CASE("programs get their arguments as they are, and end in time")
{
    const std::vector<std::string> words{"", "a b", "\"quoted\"", "back\\slash\\", "end\\\\\"", "%PATH%", "ž日😀", "*"};
    std::vector<std::string> command{variable("UNSTICK_EXE"), "profiles", ""};
    for (const std::string& word : words) {
        command[2] = "--browser=" + word + "|";
        const auto ran = unstick::run_program(command, "", std::chrono::minutes(1));
        CAPTURE(word, ran ? "" : ran.error().what);
        REQUIRE(ran);
        CAPTURE(ran->err, ran->out);
        CHECK(ran->exit_code == 2);
        CHECK((ran->err + ran->out).find(word + "|") != std::string::npos);
    }
    CHECK(unstick::run_program({"no-such-program"}, "", std::chrono::minutes(1)).error().code == Code::not_found);
    CHECK(unstick::run_program({"C:\\app\\a.bat"}, "", std::chrono::minutes(1)).error().code == Code::denied);
}

TEST_CASE("this computer: folders, processes, and a name cache that is emptied or said to be none")
{
    const auto host = unstick::this_host();
    const auto machine = host->machine();
    CHECK(machine.os == unstick::Os::windows);
    for (const char* name : {"home", "local", "roaming"}) {
        CHECK(files::info(machine.folders.at(name))->type == files::Type::folder);
    }
    CHECK(unstick::state_folder() == machine.folders.at("local") / "unstick");
    const auto ours = static_cast<std::int64_t>(::GetCurrentProcessId());
    CHECK(host->process_exists(ours));
    CHECK_FALSE(host->process_exists(0x7ffffff0));
    const auto named = host->processes_named("windows_test");
    CHECK(std::count(named.begin(), named.end(), ours) == 1);
    CHECK(host->processes_named("no-such-program").empty());
    CHECK_FALSE(host->host_name().empty());
    CHECK(host->ask_to_quit(0x7ffffff0).error().code == Code::denied);
    (void)host->flush_dns();  // under wine it does nothing: only that the call can be made
}

TEST_CASE("profiles, why, fix, runs and undo on a profile of Windows")
{
    const std::string name = GENERATE("Person", "Žofie Nováková 日本 😀", "100% #1 & co");
    CAPTURE(name);
    const WindowsHome home(name);
    const auto before = home.seen();
    REQUIRE(names_ours(before, "SECRET-stuck.test"));

    const auto profiles = home.run({"profiles"});
    CAPTURE(profiles.out, profiles.err);
    REQUIRE(profiles.exit_code == 0);
    const auto listed = nlohmann::json::parse(profiles.out);
    REQUIRE(listed["profiles"].size() == 1);
    CHECK(listed["profiles"][0]["browser"] == "chromium");

    const auto why = home.run({"why", "stuck.test", "--retest=none"});
    CAPTURE(why.out, why.err);
    CHECK((why.exit_code == 0 || why.exit_code == 10));
    CHECK(home.run({"fix", "stuck.test", "--dry-run", "--retest=none"}).exit_code == 0);
    CHECK(home.seen() == before);

    const auto fixed = home.fix();
    CAPTURE(fixed.out, fixed.err);
    CHECK(fixed.exit_code == 0);
    const auto after = home.seen();
    CHECK_FALSE(names_ours(after, "session SECRET-stuck.test"));
    CHECK(after.size() < before.size());
    for (const std::string& line : before) {
        if (line.find("other.test") != line.npos && line.find("stuck.test") == line.npos) {
            CAPTURE(line);
            CHECK(after.contains(line));
        }
    }
    CHECK(home.fix().exit_code == 9);

    const auto runs = unstick_exe({"runs", "--state-dir", (home.place / "state").string(), "--json"});
    CHECK(nlohmann::json::parse(runs.out)["runs"].size() == 1);
    const auto undone = home.undo();
    CAPTURE(undone.out, undone.err);
    CHECK(undone.exit_code == 0);
    CHECK(home.seen() == before);
    CHECK(home.undo().exit_code == 2);
}

TEST_CASE("a profile whose paths have more than 260 characters")
{
    WindowsHome home;
    const auto before = home.seen();
    const fs::path shallow = home.home;
    home.home = deep_below(home.place / "deep") / "home";
    REQUIRE(files::move(shallow, home.home));

    const auto fixed = home.fix();
    CAPTURE(fixed.out, fixed.err);
    CHECK(fixed.exit_code == 0);
    REQUIRE(files::move(home.home, shallow));
    CHECK(testing::seen_in(shallow).size() < before.size());
    REQUIRE(files::move(shallow, home.home));

    const auto undone = home.undo();
    CAPTURE(undone.out, undone.err);
    CHECK(undone.exit_code == 0);
    REQUIRE(files::move(home.home, shallow));
    CHECK(testing::seen_in(shallow) == before);
}

TEST_CASE("a profile that a browser has open is left alone")
{
    const WindowsHome home;
    const auto before = home.seen();
    SECTION("its lockfile, as Chromium holds it")
    {
        const Handle lockfile =
            hold_open(home.data / "lockfile", FILE_SHARE_READ, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE);
        const auto fixed = home.fix();
        CAPTURE(fixed.out, fixed.err);
        CHECK(fixed.exit_code == 7);
        CHECK(fixed.out.find("lockfile") != std::string::npos);
        CHECK(home.run({"doctor"}).exit_code == 7);
    }
    SECTION("only the LOCK of a database")
    {
        const auto lock = files::Lock::take(home.profile / "Local Storage/leveldb/LOCK");
        REQUIRE(lock);
        CHECK(home.fix().exit_code == 7);
    }
    CHECK(home.seen() == before);
    CHECK(home.fix().exit_code == 0);  // and afterwards it works
}

TEST_CASE("a lockfile that a power cut left bars nobody")
{
    const WindowsHome home;
    testing::put(home.data / "lockfile", "");
    CHECK(home.fix().exit_code == 0);
}

TEST_CASE("a database that another program holds is a problem of its own, and the rest is done")
{
    const WindowsHome home;
    const fs::path cookies = home.profile / "Network/Cookies";
    const fs::path file = files::info(cookies) ? cookies : home.profile / "Cookies";
    {
        const Handle held = hold_open(file, 0);
        const auto fixed = home.fix();
        CAPTURE(fixed.out, fixed.err);
        CHECK(fixed.exit_code == 3);
    }
    CHECK(names_ours(home.seen(), "SECRET-stuck.test"));
    CHECK(home.fix().exit_code == 0);
}

namespace {

/// What Chromium is to other programs: a file that it keeps open, a message window, a window to close.
class Browser {
public:
    explicit Browser(const fs::path& data) : thread_([this, data] { run(data); })
    {
        while (!ready_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    ~Browser()
    {
        ::PostThreadMessageW(id_, WM_QUIT, 0, 0);
        thread_.join();
    }
    bool was_asked() const { return asked_; }

private:
    void run(const fs::path& data)
    {
        Handle lockfile = hold_open(data / "lockfile", FILE_SHARE_READ, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE);
        WNDCLASSW messages{};
        messages.lpfnWndProc = ::DefWindowProcW;
        messages.lpszClassName = L"Chrome_MessageWindow";
        ::RegisterClassW(&messages);
        ::CreateWindowExW(0, messages.lpszClassName, data.c_str(), 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, nullptr,
                          nullptr);
        const HWND window = ::CreateWindowExW(0, L"STATIC", L"A page", WS_OVERLAPPEDWINDOW | WS_VISIBLE, 0, 0, 100, 100,
                                              nullptr, nullptr, nullptr, nullptr);
        id_ = ::GetCurrentThreadId();
        has_window_ = window != nullptr;
        ready_ = true;
        for (MSG message{}; ::GetMessageW(&message, nullptr, 0, 0) > 0;) {
            if (message.message == WM_CLOSE && message.hwnd == window) {
                asked_ = true;
                ::DestroyWindow(window);
                lockfile.close();
            }
            ::DispatchMessageW(&message);
        }
    }

    std::atomic<bool> ready_ = false;
    std::atomic<bool> asked_ = false;
    std::atomic<bool> has_window_ = false;
    std::atomic<DWORD> id_ = 0;
    std::thread thread_;
};

}  // namespace

TEST_CASE("--close asks the browser to close its windows, and waits for its end")
{
    const WindowsHome home;
    const fs::path data = files::real_path(home.data).value();
    const Browser browser(data);
    const auto refused = home.fix();
    CAPTURE(refused.out, refused.err);
    CHECK(refused.exit_code == 7);
    CHECK(refused.out.find("process " + std::to_string(::GetCurrentProcessId())) != std::string::npos);
    CHECK_FALSE(browser.was_asked());
    const auto fixed = home.run({"fix", "stuck.test", "--yes", "--retest=none", "--close"});
    CAPTURE(fixed.out, fixed.err);
    CHECK(browser.was_asked());
    CHECK(fixed.exit_code == 0);
}

namespace {

/// A site on a port of this computer that lets everybody in.
class OpenSite {
public:
    OpenSite()
    {
        WSADATA data{};
        ::WSAStartup(MAKEWORD(2, 2), &data);
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        int size = sizeof(address);
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(socket_, SOMAXCONN) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ::ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~OpenSite()
    {
        ::closesocket(socket_);
        thread_.join();
    }
    std::string port() const { return std::to_string(port_); }

private:
    void serve()
    {
        for (SOCKET client = 0; (client = ::accept(socket_, nullptr, nullptr)) != INVALID_SOCKET;) {
            std::string asked(4096, 0);
            ::recv(client, asked.data(), static_cast<int>(asked.size()), 0);
            const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nin";
            ::send(client, answer.data(), static_cast<int>(answer.size()), 0);
            ::closesocket(client);
        }
    }

    SOCKET socket_ = INVALID_SOCKET;
    unsigned port_ = 0;
    std::thread thread_;
};

}  // namespace

TEST_CASE("--retest browser opens the browser on a copy of the profile, before and after, and leaves none of it behind")
{
    const OpenSite site;
    const WindowsHome home;
    std::vector<std::string> arguments{"fix",
                                       "stuck.test",
                                       "--yes",
                                       "--url",
                                       "http://stuck.test:" + site.port() + "/",
                                       "--resolve",
                                       "stuck.test:" + site.port() + ":127.0.0.1",
                                       "--retest",
                                       "browser"};
    SECTION("a browser that is named")
    {
        arguments.insert(arguments.end(), {"--browser-program", variable("STAND_IN_BROWSER")});
    }
    SECTION("one that is where Windows keeps programs")
    {
        if (variable("UNSTICK_THROW_AWAY_USER").empty()) {
            WARN("not run: it adds a program to this computer; UNSTICK_THROW_AWAY_USER is not set");
            return;
        }
        const fs::path there = unstick::this_host()->machine().folders.at("programs") / "Chromium/Application";
        REQUIRE(files::make_private_folder(there));
        REQUIRE(files::remove_tree(there / "chrome.exe"));
        REQUIRE(files::copy_file(variable("STAND_IN_BROWSER"), there / "chrome.exe"));
    }
    const auto fixed = home.run(arguments);
    CAPTURE(fixed.out, fixed.err);
    CHECK(fixed.exit_code == 0);
    const auto report = nlohmann::json::parse(fixed.out);
    CHECK(report["problems"].empty());
    CHECK(report["retest"]["clean"]["status"] == 200);
    CHECK(report["retest"]["before"]["method"] == "browser");
    CHECK(report["retest"]["before"]["status"] == 401);  // the stand-in has met its cookie in the copy
    CHECK(report["retest"]["after"]["status"] == 200);
    CHECK(files::Folder::open(home.place / "state/retest")->list()->empty());
}

TEST_CASE("exit codes and texts of wrong use")
{
    CHECK(unstick_exe({"--version"}).exit_code == 0);
    CHECK(unstick_exe({"--help"}).out.find("\r") == std::string::npos);
    CHECK(unstick_exe({"no-such-command-or-site-%"}).exit_code == 2);
    CHECK(unstick_exe({"fix", "com"}).exit_code == 2);
    const auto all = unstick_exe({"profiles", "--all-users"});
    CHECK(all.exit_code == 8);
    CHECK(all.err.find("logon script") != std::string::npos);
    const WindowsHome home;
    CHECK(home.run({"fix", "stuck.test", "--retest=none"}).exit_code == 2);  // nobody can confirm
    CHECK(home.run({"fix", "nothing-here.test", "--yes", "--retest=none"}).exit_code == 9);
}

TEST_CASE("the folders that Windows names are where unstick looks and keeps its runs")
{
    if (variable("UNSTICK_THROW_AWAY_USER").empty()) {
        WARN("not run: it writes to the user's own folders; UNSTICK_THROW_AWAY_USER is not set");
        return;
    }
    const auto local = unstick::this_host()->machine().folders.at("local");
    const fs::path profile = local / "Google/Chrome/User Data/Default";
    REQUIRE(files::remove_tree(local / "Google"));
    REQUIRE(files::remove_tree(local / "unstick"));
    testing::write_profile(profile, profile, {"stuck.test"}, testing::CacheKind::blockfile);
    const auto profiles = unstick_exe({"profiles", "--json"});
    CHECK(profiles.out.find("\"chrome\"") != std::string::npos);
    CHECK(unstick_exe({"fix", "stuck.test", "--yes", "--retest=none", "--json"}).exit_code == 0);
    CHECK(unstick::list_runs(local / "unstick").value().size() == 1);
    CHECK(unstick_exe({"undo", "--yes", "--json"}).exit_code == 0);
}
