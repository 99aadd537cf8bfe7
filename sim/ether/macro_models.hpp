#pragma once

#include <cstdint>

#include "sim/ether/propagation.hpp"

/// Path loss between an antenna up high and one down low, as it was measured in and around cities.
/// The higher of two antennas is the base, the lower one the mobile: the models know nothing of who
/// sends. Neither model falls below free space. In hundredths of a dB, right to 2 of them.

namespace compot::ether {

/// Okumura's curves as Hata fitted them: 150 to 1500 MHz, bases of 30 to 200 m, mobiles of 1 to
/// 10 m, 1 to 20 km. Outside it extrapolates. Its successor COST-231 begins at 1500 MHz and fits no
/// band of Meshtastic's.
/// SOURCE: M. Hata, "Empirical formula for propagation loss in land mobile radio services", IEEE
/// Transactions on Vehicular Technology 29(3), 1980.
class Hata final : public PathLoss {
public:
    enum class Ground : std::uint8_t {
        LargeCity,  ///< urban, tall buildings: another correction for the mobile's height
        City,       ///< urban, small or medium
        Suburb,
        Open,
    };

    static constexpr std::uint32_t kLeastKhz = 150'000;
    static constexpr std::uint32_t kMostKhz = 1'500'000;

    /// No antenna is higher than `highest_cm` (0: who knows), which is what a reach follows from.
    /// REQUIRES: a frequency above 0.
    Hata(std::uint32_t frequency_khz, Ground ground, std::int32_t highest_cm = 0);
    [[nodiscard]] std::int32_t loss_cdb(const Position& from, const Position& to) const override;
    [[nodiscard]] std::optional<std::int64_t> reach_cm(std::int32_t loss_cdb) const override;

private:
    [[nodiscard]] std::int64_t mobile_correction_q16(std::int32_t height_cm) const;

    FreeSpace free_;
    Ground ground_;
    std::int32_t highest_cm_;
    std::uint32_t frequency_khz_;
    std::int64_t log_frequency_q16_;    ///< of MHz
    std::int64_t ground_term_q16_ = 0;  ///< what suburb and open land lose less
};

/// 3GPP's suburban and urban macrocell, which is Meshtasticator's default (its models 5 and 6):
/// 147.85 dB over 1 km and an exponent of 4.49 between antennas of 1 m at 908.75 MHz.
/// SOURCE: 3GPP TR 25.996 section 5.2; Meshtasticator's kept runs.
class Macrocell final : public PathLoss {
public:
    enum class Ground : std::uint8_t { Suburb, City };  ///< a city loses 3 dB more

    /// As Hata's.
    Macrocell(std::uint32_t frequency_khz, Ground ground, std::int32_t highest_cm = 0);
    [[nodiscard]] std::int32_t loss_cdb(const Position& from, const Position& to) const override;
    [[nodiscard]] std::optional<std::int64_t> reach_cm(std::int32_t loss_cdb) const override;

private:
    FreeSpace free_;
    std::int32_t highest_cm_;
    std::int64_t log_frequency_q16_;
    std::int32_t ground_cdb_;
};

}  // namespace compot::ether
