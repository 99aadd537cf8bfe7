#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/air/modem.hpp"
#include "core/air/purse.hpp"

namespace compot::air {
namespace {

nlohmann::json vectors() {
    std::ifstream file("vectors/meshtastic.json");
    return nlohmann::json::parse(file);
}

TEST(Modem, has_the_airtime_of_every_preset_to_the_microsecond) {
    std::size_t checked = 0;
    const nlohmann::json golden = vectors();
    for (const auto& row : golden["presets"]) {
        const Result<Preset> preset = preset_numbered(row["preset"].get<std::uint32_t>());
        ASSERT_TRUE(preset.ok()) << row["name"];
        EXPECT_EQ(name(*preset), row["name"].get<std::string>());
        const Modem modem = air::modem(*preset, row["wide_lora"].get<bool>());
        EXPECT_EQ(modem.bandwidth_hz, row["bw_khz"].get<double>() * 1000) << row["name"];
        EXPECT_EQ(low_data_rate(modem), row["ldro"].get<bool>()) << row["name"];
        EXPECT_EQ(to_ms(slot(modem)), row["slot_ms"].get<int>()) << row["name"];
        EXPECT_EQ(to_ms(preamble(modem)), row["preamble_ms"].get<int>()) << row["name"];
        EXPECT_EQ(modem.coding_rate, row["cr"].get<int>());
        for (const auto& figure : row["airtime"]) {
            const auto bytes = figure["frame_len"].get<std::size_t>();
            EXPECT_EQ(to_us(*airtime(modem, bytes)), figure["radiolib_us"].get<std::int64_t>())
                << row["name"] << " wide " << row["wide_lora"] << " bytes " << bytes;
            ++checked;
        }
    }
    EXPECT_EQ(checked, 20U * 14U);
}

TEST(Modem, refuses_a_frame_that_no_radio_sends) {
    EXPECT_EQ(airtime(Modem{}, 0).error(), Error::Malformed);
    EXPECT_EQ(airtime(Modem{}, 256).error(), Error::TooBig);
}

TEST(Modem, gives_spreading_factors_5_and_6_their_longer_sync_word) {
    Modem modem;
    modem.bandwidth_hz = 125'000;
    modem.preamble_symbols = 12;
    modem.spreading_factor = 5;
    // Semtech's calculator: (12 + 6.25 + 8 + ceil((8*20+16-20+20)/20)*5) symbols of 256 us.
    EXPECT_EQ(to_us(*airtime(modem, 20)), 256 * (4 * (12 + 8 + 9 * 5) + 25) / 4);
}

TEST(Preset, is_found_by_display_name_and_by_config_name) {
    EXPECT_EQ(*preset_named("LongFast"), Preset::LongFast);
    EXPECT_EQ(*preset_named("LONG_FAST"), Preset::LongFast);
    EXPECT_EQ(*preset_named("longmoderate"), Preset::LongModerate);
    EXPECT_EQ(*preset_named("LongMod"), Preset::LongModerate);
    EXPECT_EQ(preset("VeryLongSlow").error(), Error::Unknown);
    EXPECT_EQ(preset_named("").error(), Error::Unknown);
    EXPECT_EQ(preset_named("LongFas").error(), Error::Unknown);
    EXPECT_EQ(preset_numbered(2).error(), Error::Unknown);
    EXPECT_EQ(preset_numbered(17).error(), Error::Unknown);
}

TEST(Broadcast, is_as_long_on_air_as_the_firmware_sends_it) {
    EXPECT_EQ(*broadcast_bytes(6, false), 29U);
    EXPECT_EQ(*broadcast_bytes(8, false), 31U);
    EXPECT_EQ(*broadcast_bytes(165, false), 189U);
    EXPECT_EQ(*broadcast_bytes(kSignedPayloadMax), 255U);
    EXPECT_EQ(*broadcast_bytes(kSignedPayloadMax + 1), 190U) << "no room left to sign it";
    EXPECT_EQ(*broadcast_bytes(231), 255U);
    EXPECT_EQ(broadcast_bytes(232).error(), Error::TooBig);
    EXPECT_EQ(*broadcast_bytes(0, false), 16U + 3 + 2) << "an empty payload has no field";
    EXPECT_EQ(*broadcast_bytes(8, false, 1), 16U + 2 + 10 + 2) << "a port below 128 takes one byte";
}

TEST(Price, is_that_of_a_signing_radio_times_transmissions) {
    const Modem long_fast = *preset("LongFast");
    EXPECT_EQ(to_ms(*price(long_fast, 20, 1)), 1050);
    EXPECT_EQ(to_us(*price(long_fast, 20, 4)), 4 * to_us(*price(long_fast, 20, 1)));
    EXPECT_FALSE(price(long_fast, 300, 1).ok());
}

constexpr Time at(Duration uptime) { return Time{uptime}; }

TEST(Purse, pays_from_its_burst_and_then_by_its_share) {
    Purse purse({.share_permille = 10, .burst = 2s});
    EXPECT_TRUE(purse.pay(2s, TrafficClass::JobControl, at(0s)));
    EXPECT_EQ(purse.balance(), Duration{});
    EXPECT_FALSE(purse.pay(1us, TrafficClass::JobControl, at(0s)));
    EXPECT_EQ(purse.earliest(1s, TrafficClass::JobControl, at(0s)), at(100s));
    EXPECT_FALSE(purse.can_pay(1s, TrafficClass::JobControl, at(100s - 1us)));
    EXPECT_TRUE(purse.pay(1s, TrafficClass::JobControl, at(100s)));
    purse.refill(at(10h));
    EXPECT_EQ(purse.balance(), 2s) << "no more than the burst is saved up";
}

TEST(Purse, never_promises_what_is_above_its_burst) {
    Purse purse({.share_permille = 10, .burst = 2s});
    EXPECT_EQ(purse.earliest(2s + 1us, TrafficClass::Bulk, at(0s)), kNever);
    Purse poor({.share_permille = 0, .burst = 2s});
    EXPECT_TRUE(poor.pay(2s, TrafficClass::Bulk, at(0s)));
    EXPECT_EQ(poor.earliest(1us, TrafficClass::Bulk, at(1h)), kNever);
}

TEST(Purse, keeps_a_reserve_for_jobs_that_housekeeping_can_not_touch) {
    Purse purse({.share_permille = 10, .burst = 20s, .reserve = 15s});
    EXPECT_EQ(purse.earliest(6s, TrafficClass::Housekeeping, at(0s)), kNever);
    EXPECT_TRUE(purse.pay(4s, TrafficClass::Housekeeping, at(0s)));
    EXPECT_EQ(purse.earliest(2s, TrafficClass::Bulk, at(0s)), at(100s));
    EXPECT_TRUE(purse.pay(16s, TrafficClass::JobControl, at(0s)));
    EXPECT_FALSE(purse.pay(1s, TrafficClass::JobControl, at(0s)));
    EXPECT_EQ(purse.earliest(1s, TrafficClass::Housekeeping, at(0s)), at(1600s));
}

TEST(Airtime, of_a_round_trip_grows_with_hops_and_with_what_others_use) {
    const Modem slow = *preset("LongFast");
    const Duration near = round_trip(slow, 60, 100, 0, 0);
    EXPECT_EQ(near, *price(slow, 60, 1) + *price(slow, 100, 1) + 2 * 4 * slot(slow));
    const Duration relayed = round_trip(slow, 60, 100, 1, 0);
    EXPECT_EQ(relayed - near, *price(slow, 60, 1) + *price(slow, 100, 1) + 2 * 144 * slot(slow));
    EXPECT_EQ(round_trip(slow, 60, 100, 1, 500), 2 * (relayed + 2 * (16 - 4) * slot(slow)));
    EXPECT_LT(round_trip(*preset("ShortFast"), 60, 100, 1, 0), relayed / 4);
}

TEST(Purse, lets_three_alerts_pass_in_any_hour_and_no_fourth) {
    Purse purse({.share_permille = 1, .burst = 1s});
    EXPECT_TRUE(purse.pay(1s, TrafficClass::JobControl, at(0s)));
    Random random(1);
    purse.measured(1000, at(1s), random);
    for (const Duration uptime : {10s, 20s, 30s}) {
        EXPECT_TRUE(purse.pay(3s, TrafficClass::Alert, at(uptime)));
    }
    EXPECT_GE(purse.balance(), Duration{});
    EXPECT_EQ(purse.earliest(3s, TrafficClass::Alert, at(40s)), at(1h + 10s));
    EXPECT_FALSE(purse.pay(3s, TrafficClass::Alert, at(1h + 9s)));
    EXPECT_TRUE(purse.pay(3s, TrafficClass::Alert, at(1h + 10s)));
    EXPECT_FALSE(purse.pay(3s, TrafficClass::Alert, at(1h + 11s)));
    EXPECT_TRUE(purse.pay(3s, TrafficClass::Alert, at(1h + 20s)));
}

/// Measures the same utilisation every ten seconds for `minutes`.
Time measure_for(Purse& purse, std::uint16_t busy_permille, int minutes, Time from,
                 Random& random) {
    Time now = from;
    for (int i = 0; i < 6 * minutes; ++i, now += 10s) purse.measured(busy_permille, now, random);
    return now;
}

TEST(Purse, makes_bulk_yield_first_then_housekeeping_then_job_control) {
    const std::map<int, std::array<bool, 4>> passes{{140, {true, true, true, true}},
                                                    {200, {true, true, true, false}},
                                                    {300, {true, true, false, false}},
                                                    {500, {true, false, false, false}}};
    for (const auto& [busy, expected] : passes) {
        Random random(7);
        Purse purse(PurseTerms{});
        const Time now = measure_for(purse, static_cast<std::uint16_t>(busy), 5, at(0s), random);
        for (std::size_t i = 0; i < kTrafficClasses; ++i) {
            EXPECT_EQ(purse.can_pay(1ms, static_cast<TrafficClass>(i), now), expected[i])
                << busy << " permille, class " << i;
        }
    }
}

TEST(Purse, comes_back_slowly_after_the_channel_has_calmed_down) {
    Random random(3);
    Purse purse({.share_permille = 10, .burst = 30s});
    Time now = measure_for(purse, 900, 5, at(0s), random);
    ASSERT_EQ(purse.earliest(1s, TrafficClass::Bulk, now), now + 10s);
    purse.measured(0, now, random);
    EXPECT_TRUE(purse.pay(1s, TrafficClass::Bulk, now));
    const Time second = purse.earliest(1s, TrafficClass::Bulk, now);
    EXPECT_GT(second, now + 500s) << "at a sixteenth of the share a second is earned in 1600 s";
    now = measure_for(purse, 0, 60, now, random);
    EXPECT_TRUE(purse.pay(1s, TrafficClass::Bulk, now));
    EXPECT_TRUE(purse.can_pay(1s, TrafficClass::Bulk, now))
        << "at full rate only the balance counts";
}

TEST(Purse, does_not_yield_to_its_own_airtime) {
    Random random(5);
    Purse purse({.share_permille = 1000, .burst = 60s});
    EXPECT_TRUE(purse.pay(12s, TrafficClass::Bulk, at(5s)));
    purse.measured(220, at(20s), random);
    EXPECT_EQ(purse.foreign_permille(), 20);
    purse.measured(220, at(70s), random);
    EXPECT_EQ(purse.foreign_permille(), 220) << "by then its own has left the window";
}

TEST(Purse, does_not_yield_to_its_swarm) {
    Random random(5);
    Purse purse({.share_permille = 10, .burst = 60s});
    purse.overheard(12s, at(5s));
    EXPECT_EQ(purse.balance(), 60s);
    purse.measured(220, at(20s), random);
    EXPECT_EQ(purse.foreign_permille(), 20);
}

TEST(Purse, of_two_nodes_on_one_channel_resume_at_different_times) {
    Time resumed[2];
    for (const std::uint64_t node : {0U, 1U}) {
        Random random(9, node, 1);
        Purse purse({.share_permille = 10, .burst = 30s});
        const Time now = measure_for(purse, 900, 5, at(0s), random);
        purse.measured(0, now, random);
        EXPECT_TRUE(purse.pay(1s, TrafficClass::Bulk, now));
        resumed[node] = purse.earliest(1s, TrafficClass::Bulk, now);
    }
    EXPECT_NE(resumed[0], resumed[1]);
}

TEST(Purse, is_never_exceeded_whatever_is_asked_of_it) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        SCOPED_TRACE("seed=" + std::to_string(seed));
        Random random(seed);
        const PurseTerms terms{.share_permille = static_cast<std::uint16_t>(1 + random.below(100)),
                               .burst = Duration{1'000'000 + random.below(60'000'000)}};
        Purse purse(terms);
        Time now = at(0s);
        Duration alerts{};
        Duration others{};
        for (int step = 0; step < 2000; ++step) {
            now += Duration{random.below(20'000'000)};
            const auto traffic = static_cast<TrafficClass>(random.below(4));
            const Duration price{random.below(5'000'000)};
            if (random.below(3) == 0) {
                purse.measured(static_cast<std::uint16_t>(random.below(600)), now, random);
            }
            const Time promised = purse.earliest(price, traffic, now);
            const bool paid = purse.pay(price, traffic, now);
            EXPECT_EQ(paid, promised == now);
            if (paid) (traffic == TrafficClass::Alert ? alerts : others) += price;
            ASSERT_GE(purse.balance(), Duration{});
            ASSERT_LE(to_us(others), to_us(terms.burst) + to_us(now) * terms.share_permille / 1000);
        }
        EXPECT_EQ(purse.spent(), alerts + others);
        EXPECT_LE(alerts, 5s * 3 * (to_us(now) / 3'600'000'000 + 1));
    }
}

}  // namespace
}  // namespace compot::air
