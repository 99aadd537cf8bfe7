#include "bench/mesh.hpp"

#include <algorithm>
#include <utility>

#include "core/base/fixed_math.hpp"

namespace compot::bench {

namespace {

constexpr std::uint64_t kPlaces = 0x91ACE;
constexpr std::uint64_t kTraffic = 0x7A1F;
constexpr std::size_t kTextBytes = 36;

// Meshtasticator's model of a suburb with antennas at one metre: 147.85 dB over a kilometre.
constexpr std::int32_t kLossOfKilometreCdb = 14'785;
constexpr std::uint32_t kKilometreCm = 100'000;
constexpr std::int32_t kExponentHundredths = 449;
constexpr std::int32_t kPowerCdbm = 3'000;
/// Where its signal falls to LongFast's -131.5 dBm.
constexpr std::uint64_t kReachCm = 201'350;

/// The side of the square on which so many radios have so many neighbours each.
std::uint32_t side_cm(const MeshTerms& terms) {
    const std::uint64_t disc_cm2 = kReachCm * kReachCm * 355 / 113;
    return square_root(disc_cm2 / terms.neighbours * terms.radios);
}

}  // namespace

Mesh::Mesh(const MeshTerms& terms) : terms_(terms), traffic_(terms.seed, 0, kTraffic) {
    radio::Settings settings;
    settings.modem = air::modem(air::Preset::LongFast);
    settings.channels.push_back(radio::default_channel("LongFast"));
    settings.firmware = terms.firmware;
    settings.encrypts = terms.encrypts;
    ether::Terms air;
    air.seed = terms.seed;
    auto ether = std::make_unique<ether::Ether>(
        air, std::make_unique<ether::LogDistance>(kLossOfKilometreCdb, kKilometreCm,
                                                  kExponentHundredths));
    talk_ = std::make_unique<talk::Talk>(std::move(settings), std::move(ether), terms.seed);
    add_radios();
}

void Mesh::add_radios() {
    Random places(terms_.seed, 0, kPlaces);
    const std::uint32_t side = side_cm(terms_);
    ether::Antenna antenna;
    antenna.power_cdbm = kPowerCdbm;
    antenna.modem = air::modem(air::Preset::LongFast);
    for (std::size_t i = 0; i < terms_.radios; ++i) {
        antenna.at.x_cm = static_cast<std::int32_t>(places.below(side));
        antenna.at.y_cm = static_cast<std::int32_t>(places.below(side));
        talk_->add(antenna, radio::Role::Client);
    }
}

void Mesh::run_until(Time until) {
    // One stream for all: many Poisson processes together are one, and who speaks is even.
    const auto radios = static_cast<std::uint32_t>(terms_.radios);
    const std::int64_t mean_us = to_us(terms_.text_every) / radios;
    radio::Packet text;
    text.want_ack = true;
    text.data.portnum = mesh::port::kText;
    text.data.payload.resize(kTextBytes);
    while (next_text_ < until) {
        if (next_text_ != Time{}) {
            talk_->run_until(next_text_);
            text.id = PacketId{++texts_};
            talk_->submit(traffic_.below(radios), text);
        }
        next_text_ += Duration{1 + exponential(traffic_, mean_us)};
    }
    talk_->run_until(until);
}

double Mesh::neighbours() const {
    constexpr std::int32_t kLeastCdb = -1'750;
    constexpr std::size_t kAsked = 200;
    const ether::Ether& air = talk_->ether();
    const std::size_t step = std::max<std::size_t>(1, terms_.radios / kAsked);
    std::uint64_t asked = 0;
    std::uint64_t found = 0;
    for (std::size_t a = 0; a < terms_.radios; a += step, ++asked) {
        for (std::size_t b = 0; b < terms_.radios; ++b) {
            const bool decoded = a != b && air.snr_cdb(static_cast<ether::Station>(a),
                                                       static_cast<ether::Station>(b)) >= kLeastCdb;
            if (decoded) ++found;
        }
    }
    return static_cast<double>(found) / static_cast<double>(asked);
}

std::uint64_t Mesh::digest() const {
    std::uint64_t hash = 0;
    const auto add = [&hash](std::uint64_t value) { hash = mix64(hash ^ value); };
    add(talk_->tally().transmissions);
    add(talk_->tally().useful);
    for (std::size_t i = 0; i < terms_.radios; ++i) {
        const radio::Counters& counters = talk_->radio(i).counters();
        add(counters.received);
        add(counters.duplicates);
        add(counters.failed);
        add(counters.sent);
        add(counters.relayed);
        add(counters.relays_cancelled);
        add(counters.queue_drops);
    }
    return hash;
}

}  // namespace compot::bench
