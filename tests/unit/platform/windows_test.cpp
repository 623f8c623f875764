// What is different on Windows: its file operations, locks and paths; and unstick.exe, run as a program on profiles
// laid out as Windows' are. Wine is not Windows: docs/platforms.md says what these tests show there, and what they do
// not.

#include <winsock2.h>
// after winsock2.h
#include <shellapi.h>
#include <windows.h>

#include <array>
#include <fstream>
#include <thread>

#include "platform/files.h"
#include "platform/subprocess.h"
#include "platform/this_host.h"
#include "platform/windows/handle.h"
#include "platform/windows/wide.h"
#include "tests/fixtures/home.h"
#include "tests/unit/platform/windows_program.h"

namespace fs = std::filesystem;
namespace files = unstick::files;
namespace testing = unstick::testing;
using unstick::Code;
using unstick::windows::Handle;
using namespace unstick::testing::windows_program;

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

TEST_CASE("the registry: texts of the user, as they are written, and nothing else")
{
    const std::wstring key = L"Software\\Policies\\unstick-test\\žluť";
    const auto set = [&](const wchar_t* name, DWORD type, std::wstring_view text) {
        const auto size = static_cast<DWORD>((text.size() + 1) * sizeof(wchar_t));
        REQUIRE(::RegSetKeyValueW(HKEY_CURRENT_USER, key.c_str(), name, type, text.data(), size) == ERROR_SUCCESS);
    };
    set(L"plain", REG_SZ, L"D:\\日本\\${user_name}");
    set(L"with a variable", REG_EXPAND_SZ, L"%TEMP%\\cache");
    set(L"bytes", REG_BINARY, L"D:\\no text");
    set(L"empty", REG_SZ, L"");
    const auto host = unstick::this_host();
    const auto read = [&](const char* name) {
        return host->registry_text({"Software\\Policies\\unstick-test\\žluť", name});
    };
    CHECK(read("plain") == "D:\\日本\\${user_name}");
    CHECK(read("with a variable") == "%TEMP%\\cache");
    CHECK(read("bytes") == std::nullopt);
    CHECK(read("empty") == "");
    CHECK(read("none") == std::nullopt);
    CHECK(host->registry_text({"Software\\no such key", "plain"}) == std::nullopt);
    CHECK_FALSE(host->machine().user.empty());
    CHECK_FALSE(host->machine().name.empty());
    ::RegDeleteTreeW(HKEY_CURRENT_USER, L"Software\\Policies\\unstick-test");
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
    CHECK(files::exchange(folder / "a", folder / "b").error().code == Code::unsupported);
    CHECK(files::rename_folder(folder / "a", folder / "b").error().code == Code::exists);
    REQUIRE(files::rename_folder(folder / "a", folder / "aside"));
    REQUIRE(files::rename_folder(folder / "b", folder / "a"));
    REQUIRE(files::rename_folder(folder / "aside", folder / "b"));
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
    const auto named = host->processes_named("unit_platform");
    CHECK(std::count(named.begin(), named.end(), ours) == 1);
    CHECK(host->processes_named("no-such-program").empty());
    CHECK_FALSE(host->host_name().empty());
    CHECK(host->ask_to_quit(0x7ffffff0).error().code == Code::locked);
    (void)host->flush_dns();  // under wine it does nothing: only that the call can be made
}

TEST_CASE("the words of programs that run for this user are seen, with a home folder of this user only")
{
    const auto host = unstick::this_host();
    const auto home = host->machine().expand("{home}");
    REQUIRE(home);
    int count = 0;
    LPWSTR* const own = ::CommandLineToArgvW(::GetCommandLineW(), &count);
    REQUIRE(count > 0);
    const std::string program = unstick::windows::narrow(own[0]);
    ::LocalFree(own);
    const std::array<std::string_view, 1> beginnings{program};
    const auto found = host->commands_with(beginnings, *home);
    if (found.empty() && ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr) {
        WARN("not seen: this wine does not say with which words a program was started");
    } else {
        REQUIRE_FALSE(found.empty());
        CHECK(found.front().front() == program);
    }
    CHECK(host->commands_with(beginnings, *home / "other").empty());
    CHECK(host->commands_with(std::array<std::string_view, 1>{"--no-program-has-this="}, *home).empty());
}
