#include "profiles/gecko/debugger.h"

#include <algorithm>
#include <charconv>

#include "base/limited_json.h"
#include "profiles/gecko/remote_agent.h"

namespace unstick {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t longest_packet = 64U << 20U;
constexpr std::size_t longest_length = 10;  // digits of it
constexpr milliseconds patience_to_start{120000};
constexpr milliseconds tick{50};

/// A member that is a text; else "".
std::string text_in(const json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>()
                                                                             : std::string();
}

/// A member that is an object; else null.
json object_in(const json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() && found->is_object() ? *found : json();
}

std::string quoted(const std::string& text)
{
    return json(text).dump(-1, ' ', true, json::error_handler_t::replace);
}

class DebuggedProgram final : public PipedProgram {
public:
    DebuggedProgram(std::string name, std::unique_ptr<PipedProgram> program)
        : name_(std::move(name)), program_(std::move(program))
    {
    }

    /// Everything up to the agent's true.
    Result<void> begin(Programs& programs, const std::filesystem::path& socket, const std::string& agent)
    {
        const auto end = steady_clock::now() + patience_to_start;
        TRY(connect(programs, socket, end));
        TRY(wait_for(end, [](const json& packet) { return text_in(packet, "from") == "root"; }));
        TRY_ASSIGN(const auto process,
                   ask(end, {{"to", "root"}, {"type", "getProcess"}, {"id", 0}}, "processDescriptor"));
        TRY_ASSIGN(const auto target, ask(end, {{"to", text_in(process, "actor")}, {"type", "getTarget"}}, "process"));
        console_ = text_in(target, "consoleActor");
        for (bool is_ready = false; !is_ready;) {
            TRY(evaluate(agent));
            TRY_ASSIGN(const auto begun, wait_for(end, [](const json& packet) { return is_begun(packet); }));
            TRY_ASSIGN(const auto answer, wait_for(end, [id = text_in(begun, "resultID")](const json& packet) {
                           return is_result(packet) && text_in(packet, "resultID") == id;
                       }));
            if (answer.value("hasException", false)) {
                return fail(Code::io, name_, "this version of the browser cannot be asked what it meets");
            }
            is_ready = answer.value("result", json()) == json(true);
            if (!is_ready) {
                TRY(alive(tick));
            }
        }
        return ask_for_more();
    }

    Result<void> send(const std::string& message) override
    {
        return evaluate(std::string(gecko_agent_place) + ".hear(" + quoted(message) + ")");
    }

    Result<std::optional<std::string>> receive(milliseconds patience) override
    {
        const auto end = steady_clock::now() + patience;
        while (true) {
            if (const auto zero = said_.find('\0'); zero != std::string::npos) {
                std::string message = said_.substr(0, zero);
                said_.erase(0, zero + 1);
                return message;
            }
            TRY_ASSIGN(const auto packet, next_packet(end));
            if (!packet) {
                return std::optional<std::string>();
            }
            TRY(take(*packet));
        }
    }

    bool has_ended(milliseconds patience) override { return program_->has_ended(patience); }

private:
    using Moment = steady_clock::time_point;

    /// The protocol answers each evaluation twice: at once with a name, and with its result under that name.
    static bool is_begun(const json& packet)
    {
        return !text_in(packet, "resultID").empty() && !packet.contains("type");
    }
    static bool is_result(const json& packet) { return text_in(packet, "type") == "evaluationResult"; }

    Result<void> connect(Programs& programs, const std::filesystem::path& socket, Moment end)
    {
        while (true) {
            auto connected = programs.connect_local(socket);
            if (connected) {
                socket_ = std::move(*connected);
                return {};
            }
            if (connected.error().code != Code::not_found || steady_clock::now() >= end) {
                return tl::unexpected<Error>(connected.error());
            }
            TRY(alive(tick));
        }
    }

    /// Waits a little. Errors: io if the browser has ended.
    Result<void> alive(milliseconds patience)
    {
        return program_->receive(patience).map([](const auto&) {});
    }

    Result<void> evaluate(const std::string& text)
    {
        return socket_->send(debugger_packet(
            {{"to", console_}, {"type", "evaluateJSAsync"}, {"text", text}, {"mapped", {{"await", true}}}}));
    }

    Result<void> ask_for_more() { return evaluate(std::string(gecko_agent_place) + ".next()"); }

    /// A packet that came until `end`.
    Result<std::optional<json>> next_packet(Moment end)
    {
        while (true) {
            TRY_ASSIGN(auto packet, packets_.next());
            if (packet) {
                return packet;
            }
            const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
            if (left < milliseconds::zero()) {
                return std::optional<json>();
            }
            TRY_ASSIGN(const std::string bytes, socket_->receive(left));
            packets_.take(bytes);
        }
    }

    template <typename Wanted>
    Result<json> wait_for(Moment end, Wanted is_wanted)
    {
        while (true) {
            TRY_ASSIGN(auto packet, next_packet(end));
            if (!packet) {
                return fail(Code::io, name_, "it does not answer");
            }
            if (is_wanted(*packet)) {
                return *packet;
            }
        }
    }

    /// Asks an actor; what it answers has `member`.
    Result<json> ask(Moment end, const json& packet, const char* member)
    {
        TRY(socket_->send(debugger_packet(packet)));
        TRY_ASSIGN(const auto answer, wait_for(end, [&](const json& one) {
                       return one.is_object() && (one.contains(member) || one.contains("error"));
                   }));
        if (!answer.contains(member)) {
            return fail(Code::io, name_, "this version of the browser cannot be asked what it meets");
        }
        return object_in(answer, member);
    }

    /// Of all evaluations only the one that asks for more has a text as its result.
    Result<void> take(const json& packet)
    {
        if (is_result(packet) &&
            (packet.value("hasException", false) || packet.value("topLevelAwaitRejected", false))) {
            return fail(Code::io, name_, "its window was closed");
        }
        const std::string result = is_result(packet) ? text_in(packet, "result") : std::string();
        if (result.empty()) {
            return {};
        }
        said_ += result;
        return ask_for_more();
    }

    std::string name_;
    std::unique_ptr<PipedProgram> program_;
    std::unique_ptr<LocalSocket> socket_;
    DebuggerPackets packets_;
    std::string console_;  ///< the actor that evaluates
    std::string said_;     ///< by the agent: messages with their zero bytes
};

}  // namespace

Result<std::optional<json>> DebuggerPackets::next()
{
    const auto colon = heard_.find(':');
    if (colon == std::string::npos && heard_.size() <= longest_length) {
        return std::optional<json>();
    }
    std::size_t length = 0;
    const char* const end = heard_.data() + std::min(colon, heard_.size());
    const auto read = std::from_chars(heard_.data(), end, length);
    if (colon > longest_length || read.ec != std::errc() || read.ptr != end || length > longest_packet) {
        return fail(Code::io, "debugger", "what the browser says is no packet of its protocol");
    }
    if (heard_.size() - colon - 1 < length) {
        return std::optional<json>();
    }
    json packet = json_or_discarded<json>(std::string_view(heard_).substr(colon + 1, length));
    heard_.erase(0, colon + 1 + length);
    return packet.is_discarded() ? json() : packet;
}

std::string debugger_packet(const json& packet)
{
    const std::string text = packet.dump(-1, ' ', true, json::error_handler_t::replace);
    return std::to_string(text.size()) + ":" + text;
}

Result<std::unique_ptr<PipedProgram>> start_debugged(Programs& programs, const std::vector<std::string>& command,
                                                     const std::vector<std::string>& variables,
                                                     const std::filesystem::path& socket, const std::string& agent)
{
    TRY_ASSIGN(auto program, programs.start_piped(command, variables));
    auto debugged = std::make_unique<DebuggedProgram>(command.at(0), std::move(program));
    TRY(debugged->begin(programs, socket, agent));
    return debugged;
}

}  // namespace unstick
