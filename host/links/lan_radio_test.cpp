#include "host/links/lan_radio.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "host/links/fixture.hpp"
#include "host/links/udp_link.hpp"

namespace compot::links {
namespace {

/// A port of this process's own, and not the one of udp_link_test.
UdpAddress loopback() { return {"lo", static_cast<std::uint16_t>(10'000 + ::getpid() % 10'000)}; }

/// What a radio's side on the network tells.
class Told {
public:
    LanRadio::Listener listener() {
        return {[this](const radio::Frame& frame) { add(frames_, frame); },
                [this](const std::string& what) { add(news_, what); }};
    }

    [[nodiscard]] std::vector<radio::Frame> frames() const { return copy(frames_); }

    [[nodiscard]] std::vector<std::string> news() const { return copy(news_); }

private:
    template <typename Value>
    void add(std::vector<Value>& all, const Value& value) {
        const std::lock_guard lock(mutex_);
        all.push_back(value);
    }

    template <typename Value>
    std::vector<Value> copy(const std::vector<Value>& all) const {
        const std::lock_guard lock(mutex_);
        return all;
    }

    mutable std::mutex mutex_;
    std::vector<radio::Frame> frames_;
    std::vector<std::string> news_;
};

radio::Frame frame_by(std::uint32_t sender, std::uint32_t id) {
    return frame_of(*Bare(identity(sender, "")).seal(private_packet(id, "hello")));
}

TEST(LanRadio, tells_a_node_without_radio_what_it_sends_and_takes_what_that_says) {
    Told told;
    Ear ear;
    LanRadio radio(NodeId{1}, loopback(), told.listener());
    UdpLink node(loopback(), identity(2, "beta"), ear);
    ASSERT_TRUE(comes([&] { return ear.ready() == 1 && told.news().size() == 1; }));
    EXPECT_EQ(told.news()[0], "is on the network");
    radio.sent(frame_by(1, 7).view());
    ASSERT_TRUE(comes([&] { return ear.heard(mesh::port::kPrivate).size() == 1; }));
    node.send(private_packet(8, "and you"));
    ASSERT_TRUE(comes([&] { return !told.frames().empty(); }));
    const auto header = radio::decode_header(told.frames().back().view());
    ASSERT_TRUE(header.ok());
    EXPECT_EQ(header->from, NodeId{2});
}

TEST(LanRadio, tells_each_packet_once_and_hears_none_of_its_own) {
    Told first;
    Told second;
    LanRadio alpha(NodeId{1}, loopback(), first.listener());
    LanRadio beta(NodeId{2}, loopback(), second.listener());
    ASSERT_TRUE(comes([&] { return first.news().size() == 1 && second.news().size() == 1; }));
    const radio::Frame mine = frame_by(1, 7);
    alpha.sent(mine.view());
    alpha.sent(mine.view());
    ASSERT_TRUE(comes([&] { return second.frames().size() == 1; }));
    beta.sent(mine.view());  // it relays what it was told
    beta.sent(frame_by(2, 9).view());
    ASSERT_TRUE(comes([&] { return first.frames().size() == 1; }));
    EXPECT_EQ(radio::decode_header(first.frames()[0].view())->from, NodeId{2});
    EXPECT_EQ(second.frames().size(), 1U);
}

TEST(LanRadio, says_once_why_there_is_no_network) {
    Told told;
    const LanRadio radio(NodeId{1}, {"nonesuch", 4403}, told.listener());
    ASSERT_TRUE(comes([&] { return !told.news().empty(); }));
    EXPECT_NE(told.news()[0].find("nonesuch"), std::string::npos) << told.news()[0];
}

}  // namespace
}  // namespace compot::links
