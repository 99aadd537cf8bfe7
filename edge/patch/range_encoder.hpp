#pragma once

#include <cstdint>
#include <vector>

#include "core/bundle/unit_codec.hpp"

/// The two coders that mirror core/bundle's RangeDecoder: one writes bytes, one only counts bits.

namespace compot::patch {

class RangeEncoder {
public:
    static constexpr bool kEncodes = true;

    template <typename Model>
    bool bit(Model& model, bool truth) {
        plain_bit(model.chance(), truth);
        model.learn(truth);
        return truth;
    }

    bool plain_bit(std::uint32_t chance, bool truth);

    void account(bundle::Account /*what*/, std::uint8_t /*unit*/) {}

    /// The shortest ending that a decoder, to whom missing bytes are zeros, can't misread.
    [[nodiscard]] std::vector<std::uint8_t> finish();

private:
    void carry();

    std::vector<std::uint8_t> bytes_;
    std::uint64_t low_ = 0;
    std::uint32_t range_ = 0xFFFFFFFF;
};

/// What the bits that go through it would cost. `Book` is told of each: pay(what, unit, bits).
template <typename Book>
class CostCounter {
public:
    static constexpr bool kEncodes = true;

    explicit CostCounter(Book& book) : book_(book) {}

    template <typename Model>
    bool bit(Model& model, bool truth) {
        plain_bit(model.chance(), truth);
        model.learn(truth);
        return truth;
    }

    bool plain_bit(std::uint32_t chance, bool truth);

    void account(bundle::Account what, std::uint8_t unit) {
        what_ = what;
        unit_ = unit;
    }

private:
    Book& book_;
    bundle::Account what_ = bundle::Account::Pieces;
    std::uint8_t unit_ = 0;
};

/// Bits that an event of this chance (of 65536, 1..65535) costs.
[[nodiscard]] float cost_of(std::uint32_t chance);

template <typename Book>
bool CostCounter<Book>::plain_bit(std::uint32_t chance, bool truth) {
    book_.pay(what_, unit_, cost_of(truth ? chance : 65536 - chance));
    return truth;
}

}  // namespace compot::patch
