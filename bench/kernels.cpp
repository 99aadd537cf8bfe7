// Single operations, by Google Benchmark: where an event's time goes, and what real encryption
// costs.
#include <benchmark/benchmark.h>

#include <array>
#include <memory>
#include <vector>

#include "core/base/fixed_math.hpp"
#include "radio/cipher.hpp"
#include "radio/pkc.hpp"
#include "radio/radio.hpp"
#include "radio/signature.hpp"
#include "sim/ether/ether.hpp"
#include "sim/queue/queue.hpp"

namespace compot::bench {
namespace {

/// Takes the next event and plans another, with so many pending.
void queue_hold(benchmark::State& state) {
    queue::Queue queue;
    Random random(1);
    for (std::int64_t i = 0; i < state.range(0); ++i)
        queue.push(Time{Duration{exponential(random, 1'000'000)}}, 0, 0);
    for (auto _ : state) {
        const queue::Event event = queue.pop();
        queue.push(event.at + Duration{exponential(random, 1'000'000)}, 0, 0);
    }
}

BENCHMARK(queue_hold)->Arg(1'000)->Arg(100'000);

/// One transmission to so many stations, from begin to end.
void ether_flight(benchmark::State& state) {
    ether::Terms terms;
    ether::Ether ether(terms, std::make_unique<ether::FreeSpace>(869'525));
    ether::Antenna antenna;
    antenna.modem = air::modem(air::Preset::LongFast);
    for (std::int64_t i = 0; i <= state.range(0); ++i) {
        antenna.at.x_cm = static_cast<std::int32_t>(10'000 * i);
        ether.add(antenna);
    }
    Time now{};
    std::vector<ether::Arrival> arrivals;
    for (auto _ : state) {
        const auto flight = ether.begin(0, 56, now);
        now = ether.end_of(*flight);
        ether.end(*flight, arrivals);
        benchmark::DoNotOptimize(arrivals.data());
    }
}

BENCHMARK(ether_flight)->Arg(10)->Arg(36);

struct Pair {
    crypto::Key secret{};
    crypto::Key open{};
    NodeId id;

    explicit Pair(std::uint8_t seed) {
        secret.fill(seed);
        open = crypto::exchange_public(secret);
        id = radio::node_number(open);
    }
};

radio::Settings settings_of(radio::Firmware firmware, bool encrypts) {
    radio::Settings settings;
    settings.modem = air::modem(air::Preset::LongFast);
    settings.channels.push_back(radio::default_channel("LongFast"));
    settings.firmware = firmware;
    settings.encrypts = encrypts;
    return settings;
}

radio::Frame next_frame(radio::Radio& sender, PacketId id, Time& now) {
    radio::Packet text;
    text.id = id;
    text.data.portnum = mesh::port::kText;
    text.data.payload.resize(36);
    radio::Effects effects;
    sender.handle(radio::Submit{text}, now, effects);
    for (;;) {
        for (const radio::Effect& effect : effects) {
            if (const auto* sent = std::get_if<radio::Transmit>(&effect)) {
                const radio::Frame frame = sent->frame;
                now += sent->airtime;
                effects.clear();
                sender.handle(radio::TransmitDone{}, now, effects);
                return frame;
            }
        }
        const bool asked =
            !effects.empty() && std::holds_alternative<radio::CheckChannel>(effects.back());
        if (!asked) now = sender.wake_at();
        effects.clear();
        if (asked) {
            sender.handle(radio::ChannelChecked{}, now, effects);
        } else {
            sender.handle(radio::Woke{}, now, effects);
        }
    }
}

/// Fresh texts at a radio that relays nothing, from a sender whose key it knows.
void hears_fresh(benchmark::State& state, radio::Firmware firmware, bool encrypts) {
    const Pair a(1);
    const Pair b(2);
    const auto settings = std::make_shared<const radio::Settings>(settings_of(firmware, encrypts));
    radio::Identity sends;
    sends.self = a.id;
    sends.exchange_secret = a.secret;
    radio::Identity hears;
    hears.self = b.id;
    hears.role = radio::Role::ClientMute;
    hears.exchange_secret = b.secret;
    radio::Radio sender(settings, sends, Random(1));
    radio::Radio receiver(settings, hears, Random(2));
    receiver.learn_key(a.id, a.open);
    Time now{1s};
    std::vector<radio::Frame> frames;
    for (std::uint32_t id = 1; id <= 400; ++id)
        frames.push_back(next_frame(sender, PacketId{id}, now));
    radio::Effects effects;
    std::size_t next = 0;
    for (auto _ : state) {
        // Twice as many as a history holds: each is forgotten when it comes again.
        const radio::Frame& frame = frames[next++ % frames.size()];
        now += 1s;
        effects.clear();
        receiver.handle(radio::Received{frame.view(), -10'000, 500, 700ms, nullptr}, now, effects);
        benchmark::DoNotOptimize(effects.data());
    }
    if (receiver.counters().duplicates > 0) state.SkipWithError("not fresh");
}

BENCHMARK_CAPTURE(hears_fresh, clear, radio::Firmware::V27, false);
BENCHMARK_CAPTURE(hears_fresh, aes, radio::Firmware::V27, true);
BENCHMARK_CAPTURE(hears_fresh, aes_and_signature, radio::Firmware::V28Fixed, true);

void channel_cipher(benchmark::State& state) {
    const radio::Channel channel = radio::default_channel("LongFast");
    std::array<std::uint8_t, 56> bytes{};
    for (auto _ : state) {
        radio::crypt_channel(channel.key, NodeId{1}, PacketId{2}, bytes);
        benchmark::DoNotOptimize(bytes.data());
    }
}

BENCHMARK(channel_cipher);

mesh::Data text() {
    mesh::Data data;
    data.portnum = mesh::port::kText;
    data.payload.resize(36);
    return data;
}

void signs(benchmark::State& state) {
    const Pair a(1);
    const mesh::Data data = text();
    const std::array<std::uint8_t, 64> nonce{};
    for (auto _ : state)
        benchmark::DoNotOptimize(radio::sign_broadcast(a.secret, a.id, PacketId{1}, data, nonce));
}

BENCHMARK(signs);

void verifies(benchmark::State& state) {
    const Pair a(1);
    mesh::Data data = text();
    const std::array<std::uint8_t, 64> nonce{};
    const auto signature = radio::sign_broadcast(a.secret, a.id, PacketId{1}, data, nonce);
    if (!data.signature.assign(signature)) state.SkipWithError("no room");
    for (auto _ : state)
        benchmark::DoNotOptimize(radio::verify_broadcast(a.open, a.id, PacketId{1}, data));
}

BENCHMARK(verifies);

/// A packet for one reader, sealed and opened, with the keys' agreement at both ends.
void pkc_there(benchmark::State& state) {
    const Pair a(1);
    const Pair b(2);
    const std::array<std::uint8_t, 40> clear{};
    for (auto _ : state) {
        const auto theirs = radio::pkc_key(a.secret, b.open);
        const auto sealed = radio::seal_pkc(*theirs, a.id, PacketId{1}, 7, clear);
        const auto ours = radio::pkc_key(b.secret, a.open);
        benchmark::DoNotOptimize(radio::open_pkc(*ours, a.id, PacketId{1}, sealed->view()));
    }
}

BENCHMARK(pkc_there);

}  // namespace
}  // namespace compot::bench

BENCHMARK_MAIN();
