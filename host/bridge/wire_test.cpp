#include "host/bridge/wire.hpp"

#include <gtest/gtest.h>

#include "core/base/doc_bytes_test.hpp"
#include "host/bridge/fixture.hpp"
#include "host/bridge/messages.hpp"

namespace compot::bridge {
namespace {

const ByteString kBody{1, 2, 3, 4, 5};

class Wire : public ::testing::Test {
protected:
    Envelopes hut{enrolled(kHut), 1};
    Envelopes compot{enrolled(kCompot), 1};
    Envelopes other{enrolled(kOther), 1};
};

TEST_F(Wire, what_is_for_one_is_read_by_that_one_alone) {
    const ByteString envelope = hut.seal(Kind::Claim, kCompot, kBody);
    EXPECT_EQ(envelope.size(), kBody.size() + kEnvelopeBytes);
    const auto opened = compot.open(envelope);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(opened->sender, kHut);
    EXPECT_EQ(opened->kind, Kind::Claim);
    EXPECT_EQ(opened->body, kBody);
    EXPECT_EQ(other.open(envelope).error(), Error::Forged);
}

TEST_F(Wire, what_is_for_all_is_read_by_all_who_are_enrolled_and_by_nobody_else) {
    const ByteString envelope = hut.seal(Kind::Heads, kNoNode, kBody);
    EXPECT_TRUE(compot.open(envelope).ok());
    EXPECT_TRUE(other.open(envelope).ok());
    node::Config stranger = enrolled(kOther);
    stranger.channel_key.fill(0x77);
    EXPECT_EQ(Envelopes(stranger, 1).open(envelope).error(), Error::Forged);
}

TEST_F(Wire, looks_as_documented) {
    const ByteString envelope = hut.seal(Kind::Done, kCompot, encode(Done{{kBeta, 0x1234}}));
    EXPECT_EQ(doc_bytes("doc/bridge.md", "bridge-envelope"), hex(envelope));
}

TEST_F(Wire, no_bit_of_it_can_be_changed) {
    const ByteString envelope = hut.seal(Kind::Award, kCompot, kBody);
    for (std::size_t bit = 0; bit < envelope.size() * 8; ++bit) {
        ByteString changed = envelope;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
        EXPECT_FALSE(compot.open(changed).ok()) << "bit " << bit;
    }
    for (std::size_t size = 0; size < envelope.size(); ++size)
        EXPECT_FALSE(compot.open(BytesView{envelope}.first(size)).ok()) << size << " bytes";
    EXPECT_TRUE(compot.open(envelope).ok());
}

TEST_F(Wire, each_is_taken_once_in_any_order) {
    std::vector<ByteString> envelopes;
    for (int i = 0; i < 100; ++i) envelopes.push_back(hut.seal(Kind::Done, kCompot, kBody));
    for (std::size_t i = 0; i < envelopes.size(); ++i)
        EXPECT_TRUE(compot.open(envelopes[(i * 37) % 100]).ok()) << i;
    for (const ByteString& envelope : envelopes)
        EXPECT_EQ(compot.open(envelope).error(), Error::Stale);
}

TEST_F(Wire, what_is_far_older_than_the_newest_is_taken_for_a_repetition) {
    const ByteString old = hut.seal(Kind::Done, kCompot, kBody);
    ByteString newest;
    for (int i = 0; i < 1024; ++i) newest = hut.seal(Kind::Done, kCompot, kBody);
    EXPECT_TRUE(compot.open(newest).ok());
    EXPECT_EQ(compot.open(old).error(), Error::Stale);
}

TEST_F(Wire, an_earlier_run_of_the_sender_is_over_also_after_a_restart_of_ours) {
    const ByteString old = hut.seal(Kind::Done, kCompot, kBody);
    Envelopes hut_again{enrolled(kHut), 2};
    EXPECT_TRUE(compot.open(hut_again.seal(Kind::Done, kCompot, kBody)).ok());
    EXPECT_EQ(compot.open(old).error(), Error::Stale);
    Envelopes compot_again{enrolled(kCompot), 2};
    compot_again.restore_epoch(kHut, compot.epoch_of(kHut));
    EXPECT_EQ(compot_again.open(old).error(), Error::Stale);
    EXPECT_TRUE(compot_again.open(hut_again.seal(Kind::Done, kCompot, kBody)).ok());
}

TEST_F(Wire, one_body_never_looks_the_same_twice) {
    EXPECT_NE(hut.seal(Kind::Done, kCompot, kBody), hut.seal(Kind::Done, kCompot, kBody));
    EXPECT_EQ(hut.tag(), compot.tag());
    EXPECT_EQ(hut.tag().size(), 16U);
}

}  // namespace
}  // namespace compot::bridge
