#include "radio/contention.hpp"

#include <gtest/gtest.h>

#include "core/air/modem.hpp"
#include "radio/golden.hpp"

namespace compot::radio {
namespace {

TEST(Contention, has_the_firmwares_windows_for_every_preset_and_snr) {
    std::size_t checked = 0;
    for (const auto& row : golden::vectors()["presets"]) {
        const air::Modem modem = air::modem(*air::preset_numbered(row["preset"].get<unsigned>()),
                                            row["wide_lora"].get<bool>());
        const std::int64_t slot_ms = to_ms(air::slot(modem));
        EXPECT_EQ(own_window(0).last() * slot_ms, row["tx_delay_own_max_ms"].get<std::int64_t>());
        for (const auto& at : row["rebroadcast_delay_by_snr"]) {
            const auto snr = static_cast<std::int16_t>(100 * at["snr"].get<int>());
            EXPECT_EQ(window_exponent_by_snr(snr), at["cw"].get<int>()) << at;
            const Window client = relay_window(snr, false);
            EXPECT_EQ(client.first * slot_ms, at["client_min_ms"].get<std::int64_t>());
            EXPECT_EQ(client.last() * slot_ms, at["client_max_ms"].get<std::int64_t>());
            EXPECT_EQ(relay_window(snr, true).last() * slot_ms,
                      at["router_max_ms"].get<std::int64_t>());
            EXPECT_EQ(relay_slots_worst(snr) * slot_ms, at["worst_ms"].get<std::int64_t>());
            ++checked;
        }
    }
    EXPECT_EQ(checked, 20U * 8U);
}

TEST(Contention, waits_for_an_acknowledgement_as_long_as_the_firmware) {
    for (const auto& row : golden::vectors()["presets"]) {
        const air::Modem modem = air::modem(*air::preset_numbered(row["preset"].get<unsigned>()),
                                            row["wide_lora"].get<bool>());
        // The figure was taken with the simulator's shorter airtime of a 64-byte frame.
        const Duration wait = retransmit_after(0us, air::slot(modem), 0);
        const std::int64_t golden_ms = row["retransmission_ms_enc32"].get<std::int64_t>();
        EXPECT_LT(to_ms(wait), golden_ms);
        EXPECT_EQ((golden_ms - to_ms(wait)) % 2, 0) << "twice the airtime is left";
        EXPECT_LE(golden_ms - to_ms(wait), to_ms(2 * *air::airtime(modem, 64)));
    }
}

TEST(Contention, keeps_its_slope_beyond_the_usual_levels) {
    EXPECT_EQ(window_exponent_by_snr(-2599), 3) << "whole decibels, towards zero";
    EXPECT_EQ(window_exponent_by_snr(-2600), 2);
    EXPECT_EQ(window_exponent_by_snr(1600), 9);
    EXPECT_EQ(window_exponent_by_busy(1000), 8);
    EXPECT_EQ(window_exponent_by_busy(199), 3);
    EXPECT_EQ(window_exponent_by_busy(200), 4);
}

}  // namespace
}  // namespace compot::radio
