#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "core/base/fixed_math.hpp"
#include "sim/talk/talk.hpp"

/// What radios do stays what it is, whatever is done for their speed: a digest over every frame,
/// what each receiver made of it and what each client was told. It may change only with the
/// firmware's rules.

namespace compot::talk {
namespace {

class Digest final : public Witness {
public:
    void flight_began(Time at, std::size_t who, ether::Flight,
                      const radio::Transmit& sent) override {
        add(who, at);
        for (const std::uint8_t byte : sent.frame) add(byte);
        add(sent.relayed ? 1 : 0);
    }

    void flight_ended(Time at, std::size_t who, ether::Flight, const radio::Frame&,
                      std::span<const Heard> heard) override {
        add(who, at);
        for (const Heard& one : heard) {
            add(one.arrival.receiver);
            add(static_cast<std::uint64_t>(one.arrival.fate));
            add(static_cast<std::uint64_t>(one.verdict));
        }
    }

    void delivered(Time at, std::size_t who, const radio::Packet& packet) override {
        add(who, at);
        add(packet.id.value);
        add(packet.hop_limit);
        for (const std::uint8_t byte : packet.data.payload) add(byte);
    }

    void settled(Time at, std::size_t who, const radio::Settled& settled) override {
        add(who, at);
        add(settled.id.value);
        add(settled.by.value);
        add(static_cast<std::uint64_t>(settled.error));
        ++settlements;
    }

    void queued(Time at, std::size_t who, const radio::Queued& queued) override {
        add(who, at);
        add(queued.id.value);
        add(static_cast<std::uint64_t>(queued.error) << 8U | queued.free);
    }

    std::uint64_t value = 0;
    int settlements = 0;

private:
    void add(std::uint64_t more) { value = mix64(value ^ more); }

    void add(std::uint64_t who, Time at) {
        add(who);
        add(static_cast<std::uint64_t>(to_us(at)));
    }
};

radio::Settings settings_of(radio::Firmware firmware, bool encrypts) {
    radio::Settings settings;
    settings.modem = air::modem(air::Preset::LongFast);
    settings.channels.push_back(radio::default_channel("LongFast"));
    settings.firmware = firmware;
    settings.encrypts = encrypts;
    settings.history_capacity = 30;  // so that much is forgotten
    settings.duty_cycle_permille = 100;
    return settings;
}

radio::Role role_of(std::size_t who) {
    if (who % 17 == 3) return radio::Role::Router;
    if (who % 17 == 9) return radio::Role::RouterLate;
    if (who % 11 == 5) return radio::Role::ClientMute;
    return radio::Role::Client;
}

radio::Packet direct(NodeId to, std::uint32_t id, bool want_ack) {
    radio::Packet packet;
    packet.to = to;
    packet.id = PacketId{id};
    packet.want_ack = want_ack;
    packet.data.portnum = id % 3 == 0 ? mesh::port::kText : mesh::port::kPrivate;
    packet.data.want_response = id % 5 == 0;
    packet.data.payload.resize(1 + id % 90);
    return packet;
}

std::uint64_t trace(radio::Firmware firmware, bool encrypts, int& settlements) {
    constexpr std::uint32_t kRadios = 90;
    ether::Terms terms;
    terms.seed = 11;
    terms.loss_millionths = 20'000;
    auto ether = std::make_unique<ether::Ether>(
        terms, std::make_unique<ether::LogDistance>(14'785, 100'000, 449));
    Talk talk(settings_of(firmware, encrypts), std::move(ether), 11);
    Random random(12);
    ether::Antenna antenna;
    antenna.modem = air::modem(air::Preset::LongFast);
    for (std::size_t who = 0; who < kRadios; ++who) {
        antenna.at.x_cm = static_cast<std::int32_t>(random.below(500'000));
        antenna.at.y_cm = static_cast<std::int32_t>(random.below(500'000));
        talk.add(antenna, role_of(who));
    }
    Digest digest;
    talk.set_witness(&digest);
    for (std::uint32_t i = 0; i < 600; ++i) {
        const Time at = talk.now() + 1ms + Duration{exponential(random, 4'000'000)};
        talk.run_until(at);
        const std::size_t who = random.below(kRadios);
        if (random.below(5) < 2) {
            talk.say(who, at, random.below(150));
        } else if (random.below(20) == 0) {
            talk.set_power(who, !talk.has_power(who));
        } else {
            const auto to = Talk::id_of((who + 1 + random.below(kRadios - 1)) % kRadios);
            talk.submit(who, direct(to, 1'000'000 + i, random.below(3) > 0));
        }
    }
    talk.run_until(talk.now() + 120s);
    settlements = digest.settlements;
    return digest.value;
}

TEST(TalkTrace, of_firmware_27_stays_the_same) {
    int settlements = 0;
    EXPECT_EQ(trace(radio::Firmware::V27, true, settlements), 0xD897EB62C45B3680ULL);
    EXPECT_GT(settlements, 100);
}

TEST(TalkTrace, of_firmware_28_of_july_stays_the_same) {
    int settlements = 0;
    EXPECT_EQ(trace(radio::Firmware::V28July, true, settlements), 0x2E3872AEA0E364C4ULL);
    EXPECT_GT(settlements, 100);
}

TEST(TalkTrace, of_firmware_28_without_crypto_stays_the_same) {
    int settlements = 0;
    EXPECT_EQ(trace(radio::Firmware::V28Fixed, false, settlements), 0x01748361E5665FBAULL);
    EXPECT_GT(settlements, 100);
}

}  // namespace
}  // namespace compot::talk
