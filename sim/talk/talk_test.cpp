#include "sim/talk/talk.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace compot::talk {
namespace {

constexpr std::int32_t kNear = 9'000;
constexpr std::int32_t kOutOfReach = 30'000;

/// A chain: each hears its neighbours alone.
Talk chain(std::size_t radios, std::uint64_t seed, bool encrypts = true) {
    radio::Settings settings;
    settings.modem = air::modem(air::Preset::LongFast);
    settings.channels.push_back(radio::default_channel("LongFast"));
    settings.encrypts = encrypts;
    ether::Terms terms;
    terms.seed = seed;
    auto ether = std::make_unique<ether::Ether>(terms, std::make_unique<ether::FreeSpace>(869'525));
    Talk talk(std::move(settings), std::move(ether), seed);
    ether::Antenna antenna;
    antenna.modem = air::modem(air::Preset::LongFast);
    for (std::size_t i = 0; i < radios; ++i) talk.add(antenna, radio::Role::Client);
    for (std::uint32_t i = 0; i < radios; ++i)
        for (std::uint32_t j = 0; j < radios; ++j)
            if (i != j) talk.ether().set_loss(i, j, i + 1 == j || j + 1 == i ? kNear : kOutOfReach);
    return talk;
}

TEST(Talk, carries_a_text_over_three_hops_and_no_further) {
    Talk talk = chain(6, 1);
    talk.say(0, Time{1s}, 36);
    talk.run_until(Time{120s});
    EXPECT_EQ(talk.tally().messages, 1U);
    EXPECT_EQ(talk.tally().useful, 4U) << "radios 1 to 4";
    EXPECT_EQ(talk.tally().transmissions, 4U) << "the fifth has no hop left";
    EXPECT_EQ(talk.tally().air, 4 * 681'984us) << "16 + 40 bytes each";
}

TEST(Talk, is_the_same_without_encryption) {
    Talk sealed = chain(5, 3);
    Talk open = chain(5, 3, false);
    for (Talk* talk : {&sealed, &open}) {
        for (int i = 0; i < 20; ++i) talk->say(static_cast<std::size_t>(i % 5), Time{i * 7s}, 30);
        talk->run_until(Time{300s});
    }
    EXPECT_EQ(sealed.tally().transmissions, open.tally().transmissions);
    EXPECT_EQ(sealed.tally().delays, open.tally().delays);
}

TEST(Talk, repeats_itself_for_a_seed_and_not_for_another) {
    const auto delays = [](std::uint64_t seed) {
        Talk talk = chain(5, seed);
        for (int i = 0; i < 20; ++i) talk.say(static_cast<std::size_t>(i % 5), Time{i * 2s}, 30);
        talk.run_until(Time{300s});
        return talk.tally().delays;
    };
    EXPECT_EQ(delays(5), delays(5));
    EXPECT_NE(delays(5), delays(6));
}

class Listener final : public Witness {
public:
    void flight_began(Time, std::size_t who, ether::Flight flight,
                      const radio::Transmit&) override {
        ++begun;
        in_the_air[flight] = who;
    }

    void flight_ended(Time, std::size_t who, ether::Flight flight, const radio::Frame&,
                      std::span<const Heard> heard) override {
        EXPECT_EQ(in_the_air.at(flight), who);
        in_the_air.erase(flight);
        for (const Heard& one : heard) {
            if (one.verdict == radio::Verdict::Fresh) ++fresh;
            if (one.arrival.fate == observe::Fate::Off) ++off;
        }
    }

    void delivered(Time, std::size_t who, const radio::Packet& packet) override {
        if (packet.data.portnum == mesh::port::kText) receivers.push_back(who);
    }

    void settled(Time, std::size_t who, const radio::Settled& settled) override {
        if (settled.error == mesh::RoutingError::NoError) acknowledged.push_back(who);
    }

    void queued(Time, std::size_t, const radio::Queued&) override { ++queues; }

    std::map<ether::Flight, std::size_t> in_the_air;
    std::size_t begun = 0;
    std::size_t fresh = 0;
    std::size_t off = 0;
    std::size_t queues = 0;
    std::vector<std::size_t> receivers;
    std::vector<std::size_t> acknowledged;
};

radio::Packet text(std::uint32_t id, NodeId to = kBroadcast) {
    radio::Packet packet;
    packet.to = to;
    packet.id = PacketId{id};
    packet.want_ack = to != kBroadcast;
    packet.data.portnum = mesh::port::kText;
    packet.data.payload.push('x');
    return packet;
}

TEST(Talk, tells_a_witness_everything_and_is_the_same_without_one) {
    Talk watched = chain(4, 9);
    Talk unwatched = chain(4, 9);
    Listener listener;
    watched.set_witness(&listener);
    for (Talk* talk : {&watched, &unwatched}) {
        talk->submit(0, text(1));
        talk->run_until(Time{60s});
        talk->submit(0, text(2, Talk::id_of(2)));
        talk->run_until(Time{120s});
    }
    EXPECT_EQ(watched.tally().events, unwatched.tally().events);
    EXPECT_EQ(listener.begun, watched.tally().transmissions);
    EXPECT_TRUE(listener.in_the_air.empty());
    EXPECT_GE(listener.fresh, 3U);
    EXPECT_EQ(listener.receivers.size(), 4U) << "the broadcast at three, the other at radio 2";
    EXPECT_EQ(listener.receivers.back(), 2U);
    EXPECT_FALSE(listener.acknowledged.empty());
    EXPECT_EQ(listener.queues, 2U);
}

TEST(Talk, a_radio_without_power_neither_hears_nor_says_and_begins_anew) {
    Talk talk = chain(3, 4);
    Listener listener;
    talk.set_witness(&listener);
    talk.set_power(1, false);
    talk.submit(0, text(1));
    talk.submit(1, text(2));
    talk.run_until(Time{60s});
    EXPECT_TRUE(listener.receivers.empty()) << "the chain is cut";
    EXPECT_EQ(listener.begun, 1U);
    EXPECT_EQ(listener.off, 1U);
    talk.set_power(1, true);
    talk.submit(0, text(3));
    talk.run_until(Time{120s});
    EXPECT_EQ(listener.receivers.size(), 2U);
}

TEST(Talk, power_that_goes_during_a_frame_cuts_it_and_coming_back_hurts_nobody) {
    Talk talk = chain(3, 4);
    Listener listener;
    talk.set_witness(&listener);
    talk.submit(0, text(1));
    while (listener.begun == 0) talk.run_until(talk.next_at());
    talk.set_power(0, false);
    talk.set_power(0, true);
    talk.submit(0, text(2));
    talk.run_until(Time{120s});
    EXPECT_EQ(listener.receivers.size(), 2U) << "the second one alone, at both";
}

}  // namespace
}  // namespace compot::talk
