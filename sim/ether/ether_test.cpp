#include "sim/ether/ether.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "core/base/fixed_math.hpp"
#include "core/base/random.hpp"

namespace compot::ether {
namespace {

using observe::Fate;

/// Stations whose levels at each other are set by hand, in dBm; the noise of LongFast is -114 dBm,
/// so -130 dBm can be decoded and -140 can't.
class Air {
public:
    explicit Air(std::size_t stations, Terms terms = {})
        : ether_(std::move(terms), std::make_unique<FreeSpace>(908'750)) {
        for (std::size_t i = 0; i < stations; ++i) {
            Antenna antenna;
            antenna.at.x_cm = static_cast<std::int32_t>(i) * 1000;
            antenna.power_cdbm = 0;
            ether_.add(antenna);
        }
        for (Station a = 0; a < stations; ++a) {
            for (Station b = 0; b < stations; ++b) {
                if (a != b) level(a, b, -100);
            }
        }
    }

    void level(Station from, Station to, int dbm) { ether_.set_loss(from, to, -dbm * 100); }

    Flight begin(Station from, Duration at, std::size_t bytes = 56) {
        const auto flight = ether_.begin(from, bytes, Time{at});
        EXPECT_TRUE(flight.ok());
        return *flight;
    }

    Fate fate(Flight flight, Station at) {
        std::vector<Arrival> arrivals;
        ether_.end(flight, arrivals);
        for (const Arrival& arrival : arrivals) {
            if (arrival.receiver == at) return arrival.fate;
        }
        ADD_FAILURE() << "nothing of it at " << at;
        return Fate::Off;
    }

    Ether& operator*() { return ether_; }

    Ether* operator->() { return &ether_; }

private:
    Ether ether_;
};

constexpr Duration kSymbol = 8192us;  // LongFast

TEST(Ether, a_frame_alone_is_decoded_and_lasts_its_airtime) {
    Air air(2);
    const Flight flight = air.begin(0, 1s);
    EXPECT_EQ(air->end_of(flight) - Time{1s}, 681'984us);
    EXPECT_EQ(air.fate(flight, 1), Fate::Decoded);
}

TEST(Ether, what_is_below_the_noise_by_too_much_is_too_weak) {
    Air air(2);
    air.level(0, 1, -136);
    EXPECT_EQ(air.fate(air.begin(0, 0s), 1), Fate::TooWeak);
}

TEST(Ether, equal_frames_kill_each_other_and_one_6_dB_stronger_that_came_first_survives) {
    Air air(3);
    const Flight a = air.begin(0, 0s);
    const Flight b = air.begin(1, 10ms);
    EXPECT_EQ(air.fate(a, 2), Fate::Collided);
    EXPECT_EQ(air.fate(b, 2), Fate::Collided);
    air.level(0, 2, -94);
    const Flight strong = air.begin(0, 10s);
    const Flight weak = air.begin(1, 10s + 300ms);
    EXPECT_EQ(air.fate(strong, 2), Fate::Decoded);
    EXPECT_EQ(air.fate(weak, 2), Fate::Collided);
}

TEST(Ether, a_stronger_frame_wins_only_before_the_receiver_has_locked) {
    Air air(3);
    air.level(1, 2, -90);
    const Flight early = air.begin(0, 0s);
    const Flight in_time = air.begin(1, kSymbol * 4);
    EXPECT_EQ(air.fate(early, 2), Fate::Collided);
    EXPECT_EQ(air.fate(in_time, 2), Fate::Decoded);
    const Flight locked = air.begin(0, 10s);
    const Flight too_late = air.begin(1, 10s + kSymbol * 6);
    EXPECT_EQ(air.fate(locked, 2), Fate::Collided);
    EXPECT_EQ(air.fate(too_late, 2), Fate::Collided);
}

TEST(Ether, a_frame_survives_what_ends_before_its_last_five_preamble_symbols) {
    for (const int overlap : {10, 11, 12}) {
        Air air(3);
        const Flight first = air.begin(0, 0s);
        const Time end = air->end_of(first);
        const Flight second = air.begin(1, end.time_since_epoch() - kSymbol * overlap);
        EXPECT_EQ(air.fate(first, 2), Fate::Collided);
        EXPECT_EQ(air.fate(second, 2), overlap <= 11 ? Fate::Decoded : Fate::Collided) << overlap;
    }
}

TEST(Ether, interference_adds_up) {
    Air air(4);
    air.level(0, 3, -92);  // 8 dB above each, 5 dB above both
    const Flight wanted = air.begin(0, 0s);
    const Flight one = air.begin(1, 100ms);
    EXPECT_EQ(air.fate(wanted, 3), Fate::Decoded);
    (void)air.fate(one, 3);
    const Flight again = air.begin(0, 10s);
    (void)air.begin(1, 10s + 100ms);
    (void)air.begin(2, 10s + 120ms);
    EXPECT_EQ(air.fate(again, 3), Fate::Collided);
}

TEST(Ether, who_sends_is_deaf_and_who_is_off_hears_nothing) {
    Air air(3);
    const Flight a = air.begin(0, 0s);
    const Flight b = air.begin(1, 1ms);
    EXPECT_EQ(air.fate(a, 1), Fate::Deaf);
    EXPECT_EQ(air.fate(b, 0), Fate::Deaf);
    air->set_power(2, false, Time{9s});
    const Flight c = air.begin(0, 10s);
    air->set_power(2, true, Time{10s});
    EXPECT_EQ(air.fate(c, 2), Fate::Off);
    EXPECT_EQ(air->begin(0, 10, Time{10s + 1ms}).error(), Error::Refused);
    EXPECT_EQ(air->begin(1, 0, Time{20s}).error(), Error::Malformed);
    EXPECT_EQ(air->begin(1, 256, Time{20s}).error(), Error::TooBig);
    EXPECT_FALSE(air->sending(1, Time{20s}));
}

TEST(Ether, a_sender_that_loses_power_is_cut_short_and_can_send_again) {
    Air air(2);
    const Flight cut = air.begin(0, 1s);
    air->set_power(0, false, Time{1s + 100ms});
    air->set_power(0, true, Time{1s + 200ms});
    const Flight again = air.begin(0, 1s + 300ms);
    EXPECT_EQ(air.fate(cut, 1), Fate::TooWeak);
    EXPECT_EQ(air.fate(again, 1), Fate::Decoded);
}

TEST(Ether, a_channel_check_hears_what_began_a_symbol_ago_even_3_dB_below_the_decoder) {
    Air air(3);
    air.level(0, 1, -134);
    air.level(0, 2, -136);
    (void)air.begin(0, 1s);
    EXPECT_FALSE(air->carrier(1, Time{1s + kSymbol / 2}));
    EXPECT_TRUE(air->carrier(1, Time{1s + kSymbol}));
    EXPECT_FALSE(air->carrier(2, Time{1s + kSymbol}));
    EXPECT_FALSE(air->receiving(1, Time{1s + kSymbol * 10}));
    EXPECT_FALSE(air->carrier(1, Time{3s}));
}

TEST(Ether, links_differ_by_direction_and_stay_the_same_for_a_seed) {
    Terms terms;
    terms.seed = 5;
    terms.shadowing_cdb = 400;
    terms.asymmetry_cdb = 300;
    const auto level = [&](Station a, Station b) {
        Ether ether(terms, std::make_unique<FreeSpace>(908'750));
        for (int i = 0; i < 3; ++i) {
            Antenna antenna;
            antenna.at.x_cm = i * 10'000;
            ether.add(antenna);
        }
        return ether.level_cdbm(a, b);
    };
    EXPECT_NE(level(0, 1), level(1, 0));
    EXPECT_EQ(level(0, 1), level(0, 1));
    const auto before = level(0, 1);
    terms.seed = 6;
    EXPECT_NE(level(0, 1), before);
}

TEST(Ether, extra_loss_hits_as_often_as_it_says) {
    Terms terms;
    terms.loss_millionths = 200'000;
    Air air(2, terms);
    int lost = 0;
    for (int i = 0; i < 5'000; ++i) {
        if (air.fate(air.begin(0, 1s * i), 1) != Fate::Decoded) ++lost;
    }
    EXPECT_NEAR(lost / 5'000.0, 0.2, 0.02);
}

TEST(Ether, moving_a_station_changes_its_links_both_ways) {
    Ether ether({}, std::make_unique<FreeSpace>(908'750));
    const Station a = ether.add({});
    const Station b = ether.add({});
    const auto near = ether.snr_cdb(a, b);
    ether.move(b, Position{1'000'000, 0, 150});
    EXPECT_NEAR(near - ether.snr_cdb(a, b), 8000, 10);
    EXPECT_NEAR(near - ether.snr_cdb(b, a), 8000, 10);
}

// Two senders that can't hear each other, equally loud at a third: pure Aloha. A frame is lost when
// the other begins within a frame's length before or after it, less the part of its own preamble
// that may be overrun.
TEST(Ether, hidden_senders_lose_what_aloha_says) {
    Air air(3);
    air.level(0, 1, -200);
    air.level(1, 0, -200);
    Random random(17);
    const double airtime_s = 0.681984;
    const double spared_s = 11 * 0.008192;
    const double rate = 0.25;
    std::vector<std::pair<std::int64_t, Station>> starts;
    for (Station sender = 0; sender < 2; ++sender) {
        std::int64_t at = 0;
        for (int i = 0; i < 6'000; ++i) {
            at += 682'000 + exponential(random, static_cast<std::int64_t>(1e6 / rate));
            starts.emplace_back(at, sender);
        }
    }
    std::sort(starts.begin(), starts.end());
    std::vector<std::pair<std::int64_t, Flight>> flying;
    int lost = 0;
    int sent = 0;
    const auto land = [&](std::int64_t until) {
        std::sort(flying.begin(), flying.end());
        while (!flying.empty() && flying.front().first <= until) {
            if (air.fate(flying.front().second, 2) != Fate::Decoded) ++lost;
            ++sent;
            flying.erase(flying.begin());
        }
    };
    for (const auto& [at, sender] : starts) {
        land(at);
        const Flight flight = air.begin(sender, Duration{at});
        flying.emplace_back(to_us(air->end_of(flight)), flight);
    }
    // Each sender's own renewal gap makes its rate 1 / (1/rate + airtime).
    const double busy = 1 / (1 / rate + airtime_s);
    const double expected = 1 - std::exp(-busy * (2 * airtime_s - spared_s));
    EXPECT_NEAR(lost / static_cast<double>(sent), expected, 0.035);
}

}  // namespace
}  // namespace compot::ether
