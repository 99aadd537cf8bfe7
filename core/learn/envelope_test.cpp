#include "core/learn/envelope.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/doc_bytes_test.hpp"

namespace compot::learn {
namespace {

constexpr NodeId kCompot{10};

FactsDelta delta(std::initializer_list<Fact> facts, std::uint16_t era = 1,
                 std::uint16_t sequence = 1) {
    FactsDelta out;
    out.publisher = kCompot;
    out.version = {era, sequence};
    for (const Fact& fact : facts) EXPECT_TRUE(add_fact(out, fact).ok());
    return out;
}

Envelope envelope() {
    Envelope out;
    out.device = NodeId{3};
    return out;
}

TEST(Envelope, admits_everything_that_was_not_bounded) {
    const FactMap map;
    for (const TileClass what :
         {TileClass::Clear, TileClass::Movable, TileClass::Immovable, TileClass::Dangerous})
        EXPECT_TRUE(envelope().admits(map, delta({{{4, 4}, what}})).ok());
}

TEST(Envelope, always_admits_caution) {
    FactMap map;
    Envelope tight = envelope();
    tight.opened_max = 0;
    tight.openable = 0;
    tight.may_push = false;
    tight.high = {0, 0};
    EXPECT_TRUE(tight.admits(map, delta({{{4, 4}, TileClass::Dangerous}})).ok());
    EXPECT_TRUE(tight.admits(map, delta({{{9, 9}, TileClass::Immovable}})).ok());
    EXPECT_FALSE(tight.admits(map, delta({{{0, 0}, TileClass::Clear}})).ok());
}

TEST(Envelope, refuses_too_many_facts_and_too_many_opened_tiles) {
    const FactMap map;
    const FactsDelta three = delta(
        {{{1, 1}, TileClass::Clear}, {{2, 1}, TileClass::Clear}, {{3, 1}, TileClass::Immovable}});
    Envelope bounds = envelope();
    bounds.facts_max = 2;
    EXPECT_EQ(bounds.admits(map, three).error(), Error::Refused);
    bounds.facts_max = 3;
    bounds.opened_max = 1;
    EXPECT_EQ(bounds.admits(map, three).error(), Error::Refused);
    bounds.opened_max = 2;
    EXPECT_TRUE(bounds.admits(map, three).ok());
}

TEST(Envelope, refuses_eras_outside_its_own) {
    const FactMap map;
    Envelope bounds = envelope();
    bounds.era_first = 2;
    bounds.era_last = 3;
    for (std::uint16_t era = 1; era <= 4; ++era)
        EXPECT_EQ(bounds.admits(map, delta({{{1, 1}, TileClass::Clear}}, era)).ok(),
                  era == 2 || era == 3);
}

TEST(Envelope, refuses_to_open_what_it_must_not_open) {
    FactMap map;
    ASSERT_TRUE(
        apply(delta({{{1, 1}, TileClass::Immovable}, {{5, 5}, TileClass::Dangerous}}), map).ok());
    const std::vector<std::pair<Cell, Envelope::Held>> tiles{{{9, 9}, Envelope::kUnclassified},
                                                             {{1, 1}, Envelope::kImmovable},
                                                             {{5, 5}, Envelope::kDangerous}};
    for (std::uint8_t openable = 0; openable < 8; ++openable) {
        Envelope bounds = envelope();
        bounds.openable = openable;
        for (const auto& [cell, held] : tiles)
            EXPECT_EQ(bounds.admits(map, delta({{cell, TileClass::Clear}}, 1, 2)).ok(),
                      (openable & held) != 0);
    }
}

TEST(Envelope, opens_nothing_outside_its_part_of_the_field) {
    const FactMap map;
    Envelope bounds = envelope();
    bounds.low = {2, 3};
    bounds.high = {5, 6};
    for (std::size_t i = 0; i < kCells; ++i) {
        const Cell cell = cell_at(static_cast<std::uint8_t>(i));
        const bool inside = cell.x >= 2 && cell.x <= 5 && cell.y >= 3 && cell.y <= 6;
        EXPECT_EQ(bounds.admits(map, delta({{cell, TileClass::Clear}})).ok(), inside);
    }
}

TEST(Envelope, does_not_let_a_weak_device_push) {
    Envelope bounds = envelope();
    bounds.may_push = false;
    EXPECT_FALSE(bounds.admits({}, delta({{{1, 1}, TileClass::Movable}})).ok());
}

TEST(Envelope, comes_back_from_its_bytes_and_only_from_them) {
    crypto::Key seed{};
    seed.fill(9);
    const crypto::Key owner = crypto::signing_public(seed);
    Envelope bounds = envelope();
    bounds.low = {1, 2};
    bounds.may_push = false;
    sign(bounds, seed, owner);
    const EnvelopeBytes bytes = encode(bounds);
    const Result<Envelope> back = parse_envelope(bytes.view());
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, bounds);
    EXPECT_TRUE(verify(*back, owner));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        EnvelopeBytes changed = bytes;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
        const Result<Envelope> parsed = parse_envelope(changed.view());
        if (parsed.ok()) {
            EXPECT_FALSE(verify(*parsed, owner)) << bit;
        }
    }
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(parse_envelope(bytes.view().first(size)).error(), Error::Truncated);
    std::vector<std::uint8_t> longer(bytes.begin(), bytes.end());
    longer.push_back(0);
    EXPECT_EQ(parse_envelope(longer).error(), Error::Malformed);
}

TEST(Envelope, has_the_bytes_of_the_document) {
    crypto::Key seed{};
    seed.fill(9);
    Envelope bounds;
    bounds.device = NodeId{0xBE7A0001};
    bounds.era_first = 1;
    bounds.era_last = 4;
    bounds.opened_max = 4;
    bounds.openable = Envelope::kUnclassified | Envelope::kImmovable;
    bounds.low = {1, 1};
    bounds.high = {14, 14};
    sign(bounds, seed, crypto::signing_public(seed));
    EXPECT_EQ(doc_bytes("doc/facts.md", "envelope"), hex(encode(bounds).view()));
}

TEST(Envelope, is_refused_with_values_that_it_cannot_have) {
    const EnvelopeBytes good = encode(envelope());
    const auto refused = [&good](std::size_t at, std::vector<std::uint8_t> values) {
        EnvelopeBytes bytes = good;
        for (const std::uint8_t value : values) bytes[at++] = value;
        return !parse_envelope(bytes.view()).ok();
    };
    EXPECT_TRUE(refused(0, {0, 0, 0, 0}));
    EXPECT_TRUE(refused(4, {2, 0, 1, 0})) << "eras crossed";
    EXPECT_TRUE(refused(10, {8}));
    EXPECT_TRUE(refused(11, {2}));
    EXPECT_TRUE(refused(12, {0x01, 0x10})) << "corners crossed";
}

}  // namespace
}  // namespace compot::learn
