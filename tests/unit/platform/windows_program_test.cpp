// unstick.exe on profiles of Windows. As windows_test.cpp.

#include <winsock2.h>
// after winsock2.h
#include <windows.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "journal/journal.h"
#include "platform/files.h"
#include "platform/subprocess.h"
#include "platform/this_host.h"
#include "platform/windows/handle.h"
#include "tests/fixtures/home.h"
#include "tests/unit/platform/windows_program.h"

namespace fs = std::filesystem;
namespace files = unstick::files;
namespace testing = unstick::testing;
using unstick::Code;
using unstick::windows::Handle;
using namespace unstick::testing::windows_program;

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
    REQUIRE(files::remove_tree(home.profile / "TransportSecurity"));  // it orders https, which this site does not have
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
    REQUIRE(fixed.exit_code == 0);
    const auto report = nlohmann::json::parse(fixed.out);
    CHECK(report["problems"].empty());
    CHECK(report["retest"]["clean"]["status"] == 200);
    CHECK(report["retest"]["before"]["method"] == "browser");
    CHECK(report["retest"]["before"]["status"] == 401);  // the stand-in has met its cookie in the copy
    CHECK(report["retest"]["after"]["status"] == 200);
    CHECK(files::Folder::open(home.place / "state/copies")->list()->size() == 1);  // its lock
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
