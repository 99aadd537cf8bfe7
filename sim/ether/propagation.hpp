#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

/// How much of a signal's power is lost between two places. In integer hundredths of a dB, from
/// integer centimetres. Frames, noise and receivers are not known here.

namespace compot::ether {

struct Position {
    std::int32_t x_cm = 0;
    std::int32_t y_cm = 0;
    std::int32_t z_cm = 150;  ///< above ground: the antenna
};

/// Squared, so that no root is needed: 20 log10(d) is 10 log10(d^2). Never 0.
[[nodiscard]] std::uint64_t distance_squared_cm2(const Position& a, const Position& b);

class PathLoss {
public:
    PathLoss() = default;
    PathLoss(const PathLoss&) = delete;
    PathLoss& operator=(const PathLoss&) = delete;
    virtual ~PathLoss() = default;
    [[nodiscard]] virtual std::int32_t loss_cdb(const Position& from, const Position& to) const = 0;

    /// No two places farther apart than this lose `loss_cdb` or less; nothing when that can't be
    /// said. Lets the ether link a big mesh without asking for every pair.
    [[nodiscard]] virtual std::optional<std::int64_t> reach_cm(std::int32_t loss_cdb) const {
        static_cast<void>(loss_cdb);
        return std::nullopt;
    }
};

/// Friis. 91.62 dB over 1 km at 908.75 MHz.
class FreeSpace final : public PathLoss {
public:
    explicit FreeSpace(std::uint32_t frequency_khz);
    [[nodiscard]] std::int32_t loss_cdb(const Position& from, const Position& to) const override;
    [[nodiscard]] std::optional<std::int64_t> reach_cm(std::int32_t loss_cdb) const override;

private:
    std::int32_t frequency_term_cdb_;
};

/// loss(d) = reference + 10 exponent log10(d / reference distance); free space is exponent 2.
class LogDistance final : public PathLoss {
public:
    LogDistance(std::int32_t reference_loss_cdb, std::uint32_t reference_distance_cm,
                std::int32_t exponent_hundredths);
    [[nodiscard]] std::int32_t loss_cdb(const Position& from, const Position& to) const override;
    [[nodiscard]] std::optional<std::int64_t> reach_cm(std::int32_t loss_cdb) const override;

private:
    std::int32_t reference_loss_cdb_;
    std::int32_t reference_term_cdb_;
    std::int32_t exponent_hundredths_;
};

/// Free space up to the crossover distance 4 pi h1 h2 / wavelength, then 40 log10(d) with the
/// ground's reflection. Heights are the positions' z.
class TwoRay final : public PathLoss {
public:
    explicit TwoRay(std::uint32_t frequency_khz);
    [[nodiscard]] std::int32_t loss_cdb(const Position& from, const Position& to) const override;
    [[nodiscard]] std::optional<std::int64_t> reach_cm(std::int32_t loss_cdb) const override;

private:
    FreeSpace near_;
};

/// A hill or a building, as a line on the map: whatever crosses it loses this much more, unless one
/// of the two antennas is above its crest.
struct Ridge {
    Position from;
    Position to;
    std::int32_t loss_cdb = 0;
    std::int32_t crest_cm = 100'000;
};

/// Does the straight line from `a` to `b` cross the ridge, below its crest at both ends?
[[nodiscard]] bool crosses(const Ridge& ridge, const Position& a, const Position& b);

}  // namespace compot::ether
