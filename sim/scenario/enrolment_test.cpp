#include "sim/scenario/enrolment.hpp"

#include <gtest/gtest.h>

#include "core/crypto/crypto.hpp"

namespace compot::scenario {
namespace {

Enrolment blocked_cat(const std::vector<Override>& overrides = {}) {
    const auto scenario = load("scenarios/blocked-cat.toml", overrides);
    EXPECT_TRUE(scenario.ok());
    return enrol(*scenario);
}

TEST(Enrolment, gives_everybody_keys_that_the_others_know) {
    const Enrolment swarm = blocked_cat();
    ASSERT_EQ(swarm.nodes.size(), 4U);
    for (const node::Config& config : swarm.nodes) {
        ASSERT_EQ(config.members.size(), 4U);
        int found = 0;
        for (const node::Member& member : config.members) {
            if (member.id != config.self) continue;
            ++found;
            EXPECT_EQ(member.exchange_public, crypto::exchange_public(config.exchange_secret));
            EXPECT_EQ(member.signing_public, crypto::signing_public(config.signing_seed));
        }
        EXPECT_EQ(found, 1);
        EXPECT_EQ(config.channel_key, swarm.nodes[0].channel_key);
        EXPECT_EQ(config.sites.size(), 3U);
        EXPECT_EQ(config.envelope.device, config.self);
        EXPECT_TRUE(learn::verify(config.envelope, config.authority));
    }
    EXPECT_EQ(swarm.nodes[2].duties.holds_batches_for, swarm.nodes[1].self);
}

TEST(Enrolment, depends_on_the_phrase_and_on_nothing_else) {
    const Enrolment a = blocked_cat();
    const Enrolment b = blocked_cat({{"air.loss_percent", "10"}});
    const Enrolment c = blocked_cat({{"swarm.secret", "another"}});
    EXPECT_EQ(a.nodes[0].exchange_secret, b.nodes[0].exchange_secret);
    EXPECT_EQ(a.channel.key, b.channel.key);
    EXPECT_NE(a.nodes[0].self, c.nodes[0].self);
    EXPECT_NE(a.channel.key, c.channel.key);
}

TEST(Enrolment, the_channel_is_told_from_every_public_one_by_its_hash) {
    for (int phrase = 0; phrase < 200; ++phrase) {
        const auto hash =
            blocked_cat({{"swarm.secret", "p" + std::to_string(phrase)}}).channel.hash;
        ASSERT_NE(hash, 0);
        ASSERT_NE(hash, radio::default_channel("LongFast").hash);
        ASSERT_NE(hash, radio::default_channel("ShortFast").hash);
    }
}

}  // namespace
}  // namespace compot::scenario
