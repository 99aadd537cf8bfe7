#include "core/learn/evidence.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/doc_bytes_test.hpp"
#include "core/base/random.hpp"

namespace compot::learn {
namespace {

constexpr NodeId kCompot{10};

const crypto::Key& seed() {
    static const crypto::Key kSeed = [] {
        crypto::Key key{};
        key.fill(0x42);
        return key;
    }();
    return kSeed;
}

const crypto::Key& public_key() {
    static const crypto::Key kPublic = crypto::signing_public(seed());
    return kPublic;
}

FactsDelta delta(std::uint16_t sequence, std::initializer_list<Fact> facts) {
    FactsDelta out;
    out.publisher = kCompot;
    out.version = {1, sequence};
    out.to = NodeId{3};
    out.nonce = 0xDEADBEEF;
    out.base_digest = 0x0102030405060708;
    out.result_digest = 0x1112131415161718;
    for (const Fact& fact : facts) EXPECT_TRUE(add_fact(out, fact).ok());
    sign(out, seed(), public_key());
    return out;
}

FactsDelta of_length(std::size_t length) {
    FactsDelta out = delta(1, {{{0, 0}, TileClass::Clear}});
    out.facts.clear();
    for (std::size_t i = 0; i < length; ++i)
        EXPECT_TRUE(add_fact(out, {cell_at(static_cast<std::uint8_t>(i * 21)),
                                   static_cast<TileClass>(i % 4)})
                        .ok());
    sign(out, seed(), public_key());
    return out;
}

Error error_of(BytesView bytes) {
    const Result<FactsDelta> parsed = parse_delta(bytes);
    return parsed.ok() ? Error::None : parsed.error();
}

TEST(FactsDelta, comes_back_from_its_bytes_at_every_length) {
    for (std::size_t length = 1; length <= kFactsPerDeltaMax; ++length) {
        const FactsDelta sent = of_length(length);
        const DeltaBytes bytes = encode(sent);
        EXPECT_EQ(bytes.size(), 97 + (length * 10 + 7) / 8);
        const Result<FactsDelta> back = parse_delta(bytes.view());
        ASSERT_TRUE(back.ok()) << length;
        EXPECT_EQ(*back, sent);
        EXPECT_TRUE(verify(*back, public_key()));
    }
}

TEST(FactsDelta, fits_the_longest_signed_body_of_the_profile) { EXPECT_LE(kDeltaBytesMax, 153U); }

TEST(FactsDelta, is_refused_when_any_bit_of_it_was_changed) {
    const DeltaBytes bytes = encode(of_length(3));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        DeltaBytes changed = bytes;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
        const Result<FactsDelta> parsed = parse_delta(changed.view());
        if (parsed.ok()) {
            EXPECT_FALSE(verify(*parsed, public_key())) << bit;
        }
    }
}

TEST(FactsDelta, is_refused_when_it_ends_early_or_late) {
    const DeltaBytes bytes = encode(of_length(2));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(error_of(bytes.view().first(size)), Error::Truncated);
    std::vector<std::uint8_t> longer(bytes.begin(), bytes.end());
    longer.push_back(0);
    EXPECT_EQ(error_of(longer), Error::Malformed);
}

TEST(FactsDelta, is_refused_with_values_that_it_cannot_have) {
    const DeltaBytes good =
        encode(delta(1, {{{1, 0}, TileClass::Movable}, {{2, 0}, TileClass::Clear}}));
    const auto with = [&good](std::size_t at, std::vector<std::uint8_t> values) {
        DeltaBytes bytes = good;
        for (const std::uint8_t value : values) bytes[at++] = value;
        return error_of(bytes.view());
    };
    EXPECT_EQ(with(0, {0, 0, 0, 0}), Error::Malformed) << "nobody";
    EXPECT_EQ(with(4, {0, 0, 0, 0}), Error::Malformed) << "no version";
    EXPECT_EQ(with(33, {3}), Error::Malformed) << "not ascending";
    EXPECT_EQ(with(35, {0x10}), Error::Malformed) << "padding";
    std::vector<std::uint8_t> none(good.begin(), good.end());
    none[32] = 0;
    none.erase(none.begin() + 33, none.begin() + 36);
    EXPECT_EQ(error_of(none), Error::Malformed) << "no facts";
    std::vector<std::uint8_t> many(33 + 17 + 64);
    many[0] = many[4] = 1;
    many[32] = 13;
    EXPECT_EQ(error_of(many), Error::Malformed) << "too many facts";
}

TEST(FactsDelta, has_the_bytes_of_the_document) {
    FactsDelta sent;
    sent.publisher = NodeId{0xC0117070};
    sent.version = {1, 7};
    sent.to = NodeId{0xBE7A0001};
    sent.nonce = 0x5EED0001;
    sent.base_digest = 0x0102030405060708;
    sent.result_digest = 0x1112131415161718;
    ASSERT_TRUE(add_fact(sent, {{6, 5}, TileClass::Movable}).ok());
    ASSERT_TRUE(add_fact(sent, {{9, 5}, TileClass::Dangerous}).ok());
    sign(sent, seed(), public_key());
    const DeltaBytes bytes = encode(sent);
    EXPECT_EQ(doc_bytes("doc/facts.md", "facts-delta"), hex(bytes.view()));
}

TEST(FactsDelta, is_signed_by_its_publisher_only) {
    const FactsDelta sent = delta(1, {{{1, 1}, TileClass::Clear}});
    crypto::Key other = seed();
    other[0] ^= 1;
    EXPECT_FALSE(verify(sent, crypto::signing_public(other)));
}

TEST(FactsDelta, holds_each_tile_once_in_ascending_order) {
    FactsDelta one;
    EXPECT_TRUE(add_fact(one, {{5, 5}, TileClass::Clear}).ok());
    EXPECT_TRUE(add_fact(one, {{1, 1}, TileClass::Clear}).ok());
    EXPECT_EQ(add_fact(one, {{5, 5}, TileClass::Movable}).error(), Error::Malformed);
    EXPECT_EQ(one.facts[0].at, (Cell{1, 1}));
    for (std::uint8_t x = 0; x < 10; ++x)
        EXPECT_TRUE(add_fact(one, {{x, 9}, TileClass::Clear}).ok());
    EXPECT_EQ(add_fact(one, {{12, 9}, TileClass::Clear}).error(), Error::NoRoom);
}

TEST(FactsDelta, applies_all_its_facts) {
    FactMap map;
    const FactsDelta sent = delta(4, {{{1, 1}, TileClass::Clear}, {{2, 2}, TileClass::Dangerous}});
    EXPECT_TRUE(*apply(sent, map));
    EXPECT_FALSE(*apply(sent, map));
    EXPECT_EQ(map.class_at({1, 1}), TileClass::Clear);
    EXPECT_EQ(map.class_at({2, 2}), TileClass::Dangerous);
}

TEST(EvidenceStore, hands_on_what_another_lacks) {
    FactMap map;
    EvidenceStore store;
    const FactsDelta first = delta(1, {{{1, 1}, TileClass::Clear}});
    const FactsDelta second = delta(2, {{{2, 1}, TileClass::Clear}});
    for (const FactsDelta& one : {first, second, first}) {
        ASSERT_TRUE(apply(one, map).ok());
        EXPECT_TRUE(store.add(one, map).ok());
    }
    EXPECT_EQ(store.size(), 2U);
    const EvidenceStore::Ids ids = store.ids(map);
    ASSERT_EQ(ids.size(), 2U);
    EXPECT_EQ(store.missing_for(map, ids).size(), 0U);
    EXPECT_EQ(store.missing_for(map, {}).size(), 2U);
    const auto missing = store.missing_for(map, std::span(ids.data(), 1));
    ASSERT_EQ(missing.size(), 1U);
    EXPECT_EQ(store[missing[0]], encode(second));
}

TEST(EvidenceStore, keeps_no_superseded_body_and_always_the_danger) {
    FactMap map;
    EvidenceStore store;
    const FactsDelta danger = delta(1, {{{1, 1}, TileClass::Dangerous}});
    ASSERT_TRUE(apply(danger, map).ok());
    EXPECT_TRUE(store.add(danger, map).ok());
    const FactsDelta immovable = delta(2, {{{2, 1}, TileClass::Immovable}});
    ASSERT_TRUE(apply(immovable, map).ok());
    EXPECT_TRUE(store.add(immovable, map).ok());
    const FactsDelta clear = delta(3, {{{1, 1}, TileClass::Clear}, {{2, 1}, TileClass::Clear}});
    ASSERT_TRUE(apply(clear, map).ok());
    EXPECT_TRUE(store.add(clear, map).ok());
    EXPECT_EQ(store.ids(map).size(), 2U) << "the danger and the last word";
    EXPECT_TRUE(store.add(immovable, map).ok());
    EXPECT_EQ(store.ids(map).size(), 2U);
}

TEST(EvidenceStore, lets_the_oldest_superseded_body_go_when_full) {
    FactMap map;
    EvidenceStore store;
    for (std::uint16_t i = 0; i < kEvidenceMax; ++i) {
        const FactsDelta one = delta(static_cast<std::uint16_t>(i + 1),
                                     {{cell_at(static_cast<std::uint8_t>(i)), TileClass::Clear}});
        ASSERT_TRUE(apply(one, map).ok());
        ASSERT_TRUE(store.add(one, map).ok());
    }
    const FactsDelta another = delta(50, {{{9, 9}, TileClass::Clear}});
    ASSERT_TRUE(apply(another, map).ok());
    EXPECT_EQ(store.add(another, map).error(), Error::NoRoom) << "all bodies matter";
    const FactsDelta newer = delta(51, {{{3, 0}, TileClass::Movable}});
    ASSERT_TRUE(apply(newer, map).ok());
    EXPECT_TRUE(store.add(newer, map).ok());
    EXPECT_EQ(store.size(), kEvidenceMax);
    EXPECT_EQ(store[kEvidenceMax - 1], encode(newer));
}

// Any node can bring another up to date from the bodies that it kept.
TEST(EvidenceStore, rebuilds_the_map_it_rests_on) {
    constexpr std::uint64_t kSeed = 5;
    Random random(kSeed);
    for (int history = 0; history < 20; ++history) {
        FactMap map;
        EvidenceStore store;
        for (std::uint16_t i = 1; i <= 14; ++i) {
            const FactsDelta one = delta(i, {{cell_at(static_cast<std::uint8_t>(random.below(6))),
                                              static_cast<TileClass>(random.below(4))}});
            ASSERT_TRUE(apply(one, map).ok());
            ASSERT_TRUE(store.add(one, map).ok());
        }
        FactMap rebuilt;
        for (const std::uint8_t i : store.missing_for(map, {}))
            ASSERT_TRUE(apply(*parse_delta(store[i].view()), rebuilt).ok());
        ASSERT_EQ(rebuilt, map) << "seed=" << kSeed;
    }
}

}  // namespace
}  // namespace compot::learn
