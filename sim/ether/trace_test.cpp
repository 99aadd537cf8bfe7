#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/fixed_math.hpp"
#include "core/base/random.hpp"
#include "sim/ether/ether.hpp"

/// What the ether decides stays what it is, whatever is done for its speed: a digest over random
/// busy worlds. It may change only with the physics.

namespace compot::ether {
namespace {

class World {
public:
    World(std::uint64_t seed, const Terms& terms, std::unique_ptr<PathLoss> path_loss)
        : random_(seed), ether_(terms, std::move(path_loss)) {}

    std::uint64_t run(std::size_t stations, std::uint32_t side_cm, bool mixed) {
        for (std::size_t i = 0; i < stations; ++i) {
            Antenna antenna;
            antenna.at = place(side_cm);
            antenna.modem = air::modem(air::Preset::LongFast);
            if (mixed && random_.below(4) == 0) {
                antenna.modem = air::modem(air::Preset::MediumSlow);
                antenna.power_cdbm = 2700;
            }
            if (mixed && random_.below(9) == 0) antenna.gain_cdb = 300;
            ether_.add(antenna);
        }
        const auto count = static_cast<std::uint32_t>(stations);
        if (mixed) {
            const Station to = random_.below(count - 1) + 1;
            ether_.set_loss(random_.below(count), to, 12'000);
        }
        for (int step = 0; step < 4'000; ++step) {
            now_ += Duration{exponential(random_, 60'000)};
            finish();
            turn(random_.below(count), side_cm, mixed);
        }
        return digest_;
    }

private:
    Position place(std::uint32_t side_cm) {
        Position at;
        at.x_cm = static_cast<std::int32_t>(random_.below(side_cm)) - 700'000;
        at.y_cm = static_cast<std::int32_t>(random_.below(side_cm)) - 700'000;
        return at;
    }

    void turn(Station who, std::uint32_t side_cm, bool mixed) {
        const std::uint32_t what = random_.below(100);
        if (what < 4) {
            ether_.move(who, place(side_cm));
        } else if (what < 8 && mixed) {
            ether_.set_power(who, what < 6, now_);
        } else if (what < 70) {
            const auto flight = ether_.begin(who, 20 + random_.below(200), now_);
            add(flight.ok() ? 1 : 0);
            if (flight.ok()) flying_.push_back(*flight);
        }
        add(ether_.carrier(who, now_) ? 1 : 0);
        add(ether_.receiving(who, now_) ? 1 : 0);
        add(ether_.sending(who, now_) ? 1 : 0);
    }

    /// Ends what is over, in the order of its ends.
    void finish() {
        while (!flying_.empty()) {
            const auto first = std::min_element(
                flying_.begin(), flying_.end(),
                [&](Flight a, Flight b) { return ether_.end_of(a) < ether_.end_of(b); });
            if (ether_.end_of(*first) > now_) return;
            std::vector<Arrival> arrivals;
            ether_.end(*first, arrivals);
            for (const Arrival& arrival : arrivals) {
                add(arrival.receiver);
                add(static_cast<std::uint64_t>(arrival.fate));
                add(static_cast<std::uint16_t>(arrival.rssi_cdbm));
                add(static_cast<std::uint16_t>(arrival.snr_cdb));
                ++fates_[static_cast<std::size_t>(arrival.fate)];
            }
            flying_.erase(first);
        }
    }

    void add(std::uint64_t value) { digest_ = mix64(digest_ ^ value); }

    Random random_;
    Ether ether_;
    Time now_{1s};
    std::vector<Flight> flying_;
    std::uint64_t digest_ = 0;

public:
    std::array<int, 8> fates_{};
};

TEST(EtherTrace, of_one_kind_of_station_stays_the_same) {
    Terms terms;
    terms.seed = 3;
    World world(5, terms, std::make_unique<LogDistance>(3'130, 100, 320));
    EXPECT_EQ(world.run(60, 4'000'000, false), 0x27CC9A323E4BFD36ULL);
    using observe::Fate;
    for (const Fate fate : {Fate::Decoded, Fate::Collided, Fate::Deaf, Fate::TooWeak})
        EXPECT_GT(world.fates_[static_cast<std::size_t>(fate)], 100);
}

TEST(EtherTrace, with_shadows_moves_losses_and_power_cuts_stays_the_same) {
    Terms terms;
    terms.seed = 4;
    terms.shadowing_cdb = 400;
    terms.asymmetry_cdb = 150;
    terms.loss_millionths = 50'000;
    terms.capture = Capture::Croce;
    terms.ridges.push_back({{-200'000, -700'000, 0}, {-200'000, 700'000, 0}, 1'500, 100'000});
    World world(6, terms, std::make_unique<TwoRay>(869'525));
    EXPECT_EQ(world.run(150, 6'000'000, true), 0xF6A5BB1BF2325436ULL);
    EXPECT_GT(world.fates_[static_cast<std::size_t>(observe::Fate::Off)], 100);
}

TEST(EtherTrace, of_a_wide_world_stays_the_same) {
    Terms terms;
    terms.seed = 5;
    World world(7, terms, std::make_unique<LogDistance>(14'785, 100'000, 449));
    EXPECT_EQ(world.run(400, 3'000'000, true), 0xE137E8BDE74F7CD4ULL);
}

}  // namespace
}  // namespace compot::ether
