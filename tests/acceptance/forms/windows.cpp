#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "radio/radio.hpp"
#include "tests/acceptance/forms/verdicts.hpp"

/// How long a relay waits by the level at which it heard: worst signal first.

namespace compot::forms {

namespace {

struct Waits {
    std::int64_t least_slots = 1'000'000;
    std::int64_t most_slots = 0;
    std::int64_t sum_slots = 0;
    int not_whole = 0;
};

constexpr int kRadios = 4000;

radio::Frame a_frame() {
    radio::Header header;
    header.from = NodeId{0x11111111};
    header.id = PacketId{1};
    header.channel_hash = radio::default_channel("LongFast").hash;
    radio::Frame frame;
    COMPOT_CHECK(frame.assign(radio::encode(header)));
    for (const int byte : {0x08, 0x01, 0x12, 0x01, 0x41}) {
        frame.push(static_cast<std::uint8_t>(byte));
    }
    return frame;
}

Waits waits(radio::Role role, int snr_db) {
    auto settings = std::make_shared<radio::Settings>();
    settings->modem = air::modem(air::Preset::LongFast);
    settings->channels.push_back(radio::default_channel("LongFast"));
    settings->encrypts = false;
    const std::int64_t slot_us = to_us(air::slot(settings->modem));
    const radio::Frame frame = a_frame();
    Waits found;
    for (int i = 0; i < kRadios; ++i) {
        radio::Identity identity;
        identity.self = NodeId{0x22222222};
        identity.role = role;
        radio::Radio radio(settings, identity, Random(static_cast<std::uint64_t>(i)));
        radio::Effects effects;
        const Time now{1s};
        radio.handle(radio::Received{frame.view(), -9000, static_cast<std::int16_t>(snr_db * 100),
                                     300ms, nullptr},
                     now, effects);
        const std::int64_t wait_us = to_us(radio.wake_at() - now);
        if (wait_us % slot_us != 0) ++found.not_whole;
        found.least_slots = std::min(found.least_slots, wait_us / slot_us);
        found.most_slots = std::max(found.most_slots, wait_us / slot_us);
        found.sum_slots += wait_us / slot_us;
    }
    return found;
}

/// SOURCE: the firmware maps -20 to +10 dB onto windows of 2^3 to 2^8 slots, in whole numbers.
int exponent(int snr_db) { return 3 + (snr_db + 20) * 5 / 30; }

}  // namespace

void check_windows(Verdicts& verdicts) {
    std::int64_t previous = 0;
    for (int snr_db = -20; snr_db <= 10; snr_db += 6) {
        const int window = 1 << exponent(snr_db);
        const Waits client = waits(radio::Role::Client, snr_db);
        const Waits router = waits(radio::Role::Router, snr_db);
        const bool held = client.least_slots == 16 && client.most_slots == 16 + window - 1 &&
                          router.least_slots == 0 &&
                          router.most_slots == 2 * exponent(snr_db) - 1 &&
                          client.not_whole + router.not_whole == 0;
        verdicts.expect(
            held,
            fmt::format("relay at {} dB: client waits {} to {} slots (16 to {}), router {} to "
                        "{} (0 to {}), n {}",
                        snr_db, client.least_slots, client.most_slots, 16 + window - 1,
                        router.least_slots, router.most_slots, 2 * exponent(snr_db) - 1, kRadios));
        // The mean of a uniform draw, within 4 of its standard errors.
        const double mean = static_cast<double>(client.sum_slots) / kRadios;
        const double expected = 16 + (window - 1) / 2.0;
        const double error = 4 * window / 3.4641 / 63.2456;  // sqrt(12), sqrt(4000)
        verdicts.expect(
            std::abs(mean - expected) <= error && client.sum_slots >= previous,
            fmt::format("    on average {:.2f} slots, expected {:.2f} within {:.2f}, and "
                        "no less than at a worse signal",
                        mean, expected, error));
        previous = client.sum_slots;
    }
}

}  // namespace compot::forms
