#include "host/client_api/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/client_api/fake_mesh.hpp"

namespace compot::client_api {
namespace {

constexpr NodeId kAlpha{0xA1};
constexpr NodeId kBeta{0xBE7A0002};

class Line {
public:
    explicit Line(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how the socket API is
        EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    }

    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    ~Line() { ::close(socket_); }

    void say(const std::string& bytes) {
        static_cast<void>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }

    /// True when `mark` comes within 20 seconds.
    bool hears(const std::string& mark) {
        while (heard_.find(mark) == std::string::npos) {
            char buffer[4096];
            const auto got = ::recv(socket_, buffer, sizeof buffer, 0);
            if (got <= 0) return false;
            heard_.append(buffer, static_cast<std::size_t>(got));
        }
        return true;
    }

private:
    int socket_;
    std::string heard_;
};

const std::string kWantConfig("\x94\xc3\x00\x02\x18\x07", 6);
const std::string kConfigComplete("\x94\xc3\x00\x02\x38\x07", 6);

TEST(ClientApiServer, each_radio_has_a_port_and_clients_do_not_disturb_each_other) {
    FakeMesh mesh;
    auto server = Server::start(mesh, {kAlpha, kBeta}, 0);
    ASSERT_TRUE(server) << server.error();
    Line silent((*server)->port(kBeta));
    Line garbage((*server)->port(kBeta));
    garbage.say(std::string(10'000, '\x94'));
    Line half((*server)->port(kBeta));
    half.say(std::string("\x94\xc3\x01", 3));
    Line good((*server)->port(kBeta));
    good.say("debug text " + kWantConfig);
    EXPECT_TRUE(good.hears(kConfigComplete));
    EXPECT_TRUE(good.hears("Beta"));
    Line other((*server)->port(kAlpha));
    other.say(kWantConfig);
    EXPECT_TRUE(other.hears(kConfigComplete));
    radio::Packet packet;
    packet.data.portnum = mesh::port::kText;
    ASSERT_TRUE(packet.data.payload.assign(std::array<std::uint8_t, 5>{'h', 'e', 'l', 'l', 'o'}));
    (*server)->deliver(kBeta, packet);
    EXPECT_TRUE(good.hears("hello"));
}

TEST(ClientApiServer, says_in_one_line_that_a_port_is_in_use) {
    FakeMesh mesh;
    auto first = Server::start(mesh, {kAlpha}, 0);
    ASSERT_TRUE(first);
    const auto second = Server::start(mesh, {kBeta}, (*first)->port(kAlpha));
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().find("is in use"), std::string::npos);
    EXPECT_FALSE(Server::start(mesh, {kAlpha, kBeta}, 65535));
}

}  // namespace
}  // namespace compot::client_api
