#pragma once

#include <memory>
#include <vector>

#include "sim/ether/ether.hpp"

/// A receiver in the middle and senders whose signals arrive there at chosen levels; senders do not
/// hear each other. For checks of the ether by itself.

namespace compot::forms {

class AirLab {
public:
    /// `level_cdb` of each sender: above the receiver's noise.
    AirLab(const air::Modem& receiver, const std::vector<std::int32_t>& levels_cdb,
           ether::Capture capture = ether::Capture::SixDecibels, std::uint64_t seed = 1)
        : ether_(terms(capture, seed), std::make_unique<ether::FreeSpace>(908'750)) {
        ether_.add(antenna(receiver));
        for (std::size_t i = 0; i < levels_cdb.size(); ++i) add(receiver, levels_cdb[i]);
    }

    /// The sender's number, from 1.
    ether::Station add(const air::Modem& modem, std::int32_t level_cdb) {
        const ether::Station sender = ether_.add(antenna(modem));
        for (ether::Station other = 0; other < sender; ++other) {
            ether_.set_loss(sender, other, kApart);
            ether_.set_loss(other, sender, kApart);
        }
        const std::int32_t noise = ether::noise_floor_cdbm(modem.bandwidth_hz);
        ether_.set_loss(sender, 0, kPower - noise - level_cdb);
        return sender;
    }

    [[nodiscard]] ether::Ether& ether() { return ether_; }

    /// Ends the flight and says what the receiver got of it.
    observe::Fate fate(ether::Flight flight) {
        std::vector<ether::Arrival> arrivals;
        ether_.end(flight, arrivals);
        for (const ether::Arrival& each : arrivals) {
            if (each.receiver == 0) return each.fate;
        }
        return observe::Fate::TooWeak;
    }

private:
    static constexpr std::int32_t kPower = 2200;
    static constexpr std::int32_t kApart = 30'000;

    static ether::Terms terms(ether::Capture capture, std::uint64_t seed) {
        ether::Terms made;
        made.seed = seed;
        made.capture = capture;
        return made;
    }

    static ether::Antenna antenna(const air::Modem& modem) {
        ether::Antenna made;
        made.power_cdbm = kPower;
        made.modem = modem;
        return made;
    }

    ether::Ether ether_;
};

}  // namespace compot::forms
