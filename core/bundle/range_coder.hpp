#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"

/// Adaptive binary models and the range decoder that reads by them. The encoder that mirrors it
/// lives on the edge; both see the same models in the same order, which is the whole contract.
/// Knows nothing of images or patches.

namespace compot::bundle {

/// How likely a rare event is, learned by counting: 32-bit so that "almost never" costs next to
/// nothing over a whole image. Six bytes: there are hundreds of them.
class RareBit {
public:
    /// `one_in`: the event is expected once in so many looks; `trust`: how many looks that belief
    /// is worth.
    constexpr explicit RareBit(std::uint32_t one_in = 2, std::uint16_t trust = 1)
        : high_(static_cast<std::uint16_t>(0xFFFFFFFFU / one_in >> 16U)),
          low_(static_cast<std::uint16_t>(0xFFFFFFFFU / one_in)),
          looks_(trust) {}

    /// Chance of a one, in 1/65536, never certain.
    [[nodiscard]] std::uint32_t chance() const {
        return high_ == 0 ? 1U : (high_ > 0xFFFE ? 0xFFFEU : high_);
    }

    void learn(bool one) {
        const std::uint32_t rate = static_cast<std::uint32_t>(looks_) + 1;
        std::uint32_t chance = (static_cast<std::uint32_t>(high_) << 16U) | low_;
        if (one) {
            chance += (0xFFFFFFFFU - chance) / rate;
        } else {
            chance -= chance / rate;
        }
        high_ = static_cast<std::uint16_t>(chance >> 16U);
        low_ = static_cast<std::uint16_t>(chance);
        if (looks_ < kLooksMax) ++looks_;
    }

private:
    static constexpr std::uint16_t kLooksMax = 1000;
    std::uint16_t high_, low_;  ///< of the chance of a one, in 2^-32
    std::uint16_t looks_;
};

/// A bit of a symbol: two bytes, 12 bits of chance and 4 of age.
class SymbolBit {
public:
    [[nodiscard]] std::uint32_t age() const { return state_ & 15U; }

    [[nodiscard]] std::uint32_t chance() const {
        return (static_cast<std::uint32_t>(state_ >> 4U) << 4U) + 8;
    }

    void learn(bool one) {
        const std::uint32_t age = state_ & 15U;
        std::uint32_t chance = state_ >> 4U;
        if (one) {
            chance += ((4095 - chance) * kRate[age]) >> 10U;
        } else {
            chance -= (chance * kRate[age]) >> 10U;
        }
        state_ = static_cast<std::uint16_t>((chance << 4U) | (age < 15 ? age + 1 : age));
    }

private:
    /// 1024 / (age + 1.6), no slower than 1/11.
    static constexpr std::array<std::uint16_t, 16> kRate = {640, 394, 284, 222, 183, 155, 135, 119,
                                                            107, 100, 96,  92,  90,  90,  90,  90};
    std::uint16_t state_ = 2048U << 4U;
};

/// Reads the bits that RangeEncoder wrote. Past its end the input reads as zeros (the encoder drops
/// trailing ones); more than kSlackBytes of them mean that something is missing.
class RangeDecoder {
public:
    static constexpr bool kEncodes = false;
    static constexpr std::size_t kSlackBytes = 8;

    explicit RangeDecoder(BytesView input) : input_(input) {
        for (int i = 0; i < 4; ++i) code_ = (code_ << 8U) | next();
    }

    /// `truth` is for the encoder; a decoder's caller passes anything.
    template <typename Model>
    [[nodiscard]] bool bit(Model& model, bool /*truth*/) {
        const bool one = plain_bit(model.chance());
        model.learn(one);
        return one;
    }

    /// A bit whose chance of being one is `chance` / 65536, 1..65535.
    [[nodiscard]] bool plain_bit(std::uint32_t chance) {
        const std::uint32_t bound = (range_ >> 16U) * chance;
        const bool one = code_ < bound;
        if (one) {
            range_ = bound;
        } else {
            code_ -= bound;
            range_ -= bound;
        }
        while (range_ < (1U << 24U)) {
            code_ = (code_ << 8U) | next();
            range_ <<= 8U;
        }
        return one;
    }

    [[nodiscard]] bool plain_bit(std::uint32_t chance, bool /*truth*/) { return plain_bit(chance); }

    /// Who pays for the bits that follow; only encoders keep books.
    template <typename What>
    void account(What /*what*/, std::uint8_t /*unit*/) {}

    [[nodiscard]] bool ran_dry() const { return at_ > input_.size() + kSlackBytes; }

private:
    [[nodiscard]] std::uint32_t next() {
        const std::size_t at = at_++;
        return at < input_.size() ? input_[at] : 0U;
    }

    BytesView input_;
    std::size_t at_ = 0;
    std::uint32_t range_ = 0xFFFFFFFF;
    std::uint32_t code_ = 0;
};

/// An unsigned number of up to 24 bits: its length in bits, then the bits below the leading one;
/// the first of them and the lowest two are learned (sizes in code are even).
class NumberModel {
public:
    template <typename Coder>
    [[nodiscard]] std::uint32_t code(Coder& coder, std::uint32_t truth) {
        const std::uint32_t plus_one = truth + 1;
        std::uint32_t length = 0;
        while (length < kLengthMax && (plus_one >> (length + 1)) != 0) ++length;
        std::uint32_t node = 1;
        for (int i = 4; i >= 0; --i) {
            node = (node << 1U) | static_cast<std::uint32_t>(coder.bit(
                                      length_[node], ((length >> static_cast<unsigned>(i)) & 1U)));
        }
        length = node - 32;
        if (length > kLengthMax) length = kLengthMax;
        std::uint32_t value = 1;
        for (std::uint32_t i = length; i-- > 0;) {
            const bool one = ((plus_one >> i) & 1U) != 0;
            bool got = false;
            if (i + 1 == length) {
                got = coder.bit(first_[length], one);
            } else if (i < 2) {
                got = coder.bit(low_[2 * i + (value & 1U)], one);
            } else {
                got = coder.plain_bit(32768, one);
            }
            value = (value << 1U) | static_cast<std::uint32_t>(got);
        }
        return value - 1;
    }

private:
    static constexpr std::uint32_t kLengthMax = 24;
    std::array<SymbolBit, 32> length_{};
    std::array<SymbolBit, kLengthMax + 1> first_{};
    std::array<SymbolBit, 4> low_{};
};

/// A byte, most significant bit first.
class ByteModel {
public:
    template <typename Coder>
    [[nodiscard]] std::uint8_t code(Coder& coder, std::uint8_t truth) {
        std::uint32_t node = 1;
        for (int i = 7; i >= 0; --i) {
            const bool one = ((static_cast<unsigned>(truth) >> static_cast<unsigned>(i)) & 1U) != 0;
            node = (node << 1U) | static_cast<std::uint32_t>(coder.bit(node_[node], one));
        }
        return static_cast<std::uint8_t>(node);
    }

private:
    std::array<SymbolBit, 256> node_{};
};

}  // namespace compot::bundle
