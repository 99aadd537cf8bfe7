#include "host/web/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "host/web/fake_swarm.hpp"

namespace compot::web {
namespace {

using Json = nlohmann::json;

/// A client that does exactly what it is told, also what no library would do.
class Client {
public:
    explicit Client(std::uint16_t port, int receive_buffer = 0) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        if (receive_buffer > 0)
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how the socket API is
        EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    }

    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    ~Client() { ::close(socket_); }

    void send(const std::string& bytes) {
        static_cast<void>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }

    /// At least `bytes` if they come within 20 seconds.
    std::string take(std::size_t bytes) {
        while (heard_.size() < bytes && hear()) {
        }
        const std::string taken = heard_.substr(0, bytes);
        heard_.erase(0, bytes);
        return taken;
    }

    std::string take_until(const std::string& mark) {
        while (heard_.find(mark) == std::string::npos && hear()) {
        }
        const std::size_t place = heard_.find(mark);
        return place == std::string::npos ? "" : take(place + mark.size());
    }

    /// The status line's number, 0 when there is no answer.
    int status() {
        const std::string head = take_until("\r\n\r\n");
        return head.size() < 12 ? 0 : std::stoi(head.substr(9, 3));
    }

    bool upgrade(const std::string& target = "/ws", const std::string& more = "") {
        send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n" +
             "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + more + "\r\n");
        return status() == 101;
    }

    /// The next text message, in however many frames; null for anything else.
    Json frame() {
        std::string text;
        while (true) {
            const std::string head = take(2);
            const int opcode = head.size() < 2 ? -1 : head[0] & 0x0F;
            if (opcode == 9) take(static_cast<unsigned char>(head[1]));  // a ping
            if (opcode == 9) continue;
            if (opcode != (text.empty() ? 1 : 0)) return {};
            std::size_t size = static_cast<unsigned char>(head[1]);
            if (size >= 126) {
                const std::string more = take(size == 126 ? 2 : 8);
                size = 0;
                for (const char byte : more) size = size << 8U | static_cast<unsigned char>(byte);
            }
            text += take(size);
            if ((head[0] & 0x80) != 0) return Json::parse(text, nullptr, false);
        }
    }

    void send_text(const std::string& text) {
        ASSERT_LT(text.size(), 126U);
        send(std::string("\x81") + static_cast<char>(0x80U | text.size()) +
             std::string("\0\0\0\0", 4) + text);  // a mask of zeros changes nothing
    }

    bool closed() {
        while (hear()) {
        }
        return !timed_out_;
    }

private:
    bool hear() {
        char buffer[65536];
        const auto got = ::recv(socket_, buffer, sizeof buffer, 0);
        timed_out_ = got < 0 && errno == EAGAIN;
        if (got > 0) heard_.append(buffer, static_cast<std::size_t>(got));
        return got > 0;
    }

    int socket_ = -1;
    std::string heard_;
    bool timed_out_ = false;
};

class ServerTest : public ::testing::Test {
protected:
    void start(const ServerLimits& limits = {}) {
        auto made = Server::start(api, "127.0.0.1", 0, limits);
        ASSERT_TRUE(made) << made.error();
        server = *std::move(made);
    }

    void say(std::size_t bytes = 10) {
        swarm.say(bytes);
        server->wake();
    }

    FakeSwarm swarm;
    FakeClassifier classifier;
    Tasks tasks{swarm, {&classifier}};
    Api api{swarm, &tasks, Files("/nonexistent"), {}};
    std::unique_ptr<Server> server;
};

TEST_F(ServerTest, answers_requests_one_after_the_other_on_one_connection) {
    start();
    Client client(server->port());
    for (int i = 0; i < 3; ++i) {
        client.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        EXPECT_EQ(client.status(), 200);
        EXPECT_EQ(client.take(27), R"({"status":"ok","t":3000000})");
    }
    client.send(
        "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: "
        "localhost\r\n\r\n");
    EXPECT_EQ(client.status(), 200);
    EXPECT_EQ(client.status(), 404);
}

TEST_F(ServerTest, a_page_gets_the_feed_and_may_control) {
    start();
    Client client(server->port());
    ASSERT_TRUE(client.upgrade());
    EXPECT_EQ(client.frame()["type"], "hello");
    EXPECT_EQ(client.frame()["type"], "snapshot");
    say();
    EXPECT_EQ(client.frame()["base"], 0);
    say();
    EXPECT_EQ(client.frame()["base"], 1);
    client.send_text(R"({"do":"pause"})");
    EXPECT_EQ(client.frame()["type"], "done");
    client.send_text("nonsense");
    EXPECT_EQ(client.frame()["type"], "error");
    Client resumed(server->port());
    ASSERT_TRUE(resumed.upgrade("/ws?resume=1&run=cafe"));
    EXPECT_EQ(resumed.frame()["resumed"], true);
    EXPECT_EQ(resumed.frame()["seq"], 2);
}

TEST_F(ServerTest, a_stalled_page_holds_up_nobody_and_costs_no_memory) {
    start();
    Client stalled(server->port(), 4096);
    ASSERT_TRUE(stalled.upgrade());
    Client quick(server->port());
    ASSERT_TRUE(quick.upgrade());
    quick.frame();
    quick.frame();
    for (std::uint64_t i = 0; i < 60; ++i) {
        say(100'000);
        ASSERT_EQ(quick.frame()["seq"], i + 1);
    }
    // What it finds when it wakes up is whole: a greeting and a state, or deltas that fit.
    EXPECT_EQ(stalled.frame()["type"], "hello");
    EXPECT_EQ(stalled.frame()["type"], "snapshot");
    std::uint64_t seq = 0;
    int frames = 0;
    for (; frames < 60 && seq < 60; ++frames) {
        const Json frame = stalled.frame();
        ASSERT_TRUE(frame.is_object());
        EXPECT_TRUE(frame["type"] != "delta" || frame["base"] == seq) << frame["base"];
        seq = frame["seq"];
    }
    EXPECT_EQ(seq, 60U);
    EXPECT_LT(frames, 60) << "what did not fit the kernel's buffers comes merged";
}

TEST_F(ServerTest, strangers_get_no_feed) {
    start();
    EXPECT_FALSE(Client(server->port()).upgrade("/ws", "Origin: http://evil.example\r\n"));
    EXPECT_TRUE(Client(server->port()).upgrade("/ws", "Origin: http://localhost\r\n"));
    Client rebound(server->port());
    rebound.send(
        "GET /ws HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    EXPECT_EQ(rebound.status(), 403);
}

TEST_F(ServerTest, refuses_what_is_too_large_or_no_http) {
    start();
    const auto status = [this](const std::string& bytes) {
        Client client(server->port());
        client.send(bytes);
        return client.status();
    };
    EXPECT_EQ(
        status("POST /api/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n"),
        413);
    EXPECT_EQ(
        status("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"),
        431);
    EXPECT_EQ(status("\x16\x03\x01 TLS? no\r\n\r\n"), 400);
    EXPECT_EQ(status("GET / HTTP/1.1\r\nContent-Length: minus\r\n\r\n"), 400);
    EXPECT_EQ(status("GET /health HTTP/1.1\r\n\r\n"), 403) << "no Host at all";
    EXPECT_GE(server->refused(), 5U);
}

TEST_F(ServerTest, a_frame_past_the_limit_or_unmasked_ends_only_that_page) {
    ServerLimits limits;
    limits.frame_bytes = 100;
    start(limits);
    Client good(server->port());
    ASSERT_TRUE(good.upgrade());
    Client big(server->port());
    ASSERT_TRUE(big.upgrade());
    big.send_text(std::string(120, 'x'));
    EXPECT_TRUE(big.closed());
    Client naked(server->port());
    ASSERT_TRUE(naked.upgrade());
    naked.send("\x81\x02hi");
    EXPECT_TRUE(naked.closed());
    good.frame();
    good.frame();
    say();
    EXPECT_EQ(good.frame()["type"], "delta");
}

TEST_F(ServerTest, cuts_off_who_sends_half_a_request_and_whoever_is_one_too_many) {
    ServerLimits limits;
    limits.connections = 2;
    limits.request_timeout_s = 1;
    start(limits);
    Client half(server->port());
    half.send("GET / HT");
    Client silent(server->port());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_TRUE(Client(server->port()).closed()) << "the third of two";
    EXPECT_TRUE(half.closed());
    EXPECT_TRUE(silent.closed());
    Client later(server->port());
    later.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(later.status(), 200);
}

TEST_F(ServerTest, says_in_one_line_that_the_port_is_in_use) {
    start();
    const auto second = Server::start(api, "127.0.0.1", server->port());
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().find("is in use"), std::string::npos) << second.error();
    EXPECT_FALSE(Server::start(api, "not an address", 0));
    EXPECT_FALSE(Server::start(api, "192.0.2.1", 0)) << "an address of nobody's";
}

TEST_F(ServerTest, says_goodbye_when_it_stops) {
    start();
    Client client(server->port());
    ASSERT_TRUE(client.upgrade());
    client.frame();
    client.frame();
    Client idle(server->port());
    server.reset();
    EXPECT_TRUE(client.closed());
    EXPECT_TRUE(idle.closed());
}

TEST(Endpoint, is_an_address_and_a_port) {
    EXPECT_EQ(parse_endpoint("127.0.0.1:8080")->port, 8080);
    EXPECT_EQ(parse_endpoint("[::1]:80")->address, "::1");
    EXPECT_EQ(parse_endpoint(":0")->address, "127.0.0.1");
    EXPECT_EQ(parse_endpoint("localhost:1")->address, "127.0.0.1");
    for (const char* bad :
         {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "a:65536", "a:-1", "a:80 "})
        EXPECT_FALSE(parse_endpoint(bad)) << bad;
}

}  // namespace
}  // namespace compot::web
