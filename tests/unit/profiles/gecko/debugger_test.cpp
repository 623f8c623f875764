// The protocol of Firefox's debugger's server, against a browser that is played.

#include "profiles/gecko/debugger.h"

#include <deque>

#include "base/limited_json.h"
#include "tests/fixtures/catch.h"
#include "tests/fixtures/fake_host.h"

using namespace unstick;
using namespace unstick::testing;
using nlohmann::json;

namespace {

std::string next_text(DebuggerPackets& packets)
{
    const auto packet = packets.next();
    REQUIRE(packet);
    return *packet ? (*packet)->dump() : "(not yet)";
}

/// What the browser does with each evaluation.
struct Played {
    int not_ready = 0;                  ///< so often the agent says that the window is not complete
    bool knows_processes = true;        ///< else it is a version that cannot be asked
    std::deque<std::string> says = {};  ///< what the agent has to say, piece by piece
    std::vector<std::string> heard = {};
    std::string to_us = R"(43:{"from":"root","applicationType":"browser"})";
    int evaluations = 0;
};

class PlayedSocket final : public LocalSocket {
public:
    explicit PlayedSocket(Played& played) : played_(played) {}

    Result<void> send(const std::string& bytes) override
    {
        packets_.take(bytes);
        while (true) {
            TRY_ASSIGN(const auto packet, packets_.next());
            if (!packet) {
                return {};
            }
            answer(*packet);
        }
    }

    Result<std::string> receive(std::chrono::milliseconds) override
    {
        std::string some = played_.to_us.substr(0, 7);  // in small pieces, as they may come
        played_.to_us.erase(0, some.size());
        return some;
    }

private:
    void say(const json& packet) { played_.to_us += debugger_packet(packet); }

    void answer(const json& packet)
    {
        const std::string type = packet.at("type");
        if (type == "getProcess" && !played_.knows_processes) {
            say({{"from", "root"}, {"error", "unrecognizedPacketType"}});
        } else if (type == "getProcess") {
            say({{"from", "root"}, {"processDescriptor", {{"actor", "process1"}}}});
        } else if (type == "getTarget") {
            say({{"from", "process1"}, {"process", {{"consoleActor", "console1"}}}});
            say({{"from", "target1"}, {"type", "frameUpdate"}});  // nobody asked for it
        } else if (type == "evaluateJSAsync") {
            evaluate(packet.at("text"));
        }
    }

    void evaluate(const std::string& text)
    {
        const std::string id = std::to_string(++played_.evaluations);
        say({{"from", "console1"}, {"resultID", id}});
        json result = {{"type", "undefined"}};
        if (text == "agent") {
            result = played_.not_ready == 0;
            played_.not_ready = std::max(0, played_.not_ready - 1);
        } else if (text.ends_with(".next()")) {
            if (played_.says.empty()) {
                return;  // a promise that waits
            }
            result = played_.says.front();
            played_.says.pop_front();
        } else {
            played_.heard.push_back(text);
        }
        say({{"from", "console1"},
             {"type", "evaluationResult"},
             {"resultID", id},
             {"result", result},
             {"hasException", false}});
    }

    Played& played_;
    DebuggerPackets packets_;
};

class PlayedPrograms final : public FakePrograms {
public:
    explicit PlayedPrograms(Played& played) : played_(played) { has_piped = true; }

    Result<std::unique_ptr<LocalSocket>> connect_local(const std::filesystem::path& socket) override
    {
        if (++asked_ < 3) {
            return fail(Code::not_found, socket.string(), "nobody listens yet");
        }
        return std::make_unique<PlayedSocket>(played_);
    }

private:
    Played& played_;
    int asked_ = 0;
};

constexpr std::chrono::milliseconds soon{10};

}  // namespace

TEST_CASE("packets are cut off a stream, however it comes")
{
    DebuggerPackets packets;
    CHECK(next_text(packets) == "(not yet)");
    packets.take("2:{");
    CHECK(next_text(packets) == "(not yet)");
    packets.take("}7:{\"a\":1}4:");
    CHECK(next_text(packets) == "{}");
    CHECK(next_text(packets) == "{\"a\":1}");
    CHECK(next_text(packets) == "(not yet)");
    packets.take("oops");
    CHECK(next_text(packets) == "null");
    CHECK(debugger_packet({{"t", "\xc3\xa9"}}) == R"(14:{"t":"\u00e9"})");
}

TEST_CASE("what is no packet is an error, and asks for no memory")
{
    for (const std::string text : {"hello world:", "-1:{}", "12345678901", ":{}", "99999999:{}", "1x:{}"}) {
        INFO(text);
        DebuggerPackets packets;
        packets.take(text);
        CHECK_FALSE(packets.next());
    }
}

TEST_CASE("a browser is asked until its window is complete; then messages go to and fro")
{
    Played played{.not_ready = 2, .says = {"{\"id\":1}", std::string("\0{\"id\"", 6), std::string(":2}\0", 4)}};
    PlayedPrograms programs(played);
    programs.piped_messages = {"", "", "", "", "", ""};
    auto started = start_debugged(programs, {"firefox"}, {}, "/nowhere/s", "agent");
    REQUIRE(started);
    CHECK((*started)->receive(soon).value() == "{\"id\":1}");
    CHECK((*started)->receive(soon).value() == "{\"id\":2}");
    CHECK((*started)->receive(soon).value() == std::nullopt);
    REQUIRE((*started)->send("{\"method\":\"say \\\"hello\\\"\"}"));
    REQUIRE(played.heard.size() == 1);
    CHECK(played.heard[0].find(R"js(.unstick.hear("{\"method\":\"say \\\"hello\\\"\"}"))js") != std::string::npos);
}

TEST_CASE("a browser that knows the protocol otherwise is said to")
{
    Played played{.knows_processes = false};
    PlayedPrograms programs(played);
    programs.piped_messages = {"", "", ""};
    const auto started = start_debugged(programs, {"firefox"}, {}, "/nowhere/s", "agent");
    REQUIRE_FALSE(started);
    CHECK(started.error().what.find("cannot be asked") != std::string::npos);
}

TEST_CASE("a browser that is not there, or ends at once")
{
    Played played;
    PlayedPrograms programs(played);
    programs.has_piped = false;
    CHECK(start_debugged(programs, {"firefox"}, {}, "/nowhere/s", "agent").error().code == Code::not_found);
    programs.has_piped = true;  // says nothing: it has ended
    CHECK(start_debugged(programs, {"firefox"}, {}, "/nowhere/s", "agent").error().code == Code::io);
}
