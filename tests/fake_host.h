#pragma once
// A computer that is only a value: its processes, sockets, clock and network are what the test says.

#include <functional>
#include <map>
#include <set>

#include "../src/host.h"

namespace unstick::testing {

class FakeHost : public Host {
public:
    std::string name = "this-host";
    std::set<std::int64_t> processes;
    std::multimap<std::string, std::int64_t, std::less<>> programs;  ///< name -> process
    std::map<fs::path, std::int64_t> listeners;                      ///< socket -> process
    std::map<fs::path, std::int64_t> writers;                        ///< file -> process that keeps it open (Windows)
    std::map<std::string, std::int64_t> message_windows;             ///< "class title" -> process (Windows)
    bool obeys = true;                                               ///< processes quit when asked
    std::vector<std::int64_t> asked_to_quit;
    std::int64_t clock = 1'800'000'000;
    std::chrono::milliseconds slept{0};
    /// Answers in order, by URL; the last one is repeated.
    std::map<std::string, std::vector<Reply>> replies;
    std::vector<std::string> requests;
    /// Of each request, in the order of `requests`: its Cookie field, its password.
    std::vector<std::string> cookies_sent;
    std::vector<std::string> passwords_sent;
    /// Answers instead of `replies`, for servers that look at what a request carries.
    std::function<Reply(const std::string& url, const Carried& carried)> answer_to;

    Machine machine() const override { return Machine::at_home("/nonexistent", Os::linux_os); }
    std::string host_name() const override { return name; }
    std::int64_t now() const override { return clock; }
    void sleep(std::chrono::milliseconds time) override { slept += time; }
    bool process_exists(std::int64_t pid) const override { return processes.contains(pid); }

    std::vector<std::int64_t> processes_named(std::string_view program) const override
    {
        std::vector<std::int64_t> found;
        for (auto [one, end] = programs.equal_range(program); one != end; ++one) {
            found.push_back(one->second);
        }
        return found;
    }

    Result<std::int64_t> socket_listener(const fs::path& socket) const override
    {
        for (const auto& [path, pid] : listeners) {
            if (fs::weakly_canonical(path) == fs::weakly_canonical(socket)) {
                return pid;
            }
        }
        return fail(Code::not_found, socket.string(), "nobody listens");
    }

    Result<std::int64_t> writer_of(const fs::path& file) const override
    {
        const auto found = writers.find(file);
        return found == writers.end() ? Host::writer_of(file) : Result<std::int64_t>(found->second);
    }

    Result<std::int64_t> message_window(std::string_view kind, std::string_view title) const override
    {
        const auto found = message_windows.find(std::string(kind) + " " + std::string(title));
        return found == message_windows.end() ? Host::message_window(kind, title) : Result<std::int64_t>(found->second);
    }

    Result<void> ask_to_quit(std::int64_t pid) override
    {
        asked_to_quit.push_back(pid);
        if (obeys) {
            processes.erase(pid);
            std::erase_if(programs, [&](const auto& entry) { return entry.second == pid; });
            std::erase_if(listeners, [&](const auto& entry) { return entry.second == pid; });
        }
        return {};
    }

    /// What programs do, by their command line with spaces between; none of this name: not_found. In order; the last
    /// one is repeated.
    std::map<std::string, std::vector<Ran>> runs;
    std::vector<std::string> commands;  ///< command lines that were run or started
    Result<void> dns_flush;             ///< what flush_dns() answers
    int dns_flushes = 0;

    std::map<std::int64_t, std::vector<std::string>> started_with;  ///< process -> how to start it again

    Result<std::vector<std::string>> command_of(std::int64_t pid) const override
    {
        const auto found = started_with.find(pid);
        return found == started_with.end() ? fail(Code::not_found, "process", "no such process")
                                           : Result<std::vector<std::string>>(found->second);
    }

    Result<Ran> run_program(const std::vector<std::string>& command, const std::string&,
                            std::chrono::milliseconds) override
    {
        commands.push_back(line_of(command));
        auto& list = runs[commands.back()];
        if (list.empty()) {
            return fail(Code::not_found, command.at(0), "there is no such program");
        }
        const Ran ran = list.front();
        if (list.size() > 1) {
            list.erase(list.begin());
        }
        return ran;
    }

    Result<void> start_program(const std::vector<std::string>& command) override
    {
        commands.push_back(line_of(command));
        return {};
    }

    /// What a program with two pipes says, in order: nullptr for one that is not there. What it is told is ignored.
    std::vector<std::string> piped_messages;
    bool has_piped = false;

    Result<std::unique_ptr<PipedProgram>> start_piped(const std::vector<std::string>& command,
                                                      const std::vector<std::string>&) override
    {
        commands.push_back(line_of(command));
        if (!has_piped) {
            return fail(Code::not_found, command.at(0), "there is no such program");
        }
        return std::make_unique<Piped>(piped_messages);
    }

    /// What names resolve to: before the first flush, after it, and so on; the last one is repeated. None: not_found.
    std::map<std::string, std::vector<std::vector<std::string>>> names;

    Result<std::vector<std::string>> resolve(const std::string& host) override
    {
        const auto found = names.find(host);
        if (found == names.end()) {
            return fail(Code::not_found, host, "there is no such name");
        }
        return found->second.at(std::min(found->second.size() - 1, static_cast<std::size_t>(dns_flushes)));
    }

    Result<void> flush_dns() override
    {
        ++dns_flushes;
        return dns_flush;
    }

    std::unique_ptr<HttpClient> http(const HttpOptions&) override { return std::make_unique<Client>(*this); }

private:
    static std::string line_of(const std::vector<std::string>& command)
    {
        std::string line;
        for (const std::string& word : command) {
            line += (line.empty() ? "" : " ") + word;
        }
        return line;
    }

    class Piped : public PipedProgram {
    public:
        explicit Piped(std::vector<std::string> messages) : messages_(std::move(messages)) {}
        Result<void> send(const std::string&) override { return {}; }
        Result<std::optional<std::string>> receive(std::chrono::milliseconds) override
        {
            if (next_ == messages_.size()) {
                return fail(Code::io, "fake", "it has ended: No usable sandbox! and more");
            }
            return messages_[next_++];
        }
        bool has_ended(std::chrono::milliseconds) override { return true; }

    private:
        std::vector<std::string> messages_;
        std::size_t next_ = 0;
    };

    class Client : public HttpClient {
    public:
        explicit Client(FakeHost& host) : host_(host) {}
        Reply get(const std::string& url, const Carried& carried) override
        {
            host_.requests.push_back(url);
            host_.cookies_sent.push_back(carried.cookies.text());
            host_.passwords_sent.push_back(carried.sign_in != nullptr ? carried.sign_in->password.text() : "");
            if (host_.answer_to) {
                return host_.answer_to(url, carried);
            }
            auto& list = host_.replies[url];
            if (list.empty()) {
                Reply none;
                none.error_code = "connect";
                none.error_text = "no connection";
                return none;
            }
            const Reply reply = list.front();
            if (list.size() > 1) {
                list.erase(list.begin());
            }
            return reply;
        }

    private:
        FakeHost& host_;
    };
};

}  // namespace unstick::testing
