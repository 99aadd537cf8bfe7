#pragma once

#include <cstdint>
#include <optional>

/// The part of Thumb-2 that moves when code moves: which instructions name an address relative to
/// their own, what they name, and how they would read from elsewhere. Knows nothing of patches.
/// SOURCE: Arm v7-M Architecture Reference Manual, A5 and A7 (encodings T1..T4 of each).

namespace compot::bundle {

enum class Relative : std::uint8_t {
    Call,          ///< BL
    Jump,          ///< B.W
    FarCondition,  ///< B<c>.W
    NearJump,      ///< B
    Condition,     ///< B<c>
    CompareZero,   ///< CBZ, CBNZ
    Load,          ///< LDR Rt, [PC, #imm8*4]
    Address,       ///< ADR Rd, #imm8*4
    FarLoad,       ///< LDR{B,H,SB,SH}.W Rt, [PC, #imm12]
    PairLoad,      ///< LDRD, VLDR from [PC, #imm8*4]
    FarAddress,    ///< ADR.W
};
inline constexpr std::uint8_t kRelatives = 11;

/// `code` is the first halfword in its low 16 bits and, of a wide instruction, the second above.
struct Reference {
    Relative kind = Relative::Call;
    std::uint32_t target = 0;  ///< in the same coordinates as the instruction's own address
};

[[nodiscard]] constexpr bool is_wide(std::uint32_t first_half) {
    return (first_half & 0xE000U) == 0xE000U && (first_half & 0x1800U) != 0;
}

/// What the instruction at `at` names, if it names something. Wraps around modulo 2^32.
[[nodiscard]] std::optional<Reference> reference(std::uint32_t code, std::uint32_t at);

/// The same instruction at `at` so that it names `target`; nothing if it can't reach.
[[nodiscard]] std::optional<std::uint32_t> retarget(std::uint32_t code, Relative kind,
                                                    std::uint32_t at, std::uint32_t target);

/// True for the kinds that read or point to data in the instruction stream.
[[nodiscard]] constexpr bool names_data(Relative kind) { return kind >= Relative::Load; }

}  // namespace compot::bundle
