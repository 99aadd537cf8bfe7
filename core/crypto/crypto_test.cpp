#include "core/crypto/crypto.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace compot::crypto {
namespace {

template <std::size_t N>
std::array<std::uint8_t, N> counting() {
    std::array<std::uint8_t, N> bytes{};
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    return bytes;
}

TEST(Mac, equals_the_reference_vector_of_siphash_2_4) {
    // SOURCE: Aumasson and Bernstein, SipHash reference vectors_sip64, input 00..3e.
    const auto input = counting<63>();
    const Mac expected{0x72, 0x45, 0x06, 0xEB, 0x4C, 0x32, 0x8A, 0x95};
    EXPECT_EQ(mac(counting<16>(), input), expected);
}

TEST(Signature, is_verified_and_refused_when_one_bit_differs) {
    const Key seed = counting<32>();
    const Key publik = signing_public(seed);
    auto message = counting<40>();
    const Signature signature = sign(seed, publik, message);
    EXPECT_TRUE(verify(publik, message, signature));
    message[17] ^= 1;
    EXPECT_FALSE(verify(publik, message, signature));
}

TEST(Exchange, agrees_on_both_sides_and_refuses_a_point_of_small_order) {
    const Key a = counting<32>();
    Key b = a;
    b[5] = 99;
    Key ab{};
    Key ba{};
    ASSERT_TRUE(exchange(a, exchange_public(b), ab));
    ASSERT_TRUE(exchange(b, exchange_public(a), ba));
    EXPECT_EQ(ab, ba);
    EXPECT_FALSE(exchange(a, Key{}, ab));
}

TEST(Derive, differs_by_context) {
    const Key secret = counting<32>();
    const std::array<std::uint8_t, 1> one{1};
    const std::array<std::uint8_t, 1> two{2};
    EXPECT_NE(derive(secret, one), derive(secret, two));
}

}  // namespace
}  // namespace compot::crypto
