#include "core/bundle/thumb.hpp"

#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace compot::bundle {
namespace {

// Encodings as arm-none-eabi-as 2.40 makes them, as halfwords in the order of memory.
TEST(Thumb, reads_what_the_assembler_writes) {
    const auto target = [](std::uint32_t first, std::uint32_t second, std::uint32_t at) {
        return reference(first | (second << 16U), at).value().target;
    };
    EXPECT_EQ(target(0xF000, 0xF800, 0x100), 0x104U);  // bl .+4
    EXPECT_EQ(target(0xF7FF, 0xFFFE, 0x100), 0x100U);  // bl .
    EXPECT_EQ(target(0xE7FE, 0, 0x100), 0x100U);       // b .
    EXPECT_EQ(target(0xD0FE, 0, 0x100), 0x100U);       // beq .
    EXPECT_EQ(target(0xF000, 0xB800, 0x100), 0x104U);  // b.w .+4
    EXPECT_EQ(target(0xF43F, 0xAFFE, 0x100), 0x100U);  // beq.w .
    EXPECT_EQ(target(0xB108, 0, 0x100), 0x106U);       // cbz r0, .+6
    EXPECT_EQ(target(0x4801, 0, 0x102), 0x108U);       // ldr r0, [pc, #4]
    EXPECT_EQ(target(0xF8DF, 0x0010, 0x102), 0x114U);  // ldr.w r0, [pc, #16]
    EXPECT_EQ(target(0xED9F, 0x7A04, 0x102), 0x114U);  // vldr s14, [pc, #16]
    EXPECT_EQ(target(0xA001, 0, 0x102), 0x108U);       // adr r0, .+6
    EXPECT_EQ(target(0xF20F, 0x0008, 0x100), 0x10CU);  // adr.w r0, .+12
    EXPECT_EQ(target(0xF2AF, 0x0004, 0x100), 0x100U);  // adr.w r0, .
}

TEST(Thumb, leaves_alone_what_names_nothing) {
    EXPECT_FALSE(reference(0x4770, 0));                     // bx lr
    EXPECT_FALSE(reference(0xDF01, 0));                     // svc 1
    EXPECT_FALSE(reference(0xDE00, 0));                     // udf
    EXPECT_FALSE(reference(0xE92D | (0x4FF0U << 16U), 0));  // push.w
    EXPECT_FALSE(reference(0xF8D0 | (0x1000U << 16U), 0));  // ldr.w r1, [r0]
}

TEST(Thumb, every_narrow_instruction_reads_back_as_itself) {
    for (std::uint32_t code = 0; code < 0xE800; ++code) {
        for (const std::uint32_t at : {0x1000U, 0x1002U}) {
            const auto names = reference(code, at);
            if (!names) continue;
            EXPECT_EQ(retarget(code, names->kind, at, names->target), code) << code;
        }
    }
}

TEST(Thumb, wide_instructions_read_back_as_themselves_and_move) {
    constexpr std::uint64_t kSeed = 7;
    Random random(kSeed);
    int moved = 0;
    for (int i = 0; i < 2'000'000; ++i) {
        const std::uint32_t code = random.next32() | 0xE000U;
        const auto names = reference(code, 0x20000);
        if (!names || !is_wide(code & 0xFFFFU)) continue;
        const auto same = retarget(code, names->kind, 0x20000, names->target);
        // Zero has two spellings (add and subtract), and we write one.
        const bool zero = names_data(names->kind) && names->target == 0x20004;
        if (!zero) {
            ASSERT_EQ(same, code) << std::hex << code << " seed=" << kSeed;
        }
        const auto there = retarget(code, names->kind, 0x20010, names->target);
        if (!there) continue;
        ASSERT_EQ(reference(*there, 0x20010)->target, names->target) << std::hex << code;
        ++moved;
    }
    EXPECT_GT(moved, 10000);
}

TEST(Thumb, refuses_targets_out_of_reach) {
    EXPECT_FALSE(retarget(0xD0FE, Relative::Condition, 0x1000, 0x2000));
    EXPECT_FALSE(retarget(0xE7FE, Relative::NearJump, 0x1000, 0x3000));
    EXPECT_FALSE(retarget(0xB108, Relative::CompareZero, 0x1000, 0x0F00));
    EXPECT_FALSE(retarget(0x4801, Relative::Load, 0x1000, 0x1006));
    EXPECT_FALSE(retarget(0xF000U | (0xF800U << 16U), Relative::Call, 0, 0x2000000));
}

}  // namespace
}  // namespace compot::bundle
