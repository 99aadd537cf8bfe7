#include <gtest/gtest.h>

#include <array>

#include "core/base/bytes.hpp"
#include "core/base/ids.hpp"
#include "core/base/random.hpp"
#include "core/base/time.hpp"

namespace compot {
namespace {

TEST(ByteReader, returns_little_endian_and_refuses_what_is_missing) {
    const std::array<std::uint8_t, 7> bytes{1, 2, 3, 4, 5, 6, 7};
    ByteReader in{bytes};
    EXPECT_EQ(in.u16(), 0x0201);
    EXPECT_EQ(in.u32(), 0x06050403U);
    EXPECT_EQ(in.u16(), 0);
    EXPECT_TRUE(in.failed());
    EXPECT_EQ(in.finish().error(), Error::Truncated);
}

TEST(ByteReader, calls_left_over_bytes_malformed) {
    const std::array<std::uint8_t, 2> bytes{1, 2};
    ByteReader in{bytes};
    EXPECT_EQ(in.u8(), 1);
    EXPECT_EQ(in.finish().error(), Error::Malformed);
}

TEST(ByteWriter, says_when_it_did_not_fit) {
    std::array<std::uint8_t, 3> bytes{};
    ByteWriter out{bytes};
    out.u32(7);
    EXPECT_EQ(out.finish().error(), Error::TooBig);
}

TEST(FixedVector, refuses_one_too_many_and_keeps_order_when_erasing) {
    FixedVector<int, 3> items{1, 2, 3};
    EXPECT_FALSE(items.try_push(4));
    items.erase(0);
    EXPECT_EQ(items, (FixedVector<int, 3>{2, 3}));
}

TEST(Ring, forgets_the_oldest) {
    Ring<int, 2> ring;
    EXPECT_FALSE(ring.push(1));
    EXPECT_FALSE(ring.push(2));
    EXPECT_TRUE(ring.push(3));
    EXPECT_EQ(ring[0], 2);
    EXPECT_EQ(ring[1], 3);
}

TEST(Random, is_the_same_everywhere_and_differs_by_purpose) {
    Random a{1};
    EXPECT_EQ(a.next64(), Random{1}.next64());
    EXPECT_NE(Random(1, 2, 3).next64(), Random(1, 2, 4).next64());
    EXPECT_NE(Random(1, 2, 3).next64(), Random(1, 3, 2).next64());
}

TEST(Random, stays_within_its_bounds_and_reaches_both_ends) {
    Random random{42};
    bool low = false;
    bool high = false;
    for (int i = 0; i < 1000; ++i) {
        const std::int32_t value = random.between(-3, 3);
        ASSERT_GE(value, -3);
        ASSERT_LE(value, 3);
        low = low || value == -3;
        high = high || value == 3;
    }
    EXPECT_TRUE(low && high);
}

TEST(PacketId, is_an_epoch_above_a_sequence) {
    const PacketId id = make_packet_id(0xABC, 0x12345);
    EXPECT_EQ(id.epoch(), 0xABC);
    EXPECT_EQ(id.sequence(), 0x12345U);
}

}  // namespace
}  // namespace compot
