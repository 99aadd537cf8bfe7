#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/containers.hpp"
#include "core/bundle/weight_coder.hpp"

/// Finds which pieces of a new image resemble which of an old one, or an earlier part of itself,
/// when addresses inside have moved. Knows prices only roughly; the maker knows them exactly.

namespace compot::patch {

/// `from` is an address in the space of bundle::Source: the old image, then the new one.
struct Piece {
    std::uint32_t new_start = 0;
    std::uint32_t length = 0;
    std::uint32_t from = 0;
};

using Pieces = std::vector<Piece>;

/// What things cost, in bits.
struct Tariff {
    float fresh_byte;
    float piece;       ///< to begin one
    float surprise;    ///< a byte that differs, after bytes that did not
    float more_of_it;  ///< a byte that differs, near another
    std::size_t seed;  ///< bytes in a row that must agree before a piece is thought of
};

class Aligner {
public:
    /// `base` is the address at which the images run, `nets` where the new image holds weights.
    /// COST: 21 bytes for each byte of the images.
    Aligner(BytesView old_image, BytesView new_image, std::uint32_t base,
            const std::vector<bundle::Zone>& nets);
    ~Aligner();
    Aligner(const Aligner&) = delete;
    Aligner& operator=(const Aligner&) = delete;
    Aligner(Aligner&&) = delete;
    Aligner& operator=(Aligner&&) = delete;

    /// Ordered and without overlap.
    [[nodiscard]] Pieces align(const Tariff& tariff) const;

private:
    struct Index;
    std::unique_ptr<Index> index_;
};

}  // namespace compot::patch
