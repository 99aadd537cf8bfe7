#include "host/stream_client/radio.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "host/client_api/fake_mesh.hpp"
#include "host/client_api/server.hpp"

namespace compot::stream_client {
namespace {

constexpr NodeId kAlpha{0xA1};

class Ears final : public Listener {
public:
    void news(const News& news) override {
        const std::lock_guard lock(mutex_);
        if (std::holds_alternative<Ready>(news)) ++ready;
        if (std::holds_alternative<Heard>(news)) ++heard;
        if (const auto* what = std::get_if<Taken>(&news))
            (what->error == mesh::RoutingError::NoError ? taken : refused) += 1;
        changed_.notify_all();
    }

    void trouble(const std::string& sentence) override {
        const std::lock_guard lock(mutex_);
        last_trouble = sentence;
        ++troubles;
        changed_.notify_all();
    }

    template <typename Fits>
    bool wait(Fits fits) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(20), fits);
    }

    int ready = 0;
    int heard = 0;
    int taken = 0;
    int refused = 0;
    int troubles = 0;
    std::string last_trouble;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

Address at_port(std::uint16_t port) {
    Address address;
    address.place = "127.0.0.1";
    address.port = port;
    return address;
}

TEST(Radio, sends_and_hears_over_tcp_and_comes_back_after_the_radio_was_away) {
    client_api::FakeMesh mesh;
    auto server = client_api::Server::start(mesh, {kAlpha}, 0);
    ASSERT_TRUE(server);
    const std::uint16_t port = (*server)->port(kAlpha);
    Ears ears;
    Radio radio(at_port(port), Terms{}, ears);
    ASSERT_TRUE(ears.wait([&] { return ears.ready == 1; }));
    EXPECT_EQ(radio.facts().self, kAlpha);

    radio::Packet packet;
    packet.data.portnum = 256;
    for (std::uint32_t id = 1; id <= 50; ++id) {
        packet.id = PacketId{id};
        radio.send(packet);
    }
    ASSERT_TRUE(ears.wait([&] { return ears.taken == 50; }));
    for (int i = 0; i < 200; ++i) (*server)->deliver(kAlpha, packet);
    ASSERT_TRUE(ears.wait([&] { return ears.heard == 200; }));

    server->reset();
    ASSERT_TRUE(ears.wait([&] { return ears.troubles > 0; }));
    packet.id = PacketId{51};
    radio.send(packet);
    server = client_api::Server::start(mesh, {kAlpha}, port);
    ASSERT_TRUE(server) << server.error();
    ASSERT_TRUE(ears.wait([&] { return ears.ready == 2; })) << ears.last_trouble;
    ASSERT_TRUE(ears.wait([&] { return ears.taken == 51; })) << "sent while the radio was away";
    EXPECT_EQ(ears.refused, 0);
    EXPECT_EQ(radio.counters().packets.again, 0U);
    EXPECT_EQ(mesh.packets.size(), 51U);
}

TEST(Radio, says_in_one_sentence_where_there_is_none) {
    Ears ears;
    Address device;
    device.kind = Address::Kind::Serial;
    device.place = "/dev/no-such-radio";
    {
        Radio radio(device, Terms{}, ears);
        ASSERT_TRUE(ears.wait([&] { return ears.troubles > 0; }));
    }
    EXPECT_EQ(ears.last_trouble, "/dev/no-such-radio: No such file or directory");
    Ears others;
    Radio radio(at_port(1), Terms{}, others);
    ASSERT_TRUE(others.wait([&] { return others.troubles > 0; }));
    EXPECT_EQ(others.last_trouble, "tcp:127.0.0.1:1: Connection refused");
}

}  // namespace
}  // namespace compot::stream_client
