#include "core/bundle/thumb.hpp"

namespace compot::bundle {

namespace {

constexpr std::uint32_t bits(std::uint32_t value, unsigned high, unsigned low) {
    return (value >> low) & ((1U << (high - low + 1)) - 1);
}

/// `value` as a signed number of `width` bits.
constexpr std::uint32_t extend(std::uint32_t value, unsigned width) {
    const std::uint32_t sign = 1U << (width - 1);
    return (value ^ sign) - sign;
}

/// True if `value`, taken as signed, fits `width` bits.
constexpr bool fits(std::uint32_t value, unsigned width) {
    return extend(value & ((1U << width) - 1), width) == value;
}

constexpr std::uint32_t aligned(std::uint32_t at) { return (at + 4) & ~3U; }

/// The 25-bit offset of BL and B.W (T4): S I1 I2 imm10 imm11 0, with I = not (J xor S).
std::uint32_t far_offset(std::uint32_t first, std::uint32_t second) {
    const std::uint32_t s = bits(first, 10, 10);
    const std::uint32_t i1 = 1U ^ bits(second, 13, 13) ^ s;
    const std::uint32_t i2 = 1U ^ bits(second, 11, 11) ^ s;
    return extend((s << 24U) | (i1 << 23U) | (i2 << 22U) | (bits(first, 9, 0) << 12U) |
                      (bits(second, 10, 0) << 1U),
                  25);
}

std::uint32_t with_far_offset(std::uint32_t code, std::uint32_t offset) {
    const std::uint32_t s = bits(offset, 24, 24);
    const std::uint32_t j1 = 1U ^ bits(offset, 23, 23) ^ s;
    const std::uint32_t j2 = 1U ^ bits(offset, 22, 22) ^ s;
    const std::uint32_t first = (code & 0xF800U) | (s << 10U) | bits(offset, 21, 12);
    const std::uint32_t second =
        (code >> 16U & 0xD000U) | (j1 << 13U) | (j2 << 11U) | bits(offset, 11, 1);
    return first | (second << 16U);
}

/// B<c>.W (T3): S J2 J1 imm6 imm11 0.
std::uint32_t condition_offset(std::uint32_t first, std::uint32_t second) {
    return extend((bits(first, 10, 10) << 20U) | (bits(second, 11, 11) << 19U) |
                      (bits(second, 13, 13) << 18U) | (bits(first, 5, 0) << 12U) |
                      (bits(second, 10, 0) << 1U),
                  21);
}

std::uint32_t with_condition_offset(std::uint32_t code, std::uint32_t offset) {
    const std::uint32_t first =
        (code & 0xFBC0U) | (bits(offset, 20, 20) << 10U) | bits(offset, 17, 12);
    const std::uint32_t second = (code >> 16U & 0xD000U) | (bits(offset, 18, 18) << 13U) |
                                 (bits(offset, 19, 19) << 11U) | bits(offset, 11, 1);
    return first | (second << 16U);
}

std::optional<Reference> wide_reference(std::uint32_t first, std::uint32_t second,
                                        std::uint32_t at) {
    if ((first & 0xF800U) == 0xF000U && (second & 0x8000U) != 0) {
        if ((second & 0xD000U) == 0xD000U)
            return Reference{Relative::Call, at + 4 + far_offset(first, second)};
        if ((second & 0xD000U) == 0x9000U)
            return Reference{Relative::Jump, at + 4 + far_offset(first, second)};
        if ((second & 0xD000U) == 0x8000U && (first & 0x0380U) != 0x0380U)
            return Reference{Relative::FarCondition, at + 4 + condition_offset(first, second)};
        return std::nullopt;
    }
    const bool up = (first & 0x0080U) != 0;
    // LDR, LDRB, LDRH, LDRSB, LDRSH with Rn = PC.
    if ((first & 0xFE1FU) == 0xF81FU && (first & 0x0060U) != 0x0060U) {
        const std::uint32_t offset = bits(second, 11, 0);
        return Reference{Relative::FarLoad, aligned(at) + (up ? offset : 0U - offset)};
    }
    // VLDR (single and double) and LDRD with Rn = PC.
    const bool vector = (first & 0xFF3FU) == 0xED1FU && (second & 0x0E00U) == 0x0A00U;
    if (vector || (first & 0xFF7FU) == 0xE95FU) {
        const std::uint32_t offset = bits(second, 7, 0) * 4;
        return Reference{Relative::PairLoad, aligned(at) + (up ? offset : 0U - offset)};
    }
    if (((first & 0xFBFFU) == 0xF20FU || (first & 0xFBFFU) == 0xF2AFU) && (second & 0x8000U) == 0) {
        const std::uint32_t offset =
            (bits(first, 10, 10) << 11U) | (bits(second, 14, 12) << 8U) | bits(second, 7, 0);
        const bool subtracts = (first & 0x00F0U) == 0x00A0U;
        return Reference{Relative::FarAddress, aligned(at) + (subtracts ? 0U - offset : offset)};
    }
    return std::nullopt;
}

std::optional<std::uint32_t> retarget_wide(std::uint32_t code, Relative kind, std::uint32_t at,
                                           std::uint32_t target) {
    const std::uint32_t offset = target - (at + 4);
    const std::uint32_t span = target - aligned(at);
    const bool up = (span & 0x80000000U) == 0;
    const std::uint32_t size = up ? span : 0U - span;
    switch (kind) {
        case Relative::Call:
        case Relative::Jump:
            if (!fits(offset, 25) || (offset & 1U) != 0) return std::nullopt;
            return with_far_offset(code, offset);
        case Relative::FarCondition:
            if (!fits(offset, 21) || (offset & 1U) != 0) return std::nullopt;
            return with_condition_offset(code, offset);
        case Relative::FarLoad:
            if (size > 4095) return std::nullopt;
            return (code & 0xF000FF7FU) | (up ? 0x80U : 0U) | (size << 16U);
        case Relative::PairLoad:
            if (size > 1020 || (size & 3U) != 0) return std::nullopt;
            return (code & 0xFF00FF7FU) | (up ? 0x80U : 0U) | ((size / 4) << 16U);
        case Relative::FarAddress:
            if (size > 4095) return std::nullopt;
            return (code & 0x8F00FB0FU) | (up ? 0U : 0xA0U) | (bits(size, 11, 11) << 10U) |
                   (bits(size, 10, 8) << 28U) | (bits(size, 7, 0) << 16U);
        default: return std::nullopt;
    }
}

}  // namespace

std::optional<Reference> reference(std::uint32_t code, std::uint32_t at) {
    const std::uint32_t first = code & 0xFFFFU;
    if (is_wide(first)) return wide_reference(first, code >> 16U, at);
    if ((first & 0xF800U) == 0xE000U)
        return Reference{Relative::NearJump, at + 4 + extend(bits(first, 10, 0) << 1U, 12)};
    if ((first & 0xF000U) == 0xD000U && (first & 0x0E00U) != 0x0E00U)
        return Reference{Relative::Condition, at + 4 + extend(bits(first, 7, 0) << 1U, 9)};
    if ((first & 0xF500U) == 0xB100U)
        return Reference{Relative::CompareZero,
                         at + 4 + (bits(first, 9, 9) << 6U) + (bits(first, 7, 3) << 1U)};
    if ((first & 0xF800U) == 0x4800U)
        return Reference{Relative::Load, aligned(at) + bits(first, 7, 0) * 4};
    if ((first & 0xF800U) == 0xA000U)
        return Reference{Relative::Address, aligned(at) + bits(first, 7, 0) * 4};
    return std::nullopt;
}

std::optional<std::uint32_t> retarget(std::uint32_t code, Relative kind, std::uint32_t at,
                                      std::uint32_t target) {
    const std::uint32_t offset = target - (at + 4);
    const std::uint32_t span = target - aligned(at);
    switch (kind) {
        case Relative::NearJump:
            if (!fits(offset, 12) || (offset & 1U) != 0) return std::nullopt;
            return (code & 0xF800U) | bits(offset, 11, 1);
        case Relative::Condition:
            if (!fits(offset, 9) || (offset & 1U) != 0) return std::nullopt;
            return (code & 0xFF00U) | bits(offset, 8, 1);
        case Relative::CompareZero:
            if (offset > 126 || (offset & 1U) != 0) return std::nullopt;
            return (code & 0xFD07U) | (bits(offset, 6, 6) << 9U) | (bits(offset, 5, 1) << 3U);
        case Relative::Load:
        case Relative::Address:
            if (span > 1020 || (span & 3U) != 0) return std::nullopt;
            return (code & 0xFF00U) | (span / 4);
        default: return retarget_wide(code, kind, at, target);
    }
}

}  // namespace compot::bundle
