#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/base/random.hpp"
#include "sim/talk/talk.hpp"
#include "tests/acceptance/forms/air_lab.hpp"
#include "tests/acceptance/forms/verdicts.hpp"

/// Many senders on one channel: pure Aloha, hidden terminals, and listening before talking.

namespace compot::forms {

namespace {

using observe::Fate;

constexpr std::size_t kBytes = 60;

/// Five preamble symbols: then a frame is vulnerable from its first one, as the formulas have it.
air::Modem bare_modem() {
    air::Modem modem = air::modem(air::Preset::ShortFast);
    modem.preamble_symbols = 5;
    return modem;
}

Duration exponential(Random& random, double mean_us) {
    const double uniform = (static_cast<double>(random.next32()) + 1) / 4294967296.0;
    return Duration{static_cast<std::int64_t>(-std::log(uniform) * mean_us)};
}

/// A crowd of stations that sends as one Poisson process, however long its frames are.
struct Crowd {
    std::vector<ether::Station> stations;
    double every_us = 0;   ///< mean between two begins
    bool regular = false;  ///< always so long, so that its own frames never meet
    Sample lost{};
};

/// Lets the crowds send until the first has sent `frames`.
void share(AirLab& lab, std::vector<Crowd*> crowds, std::size_t frames, std::uint64_t seed) {
    Random random(seed);
    std::multimap<Time, std::pair<Crowd*, ether::Flight>> flying;
    std::vector<std::pair<Time, Crowd*>> next;
    for (Crowd* crowd : crowds)
        next.emplace_back(Time{exponential(random, crowd->every_us)}, crowd);
    const auto end_first = [&] {
        const auto [crowd, flight] = flying.begin()->second;
        crowd->lost.add(lab.fate(flight) != Fate::Decoded);
        flying.erase(flying.begin());
    };
    while (crowds.front()->lost.size() < frames) {
        const auto due = std::min_element(next.begin(), next.end());
        while (!flying.empty() && flying.begin()->first <= due->first) end_first();
        Crowd& crowd = *due->second;
        const Time now = due->first;
        due->first = now + (crowd.regular ? Duration{static_cast<std::int64_t>(crowd.every_us)}
                                          : exponential(random, crowd.every_us));
        const auto idle = std::find_if(crowd.stations.begin(), crowd.stations.end(),
                                       [&](auto each) { return !lab.ether().sending(each, now); });
        if (idle == crowd.stations.end()) continue;
        const auto flight = lab.ether().begin(*idle, kBytes, now);
        flying.emplace(lab.ether().end_of(*flight), std::pair(&crowd, *flight));
    }
}

Crowd crowd_of(AirLab& lab, std::size_t stations, std::int32_t level_cdb, double every_us) {
    Crowd made;
    made.every_us = every_us;
    for (std::size_t i = 0; i < stations; ++i) {
        made.stations.push_back(lab.add(bare_modem(), level_cdb));
    }
    return made;
}

void check_aloha(Verdicts& verdicts) {
    const auto airtime_us = static_cast<double>(to_us(*air::airtime(bare_modem(), kBytes)));
    for (const double load : {0.1, 0.25, 0.5, 1.0}) {
        AirLab lab(bare_modem(), {});
        Crowd crowd = crowd_of(lab, 30, 2000, airtime_us / load);
        share(lab, {&crowd}, verdicts.share(40'000), 1);
        verdicts.expect_formula(fmt::format("pure Aloha, G {:.2f}: frames lost (S = {:.4f})", load,
                                            load * (1 - crowd.lost.mean())),
                                crowd.lost, 1 - std::exp(-2 * load));
    }
}

void check_hidden(Verdicts& verdicts) {
    const air::Modem modem = bare_modem();
    const auto airtime_us = static_cast<double>(to_us(*air::airtime(modem, kBytes)));
    const auto symbol_us = static_cast<double>(to_us(air::symbol(modem)));
    constexpr double kLoad = 0.2;   // of the others, so lambda T
    constexpr double kApart = 7.3;  // airtimes from one to the next of those that are counted
    for (const std::int32_t nearer_cdb : {0, 500, 700}) {
        AirLab lab(modem, {});
        Crowd near = crowd_of(lab, 20, 1500 + nearer_cdb, airtime_us / kLoad);
        Crowd far = crowd_of(lab, 20, 1500, airtime_us / kLoad);
        near.every_us = kApart * airtime_us;
        near.regular = true;
        share(lab, {&near, &far}, verdicts.share(20'000), 2);
        const bool captures = nearer_cdb >= 600;
        // One demodulator: locked on to the other's frame, it does not hear even a stronger one.
        const double window = captures ? 1 - 5 * symbol_us / airtime_us : 2;
        verdicts.expect_formula(
            fmt::format("hidden from each other, {:.0f} dB apart: the stronger one's frames lost",
                        nearer_cdb / 100.0),
            near.lost, 1 - std::exp(-window * kLoad));
        AirLab other(modem, {});
        Crowd quiet = crowd_of(other, 20, 1500, kApart * airtime_us);
        quiet.regular = true;
        Crowd loud = crowd_of(other, 20, 1500 + nearer_cdb, airtime_us / kLoad);
        share(other, {&quiet, &loud}, verdicts.share(20'000), 3);
        verdicts.expect_formula("    the weaker one's frames lost", quiet.lost,
                                1 - std::exp(-2 * kLoad));
    }
}

/// Two radios in reach of each other, each with its own Poisson messages.
void check_listening(Verdicts& verdicts) {
    constexpr double kEvery_s = 40;  // so rare that two seldom wait for the same frame's end
    const std::size_t messages = verdicts.share(400'000);
    radio::Settings settings;
    settings.modem = air::modem(air::Preset::LongFast);
    settings.channels.push_back(radio::default_channel("LongFast"));
    settings.hop_limit = 0;
    settings.encrypts = false;
    ether::Terms terms;
    talk::Talk talk(
        settings,
        std::make_unique<ether::Ether>(terms, std::make_unique<ether::FreeSpace>(908'750)), 4);
    ether::Antenna antenna;
    antenna.modem = settings.modem;
    for (std::size_t i = 0; i < 2; ++i) talk.add(antenna, radio::Role::Client);
    talk.ether().set_loss(0, 1, 11'000);
    talk.ether().set_loss(1, 0, 11'000);
    Random random(5);
    std::array<Time, 2> next{Time{exponential(random, kEvery_s * 1e6)},
                             Time{exponential(random, kEvery_s * 1e6)}};
    radio::Packet packet;
    packet.hop_limit = 0;
    packet.data.portnum = mesh::port::kPrivate;
    for (std::size_t i = 0; i < messages; ++i) {
        const std::size_t who = next[0] < next[1] ? 0 : 1;
        talk.run_until(next[who]);
        talk.submit(who, packet);
        next[who] += exponential(random, kEvery_s * 1e6);
    }
    talk.run_until(talk.now() + 60s);
    const double lost =
        1 - static_cast<double>(talk.tally().useful) / static_cast<double>(messages);
    const double slot_s = static_cast<double>(to_us(air::slot(settings.modem))) / 1e6;
    const double symbol_s = static_cast<double>(to_us(air::symbol(settings.modem))) / 1e6;
    // A check finds who has been on the air for a symbol: a begin within one of the other's is
    // lost.
    const double formula = 1 - std::exp(-2 * symbol_s / kEvery_s);
    const double roughly = 1 - std::exp(-slot_s / kEvery_s);
    const double half = 2.576 * std::sqrt(2 * lost * (1 - lost) /
                                          static_cast<double>(messages));  // they die in pairs
    verdicts.expect(
        lost - half <= formula && formula <= lost + half,
        fmt::format("in reach of each other, with listening: messages lost {:.5f}, n {}, "
                    "99 % interval {:.5f} to {:.5f}, formula {:.5f} (by the slot as "
                    "window {:.5f})",
                    lost, messages, lost - half, lost + half, formula, roughly));
}

}  // namespace

void check_sharing(Verdicts& verdicts) {
    check_aloha(verdicts);
    check_hidden(verdicts);
    check_listening(verdicts);
}

}  // namespace compot::forms
