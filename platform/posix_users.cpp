// users.h for Linux and other POSIX systems.

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>

#include "handle.h"
#include "system_calls.h"
#include "users.h"

extern char** environ;

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
std::vector<std::string> environment_of(const User& user)
{
    std::vector<std::string> variables{"HOME=" + user.home.string(), "USER=" + user.name, "LOGNAME=" + user.name,
                                       "PATH=/usr/local/bin:/usr/bin:/bin"};
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        if (is_for_each(text)) {
            variables.emplace_back(text);
        }
    }
    return variables;
}

std::string read_all(int pipe)
{
    std::string text;
    std::array<char, 65536> buffer{};
    ssize_t size = 0;
    while ((size = ::read(pipe, buffer.data(), buffer.size())) > 0 || (size < 0 && errno == EINTR)) {
        text.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    }
    return text;
}

tl::unexpected<Error> cannot_become(const std::string& who)
{
    return fail(Code::denied, who, "unstick cannot take on this user's rights, and works with no others here",
                "run it as this user, or as root");
}

}  // namespace

Result<std::optional<fs::path>> take_rights_of_owner(const fs::path& folder)
{
    const auto status = stat_of(folder);
    if (::geteuid() != root || !status || status->st_uid == root) {
        return std::optional<fs::path>();
    }
    const passwd* const person = ::getpwuid(status->st_uid);
    const fs::path home = person != nullptr ? person->pw_dir : "";
    const gid_t group = person != nullptr ? person->pw_gid : status->st_gid;
    if (!become(status->st_uid, group, person != nullptr ? groups_of(*person) : std::vector<gid_t>{group})) {
        return cannot_become(folder.string());
    }
    return std::optional(home);
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

Result<UserRun> run_as(const User& user, const std::vector<std::string>& arguments)
{
    const passwd* const person = ::getpwnam(user.name.c_str());
    if (::geteuid() != root || person == nullptr) {
        return cannot_become(user.name);
    }
    const passwd rights = *person;
    const std::vector<gid_t> groups = groups_of(rights);
    std::vector<std::string> words{"unstick"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = environment_of(user);
    const std::vector<char*> argv = pointers_to(words);
    const std::vector<char*> environment = pointers_to(variables);
    // Opened with our rights: the program may lie where the user cannot go.
    const Handle program(system_calls::open_own_program());
    const Handle nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    auto pipe = make_pipe();
    if (!program || !nothing || !pipe) {
        return fail(Code::io, user.name, std::string("unstick cannot be started: ") + std::strerror(errno));
    }
    constexpr int not_started = 127;
    const pid_t child = ::fork();
    if (child == 0) {
        if (become(rights.pw_uid, rights.pw_gid, groups) && ::chdir("/") == 0 &&
            ::dup2(nothing.get(), STDIN_FILENO) >= 0 && ::dup2(pipe->write.get(), STDOUT_FILENO) >= 0) {
            system_calls::execute(program.get(), argv.data(), environment.data());
        }
        ::_exit(not_started);
    }
    pipe->write.close();
    UserRun run{user.name, child < 0 ? "" : read_all(pipe->read.get()), Exit::internal};
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child ||
        (WIFEXITED(status) && WEXITSTATUS(status) == not_started)) {
        return cannot_become(user.name);
    }
    if (WIFEXITED(status)) {
        run.exit_code = static_cast<Exit>(WEXITSTATUS(status));
    }
    return run;
}

}  // namespace unstick
