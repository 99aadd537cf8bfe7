#include "sim/meshtasticator/firmware.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "sim/meshtasticator/movement.hpp"
#include "sim/talk/talk.hpp"

namespace compot::meshtasticator {

namespace {

constexpr std::int32_t kPowerCdbm = 3000;
constexpr std::uint32_t kFrequencyKhz = 908'750;
constexpr std::int32_t kOutOfReachCdb = 30'000;
/// Of a Data message around a text: the port, and the payload's tag and length.
constexpr std::size_t kDataOverhead = 4;

/// An ether in which all losses are those of the scenario. Its noise figure of 6 dB gives the
/// sensitivity of -131.5 dBm that Meshtasticator has.
std::unique_ptr<ether::Ether> ether_of(std::uint64_t seed) {
    ether::Terms terms;
    terms.seed = seed;
    return std::make_unique<ether::Ether>(terms, std::make_unique<ether::FreeSpace>(kFrequencyKhz));
}

/// Repeaters are gone from the firmware; a router does what they did.
radio::Role role_of(Part part) {
    switch (part) {
        case Part::Client: return radio::Role::Client;
        case Part::Mute: return radio::Role::ClientMute;
        case Part::Router:
        case Part::Repeater: return radio::Role::Router;
    }
    return radio::Role::Client;
}

/// Both ways between `node` and all others. `rssi_mdbm` as in Scenario.
void link(std::uint32_t node, const std::vector<std::int32_t>& rssi_mdbm, ether::Ether& ether) {
    const auto nodes = static_cast<std::uint32_t>(ether.stations());
    const auto set = [&](std::uint32_t from, std::uint32_t to) {
        const std::int32_t level = rssi_mdbm[std::size_t{from} * nodes + to];
        ether.set_loss(from, to, level == kInaudible ? kOutOfReachCdb : kPowerCdbm - level / 10);
    };
    for (std::uint32_t other = 0; other < nodes; ++other) {
        if (other == node) continue;
        set(node, other);
        set(other, node);
    }
}

/// Runs it to the end, and who moves moves.
void run_moving(const Scenario& scenario, std::uint64_t seed, talk::Talk& talk) {
    Movement movement(scenario, seed);
    std::vector<std::int32_t> rssi_mdbm = scenario.rssi_mdbm;
    while (movement.next_at() < Time{scenario.until}) {
        talk.run_until(movement.next_at());
        link(movement.step(rssi_mdbm), rssi_mdbm, talk.ether());
    }
    talk.run_until(Time{scenario.until});
}

}  // namespace

Outcome run_firmware(const Scenario& scenario, radio::Firmware firmware, std::uint64_t seed) {
    radio::Settings settings;
    settings.modem = air::modem(air::Preset::LongFast);
    settings.channels.push_back(radio::default_channel("LongFast"));
    settings.firmware = firmware;
    settings.hop_limit = scenario.hop_limit;
    settings.encrypts = false;  // the same bytes on the air in every other respect
    talk::Talk talk(std::move(settings), ether_of(seed), seed);
    ether::Antenna antenna;
    antenna.power_cdbm = kPowerCdbm;
    antenna.modem = air::modem(air::Preset::LongFast);
    for (std::size_t i = 0; i < scenario.nodes; ++i) talk.add(antenna, role_of(scenario.part(i)));
    for (std::uint32_t i = 0; i < scenario.nodes; ++i) link(i, scenario.rssi_mdbm, talk.ether());
    const std::size_t text = std::max<std::size_t>(scenario.payload_bytes, kDataOverhead + 1);
    for (const Message& message : scenario.messages)
        if (message.at <= scenario.until)
            talk.say(message.origin, Time{message.at},
                     std::min<std::size_t>(text - kDataOverhead, 200));
    run_moving(scenario, seed, talk);
    const talk::Tally& tally = talk.tally();
    return meshtasticator::tally(tally.messages, tally.transmissions, tally.useful, scenario.nodes,
                                 tally.air, scenario.until, tally.delays);
}

}  // namespace compot::meshtasticator
