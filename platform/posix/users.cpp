// users.h for Linux and other POSIX systems.

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>

#include "base/text.h"
#include "platform/posix/fd.h"
#include "platform/posix/system_calls.h"
#include "platform/users.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): glibc declares it, others do not

namespace unstick {

namespace fs = std::filesystem;

namespace {

constexpr uid_t root = 0;
/// Below are the system's own accounts (Debian's policy; macOS starts at 501). `nobody` and above are none either.
constexpr uid_t first_person = 500;
constexpr uid_t nobody = 65534;

std::optional<struct stat> stat_of(const fs::path& path)
{
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? std::optional(status) : std::nullopt;
}

/// Only calls that are allowed between fork and exec.
bool become(uid_t user, gid_t group, const std::vector<gid_t>& groups)
{
    return system_calls::set_groups(groups) == 0 && ::setgid(group) == 0 && ::setuid(user) == 0 && ::setuid(root) != 0;
}

std::vector<gid_t> groups_of(const passwd& person)
{
    return system_calls::groups_of(person.pw_name, person.pw_gid);
}

void add_person(const passwd& person, std::map<uid_t, User>& people)
{
    const auto home = stat_of(person.pw_dir);
    if (person.pw_uid >= first_person && person.pw_uid < nobody && home && S_ISDIR(home->st_mode) &&
        home->st_uid == person.pw_uid) {
        people.emplace(person.pw_uid, User{person.pw_name, person.pw_dir});
    }
}

/// What the child's run starts with.
std::vector<std::string> environment_of(const User& user, PassesOn passes_on)
{
    std::vector<std::string> variables{"HOME=" + user.home.string(), "USER=" + user.name, "LOGNAME=" + user.name,
                                       "PATH=/usr/local/bin:/usr/bin:/bin"};
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        if (passes_on(text)) {
            variables.emplace_back(text);
        }
    }
    return variables;
}

/// What a user's run starts with, made before the fork: between fork and exec hardly anything may be called.
struct Start {
    passwd rights;
    std::vector<gid_t> groups;
    std::vector<char*> arguments;
    std::vector<char*> variables;
    int program = -1;
    int input = -1;
    int output = -1;
    int messages = -1;
    int highest = 0;  ///< descriptors up to here are not passed on
    pid_t parent = 0;
};

constexpr int not_started = 127;

/// In the child. Returns only if it fails.
void become_and_run(const Start& start)
{
    // Without a terminal there is none that it could type into.
    if (::setsid() < 0 || !become(start.rights.pw_uid, start.rights.pw_gid, start.groups) || ::chdir("/") != 0) {
        return;
    }
    system_calls::end_with_parent();
    if (::getppid() != start.parent || ::dup2(start.input, STDIN_FILENO) < 0 ||
        ::dup2(start.output, STDOUT_FILENO) < 0 || ::dup2(start.messages, STDERR_FILENO) < 0) {
        return;
    }
    for (int fd = STDERR_FILENO + 1; fd <= start.highest; ++fd) {
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    system_calls::execute(start.program, start.arguments.data(), start.variables.data());
}

/// The rest of what can be had without waiting, or what has come until now. False at its end.
bool take_ready(Handle& from, std::string& to, std::size_t longest)
{
    std::array<char, 65536> buffer{};
    const ssize_t size = ::read(from.get(), buffer.data(), buffer.size());
    if (size > 0) {
        to.append(buffer.data(), std::min(static_cast<std::size_t>(size), longest - std::min(longest, to.size())));
        return true;
    }
    if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
        from.close();
    }
    return false;
}

/// A child whose output we take.
class Running {
public:
    Running(pid_t pid, Handle output, Handle messages)
        : pid_(pid), output_(std::move(output)), messages_(std::move(messages))
    {
        for (const Handle* end : {&output_, &messages_}) {
            ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
        }
    }

    /// Waits for its end, not for that of its output: what it started may keep that open. Errors: io, if it was killed.
    Result<Ran> wait(const std::string& who, std::chrono::milliseconds patience)
    {
        const auto end = std::chrono::steady_clock::now() + patience;
        int status = 0;
        while (::waitpid(pid_, &status, WNOHANG) == 0) {
            if (std::chrono::steady_clock::now() >= end) {
                kill_it();
                return fail(Code::io, who,
                            "this user's run did not end in " +
                                count_of(static_cast<std::uint64_t>(patience.count() / 60000), "minute", "minutes") +
                                ", and was ended",
                            "--user-minutes gives each run more time");
            }
            hear();
            if (ran_.out.size() > longest_run_output) {
                kill_it();
                return fail(Code::io, who, "this user's run printed more than any does, and was ended");
            }
        }
        while (take_ready(output_, ran_.out, longest_run_output + 1) ||
               take_ready(messages_, ran_.err, longest_messages)) {
        }
        if (WIFSIGNALED(status)) {
            return fail(Code::io, who, "this user's run was ended by signal " + std::to_string(WTERMSIG(status)));
        }
        ran_.exit_code = WEXITSTATUS(status);
        return std::move(ran_);
    }

private:
    static constexpr std::size_t longest_messages = 65536;

    void hear()
    {
        constexpr int slice_ms = 50;
        std::array<pollfd, 2> waits{pollfd{output_.get(), POLLIN, 0}, pollfd{messages_.get(), POLLIN, 0}};
        if (!output_ && !messages_) {
            ::poll(nullptr, 0, slice_ms);
        } else if (::poll(waits.data(), waits.size(), slice_ms) > 0) {
            if (waits[0].revents != 0) {
                take_ready(output_, ran_.out, longest_run_output + 1);
            }
            if (waits[1].revents != 0) {
                take_ready(messages_, ran_.err, longest_messages);
            }
        }
    }

    /// Also if it is stopped; also what it started and did not let go.
    void kill_it()
    {
        ::kill(-pid_, SIGKILL);
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    pid_t pid_;
    Handle output_, messages_;
    Ran ran_;
};

tl::unexpected<Error> cannot_become(const std::string& who)
{
    return fail(Code::denied, who, "unstick cannot take on this user's rights, and works with no others here",
                "run it as this user, or as root");
}

/// Starts unstick with the rights of a user. One at a time: the system's list of users has one place for who was looked
/// up, and a child must not keep a pipe of another one open.
Result<Running> start_as(const User& user, const std::vector<std::string>& arguments, PassesOn passes_on)
{
    static std::mutex one;
    const std::lock_guard lock(one);
    const passwd* const person = ::getpwnam(user.name.c_str());
    if (::geteuid() != root || person == nullptr) {
        return cannot_become(user.name);
    }
    std::vector<std::string> words{"unstick"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = environment_of(user, passes_on);
    // Opened with our rights: the program may lie where the user cannot go.
    const Handle program(system_calls::open_own_program());
    const Handle nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    auto output = make_pipe();
    auto messages = make_pipe();
    if (!program || !nothing || !output || !messages) {
        return fail(Code::io, user.name, std::string("unstick cannot be started: ") + std::strerror(errno));
    }
    constexpr long most_descriptors = 4096;
    const Start start{*person,
                      groups_of(*person),
                      pointers_to(words),
                      pointers_to(variables),
                      program.get(),
                      nothing.get(),
                      output->write.get(),
                      messages->write.get(),
                      static_cast<int>(std::min(::sysconf(_SC_OPEN_MAX), most_descriptors)),
                      ::getpid()};
    const pid_t child = ::fork();
    if (child == 0) {
        become_and_run(start);
        ::_exit(not_started);
    }
    if (child < 0) {
        return cannot_become(user.name);
    }
    return Running(child, std::move(output->read), std::move(messages->read));
}

}  // namespace

Result<fs::path> take_rights_of(std::uint64_t owner, const fs::path& place)
{
    const auto user = static_cast<uid_t>(owner);
    const passwd* const person = ::getpwuid(user);
    const auto status = stat_of(place);
    const fs::path home = person != nullptr ? person->pw_dir : "";
    // Who is no user of this computer has a group by what they own; never root's.
    const gid_t group = person != nullptr                                    ? person->pw_gid
                        : status && status->st_uid == user && status->st_gid ? status->st_gid
                                                                             : static_cast<gid_t>(user);
    if (!become(user, group, person != nullptr ? groups_of(*person) : std::vector<gid_t>{group})) {
        return cannot_become(place.string());
    }
    return home;
}

Result<std::vector<User>> users()
{
    std::map<uid_t, User> people;
    ::setpwent();
    while (const passwd* person = ::getpwent()) {
        add_person(*person, people);
    }
    ::endpwent();
    std::error_code unreadable;
    for (fs::directory_iterator entry(system_calls::homes(), unreadable), end; !unreadable && entry != end;
         entry.increment(unreadable)) {
        const auto status = stat_of(entry->path());
        if (const passwd* person = status ? ::getpwuid(status->st_uid) : nullptr; person != nullptr) {
            add_person(*person, people);
        }
    }
    std::vector<User> found;
    for (auto& [id, user] : people) {
        found.push_back(std::move(user));
    }
    return found;
}

Result<Ran> run_as(const User& user, const std::vector<std::string>& arguments, PassesOn passes_on,
                   std::chrono::milliseconds patience)
{
    auto running = start_as(user, arguments, passes_on);
    auto ran = running ? running->wait(user.name, patience) : tl::unexpected<Error>(running.error());
    if (ran && ran->exit_code == not_started) {
        return cannot_become(user.name);
    }
    return ran;
}

}  // namespace unstick
