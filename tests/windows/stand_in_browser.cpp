// What a browser of the Chromium family is to unstick on Windows: it takes the handles of two pipes and talks over them
// as DevTools does, keeps files of its data folder open, and starts a helper that outlives it. Pages it has none: every
// site answers 401 as long as the profile holds a cookie of stuck.test, and 200 without one. What tests ask for besides
// are messages "Test.".

#include <windows.h>

#include <fcntl.h>
#include <io.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// What follows `start` in the argument that starts with it.
std::string argument(int count, char** arguments, const std::string& start)
{
    for (int i = 1; i < count; ++i) {
        if (std::string(arguments[i]).starts_with(start)) {
            return arguments[i] + start.size();
        }
    }
    return {};
}

/// A file that nobody else may open or remove until this program ends.
void hold(const fs::path& file)
{
    ::CreateFileW(file.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, 0, nullptr);
}

void start_helper(const fs::path& data)
{
    std::wstring line = L"helper \"--helper=" + data.native() + L"\"";
    std::wstring program(32768, 0);
    program.resize(::GetModuleFileNameW(nullptr, program.data(), static_cast<DWORD>(program.size())));
    STARTUPINFOW start{};
    start.cb = sizeof(start);
    PROCESS_INFORMATION process{};
    ::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, &process);
    while (!fs::exists(data / "held by the helper")) {
        ::Sleep(10);
    }
}

bool has_cookie(const fs::path& data)
{
    for (const char* name : {"Network/Cookies", "Cookies"}) {
        std::ifstream file(data / "Default" / name, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        if (bytes.find("SECRET-stuck.test") != std::string::npos) {
            return true;
        }
    }
    return false;
}

class Pipes {
public:
    explicit Pipes(const std::string& handles)
        : in_(open(std::stoul(handles), _O_RDONLY, "rb")),
          out_(open(std::stoul(handles.substr(handles.find(',') + 1)), 0, "wb"))
    {
    }

    /// The next message, without its zero byte; empty at the end.
    std::string next()
    {
        std::string message;
        for (int c = 0; (c = std::fgetc(in_)) > 0;) {
            message += static_cast<char>(c);
        }
        return message;
    }

    void say(const std::string& message)
    {
        std::fwrite(message.c_str(), 1, message.size() + 1, out_);
        std::fflush(out_);
    }

    void tell(const char* method, const json& params) { say(json{{"method", method}, {"params", params}}.dump()); }

private:
    static std::FILE* open(unsigned long handle, int flags, const char* mode)
    {
        return ::_fdopen(::_open_osfhandle(static_cast<intptr_t>(handle), flags | _O_BINARY), mode);
    }

    std::FILE* in_;
    std::FILE* out_;
};

/// A page whose only request is that for itself.
void load(Pipes& pipes, const std::string& url, int status)
{
    pipes.tell("Network.requestWillBeSent", {{"requestId", "load"},
                                             {"loaderId", "load"},
                                             {"frameId", "page"},
                                             {"type", "Document"},
                                             {"request", {{"url", url}}}});
    pipes.tell("Network.responseReceived",
               {{"requestId", "load"}, {"response", {{"status", status}, {"headers", json::object()}}}});
    for (const char* name : {"load", "networkIdle"}) {
        pipes.tell("Page.lifecycleEvent", {{"frameId", "page"}, {"loaderId", "load"}, {"name", name}});
    }
}

}  // namespace

int main(int count, char** arguments)
{
    if (const std::string data = argument(count, arguments, "--helper="); !data.empty()) {
        hold(fs::path(data) / "held by the helper");
        ::Sleep(INFINITE);
    }
    const fs::path data = argument(count, arguments, "--user-data-dir=");
    if (!data.empty()) {
        hold(data / "held by the browser");
        start_helper(data);
    }
    Pipes pipes(argument(count, arguments, "--remote-debugging-io-pipes="));
    for (std::string text; !(text = pipes.next()).empty();) {
        const json message = json::parse(text);
        const std::string method = message["method"];
        const json params = message.value("params", json::object());
        json result = json::object();
        if (method == "Test.say") {
            pipes.say(params["text"]);
            continue;
        } else if (method == "Test.say much") {
            pipes.say(std::string(20'000'000, 'x'));
            continue;
        } else if (method == "Test.variable") {
            const char* value = std::getenv(params["name"].get<std::string>().c_str());
            pipes.say(value == nullptr ? "(none)" : value);
            continue;
        } else if (method == "Test.end") {
            std::fputs("no sandbox\n", stderr);
            return 1;
        } else if (method == "Test.sleep") {
            ::Sleep(INFINITE);
        } else if (method == "Browser.getVersion") {
            result = {{"userAgent", "Stand-in HeadlessBrowser/1"}};
        } else if (method == "Target.createTarget") {
            result = {{"targetId", "page"}};
        } else if (method == "Target.attachToTarget") {
            result = {{"sessionId", "session"}};
        } else if (method == "Network.getCookies") {
            result = {{"cookies", has_cookie(data) ? json::array({{{"name", "session"}}}) : json::array()}};
        }
        pipes.say(json{{"id", message["id"]}, {"result", result}}.dump());
        if (method == "Page.navigate") {
            load(pipes, params["url"], has_cookie(data) ? 401 : 200);
        } else if (method == "Browser.close") {
            return 0;
        }
    }
    return 0;
}
