#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "sim/ether/propagation.hpp"
#include "sim/scenario/scenario.hpp"

/// Links as somebody measured them: for each pair of nodes, row sends and column hears, how much of
/// what was sent arrived, or how strongly. Each direction is its own. Knows no radio.

namespace compot::deployment {

inline constexpr std::size_t kMeasuredNodesMost = 500;

struct LinkFile {
    enum class What : std::uint8_t { Rates, Levels };
    std::size_t nodes = 0;
    What what = What::Rates;
    std::vector<ether::Position> places;  ///< empty when the file has none
    /// nodes x nodes: receptions in millionths of the frames sent, or hundredths of a dBm. Nothing
    /// on the diagonal and where nothing was heard.
    std::vector<std::optional<std::int32_t>> values;

    [[nodiscard]] std::optional<std::int32_t> value(std::size_t from, std::size_t to) const {
        return values[from * nodes + to];
    }
};

/// JSON with "prr_from_row_to_col" (rates of 0 to 1) or "rssi_dbm_tx_row_rx_col" (dBm; null where
/// nothing was heard), and optionally places: "positions" ([x, y] in units of `unit_cm`) or "nodes"
/// ({"x":, "y":, "z":} in metres). ERRORS: a sentence that names the key.
[[nodiscard]] Result<LinkFile, scenario::Failure> parse_links(const std::string& json,
                                                              std::int32_t unit_cm);

}  // namespace compot::deployment
